"""Referrals: the list to triage, one's own, and the page of one."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.answers import intake_from, readable_answers
from stepdown.casework.queries.case import cases_of, takes_referrals
from stepdown.casework.queries.duplicates import Duplicates, Likeness, possible_duplicates
from stepdown.casework.queries.referral import (
    ReferralEvent,
    ReferralLine,
    facts,
    get,
    line_of,
    list_own,
    list_referrals,
    looks_at,
    may,
    name_in,
    original_of,
    own_drafts,
    readable,
    sees_own_only,
    visible_among,
)
from stepdown.casework.web.referral_filters import FilterForm
from stepdown.casework.web.referral_words import BAND_WORDS, SECTIONS, Lists, Words, what_became
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.ledger import timeline
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Cell, Event, Fact, Flag, Row, Table
from stepdown.pages.words import gov_date
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries.sight import told

if TYPE_CHECKING:
    from stepdown.casework.models import Referral

# What only the one who filled it in did, step by step: of no interest to anybody else.
_QUIET = {"referral.answered", "referral.code-made", "referral.came-back"}
_SOMEBODY: Mapping[str, Words] = {
    "public": gettext_lazy("somebody without an account"),
    "hub": gettext_lazy("the hub"),
    "link": gettext_lazy("a volunteer"),
}


@page(Permission.REFERRAL_VIEW)
def index(request: HubRequest) -> HttpResponse:
    """The referrals that wait, for those who decide; their own, for those who make them."""
    after = request.GET.get("after")
    if sees_own_only(request.actor):
        return _own(request, after)
    form = FilterForm(request.GET)
    found = list_referrals(request.actor, form.filters(), after=after)
    _disclose_names(request, found.items, "referrals")
    context = {
        "table": _table(found.items),
        "found": found,
        "filter_form": form,
        "chosen": form.chosen(request.path),
        "drafts": own_drafts(request.actor),
        "may_open": may_ever(request.actor, Permission.OVERRIDE_OPEN),
    }
    return render(request, "casework/referrals.html", context)


def _own(request: HubRequest, after: str | None) -> HttpResponse:
    found = list_own(request.actor, after=after)
    _disclose_names(request, found.items, "referrals-own")
    rows = [
        [
            Cell(line.name or line.reference, _url(line.id), hint=line.reference),
            Cell(gov_date(line.received_at)),
            Cell(what_became(line)),
        ]
        for line in found.items
    ]
    headings = [_("Person"), _("Sent"), _("What became of it")]
    context = {
        "table": Table(_("Your referrals"), headings, rows),
        "found": found,
        "drafts": own_drafts(request.actor),
    }
    return render(request, "casework/referrals_own.html", context)


@page(Permission.REFERRAL_VIEW)
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One referral: who it is about, what was said, what it may be the same as, what happened."""
    by = request.actor
    referral = get(by=by, id=id)
    if referral.received_at is None:
        return render(request, "casework/referral_draft.html", {"referral": referral})
    may_read = readable(by, referral)
    answers = readable_answers(referral.pk, may_read)
    own_only = sees_own_only(by)
    alike = None if own_only else possible_duplicates(by, referral)
    _disclose_referral(request, referral, may_read, alike)
    context = {
        "referral": referral,
        "own_only": own_only,
        "became": what_became(line_of(by, referral)),
        "sections": sections_for(answers, may_read.keys(), to_maker=own_only),
        "original": original_of(by, referral),
        "cases": [] if own_only else cases_of(by, referral),
        "events": [] if own_only else _events(by, referral),
        "alike_referrals": _alike_referrals(alike) if alike else [],
        "alike_people": _alike_people(alike) if alike else [],
        "deeds": _deeds(request, referral),
        "clauses": sorted({clause for clause in may_read.values() if clause}),
        "emergency": any(clause.startswith("override ") for clause in may_read.values()),
        "may_triage": decide(by, Permission.REFERRAL_TRIAGE, facts(referral)).allowed,
        "back_url": reverse("referrals"),
        **identity(referral, answers),
    }
    return render(request, "casework/referral.html", context)


def identity(referral: "Referral", answers: Mapping[Category, Mapping[str, Any]]) -> dict[str, Any]:
    """The bar at the top of every page about a referral: name, facts, flags."""
    intake = intake_from(answers)
    found = {
        _("Reference"): referral.reference,
        _("Date of birth"): gov_date(intake.born),
        _("District"): referral.district.name if referral.district else "",
        _("How soon"): BAND_WORDS.get(referral.band or 0, ""),
        _("Received"): gov_date(referral.received_at),
    }
    flags = []
    if intake.secret:
        flags.append(Flag(_("Address is secret")))
    if intake.safe == "no":
        flags.append(Flag(_("Not safe to contact")))
    if intake.safe == "care":
        flags.append(Flag(_("Contact with care"), "yellow"))
    if intake.risk == "yes":
        flags.append(Flag(_("A visit could be risky"), "orange"))
    if intake.consent in {"no", "unsure"}:
        flags.append(Flag(_("Has not agreed yet"), "yellow"))
    return {
        "name": name_in(dict(answers.get(Category.IDENTITY, {}))) or _("Name not shown"),
        "facts": [Fact(key, value) for key, value in found.items() if value],
        "flags": flags,
    }


