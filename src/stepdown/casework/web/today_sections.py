"""The sections of Today: what each is called, what it means, and its rows in words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from stepdown.casework.queries import meeting_lines, today
from stepdown.casework.queries.today import Few
from stepdown.casework.web import today_rows as rows
from stepdown.pages.parts import Cell
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """One section: who may have it, where its rows come from, how one row reads."""

    key: str
    heading: Words
    means: Words
    permission: Permission
    find: Callable[[Actor, int], Few[Any]]
    row: Callable[[Any], list[Cell]]
    headings: tuple[Words, ...]
    warning: bool = False
    whole_list: str = ""


@dataclass(frozen=True)
class Group:
    """Sections under one heading."""

    heading: Words
    kinds: tuple[Kind, ...] = field(default_factory=tuple)


_NEED = gettext_lazy("Need")
_VOLUNTEER = gettext_lazy("Volunteer")
_STARTS = gettext_lazy("The need starts")
_OFFICER = gettext_lazy("Looked after by")
_REVIEW = gettext_lazy("Review by")

GROUPS = (
    Group(
        gettext_lazy("Waits on you"),
        (
            Kind(
                "triage",
                gettext_lazy("Referrals to triage"),
                gettext_lazy("Not yet decided on. The most urgent first, then the oldest."),
                Permission.REFERRAL_TRIAGE,
                today.to_triage,
                rows.referral,
                (gettext_lazy("Reference"), gettext_lazy("How soon"), gettext_lazy("District"),
                 gettext_lazy("Received")),
                whole_list="referrals",
            ),
            Kind(
                "approve",
                gettext_lazy("Risk assessments to approve"),
                gettext_lazy("Sent for approval by somebody else."),
                Permission.RISK_APPROVE,
                today.to_approve,
                rows.waiting_risk,
                (_NEED, gettext_lazy("Written by"), _STARTS),
            ),
            Kind(
                "returned",
                gettext_lazy("Your risk assessments that were sent back"),
                gettext_lazy("Change what was asked for and send them again."),
                Permission.RISK_WRITE,
                today.returned,
                rows.returned_risk,
                (_NEED, gettext_lazy("Why"), _STARTS),
            ),
            Kind(
                "stepping-back",
                gettext_lazy("Volunteers who cannot make it"),
                gettext_lazy("They asked to step back from a placement that still stands."),
                Permission.PLACEMENT_CHANGE,
                today.stepping_back,
                rows.stepping_back,
                (_NEED, _VOLUNTEER, gettext_lazy("Asked")),
                warning=True,
            ),
            Kind(
                "lost",
                gettext_lazy("Offers declined or lapsed since yesterday"),
                gettext_lazy("Needs with a place that nobody else has been asked to fill."),
                Permission.OFFER_SEND,
                today.offers_lost,
                rows.lost_offer,
                (_NEED, gettext_lazy("How urgent"), gettext_lazy("Last offer")),
            ),
            Kind(
                "actions",
                gettext_lazy("What meetings asked you to do"),
                gettext_lazy("By the day by which it is to be done."),
                Permission.CASE_VIEW,
                meeting_lines.to_do,
                rows.action,
                (gettext_lazy("What"), gettext_lazy("Case"), gettext_lazy("By when")),
            ),
            Kind(
                "hours",
                gettext_lazy("Hours to confirm"),
                gettext_lazy("Logged by volunteers, the oldest day first."),
                Permission.HOURS_CONFIRM,
                today.hours_to_confirm,
                rows.hours,
                (_NEED, _VOLUNTEER, gettext_lazy("Time"), gettext_lazy("Day")),
            ),
        ),
    ),
    Group(
        gettext_lazy("Overdue"),
        (
            Kind(
                "overrides",
                gettext_lazy("Emergency access to review"),
                gettext_lazy("Records opened in an emergency that nobody has looked at in time."),
                Permission.OVERRIDE_REVIEW,
                today.late_overrides,
                rows.override,
                (gettext_lazy("Reference"), gettext_lazy("Why"), gettext_lazy("Opened by"),
                 gettext_lazy("Opened")),
                warning=True,
                whole_list="overrides",
            ),
            Kind(
                "late-needs",
                gettext_lazy("Needs that have started with an empty place"),
                gettext_lazy("Open, begun, and without a placement for every place."),
                Permission.NEED_VIEW,
                lambda by, limit: today.needs_starting(by, limit, late=True),
                rows.need,
                (_NEED, gettext_lazy("How urgent"), gettext_lazy("Places"), _OFFICER,
                 gettext_lazy("Started")),
                warning=True,
            ),
            Kind(
                "over",
                gettext_lazy("Needs past their last day"),
                gettext_lazy("Still open. Close them, or give them a later last day."),
                Permission.NEED_VIEW,
                today.needs_over,
                rows.need_over,
                (_NEED, gettext_lazy("How urgent"), gettext_lazy("Places"), _OFFICER,
                 gettext_lazy("Last day")),
                warning=True,
            ),
            Kind(
                "late-reviews",
                gettext_lazy("Risk assessments past their review"),
                gettext_lazy("Nobody may be placed on these needs until they are reviewed."),
                Permission.RISK_VIEW,
                lambda by, limit: today.reviews(by, limit, late=True),
                rows.risk,
                (_NEED, _OFFICER, _REVIEW),
                warning=True,
            ),
            Kind(
                "suspended",
                gettext_lazy("Suspended placements"),
                gettext_lazy("They keep their place until they are resumed, ended or replaced."),
                Permission.PLACEMENT_VIEW,
                today.suspended,
                rows.suspended,
                (_NEED, _VOLUNTEER, gettext_lazy("Why"), gettext_lazy("Since")),
                warning=True,
            ),
        ),
    ),
    Group(
        gettext_lazy("Soon"),
        (
            Kind(
                "offers",
                gettext_lazy("Offers that lapse within a day"),
                gettext_lazy("Sent, and not yet answered."),
                Permission.OFFER_VIEW,
                today.offers_lapsing,
                rows.lapsing_offer,
                (_NEED, _VOLUNTEER, gettext_lazy("Lapses")),
            ),
            Kind(
                "needs",
                gettext_lazy("Needs that start within 7 days with an empty place"),
                gettext_lazy("Open, and without a placement for every place."),
                Permission.NEED_VIEW,
                lambda by, limit: today.needs_starting(by, limit, late=False),
                rows.need,
                (_NEED, gettext_lazy("How urgent"), gettext_lazy("Places"), _OFFICER,
                 gettext_lazy("Starts")),
            ),
            Kind(
                "reviews",
                gettext_lazy("Risk assessments to review within 14 days"),
                gettext_lazy("Approved, of open needs."),
                Permission.RISK_VIEW,
                lambda by, limit: today.reviews(by, limit, late=False),
                rows.risk,
                (_NEED, _OFFICER, _REVIEW),
            ),
            Kind(
                "checks",
                gettext_lazy("Checks that lapse within 60 days"),
                gettext_lazy("Of volunteers with a live placement, and with none to follow. A "
                             "placement is suspended when a check it needs lapses."),
                Permission.CREDENTIAL_VIEW,
                today.checks_lapsing,
                rows.check,
                (_VOLUNTEER, gettext_lazy("Check"), gettext_lazy("Last day")),
            ),
        ),
    ),
)  # fmt: skip
