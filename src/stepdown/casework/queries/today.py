"""What waits on somebody today, what is overdue, and what lapses soon.

Each answer is scoped to the actor, holds the whole count and the first few rows, and costs two
queries whatever there is. An officer's own caseload comes before the rest of their districts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Generic, TypeVar

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from stepdown.casework.models import Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.casework.queries import referral as referrals
from stepdown.hub.queries import outbox
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.sharing.models import Override
from stepdown.sharing.queries import override as overrides
from stepdown.volunteering.models import (
    Credential,
    HoursEntry,
    Need,
    Offer,
    Placement,
    RiskAssessment,
)
from stepdown.volunteering.models.hours import HoursState
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.models.risk import RiskState
from stepdown.volunteering.queries import credential as credentials
from stepdown.volunteering.queries import hours
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import offer as offers
from stepdown.volunteering.queries import placement as placements
from stepdown.volunteering.queries import risk as risks

M = TypeVar("M", bound=Model)

SOON_DAYS = 7  # for needs that start
REVIEW_DAYS = 14  # for risk assessments
LAPSE_DAYS = (7, 30, 60)  # for checks: when volunteers are reminded
OFFER_HOURS = 24

_NEED = ("need__scheme", "need__district", "need__officer")
_PAIR = (*_NEED, "volunteer__person")


@dataclass(frozen=True)
class Few(Generic[M]):
    """How many there are, and the first of them."""

    count: int
    rows: list[M]


def to_triage(by: Actor, limit: int) -> Few[Referral]:
    """Referrals that wait for a decision: the most urgent first, then the oldest."""
    found = referrals.visible_to(by, Permission.REFERRAL_TRIAGE).filter(
        state=ReferralState.RECEIVED
    )
    found = found.select_related("district").defer("district__rings")
    return _few(found.order_by(F("band").asc(nulls_last=True), "received_at", "id"), limit)


def to_approve(by: Actor, limit: int) -> Few[RiskAssessment]:
    """Risk assessments sent for approval that the actor has not written, oldest first."""
    return _few(_with_need(risks.waiting(by)), limit)


def returned(by: Actor, limit: int) -> Few[RiskAssessment]:
    """The actor's own risk assessments that were sent back to be changed, oldest first."""
    mine = risks.visible_to(by).filter(
        state=RiskState.RETURNED, written_by=by.user, need__state=NeedState.OPEN
    )
    return _few(_with_need(mine).order_by("decided_at", "id"), limit)


def reviews(by: Actor, limit: int, *, late: bool) -> Few[RiskAssessment]:
    """Assessments of open needs whose review is past, or falls within a fortnight."""
    today = clock.today()
    due = risks.review_due(by, today + timedelta(days=REVIEW_DAYS))
    due = due.filter(review_on__lt=today) if late else due.filter(review_on__gte=today)
    return _few(_own_first(_with_need(due), by, "need__officer", "review_on"), limit)


def offers_lapsing(by: Actor, limit: int) -> Few[Offer]:
    """Offers without an answer that run out within a day, the first to lapse first."""
    now = clock.now()
    found = offers.visible_to(by).filter(
        state=OfferState.SENT,
        lapses_at__gt=now,
        lapses_at__lte=now + timedelta(hours=OFFER_HOURS),
    )
    return _few(_own_first(_whole(found), by, "need__officer", "lapses_at"), limit)


def offers_lost(by: Actor, limit: int) -> Few[Offer]:
    """Offers declined or lapsed since yesterday whose need still has a place nobody is asked for.

    Once a need: the last that was lost stands for it.
    """
    today = datetime.combine(clock.today(), time.min, tzinfo=clock.LONDON)
    since = today - timedelta(days=1)
    # A lapsed offer carries no moment but the one it was open until.
    lost = Q(state=OfferState.DECLINED, answered_at__gte=since) | Q(
        state=OfferState.LAPSED, lapses_at__gte=since
    )
    wanting = needs.counted(Need.objects.filter(state=NeedState.OPEN)).filter(
        places__gt=F("placed") + F("offered")
    )
    later = Offer.objects.filter(lost, need=OuterRef("need"), id__gt=OuterRef("id"))
    found = offers.visible_to(by).filter(lost, ~Exists(later), need__in=wanting.values("pk"))
    return _few(_own_first(_whole(found), by, "need__officer", "need__band", "-lapses_at"), limit)


