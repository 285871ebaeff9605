"""The only judge: may this actor do this to a record with these facts, and which records at all?

Facts of a record, by name: ``id``, ``district`` (code), ``agency`` (id or set of ids), ``officer``
(user id), ``keeper`` (ids of the agencies that keep a record of somebody), ``made_by`` (user id),
``person`` (id or set of ids of the people the record is the own
record of), ``pathway`` (key of the pathway that a case runs on), ``kept`` (why agencies keep a
record of the person it is about), ``clauses`` (those in force by which its agencies show it),
``consent`` (whether that person gave it for the purpose of the wall), ``no_officer`` (its agencies,
where no data-protection officer of theirs answers for it). A kind brings those it has; a reach over
a fact the record lacks matches nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import UUID

from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.categories import Category
from stepdown.policy.overrides import OPENED, Override, opened_by
from stepdown.policy.pathways import (
    Reaching,
    Within,
    categories_of,
    generation,
    reaches_of,
    wall_within,
)
from stepdown.policy.permissions import Kind, Permission, view_of
from stepdown.policy.predicates import (
    AllOf,
    Always,
    Facts,
    Never,
    OneOf,
    Predicate,
    Shared,
    SharedKeeping,
    Unset,
    all_of,
    any_of,
    clause_for,
    holds,
)
from stepdown.policy.roles import Reach, RoleKey
from stepdown.policy.sharing import wall_of

# Reaches that go beyond the records of the membership's own agency.
ACROSS = frozenset({Reach.HUB, Reach.DISTRICTS, Reach.CASELOAD})


@dataclass(frozen=True)
class Decision:
    """The answer and its reason, in words that a page may show."""

    allowed: bool
    reason: str
    clause: str = ""  # the clause of an agreement that was needed for it


def _reach(reach: Reaching, actor: Actor, grant: Grant) -> Predicate:
    def one_of(name: str, values: frozenset[object]) -> Predicate:
        return OneOf(name, values) if values else Never()

    match reach:
        case Reach.HUB:
            return Always()
        case Reach.DISTRICTS:
            return OneOf("district", frozenset(grant.districts)) if grant.districts else Always()
        case Reach.AGENCY:
            return one_of("agency", frozenset({grant.agency} - {None}))
        case Reach.STANDS_IN:
            return one_of("no_officer", frozenset({grant.agency} - {None}))
        case Reach.CASELOAD:
            return one_of("officer", frozenset({actor.user} - {None}))
        case Reach.MADE:
            return one_of("made_by", frozenset({actor.user} - {None}))
        case Reach.OWN:
            return one_of("person", frozenset({actor.person} - {None}))
        case Within(inner, pathway):
            return all_of([one_of("pathway", frozenset({pathway})), _reach(inner, actor, grant)])


def _ways(grant: Grant, permission: Permission, reach: Reaching) -> list[Predicate]:
    """How the grant's agency may come by records that its reach takes in: one must hold.

    Without a wall there is one way, always open. Behind a wall: records of no agency, which came to
    the partnership itself; the agency's own; and those that an agreement shares with it. The hub's
    own jobs work for the agency whose record it is, and show nobody anything.
    """
    wall = wall_within(reach, permission)
    across = (reach.reach if isinstance(reach, Within) else reach) in ACROSS
    # A volunteer of one agency is placed in another's case; what is in it is still that agency's.
    across = across or permission.kind is Kind.STEP
    if wall is None or not across or grant.role is RoleKey.HUB:
        return [Always()]
    if grant.agency is None:
        return [Unset(wall.keepers)]
    us = frozenset[object]({grant.agency})
    read = categories_of(grant.role, reach)
    shared: Shared | SharedKeeping = (
        SharedKeeping(us, read)
        if wall.by_keeping
        else Shared(us, read, wall.purpose, wall.people, wall.pathway)
    )
    inside: list[Predicate] = [Unset(wall.keepers), OneOf(wall.keepers, us)]
    if wall.shut:
        return inside
    each = [replace(shared, categories=frozenset({c})) for c in sorted(wall.needed)]
    let = all_of([*each]) if wall.needed <= read else Never()
    return [*inside, let if wall.needed else shared]


def _shared(way: Predicate) -> tuple[Shared | SharedKeeping, ...]:
    """What a way asks of agreements; nothing where it asks none."""
    parts = way.parts if isinstance(way, AllOf) else (way,)
    return tuple(part for part in parts if isinstance(part, Shared | SharedKeeping))


def _within(actor: Actor, grant: Grant, permission: Permission, reach: Reaching) -> Predicate:
    """What the reach takes in, as far as the wall lets it."""
    return all_of([_reach(reach, actor, grant), any_of(_ways(grant, permission, reach))])


def scope_for(actor: Actor, permission: Permission) -> Predicate:
    """Which records of the permission's kind the actor may use it on."""
    # Not of a proxy: what is kept must be the same actor for whoever asks next.
    return _scope_for(
        actor.grants, actor.user, actor.person, actor.overrides, permission, generation()
    )


@lru_cache(maxsize=8192)
def _scope_for(
    grants: tuple[Grant, ...],
    user: UUID | None,
    person: UUID | None,
    overrides: tuple[Override, ...],
    permission: Permission,
    _generation: int,
) -> Predicate:
    """Worked out once for what an actor is: a page asks it many times of the same one."""
    actor = Actor(grants, user, person, overrides)
    return any_of(
        [
            *(
                _within(actor, grant, permission, reach)
                for grant in actor.grants
                for reach in reaches_of(grant.role, permission)
            ),
            _opened(actor, permission),
        ]
    )


