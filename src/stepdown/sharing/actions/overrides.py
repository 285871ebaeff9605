"""Break-glass: opening a record in an emergency, ending that, and reviewing it."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.actions.outbox import post
from stepdown.hub.models import Membership, User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.ids import new_reference
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.sharing.models import Override, OverrideAttempt
from stepdown.sharing.queries import override as queries

OPENED = Verb("override.opened", gettext_lazy("Record opened in an emergency"))
NOT_FOUND = Verb("override.not-found", gettext_lazy("A record was asked for in an emergency"))
ENDED = Verb("override.ended", gettext_lazy("Emergency access ended"))
REVIEWED = Verb("override.reviewed", gettext_lazy("Emergency access reviewed"))


def open_record(*, by: Actor, reference: str, reason: str, words: str) -> Override:
    """Open the record with this reference for some hours, and tell the data-protection officers.

    Every attempt is written down, also one that found nothing; too many of them are refused.
    """
    check = Check()
    typed = check.words("reference", reference, most=20, missing=_("Enter the reference."))
    check.choice("reason", reason, Override.Reason.values, _("Select why."))
    said = check.words("words", words, most=2_000, missing=_("Say what has happened."))
    check.done()
    found = _open(by, typed, reason, said)
    if found is None:  # the attempt stays written: nothing is rolled back with the refusal
        raise InvalidInput({"reference": _("No record with this reference can be opened.")})
    return found


@transaction.atomic
def _open(by: Actor, reference: str, reason: str, words: str) -> Override | None:
    require(by, Permission.OVERRIDE_OPEN)
    if by.user is None:
        raise Refused(_("Sign in first."))
    User.objects.select_for_update().get(pk=by.user)  # attempts at once count one after another
    if queries.asked_too_often(by.user):
        raise Refused(_("You have tried too many references. Wait an hour or ask for help."))
    found = queries.find(reference)
    now = clock.now()
    OverrideAttempt.objects.create(user_id=by.user, at=now, found=found is not None)
    if found is None:
        record(by=by, verb=NOT_FOUND, about=("user", by.user))
        return None
    kind, record_id, holder = found
    one = Override.objects.create(
        reference=new_reference("E"),
        kind=kind.value,
        record_id=record_id,
        holder_id=holder,
        agency_id=next((grant.agency for grant in by.grants if grant.agency), None),
        opened_by_id=by.user,
        opened_at=now,
        until=now + timedelta(hours=settings.STEPDOWN_OVERRIDE_HOURS),
        reason=reason,
        words=words,
    )
    payload = {"reference": one.reference, "reason": reason, "until": one.until.isoformat()}
    opened = [(kind.value, record_id)]
    record(by=by, verb=OPENED, about=("override", one.pk), subjects=opened, payload=payload)
    for user in _officers(one):
        post(template="override-opened", about=("override", one.pk), to_user=user)
    return one


@transaction.atomic
def end(*, by: Actor, override: Override) -> Override:
    """Shut the record again before its time."""
    held = _locked(by, override)
    if not queries.is_open(held):
        raise Refused(_("This record is shut again already."))
    held.ended_at = clock.now()
    held.save(update_fields=["ended_at"])
    record(by=by, verb=ENDED, about=("override", held.pk))
    return held


@transaction.atomic
def review(*, by: Actor, override: Override, outcome: str, words: str) -> Override:
    """Say whether it was justified, and what was done. Nobody reviews what they opened."""
    held = _locked(by, override)
    if held.reviewed_at is not None:
        raise Refused(_("This has been reviewed already."))
    if held.opened_by_id == by.user:
        raise Refused(_("Somebody else must review what you opened yourself."))
    check = Check()
    held.outcome = check.choice(
        "outcome", outcome, Override.Outcome.values, _("Select whether it was justified.")
    )
    held.review_words = check.words(
        "words", words, most=2_000, missing=_("Say what you found and what was done.")
    )
    check.done()
    held.reviewed_by_id, held.reviewed_at = by.user, clock.now()
    held.save()
    record(by=by, verb=REVIEWED, about=("override", held.pk), payload={"outcome": outcome})
    return held


def _locked(by: Actor, override: Override) -> Override:
    held = Override.objects.select_for_update().filter(pk=override.pk).first()
    if held is None:
        raise NotVisible("No such override.")
    require(by, Permission.OVERRIDE_REVIEW, queries.facts(held))
    return held


def _officers(one: Override) -> list[UUID]:
    """The data-protection officers of both agencies. Where neither has one: those who stand in for
    them, but for who opened it; where nobody does, all officers there are."""
    agencies, today = [a for a in (one.agency_id, one.holder_id) if a], clock.today()
    theirs = queries.officers().filter(agency__in=agencies)
    if not theirs.exists():
        theirs = Membership.objects.none()
        if settings.STEPDOWN_OVERRIDE_STAND_IN:
            theirs = Membership.objects.filter(
                Q(starts=None) | Q(starts__lte=today),
                Q(ends=None) | Q(ends__gte=today),
                role=RoleKey.COORDINATOR.value,
                agency__in=agencies,
                user__is_active=True,
            ).exclude(user=one.opened_by_id)
        theirs = theirs if theirs.exists() else queries.officers()
    return sorted(set(theirs.values_list("user", flat=True)))
