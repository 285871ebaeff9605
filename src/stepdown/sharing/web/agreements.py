"""Sharing agreements: the register, and the page of one."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.hub.queries.ledger import timeline
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Cell, Event, Row, Table, Task
from stepdown.pages.words import and_list, gov_date
from stepdown.policy.decide import decide, may_ever
from stepdown.policy.permissions import Permission
from stepdown.sharing.queries import agreement as queries
from stepdown.sharing.queries.agreement import AgreementEvent, AgreementLine, ClauseLine, Standing
from stepdown.sharing.web import words

if TYPE_CHECKING:
    from stepdown.sharing.models import Agreement


@page(Permission.AGREEMENT_VIEW)
def index(request: HubRequest) -> HttpResponse:
    """All agreements the actor may see, and which want a review."""
    found = queries.list_agreements(request.actor, after=request.GET.get("after"))
    context = {
        "found": found,
        "table": _table(found.items),
        "may_draft": may_ever(request.actor, Permission.AGREEMENT_DRAFT),
        "section": "agreements",
    }
    return render(request, "sharing/agreements.html", context)


@page(Permission.AGREEMENT_VIEW)
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One agreement: a task list while it is a draft, then what was signed and by whom."""
    held = queries.get(by=request.actor, id=id)
    line = queries.line_of(held)
    drafting = line.standing is Standing.DRAFT and may_draft(request, held)
    context = {
        **whole(held, changeable=drafting),
        "tasks": _tasks(held) if drafting else [],
        "deeds": _deeds(request, held),
        "events": _events(held),
        "section": "agreements",
    }
    return render(request, "sharing/agreement.html", context)


def may_draft(request: HubRequest, held: "Agreement") -> bool:
    """Whether the actor may change this draft."""
    return decide(request.actor, Permission.AGREEMENT_DRAFT, queries.facts(held)).allowed


def whole(held: "Agreement", *, changeable: bool = False) -> dict[str, object]:
    """All that an agreement says, for its own page and for those that ask to send or sign it."""
    line = queries.line_of(held)
    return {
        "agreement": line,
        "withdrawn": held.withdraw_reason,
        "withdrawn_at": held.withdrawn_at,
        "withdrawn_for": held.withdrawn_for.name if held.withdrawn_for else "",
        "terms": [
            Row(_("Parties"), and_list(list(line.parties))),
            Row(_("First day"), gov_date(line.starts)),
            Row(_("Last day"), gov_date(line.ends)),
            Row(_("Review by"), gov_date(line.review_on)),
        ],
        "signatures": [
            Row(
                party.name,
                _("Signed by %(name)s on %(day)s")
                % {"name": party.signed_by, "day": gov_date(party.signed_at)}
                if party.signed_at
                else _("Not signed yet"),
            )
            for party in queries.parties(held)
        ]
        if line.standing is not Standing.DRAFT
        else [],
        "clauses": [
            (clause.number, clause_rows(clause), _remove(held, clause) if changeable else "")
            for clause in queries.clauses(held)
        ],
        "assessment": _assessment(held),
    }


def clause_rows(clause: ClauseLine) -> list[Row]:
    """What one clause says."""
    return [
        Row(_("Shares its records"), clause.source),
        Row(_("May see them"), clause.target),
        Row(_("Purpose"), words.PURPOSES[clause.purpose]),
        Row(_("Lawful basis"), words.BASES[clause.basis]),
        Row(
            _("Condition"),
            words.CONDITIONS[clause.condition] if clause.condition else _("None needed"),
        ),
        Row(_("Data"), words.named(clause.categories, words.CATEGORIES)),
        Row(_("About"), words.named(clause.people, words.PEOPLE)),
        Row(_("Pathways"), words.named(clause.pathways, words.pathways())),
    ]


def _remove(held: "Agreement", clause: ClauseLine) -> str:
    return reverse("agreement-clause-remove", args=[held.pk, clause.number])


def _assessment(held: "Agreement") -> list[Row]:
    answers = queries.answers(held)
    return [Row(str(text), answers.get(key, "")) for key, text in words.QUESTIONS.items()]


def _table(lines: list[AgreementLine]) -> Table:
    rows = [
        [
            Cell(
                line.title,
                reverse("agreement", args=[line.id]),
                hint=_("%(reference)s, version %(number)d")
                % {"reference": line.reference, "number": line.number},
            ),
            Cell(and_list(list(line.parties))),
            Cell(line.standing, status=True),
            Cell(gov_date(line.ends)),
            Cell(
                gov_date(line.review_on),
                hint=_("Review is due") if line.review_due else "",
            ),
        ]
        for line in lines
    ]
    headings = [_("Agreement"), _("Parties"), _("Standing today"), _("Last day"), _("Review by")]
    return Table(_("Sharing agreements"), headings, rows)


def _tasks(held: "Agreement") -> list[Task]:
    answered = sum(bool(answer) for answer in queries.answers(held).values())
    asked = len(words.QUESTIONS)
    clauses = held.clauses.count()
    ready = not queries.missing(held)

    def to(name: str) -> str:
        return reverse(name, args=[held.pk])

    return [
        Task(_("Title and dates"), "complete", to("agreement-change")),
        Task(
            _("Add a clause"),
            "complete" if clauses else "not_started",
            to("agreement-clause-add"),
            hint=_("Who shares what with whom, and why."),
        ),
        Task(
            _("Impact assessment"),
            "complete" if answered == asked else "in_progress" if answered else "not_started",
            to("agreement-assessment"),
        ),
        Task(
            _("Check and send for signature"),
            "not_started" if ready else "cannot_start_yet",
            to("agreement-check") if ready else "",
        ),
    ]


def _deeds(request: HubRequest, held: "Agreement") -> list[tuple[str, str, str]]:
    """(words, address, kind of button) of what the actor may do now."""
    by = request.actor
    signed = {one.agency_id for one in held.signatures.all()}
    signs = [
        agency
        for agency in queries.acts_for(by, held, Permission.AGREEMENT_SIGN)
        if agency.pk not in signed
    ]
    withdraws = queries.acts_for(by, held, Permission.AGREEMENT_WITHDRAW)
    last = queries.is_latest(held)
    possible = (
        (bool(signs), AgreementEvent.SIGN, _("Sign"), "agreement-sign", ""),
        (
            last and may_draft(request, held), AgreementEvent.RENEW, _("Make a new version"),
            "agreement-renew", "secondary",
        ),
        (bool(withdraws), AgreementEvent.WITHDRAW, _("Withdraw"), "agreement-withdraw", "warning"),
    )  # fmt: skip
    return [
        (text, reverse(name, args=[held.pk]), kind)
        for allowed, event, text, name, kind in possible
        if allowed and queries.may(held, event)
    ]


def _events(held: "Agreement") -> list[Event]:
    return [
        Event(title=event.words, at=event.at, by=event.actor, text=_for(event.details))
        for event in timeline("agreement", held.pk, limit=100)
    ]


def _for(details: dict[str, object]) -> str:
    return str(details.get("agency") or "")
