"""Drafting an agreement: who, from when to when, clause by clause, and its impact assessment."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.kernel.ids import new_reference
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.sharing.actions.clauses import Asked, write
from stepdown.sharing.actions.locking import locked, subjects
from stepdown.sharing.models import Agreement, AgreementParty, Clause, DpiaAnswer
from stepdown.sharing.models.agreement import AgreementEvent

DRAFTED = Verb("agreement.drafted", _("Agreement drafted"))
CHANGED = Verb("agreement.changed", _("Draft changed"))
CLAUSE_ADDED = Verb("agreement.clause-added", _("Clause added"))
CLAUSE_REMOVED = Verb("agreement.clause-removed", _("Clause taken out"))
ASSESSED = Verb("agreement.assessed", _("Impact assessment written"))
RENEWED = Verb("agreement.renewed", _("New version drafted"))


@transaction.atomic
def draft(
    *,
    by: Actor,
    title: str,
    agencies: Iterable[Agency | str],
    starts: date | None,
    ends: date | None,
    review_on: date | None,
) -> Agreement:
    """An agreement that nobody has signed yet. The drafter's own agency is one of the parties."""
    check = Check()
    title = check.words("title", title, most=160, missing=gettext("Enter a title."))
    parties = check.many("agencies", Agency, agencies, gettext("Select partners from the list."))
    check.that(len(parties) >= 2, "agencies", gettext("Select at least two partners."))
    first, last, review = _check_dates(check, starts, ends, review_on)
    check.done()
    require_new(by, Permission.AGREEMENT_DRAFT, {"agency": frozenset(p.pk for p in parties)})
    made = Agreement.objects.create(
        reference=new_reference("ISA"),
        title=title,
        starts=first,
        ends=last,
        review_on=review,
        made_by_id=by.user,
        made_at=clock.now(),
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=made, agency=party) for party in parties
    )
    _record(by, DRAFTED, made, {"title": title, **_dates(made)})
    return made


@transaction.atomic
def change(
    *,
    by: Actor,
    agreement: Agreement,
    version: int,
    title: str,
    starts: date | None,
    ends: date | None,
    review_on: date | None,
) -> Agreement:
    """Other words or dates, while it is a draft."""
    held = locked(by, agreement, Permission.AGREEMENT_DRAFT, AgreementEvent.CHANGE)
    require_version(held, version)
    check = Check()
    held.title = check.words("title", title, most=160, missing=gettext("Enter a title."))
    dates = _check_dates(check, starts, ends, review_on)
    check.done()
    held.starts, held.ends, held.review_on = dates
    _saved(held)
    _record(by, CHANGED, held, {"title": held.title, **_dates(held)})
    return held


@transaction.atomic
def add_clause(*, by: Actor, agreement: Agreement, asked: Asked) -> Clause:
    """One flow more: from whom, to whom, why, on which basis, and what it covers."""
    held = locked(by, agreement, Permission.AGREEMENT_DRAFT, AgreementEvent.CHANGE)
    clause = write(held, asked)
    _saved(held)
    _record(by, CLAUSE_ADDED, held, {"clause": clause.number, **asked.stated()})
    return clause


@transaction.atomic
def remove_clause(*, by: Actor, agreement: Agreement, number: int) -> None:
    """Take a clause out of the draft. The others are numbered anew."""
    held = locked(by, agreement, Permission.AGREEMENT_DRAFT, AgreementEvent.CHANGE)
    gone = held.clauses.filter(number=number).first()
    if gone is None:
        raise Refused(gettext("That clause is not in the agreement any more."))
    gone.delete()
    for at, clause in enumerate(held.clauses.order_by("number"), start=1):
        if clause.number != at:
            clause.number = at
            clause.save(update_fields=["number"])
    _saved(held)
    _record(by, CLAUSE_REMOVED, held, {"clause": number})


@transaction.atomic
def assess(*, by: Actor, agreement: Agreement, answers: Mapping[str, str]) -> None:
    """The impact assessment, question by question (UK GDPR Article 35(7))."""
    held = locked(by, agreement, Permission.AGREEMENT_DRAFT, AgreementEvent.CHANGE)
    check = Check()
    kept = {
        question: check.words(question, answers.get(question), most=2000)
        for question in DpiaAnswer.Question.values
    }
    check.done()
    for question, answer in kept.items():
        DpiaAnswer.objects.update_or_create(
            agreement=held, question=question, defaults={"answer": answer}
        )
    _saved(held)
    _record(by, ASSESSED, held, {"answered": sorted(q for q, answer in kept.items() if answer)})


@transaction.atomic
def renew(*, by: Actor, agreement: Agreement) -> Agreement:
    """A new version as a draft with the same words, to be changed and signed anew.

    The version it is made from holds on until the new one is signed by all and begins.
    """
    held = locked(by, agreement, Permission.AGREEMENT_DRAFT, AgreementEvent.RENEW)
    latest = Agreement.objects.filter(reference=held.reference).order_by("-number")[:1].get()
    if latest.pk != held.pk:
        raise InvalidInput({"": gettext("There is a later version of this agreement already.")})
    made = Agreement.objects.create(
        reference=held.reference,
        number=held.number + 1,
        title=held.title,
        starts=held.starts,
        ends=held.ends,
        review_on=held.review_on,
        made_by_id=by.user,
        made_at=clock.now(),
    )
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=made, agency_id=party.agency_id) for party in held.parties.all()
    )
    for clause in held.clauses.prefetch_related("covers"):
        write(made, Asked.of(clause))
    DpiaAnswer.objects.bulk_create(
        DpiaAnswer(agreement=made, question=one.question, answer=one.answer)
        for one in held.dpia_answers.all()
    )
    _record(by, RENEWED, made, {"from": held.number, "version": made.number})
    return made


def _check_dates(
    check: Check, starts: date | None, ends: date | None, review_on: date | None
) -> tuple[date, date, date]:
    """The three days, where ``check`` has nothing to say."""
    check.that(starts, "starts", gettext("Enter the first day."))
    check.that(ends, "ends", gettext("Enter the last day."))
    check.that(review_on, "review_on", gettext("Enter the day of the review."))
    if starts and ends:
        check.that(
            starts <= ends, "ends", gettext("The last day must be on or after the first day.")
        )
    if starts and ends and review_on:
        check.that(
            starts <= review_on <= ends,
            "review_on",
            gettext("The review must fall between the first and the last day."),
        )
    today = clock.today()
    return starts or today, ends or today, review_on or today


def _dates(agreement: Agreement) -> dict[str, str]:
    names = ("starts", "ends", "review_on")
    return {name: getattr(agreement, name).isoformat() for name in names}


def _saved(agreement: Agreement) -> None:
    agreement.version += 1
    agreement.save()


def _record(by: Actor, verb: Verb, agreement: Agreement, payload: Mapping[str, object]) -> None:
    about: tuple[str, UUID] = ("agreement", agreement.pk)
    record(by=by, verb=verb, about=about, subjects=subjects(agreement), payload=payload)
