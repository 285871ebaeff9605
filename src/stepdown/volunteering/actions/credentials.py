"""The passport: recording what a person holds, and revoking it."""

from calendar import monthrange
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import ledger, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import Refused
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Credential, CredentialType, Volunteer
from stepdown.volunteering.models.credential import CREDENTIAL_STATES, CredentialEvent
from stepdown.volunteering.queries.credential import facts, facts_for

CREDENTIAL_RECORDED = Verb("credential.recorded", _("Credential recorded"))
CREDENTIAL_REVOKED = Verb("credential.revoked", _("Credential revoked"))


@transaction.atomic
def record(
    *,
    by: Actor,
    person: Person,
    type: CredentialType | str,
    valid_from: date,
    valid_to: date | None = None,
    verified_by: Agency,
    reference: str = "",
) -> Credential:
    """A check, training or licence, good from its first day to the end of its last.

    Without a last day, it is good for as long as its type says; for a type that says nothing, for
    good. It stands beside earlier ones of the type: a renewal overlaps what it renews. Somebody
    else records what an officer holds themself.
    """
    held = Person.objects.select_for_update().get(pk=person.pk)
    require(by, Permission.CREDENTIAL_RECORD, facts_for(held))
    if by.person == held.pk:
        raise Refused(gettext("Somebody else must record your own credentials."))
    check = Check()
    kind = check.one("type", CredentialType, type, gettext("Select a kind of credential."))
    check.that(
        valid_to is None or valid_to >= valid_from,
        "valid_to",
        gettext("The last day must be on or after the first day."),
    )
    reference = check.words("reference", reference, most=60)
    check.done()
    assert kind is not None  # noqa: S101 - `done` has raised otherwise
    if valid_to is None and kind.good_for_months is not None:
        valid_to = last_day(valid_from, kind.good_for_months)
    credential = Credential.objects.create(
        person=held,
        type=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        verified_by=verified_by,
        reference=reference,
    )
    ledger.record(
        by=by,
        verb=CREDENTIAL_RECORDED,
        about=("credential", credential.pk),
        subjects=_holders(credential),
        payload={
            "type": kind.pk,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat() if valid_to else None,
        },
    )
    return credential


@transaction.atomic
def revoke(*, by: Actor, credential: Credential) -> Credential:
    """It holds no longer, from now: nothing that needs it may start, and what runs is suspended."""
    held = Credential.objects.select_for_update().select_related("person").get(pk=credential.pk)
    require(by, Permission.CREDENTIAL_RECORD, facts(held))
    held.state = CREDENTIAL_STATES.next(held.state, CredentialEvent.REVOKE)
    held.save(update_fields=["state"])
    ledger.record(
        by=by,
        verb=CREDENTIAL_REVOKED,
        about=("credential", held.pk),
        subjects=_holders(held),
        payload={"type": held.type_id},
    )
    return held


def last_day(first: date, months: int) -> date:
    """The last day of a period of whole months: the eve of the day it would begin again."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    day = min(first.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)


def _holders(credential: Credential) -> list[ledger.Subject]:
    found: list[ledger.Subject] = [("person", credential.person_id)]
    profile = Volunteer.objects.filter(person=credential.person_id).values_list("pk", flat=True)
    return found + [("volunteer", pk) for pk in profile]
