"""Records opened in an emergency: what is open now, and what a data-protection officer reviews.

A wing above says how a record of a kind of its own is found by its reference (``can_be_opened``):
this one does not know them.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from stepdown.hub.models import Membership
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.overrides import Override as Open
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.predicates import Facts
from stepdown.policy.roles import RoleKey
from stepdown.sharing.models import Override, OverrideAttempt

REASONS = tuple((str(value), str(label)) for value, label in Override.Reason.choices)
OUTCOMES = tuple((str(value), str(label)) for value, label in Override.Outcome.choices)
ATTEMPTS, WITHIN = 10, timedelta(hours=1)

# From a reference as typed to the record's id and its agency's; None where there is no such record.
Finder = Callable[[str], tuple[UUID, UUID | None] | None]
_FINDERS: dict[Kind, Finder] = {}


def _of_agencies(agencies: frozenset[object]) -> Q:
    return Q(agency__in=agencies) | Q(holder__in=agencies)


def officers() -> QuerySet[Membership]:
    """Who answers for data protection today, in any agency."""
    today = clock.today()
    return Membership.objects.filter(
        Q(starts=None) | Q(starts__lte=today),
        Q(ends=None) | Q(ends__gte=today),
        role=RoleKey.DATA_PROTECTION_OFFICER.value,
        user__is_active=True,
    )


def _without_officer(agencies: frozenset[object]) -> Q:
    """Those of the agencies where neither of the two has a data-protection officer."""
    if not settings.STEPDOWN_OVERRIDE_STAND_IN:
        return Q(pk__in=[])
    ours = officers().filter(agency=OuterRef("agency"))
    theirs = officers().filter(agency=OuterRef("holder"))
    return _of_agencies(agencies) & ~Q(Exists(ours)) & ~Q(Exists(theirs))


COLUMNS: Columns = {
    "agency": _of_agencies,
    "made_by": "opened_by",
    "no_officer": _without_officer,
}


def can_be_opened(kind: Kind, finder: Finder) -> None:
    """Say how a record of a kind is found by its reference, whoever asks."""
    _FINDERS[kind] = finder


@as_hub("who asks in an emergency may not see the record until it is opened to them")
def find(reference: str) -> tuple[Kind, UUID, UUID | None] | None:
    """The record with exactly this reference: its kind, its id and its agency's."""
    for kind, finder in _FINDERS.items():
        if (found := finder(reference)) is not None:
            return kind, *found
    return None


@as_hub("an account is told what is open to it, and nobody else")
def open_to(user: UUID) -> tuple[Open, ...]:
    """What is open to an account at this moment. One query."""
    now = clock.now()
    rows = Override.objects.filter(opened_by=user, opened_at__lte=now, until__gt=now, ended_at=None)
    return tuple(
        Open(Kind(one.kind), one.record_id, f"override {one.reference}")
        for one in rows.order_by("id")
    )


def facts(one: Override) -> Facts:
    """What the policy is told of an override: both agencies may look at it, and who opened it."""
    both = frozenset({one.agency_id, one.holder_id} - {None})
    alone = settings.STEPDOWN_OVERRIDE_STAND_IN and not officers().filter(agency__in=both).exists()
    return {
        "agency": both,
        "made_by": one.opened_by_id,
        "no_officer": both if alone else frozenset(),
    }


def visible_to(by: Actor, permission: Permission = Permission.OVERRIDE_VIEW) -> QuerySet[Override]:
    """Those that the actor opened; for their officers those of both agencies."""
    scope = compile_scope(scope_for(by, permission), COLUMNS)
    return Override.objects.filter(scope).select_related(
        "agency", "holder", "opened_by", "reviewed_by"
    )


def get(*, by: Actor, id: UUID) -> Override:
    """One that exists for the actor."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such override.")
    return found


def awaiting(by: Actor) -> list[Override]:
    """Those that nobody has reviewed, the oldest first."""
    return list(visible_to(by).filter(reviewed_at=None).order_by("id"))


def reviewed(by: Actor, most: int = 100) -> list[Override]:
    """Those that were, the newest first."""
    return list(visible_to(by).filter(reviewed_at__isnull=False).order_by("-id")[:most])


def overdue(by: Actor) -> QuerySet[Override]:
    """Those that the actor should have reviewed by now, the oldest first: not what they opened."""
    before = clock.now() - timedelta(days=settings.STEPDOWN_OVERRIDE_REVIEW_DAYS)
    late = visible_to(by, Permission.OVERRIDE_REVIEW).filter(reviewed_at=None, opened_at__lt=before)
    return late.exclude(opened_by=by.user).order_by("id")


def is_open(one: Override) -> bool:
    """Whether it opens anything now."""
    return one.ended_at is None and clock.now() < one.until


def is_overdue(one: Override) -> bool:
    """Whether the review should have been done by now."""
    due = one.opened_at + timedelta(days=settings.STEPDOWN_OVERRIDE_REVIEW_DAYS)
    return one.reviewed_at is None and clock.now() > due


def asked_too_often(user: UUID) -> bool:
    """Whether an account has tried so many references that it must wait."""
    recent = OverrideAttempt.objects.filter(user=user, at__gt=clock.now() - WITHIN)
    return recent.count() >= ATTEMPTS