def stepping_back(by: Actor, limit: int) -> Few[Placement]:
    """Placements whose volunteer said that they cannot make it, the longest waiting first."""
    found = placements.visible_to(by).filter(
        state__in=placements.STANDING, step_back_asked_at__isnull=False
    )
    return _few(_own_first(_whole(found), by, "need__officer", "step_back_asked_at"), limit)


def suspended(by: Actor, limit: int) -> Few[Placement]:
    """Suspended placements, the longest suspended first."""
    found = placements.visible_to(by).filter(state=PlacementState.SUSPENDED)
    return _few(_own_first(_whole(found), by, "need__officer", "suspended_at"), limit)


def hours_to_confirm(by: Actor, limit: int) -> Few[HoursEntry]:
    """Hours logged that the actor may confirm, never their own, the oldest day first."""
    found = hours.visible_to(by, Permission.HOURS_CONFIRM).filter(state=HoursState.LOGGED)
    if by.person is not None:
        found = found.exclude(placement__volunteer__person=by.person)
    found = found.select_related("placement__need", "placement__volunteer__person")
    return _few(_own_first(found, by, "placement__need__officer", "on"), limit)


def needs_starting(by: Actor, limit: int, *, late: bool) -> Few[Need]:
    """Open needs with an empty place that have started, or start within a week."""
    today = clock.today()
    last = today + timedelta(days=SOON_DAYS)
    begins = Q(starts__lt=today) if late else Q(starts__gte=today, starts__lte=last)
    going_on = Q(ends=None) | Q(ends__gte=today)
    found = needs.counted(
        needs.visible_to(by).filter(begins, going_on, state=NeedState.OPEN)
    ).filter(places__gt=F("placed"))
    return _few(_own_first(found, by, "officer", "band", "starts"), limit)


def needs_over(by: Actor, limit: int) -> Few[Need]:
    """Open needs whose last day has passed: to be closed, or given a later last day."""
    found = needs.counted(needs.visible_to(by).filter(state=NeedState.OPEN, ends__lt=clock.today()))
    return _few(_own_first(found, by, "officer", "ends"), limit)


def checks_lapsing(by: Actor, limit: int) -> Few[Credential]:
    """Checks of volunteers with a live placement that end within 60 days with none after them."""
    found = _checks(by, LAPSE_DAYS[-1])
    return _few(found.order_by("valid_to", "id"), limit)


def checks_lapsing_counts(by: Actor) -> dict[int, int]:
    """How many of those end within 7, 30 and 60 days. Three queries."""
    return {days: _checks(by, days).count() for days in LAPSE_DAYS}


def late_overrides(by: Actor, limit: int) -> Few[Override]:
    """What was opened in an emergency and should have been reviewed by now."""
    return _few(overrides.overdue(by), limit)


def failed_messages(by: Actor) -> int:
    """Messages the hub has given up, for those who may see them. One query."""
    if not decide(by, Permission.MESSAGE_VIEW).allowed:
        return 0
    return outbox.counts().failed


def people_in(rows: Iterable[Model]) -> list[Person]:
    """The people named on rows: volunteers of offers, placements and hours, holders of checks."""
    found = []
    for row in rows:
        if isinstance(row, Offer | Placement):
            found.append(row.volunteer.person)
        elif isinstance(row, HoursEntry):
            found.append(row.placement.volunteer.person)
        elif isinstance(row, Credential):
            found.append(row.person)
    return found


def _checks(by: Actor, days: int) -> QuerySet[Credential]:
    live = placements.visible_to(by).filter(
        volunteer__person=OuterRef("person"), state=PlacementState.LIVE
    )
    return credentials.visible_to(by).filter(credentials.ends_within(days), Exists(live))


def _with_need(found: QuerySet[RiskAssessment]) -> QuerySet[RiskAssessment]:
    return found.select_related("need__officer").defer("need__district__rings")


_Row = TypeVar("_Row", Offer, Placement)


def _whole(found: QuerySet[_Row]) -> QuerySet[_Row]:
    return found.select_related(*_PAIR).defer("need__district__rings")


def _own_first(found: QuerySet[M], by: Actor, officer: str, *order: str) -> QuerySet[M]:
    """The actor's own caseload, then the rest, each in its order."""
    mine = Case(
        When(**{officer: by.user}, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    ordered: QuerySet[M] = found.annotate(not_mine=mine).order_by("not_mine", *order, "id")
    return ordered


def _few(found: QuerySet[M], limit: int) -> Few[M]:
    count = found.order_by().count()
    return Few(count, list(found[:limit]) if count else [])
