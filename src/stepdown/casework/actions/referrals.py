"""Triage: what becomes of a referral. The verbs of filling one in (``drafts``) are here too."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.drafts import (
    answer,
    come_back,
    discard,
    discard_expired,
    new_code,
    start,
    submit,
)
from stepdown.casework.actions.intake import person_from
from stepdown.casework.actions.keeping import shield_if_hidden
from stepdown.casework.models import Referral
from stepdown.casework.models.referral import REFERRAL_STATES, ReferralEvent, ReferralState
from stepdown.casework.queries.answers import Intake, all_answers, intake_from
from stepdown.casework.queries.referral import draft_for, facts, is_visible
from stepdown.hub.actions import ledger, outbox, transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import people
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, require, usable
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import needs
from stepdown.volunteering.models import Need

__all__ = [
    "answer",
    "come_back",
    "discard_expired",
    "make_need",
    "mark_duplicate",
    "new_code",
    "reject",
    "reopen",
    "start",
    "submit",
    "withdraw",
]

BECAME_NEED = Verb("referral.became-need", gettext_lazy("Referral became a need"))
MARKED_DUPLICATE = Verb("referral.marked-duplicate", gettext_lazy("Marked as a duplicate"))
REJECTED = Verb("referral.rejected", gettext_lazy("Referral rejected"))
WITHDRAWN = Verb("referral.withdrawn", gettext_lazy("Referral withdrawn"))
REOPENED = Verb("referral.reopened", gettext_lazy("Referral opened again"))


@transaction.atomic
def make_need(
    *, by: Actor, referral: Referral, person: Person | None = None, **need_fields: Any
) -> Need:
    """The referral becomes a need, all in one step: person, contacts, address, need.

    ``person`` is a record that is there already; without it a new one is made from the answers.
    ``need_fields`` are those of ``needs.add``; what is left out is taken from the answers.
    """
    held = locked(by, referral, Permission.REFERRAL_TRIAGE)
    held.state = REFERRAL_STATES.next(held.state, ReferralEvent.MAKE_NEED)
    intake = passed_on(by, held)
    known = person_from(by, held, intake, person)
    fields = _fields_from(by, held, intake) | need_fields
    _stays_with(by, held, fields["agency"])
    need = needs.add(by=by, person=known, **fields)
    if person is None:
        people.begun_by(known, need.agency_id)
    held.person, held.need = known, need
    triaged(by, held)
    shield_if_hidden(by, held)
    subjects = [("person", known.pk), ("need", need.pk)]
    enter(by, BECAME_NEED, held, subjects, {"need": need.reference})
    return need


@transaction.atomic
def mark_duplicate(*, by: Actor, referral: Referral, original: Referral) -> Referral:
    """It asks for what another referral asks for already. The other one is worked on."""
    held = locked(by, referral, Permission.REFERRAL_TRIAGE)
    kept = Referral.objects.get(pk=original.pk)
    if not is_visible(by, kept) or kept.received_at is None:
        raise NotVisible("No such referral.")
    held.state = REFERRAL_STATES.next(held.state, ReferralEvent.MARK_DUPLICATE)
    if kept.pk == held.pk:
        raise InvalidInput({"original": _("A referral cannot be a duplicate of itself.")})
    if kept.state == ReferralState.DUPLICATE:
        raise InvalidInput({"original": _("That referral is itself marked as a duplicate.")})
    held.duplicate_of, held.person = kept, kept.person
    triaged(by, held)
    shield_if_hidden(by, held)
    subjects = [("referral", kept.pk)]
    if kept.person_id:
        subjects.append(("person", kept.person_id))
    enter(by, MARKED_DUPLICATE, held, subjects, {"original": kept.reference})
    return held


@transaction.atomic
def reject(*, by: Actor, referral: Referral, reason: str) -> Referral:
    """It will not become a need. The referrer is told why, in words that belong to the reason."""
    held = locked(by, referral, Permission.REFERRAL_TRIAGE)
    held.state = REFERRAL_STATES.next(held.state, ReferralEvent.REJECT)
    if reason not in Referral.RejectReason.values:
        raise InvalidInput({"reason": _("Select why the referral is rejected.")})
    held.reject_reason = reason
    triaged(by, held)
    enter(by, REJECTED, held, [], {"reason": reason})
    return held


@transaction.atomic
def withdraw(*, by: Actor, referral: Referral) -> Referral:
    """It is no longer asked for. An unsent draft is forgotten; a sent one is kept, withdrawn."""
    if referral.received_at is None:
        draft_for(by=by, id=referral.pk)
        require(by, Permission.REFERRAL_MAKE)
        held = Referral.objects.select_for_update().get(pk=referral.pk)
    else:
        held = locked(by, referral, Permission.REFERRAL_WITHDRAW)
    if held.received_at != referral.received_at:
        raise Refused(_("Somebody else changed this referral meanwhile. Look at it again."))
    held.state = REFERRAL_STATES.next(held.state, ReferralEvent.WITHDRAW)
    if held.received_at is None:
        discard(held)
    else:
        triaged(by, held)
    enter(by, WITHDRAWN, held)
    return held


@transaction.atomic
def reopen(*, by: Actor, referral: Referral) -> Referral:
    """It waits for triage again: it was no duplicate, or was rejected too soon."""
    held = locked(by, referral, Permission.REFERRAL_TRIAGE)
    held.state = REFERRAL_STATES.next(held.state, ReferralEvent.REOPEN)
    held.duplicate_of, held.person, held.reject_reason = None, None, ""
    held.triaged_at, held.triaged_by_id = None, None
    held.save()
    enter(by, REOPENED, held)
    return held


def locked(by: Actor, referral: Referral, permission: Permission) -> Referral:
    """The referral as it is now, for this transaction alone; the actor may do this to it."""
    found = Referral.objects.select_for_update().filter(pk=referral.pk).first()
    if found is None or not is_visible(by, found):
        raise NotVisible("No such referral.")
    require(by, permission, facts(found))
    return found


def triaged(by: Actor, referral: Referral) -> None:
    """Keep who decided and when, and tell a referrer who has an account that there is news."""
    referral.triaged_at, referral.triaged_by_id = clock.now(), by.user
    referral.save()
    if referral.made_by_id and referral.made_by_id != by.user:
        about = ("referral", referral.pk)
        outbox.post(template="referral-outcome", about=about, to_user=referral.made_by_id)


def passed_on(by: Actor, referral: Referral) -> Intake:
    """What may go on from a referral: of another agency's, the categories its agreements cover.

    That an address is secret always goes on: it keeps somebody safe and tells nothing else.
    """
    answers = all_answers(referral)
    allowed = usable(by, Permission.REFERRAL_TRIAGE, facts(referral))
    if Category.IDENTITY not in allowed:
        raise Refused(
            _("No sharing agreement in force covers who this is about, so no need can be made.")
        )
    kept = intake_from({one: found for one, found in answers.items() if one in allowed})
    return replace(kept, secret=intake_from(answers).secret)


def _stays_with(by: Actor, referral: Referral, agency: Any) -> None:
    """What is shown by an agreement stays its agency's when it becomes a need: else the agreement
    could end, and the need be seen on."""
    asking = str(getattr(agency, "pk", agency) or "")
    shown = decide(by, Permission.REFERRAL_TRIAGE, facts(referral)).clause
    if shown and asking != str(referral.agency_id):
        raise InvalidInput({"agency": _("Select the partner that sent the referral.")})


def _fields_from(by: Actor, referral: Referral, intake: Intake) -> dict[str, Any]:
    """What the answers say of the need, wherever nobody chose otherwise."""
    found: dict[str, Any] = {
        "agency": referral.agency_id or next((g.agency for g in by.grants if g.agency), None),
        "starts": clock.today(),
        "band": referral.band,
        "slots": intake.slots,
        "skills": intake.skills,
        "languages": intake.languages,
        "district": referral.district_id,
        "shielded": intake.secret,
    }
    if intake.postcode:
        found["postcode"] = intake.postcode
    return found


def enter(
    by: Actor,
    verb: Verb,
    referral: Referral,
    subjects: list[tuple[str, UUID]] | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """One entry about a referral. Part of verbs."""
    about = ("referral", referral.pk)
    ledger.record(by=by, verb=verb, about=about, subjects=subjects or [], payload=payload)