def sections_for(
    answers: Mapping[Category, Mapping[str, Any]], readable: Collection[Category], *, to_maker: bool
) -> list[tuple[Words, list[Row] | None]]:
    """Each section's answers; None where the actor may not see that category."""
    intake, lists = intake_from(answers), Lists.load()
    return [
        (
            section.heading_for(intake) if to_maker else section.heading,
            [
                Row(str(question.words), question.read(intake, lists))
                for question in section.questions
                if question.asked(intake)
            ]
            if section.category in readable
            else None,
        )
        for section in SECTIONS
    ]


def _table(lines: list[ReferralLine]) -> Table:
    rows = [
        [
            Cell(line.name or line.reference, _url(line.id), hint=line.reference),
            Cell(BAND_WORDS.get(line.band or 0, "")),
            Cell(line.district or _("Not known")),
            Cell(gov_date(line.received_at)),
            Cell(line.state, status=True),
        ]
        for line in lines
    ]
    headings = [_("Person"), _("How soon"), _("District"), _("Received"), _("State")]
    return Table(_("Referrals"), headings, rows)


def _deeds(request: HubRequest, referral: "Referral") -> list[tuple[str, str, str]]:
    """(words, address, kind of button) of what the actor may do now."""
    known = facts(referral)
    triage = decide(request.actor, Permission.REFERRAL_TRIAGE, known).allowed
    withdraws = decide(request.actor, Permission.REFERRAL_WITHDRAW, known).allowed
    possible = (
        (triage, ReferralEvent.MAKE_NEED, _("Make a need"), "referral-need", ""),
        (triage and bool(takes_referrals(request.actor)), ReferralEvent.MAKE_CASE,
         _("Open a case"), "referral-case", "secondary"),
        (triage, ReferralEvent.MARK_DUPLICATE, _("Mark as a duplicate"), "referral-duplicate",
         "secondary"),
        (triage, ReferralEvent.REJECT, _("Reject"), "referral-reject", "secondary"),
        (triage, ReferralEvent.REOPEN, _("Open again"), "referral-reopen", "secondary"),
        (withdraws, ReferralEvent.WITHDRAW, _("Withdraw"), "referral-withdraw", "secondary"),
    )  # fmt: skip
    return [
        (words, reverse(name, args=[referral.pk]), kind)
        for allowed, event, words, name, kind in possible
        if allowed and may(referral, event)
    ]


def _events(by: Actor, referral: "Referral") -> list[Event]:
    """What happened to it. Of other referrals only those that exist for the actor."""
    found = timeline("referral", referral.pk, limit=100, told=told(by))
    others = {e.object_id for e in found if e.object_kind == "referral"} - {referral.pk}
    hidden = others - visible_among(by, others)
    original = original_of(by, referral)
    known = original.reference if original else ""
    return [
        Event(
            title=event.words,
            at=event.at,
            by=str(_SOMEBODY.get(event.actor, event.actor)),
            text=_about(event.details, known if event.object_id == referral.pk else ""),
        )
        for event in found
        if event.verb not in _QUIET and event.object_id not in hidden
    ]


def _about(details: Mapping[str, Any], original: str) -> str:
    """A need's or another referral's reference, where the entry names one that may be told."""
    named = str(details.get("original") or "")
    return str(details.get("need") or details.get("case") or (named if named == original else ""))


def _alike_referrals(alike: Duplicates) -> list[tuple[Cell, str, str]]:
    return [
        (Cell(one.name, _url(one.id), hint=one.reference), likeness_words(one.likeness), one.state)
        for one in alike.referrals
    ]


def _alike_people(alike: Duplicates) -> list[tuple[UUID, str, str, str]]:
    return [(one.id, one.name, one.district, likeness_words(one.likeness)) for one in alike.people]


def likeness_words(likeness: Likeness) -> str:
    """What two records share."""
    if likeness.birth and likeness.area:
        return _("Same name, date of birth and postcode area")
    if likeness.birth:
        return _("Same name and date of birth")
    return _("Same name and postcode area") if likeness.area else _("Same name")


def _disclose_names(request: HubRequest, lines: list[ReferralLine], where: str) -> None:
    disclose(by=request.actor, people=looks_at(lines), purpose="referral", page=where)


def _disclose_referral(
    request: HubRequest,
    referral: "Referral",
    may_read: Mapping[Category, str],
    alike: Duplicates | None,
) -> None:
    """A referral that is linked to a person is disclosed as that person, else as itself."""
    shown: dict[UUID, Mapping[Category, str]] = dict(alike.shown) if alike else {}
    asked = {section.category for section in SECTIONS}
    shown[referral.person_id or referral.pk] = {
        category: clause for category, clause in may_read.items() if category in asked
    }
    disclose(by=request.actor, people=shown, purpose="referral", page="referral")


def _url(id: UUID) -> str:
    return reverse("referral", args=[id])
