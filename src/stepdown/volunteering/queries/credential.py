"""The passport: what a person holds, and what lapses soon."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.volunteering.models import Credential
from stepdown.volunteering.models.credential import CredentialState

COLUMNS: Columns = {"district": "person__district", "person": "person"}

SOON = 42  # days: time enough to renew a check before it lapses


class Standing(StrEnum):
    """How a credential stands on a day. Only revoking is stored: the rest is what time does."""

    CURRENT = "current"
    SOON = "lapses-soon"
    LAPSED = "lapsed"
    FUTURE = "not-yet-valid"
    REVOKED = "revoked"


@dataclass(frozen=True)
class PassportLine:
    """One credential as a page shows it. ``days_left`` counts to its last day, a good one."""

    id: UUID
    type_key: str
    type_name: str
    kind: str
    standing: Standing
    valid_from: date
    valid_to: date | None
    days_left: int | None
    verified_by: str
    reference: str


def facts(credential: Credential) -> Facts:
    """What the policy asks of a credential."""
    return facts_for(credential.person)


def facts_for(person: Person) -> Facts:
    """The same for one that is yet to be recorded."""
    return {"district": person.district_id, "person": person.pk}


def visible_to(
    by: Actor, permission: Permission = Permission.CREDENTIAL_VIEW
) -> QuerySet[Credential]:
    """The credentials on which the actor may use the permission."""
    found = Credential.objects.filter(compile_scope(scope_for(by, permission), COLUMNS))
    return found.select_related("type", "person", "verified_by")


def get(*, by: Actor, id: UUID) -> Credential:
    """One credential the actor may see."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def good_on(on: date) -> Q:
    """Credentials that hold on the day: from their first day to the end of their last."""
    current = Q(state=CredentialState.CURRENT.value, valid_from__lte=on)
    return current & (Q(valid_to=None) | Q(valid_to__gte=on))


def held_on(people: Iterable[UUID], on: date) -> dict[UUID, frozenset[str]]:
    """The types of credential that people hold on a day, by person. One query."""
    held: dict[UUID, set[str]] = defaultdict(set)
    found = Credential.objects.filter(good_on(on), person__in=set(people))
    for person_id, key in found.values_list("person_id", "type_id"):
        held[person_id].add(key)
    return {person_id: frozenset(keys) for person_id, keys in held.items()}


def lapsing(by: Actor, within_days: int = SOON) -> QuerySet[Credential]:
    """Credentials that end within so many days and have no later one in hand, soonest first."""
    return visible_to(by).filter(ends_within(within_days)).order_by("valid_to", "id")


def ends_within(days: int) -> Q:
    """Credentials good today that end within so many days and have no later one in hand."""
    today = clock.today()
    later = Credential.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")),
        state=CredentialState.CURRENT.value,
        person=OuterRef("person"),
        type=OuterRef("type"),
    )
    ends = Q(valid_to__gte=today, valid_to__lte=today + timedelta(days=days))
    return good_on(today) & ends & ~Q(Exists(later))


def passport(by: Actor, person: Person, on: date | None = None) -> list[PassportLine]:
    """All that a person holds or held, by type, the newest of each first. One query."""
    on = on or clock.today()
    found = visible_to(by).filter(person=person).order_by("type__name", "-valid_from", "-id")
    return [_line(credential, on) for credential in found]


def standing(credential: Credential, on: date) -> Standing:
    """How a credential stands on a day."""
    if credential.state == CredentialState.REVOKED:
        return Standing.REVOKED
    if credential.valid_from > on:
        return Standing.FUTURE
    if credential.valid_to is None:
        return Standing.CURRENT
    if credential.valid_to < on:
        return Standing.LAPSED
    return Standing.SOON if (credential.valid_to - on).days <= SOON else Standing.CURRENT


def _line(credential: Credential, on: date) -> PassportLine:
    ends = credential.valid_to
    return PassportLine(
        id=credential.pk,
        type_key=credential.type_id,
        type_name=credential.type.name,
        kind=credential.type.kind,
        standing=standing(credential, on),
        valid_from=credential.valid_from,
        valid_to=ends,
        days_left=(ends - on).days if ends and ends >= on else None,
        verified_by=credential.verified_by.name,
        reference=credential.reference,
    )