def _opened(actor: Actor, permission: Permission) -> Predicate:
    """What was opened to the actor in an emergency."""
    records = opened_by(actor.overrides, permission)
    return OneOf("id", frozenset(records)) if records else Never()


def scope_of(actor: Actor, permission: Permission, category: Category) -> Predicate:
    """Of which of those records the actor may read data of the category: as ``readings`` says."""
    return any_of(
        [
            all_of(
                [
                    _reach(reach, actor, grant),
                    any_of([_only(way, category) for way in _ways(grant, permission, reach)]),
                ]
            )
            for grant, reach in _reached(actor, permission)
            if category in categories_of(grant.role, reach)
        ]
        + ([_opened(actor, permission)] if category in OPENED else [])
    )


def _only(way: Predicate, category: Category) -> Predicate:
    """The way, as far as it lets data of the category be read."""
    asked = _shared(way)
    if not asked:
        return way
    one = replace(asked[0], categories=frozenset({category}))
    covers = isinstance(way, Shared | SharedKeeping) and category in way.categories
    return one if covers else all_of([way, one])


def may_ever(actor: Actor, permission: Permission) -> bool:
    """Whether there could be a record on which the actor may use the permission."""
    return not isinstance(scope_for(actor, permission), Never)


def decide(actor: Actor, permission: Permission, facts: Facts | None = None) -> Decision:
    """May the actor use the permission on a record with these facts? Default no."""
    scope = scope_for(actor, permission)
    if isinstance(scope, Never):
        return Decision(False, "Your role does not include this.")
    known = facts or {}
    if holds(scope, known):
        cited = _citations(actor, permission, known)
        opened = opened_by(actor.overrides, permission)
        if opened and not cited and not holds(_by_role(actor, permission), known):
            cited = [opened[known["id"]]]  # type: ignore[index]
        reason = f"Your role and {cited[0]} include this." if cited else "Your role includes this."
        return Decision(True, reason, cited[0] if cited else "")
    if holds(_without_wall(actor, permission), known):
        wall = wall_of(permission)
        if wall is not None and wall.shut:
            return Decision(False, "Your agency does not hold this record.")
        return Decision(False, "No sharing agreement in force covers this for your agency.")
    if _reaches(actor, permission) == {Reach.CASELOAD}:
        return Decision(False, "You can do this only for needs that you look after.")
    return Decision(False, "Your role includes this, but not for this record.")


def _by_role(actor: Actor, permission: Permission) -> Predicate:
    """What the actor's roles and agreements let them see, without any emergency."""
    return scope_for(Actor(actor.grants, actor.user, actor.person), permission)


def _reaches(actor: Actor, permission: Permission) -> set[Reaching]:
    """All the ways in which the actor's roles reach records with the permission."""
    return {reach for _grant, reach in _reached(actor, permission)}


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


def _without_wall(actor: Actor, permission: Permission) -> Predicate:
    return any_of([_reach(reach, actor, grant) for grant, reach in _reached(actor, permission)])


def _citations(actor: Actor, permission: Permission, facts: Facts) -> list[str]:
    """The clauses without which the actor could not; none where one way needs no clause."""
    found: list[str] = []
    for grant, reach in _reached(actor, permission):
        if not holds(_reach(reach, actor, grant), facts):
            continue
        for way in _ways(grant, permission, reach):
            if not holds(way, facts):
                continue
            cited = [clause.citation for one in _shared(way) if (clause := clause_for(one, facts))]
            if not cited:
                return []
            found.append(" ".join(dict.fromkeys(cited)))
    return found


def _reached(actor: Actor, permission: Permission) -> list[tuple[Grant, Reaching]]:
    return [
        (grant, reach) for grant in actor.grants for reach in reaches_of(grant.role, permission)
    ]


def readings(actor: Actor, permission: Permission, facts: Facts) -> Mapping[Category, str]:
    """The categories of data the actor may read on a record that ``permission`` shows them.

    Each comes with the clause that lets it be read; with nothing where none is needed.
    """
    found: dict[Category, str] = {}
    for grant, reach in _reached(actor, permission):
        if not holds(_reach(reach, actor, grant), facts):
            continue
        read = categories_of(grant.role, reach)
        for way in _ways(grant, permission, reach):
            asked = _shared(way)
            # Where all is read already no agreement need be looked for.
            if (asked and read <= found.keys()) or not holds(way, facts):
                continue
            for category in read:
                if not asked:
                    found[category] = ""
                    continue
                clause = clause_for(replace(asked[0], categories=frozenset({category})), facts)
                if clause is not None:
                    found.setdefault(category, clause.citation)
    if holds(_opened(actor, permission), facts):
        cited = opened_by(actor.overrides, permission)[facts["id"]]  # type: ignore[index]
        for category in sorted(OPENED):
            found.setdefault(category, cited)
    return found


def usable(actor: Actor, permission: Permission, facts: Facts) -> frozenset[Category]:
    """The categories of data that a verb may go on with for the actor, though nobody reads them.

    All of them where no agreement is needed, else those that clauses in force cover.
    """
    found: set[Category] = set()
    for grant, reach in _reached(actor, permission):
        if not holds(_reach(reach, actor, grant), facts):
            continue
        for way in _ways(grant, permission, reach):
            asked = _shared(way)
            if not holds(way, facts):
                continue
            if not asked:
                return frozenset(Category)
            for category in Category:
                if clause_for(replace(asked[0], categories=frozenset({category})), facts):
                    found.add(category)
    return frozenset(found)


def categories_for(actor: Actor, permission: Permission, facts: Facts) -> frozenset[Category]:
    """The categories of data the actor may read on a record that ``permission`` shows them."""
    return frozenset(readings(actor, permission, facts))
