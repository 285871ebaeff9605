"""The only judge: may this actor do this to a record with these facts, and which records at all?

Facts of a record, by name: ``district`` (code), ``agency`` (id), ``officer`` (user id), ``made_by``
(user id), ``person`` (id or set of ids of the people the record is the own record of). A kind
brings those it has; a reach over a fact the record lacks matches nothing.
"""

from dataclasses import dataclass

from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission, view_of
from stepdown.policy.predicates import Always, Facts, Never, OneOf, Predicate, any_of, holds
from stepdown.policy.roles import ROLES, Reach


@dataclass(frozen=True)
class Decision:
    """The answer and its reason, in words that a page may show."""

    allowed: bool
    reason: str


def _reach(reach: Reach, actor: Actor, grant: Grant) -> Predicate:
    def one_of(name: str, values: frozenset[object]) -> Predicate:
        return OneOf(name, values) if values else Never()

    match reach:
        case Reach.HUB:
            return Always()
        case Reach.DISTRICTS:
            return OneOf("district", frozenset(grant.districts)) if grant.districts else Always()
        case Reach.AGENCY:
            return one_of("agency", frozenset({grant.agency} - {None}))
        case Reach.CASELOAD:
            return one_of("officer", frozenset({actor.user} - {None}))
        case Reach.MADE:
            return one_of("made_by", frozenset({actor.user} - {None}))
        case Reach.OWN:
            return one_of("person", frozenset({actor.person} - {None}))


def scope_for(actor: Actor, permission: Permission) -> Predicate:
    """Which records of the permission's kind the actor may use it on."""
    return any_of(
        [
            _reach(reach, actor, grant)
            for grant in actor.grants
            for reach in sorted(ROLES[grant.role].powers.get(permission, ()))
        ]
    )


def may_ever(actor: Actor, permission: Permission) -> bool:
    """Whether there could be a record on which the actor may use the permission."""
    return not isinstance(scope_for(actor, permission), Never)


def decide(actor: Actor, permission: Permission, facts: Facts | None = None) -> Decision:
    """May the actor use the permission on a record with these facts? Default no."""
    scope = scope_for(actor, permission)
    if isinstance(scope, Never):
        return Decision(False, "Your role does not include this.")
    if holds(scope, facts or {}):
        return Decision(True, "Your role includes this.")
    if _reaches(actor, permission) == {Reach.CASELOAD}:
        return Decision(False, "You can do this only for needs that you look after.")
    return Decision(False, "Your role includes this, but not for this record.")


def _reaches(actor: Actor, permission: Permission) -> set[Reach]:
    """All the ways in which the actor's roles reach records with the permission."""
    found = (ROLES[grant.role].powers.get(permission, frozenset()) for grant in actor.grants)
    return {reach for reaches in found for reach in reaches}


def visible(actor: Actor, permission: Permission, facts: Facts) -> bool:
    """Whether the record exists for the actor at all."""
    view = view_of(permission.kind)
    return view is None or decide(actor, view, facts).allowed


def require(actor: Actor, permission: Permission, facts: Facts | None = None) -> None:
    """Pass, or raise ``NotVisible`` (the record does not exist for the actor) or ``Refused``."""
    decision = decide(actor, permission, facts)
    if decision.allowed:
        return
    if facts is not None and not visible(actor, permission, facts):
        raise NotVisible("No such record.")
    raise Refused(decision.reason)


def categories_for(actor: Actor, permission: Permission, facts: Facts) -> frozenset[Category]:
    """The categories of data the actor may read on a record that ``permission`` shows them."""
    readable: set[Category] = set()
    for grant in actor.grants:
        role = ROLES[grant.role]
        reaches = role.powers.get(permission, frozenset())
        if any(holds(_reach(reach, actor, grant), facts) for reach in reaches):
            readable |= role.categories
    return frozenset(readable)
