"""Three judges of one random world: the policy, the database's own rows as the application's role,
and a plain reading of what was drawn. Each record, and each category of data in it, is a decision.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from stepdown.casework.models import ReferralAnswers
from stepdown.config.row_rules import GROUND
from stepdown.hub.queries.row_rules import Behind
from stepdown.kernel import clock
from stepdown.people.models import Address, Contact, EqualityRecord, ShieldedAddress
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, readings
from stepdown.policy.permissions import Kind, view_of
from stepdown.policy.roles import ROLES, Reach
from tests.properties.case_world import READ_BY, Cases
from tests.properties.policy_world import USERS, Held, Truth, World, let_in, shown
from tests.properties.sharing_world import opened
from tests.support.facts import facts_of
from tests.support.secured import as_application, raw

DAYS = (0, 1, 3)
# Tables whose rows are one category of data of a person.
OF_A_PERSON = {
    "people_contact": Category.CONTACT,
    "people_address": Category.LOCATION,
    "people_shieldedaddress": Category.SHIELDED_LOCATION,
    "people_equalityrecord": Category.EQUALITY,
}
JUDGED = (Kind.PERSON, Kind.VOLUNTEER, Kind.CREDENTIAL, Kind.EXCLUSION, Kind.NEED, Kind.RISK,
          Kind.OFFER, Kind.PLACEMENT, Kind.HOURS, Kind.REFERRAL, Kind.CASE)  # fmt: skip
# Tables whose rows are one category of data each, of the record that a column leads to.
ANSWERS = {
    "casework_referralanswers": (Kind.REFERRAL, "referral_id"),
    "casework_caseanswers": (Kind.CASE, "case_id"),
    "casework_casemeasure": (Kind.CASE, "case_id"),
}
BY_LINK = {Kind.OFFER, Kind.PLACEMENT, Kind.HOURS}
Found = tuple[Counter[str], list[str]]
Seen = set[tuple[UUID, str]]


class _Undo(Exception):
    """Takes back a world's rows."""


def judge(seed: int) -> Found:
    """Judge one world on several days, and leave nothing of it behind. The wall must stand."""
    count: Counter[str] = Counter()
    wrong: list[str] = []
    try:
        with transaction.atomic():
            world = World(seed)
            _fill(world)
            cases = Cases(world, seed, clock.today())
            world.truths += [one.truth for one in cases.cases]
            for day in DAYS:
                with clock.at(timezone.now() + timedelta(day)):
                    court = Court(world, cases)
                    for actor, held, user, person in _actors(world, day):
                        drawn = _oracle(world, held, user, person, day)
                        drawn |= cases.seen(held, user, day)
                        court.hear(actor, drawn, count, wrong)
            raise _Undo
    except _Undo:
        pass
    return count, [f"seed {seed}: {one}" for one in wrong]


def _fill(world: World) -> None:
    """Data of every category: in each referral, and of each person."""
    ReferralAnswers.objects.bulk_create(
        ReferralAnswers(referral_id=t.pk, category=c, answers={"said": "x"})
        for t in world.of(Kind.REFERRAL)
        for c in Category
    )
    for n, person in enumerate(world.people):
        Contact.objects.create(person=person, kind="email", value=f"p{n}@example.org")
        Address.objects.create(person=person, postcode="PR1 8RJ")
        ShieldedAddress.objects.create(person=person)
        EqualityRecord.objects.create(person=person, gender="female")


def _actors(world: World, day: int) -> Iterator[tuple[Actor, list[Held], int, int | None]]:
    for n in range(USERS):
        # Memberships are drawn from days around today; person n has account n, 0 stands for nobody.
        held = [h for h in world.held[n] if (h.from_day or 0) <= day and _lasts(h, day)]
        yield actor_for_user(world.users[n]), held, n, n or None
    yield Actor.by_link(world.people[1].pk), [], -1, 1
    yield Actor.public(), [], -1, None


def _lasts(held: Held, day: int) -> bool:
    return held.to_day is None or held.to_day >= day


def _oracle(world: World, held: list[Held], user: int, person: int | None, day: int) -> Seen:
    """What was drawn says: (record, category), and (record, "") where it is seen at all."""
    open_now = opened(world.drawn, day)
    seen: Seen = set()
    for truth in world.truths:
        view = view_of(truth.kind)
        for one in held:
            for reach in ROLES[one.role].powers.get(view, ()) if view else ():
                if not _reaches(reach, one, user, person, truth):
                    continue
                seen |= {(truth.pk, c) for c in _let(one, reach, truth, open_now, day)}
        by_link = user == -1 and person is not None and truth.person == person
        if by_link and truth.kind in BY_LINK:
            seen |= {(truth.pk, c) for c in ("", "identity", "support")}
    return seen


def _let(
    one: Held, reach: Reach, truth: Truth, open_now: dict[tuple[int, int], set[str]], day: int
) -> set[str]:
    """The categories that a membership lets through its wall, "" for the record itself."""
    across = reach in (Reach.HUB, Reach.DISTRICTS, Reach.CASELOAD)
    read = READ_BY[one.role]
    if truth.kept is not None:
        found = shown(truth, one.agency, day) if across else None
        if found is None:
            return {"", *read}
        return {"", *(read & found)} if "identity" in read & found else set()
    walled = not let_in({}, one.agency, view_of(truth.kind), truth)  # type: ignore[arg-type]
    if not (across and walled):
        return {"", *read}
    if not let_in(open_now, one.agency, view_of(truth.kind), truth):  # type: ignore[arg-type]
        return set()
    return {"", *(read & open_now.get((truth.agency, one.agency), set()))}  # type: ignore[arg-type]


def _reaches(reach: Reach, one: Held, user: int, person: int | None, truth: Truth) -> bool:
    match reach:
        case Reach.HUB:
            return True
        case Reach.DISTRICTS:
            return not one.districts or bool({*one.districts} & {*truth.districts})
        case Reach.AGENCY:
            return truth.agency == one.agency
        case Reach.STANDS_IN:
            return False  # of openings in an emergency alone
        case Reach.CASELOAD:
            return user in truth.officers
        case Reach.MADE:
            return truth.made_by == user
        case Reach.OWN:
            return person is not None and truth.person == person


class Court:
    """What a world's records are on one day, read once for all its actors."""

    def __init__(self, world: World, cases: Cases) -> None:
        self.world = world
        self.cases = {one.truth.pk for one in cases.cases}
        self.drafts = {one.truth.pk for one in cases.cases if not one.sent}
        self.facts = {kind: facts_of(kind, root.model) for kind, root in GROUND.roots.items()}
        self.leads = {behind: _leads(behind) for behind in BEHIND}
        self.rows = {table: raw(f"SELECT {', '.join(_columns(table))} FROM {table}")  # noqa: S608
                     for table in RULED}  # fmt: skip

    def hear(self, actor: Actor, drawn: Seen, count: Counter[str], wrong: list[str]) -> None:
        """The policy's and the database's answers against what was drawn, one by one."""
        policy = self._policy(actor)
        with as_application(actor):
            own = set(raw(OWN_WALLS))
            tables = set(raw(ALL_ROWS))
            answers = {
                table: set(raw(f"SELECT {column}, category FROM {table}"))  # noqa: S608
                for table, (_kind, column) in ANSWERS.items()
            }
        asked = [
            (f"{kind} {t.pk}", (t.pk, ""), (kind.value, t.pk) in own)
            for kind in JUDGED
            for t in self.world.of(kind)
        ]
        asked += [
            (f"{table} {t.pk} {c}", (t.pk, c.value), (t.pk, c.value) in answers[table])
            for table, (kind, _column) in ANSWERS.items()
            for t in self.world.of(kind)
            for c in Category
        ]
        asked += [
            (f"{category} {t.pk}", (t.pk, category.value), (name, t.pk) in own)
            for name, category in OF_A_PERSON.items()
            for t in self.world.of(Kind.PERSON)
        ]
        for what, key, rows in asked:
            told = (key in policy, rows, key in drawn)
            count["decisions"] += 1
            count["seen"] += told[2]
            count["of cases"] += key[0] in self.cases
            count["of cases, seen"] += key[0] in self.cases and told[2]
            if len(set(told)) > 1:
                wrong.append(f"{what}: policy, rows, drawn say {told}")
        self._tables(policy, tables, count, wrong)

    def _policy(self, actor: Actor) -> Seen:
        seen: Seen = set()
        for kind, records in self.facts.items():
            view = view_of(kind)
            assert view is not None
            for pk, facts in records.items():
                if pk in self.drafts and (not actor.user or facts["made_by"] != actor.user):
                    continue
                if decide(actor, view, facts).allowed:
                    seen.add((pk, f"{kind}:"))
                    seen |= {(pk, f"{kind}:{c}") for c in readings(actor, view, facts)}
        # A person is a record of two kinds, which need not say the same.
        return seen | {(pk, c.partition(":")[2]) for pk, c in seen if not c.startswith("consent")}

    def _tables(
        self, policy: Seen, tables: set[tuple[str, str]], count: Counter[str], wrong: list[str]
    ) -> None:
        """Every table: no row without a record of its rule that the policy shows; none missing."""
        for table, ways in RULED.items():
            shown = {
                behind: {
                    value
                    for pk, value in self.leads[behind]
                    if (pk, f"{behind.kind}:{behind.category or ''}") in policy
                }
                for behind in ways
            }
            for pk, *held in self.rows[table]:
                at = dict(zip(_columns(table)[1:], held, strict=True))
                expected = any(at[behind.column] in found for behind, found in shown.items())
                count["rows"] += 1
                if ((table, str(pk)) in tables) != expected:
                    wrong.append(f"{table} {pk}: the policy says {expected}, its rows do not")


def _leads(behind: Behind) -> set[tuple[Any, Any]]:
    """Each record with what it leads to by the wall's lookup."""
    found = apps.get_model(GROUND.roots[behind.kind].model)._default_manager
    return set(found.values_list("pk", behind.lookup))


def _columns(table: str) -> list[str]:
    return [KEYS[table], *sorted({behind.column for behind in RULED[table]})]


def _own(kind: Kind, name: str) -> str:
    table = apps.get_model(GROUND.roots[kind].model)._meta.db_table
    asked = "_identity" if kind is Kind.PERSON else ""
    return f"SELECT '{name}', id FROM {table} WHERE stepdown_wall.sees_{kind}_by_pk{asked}(id)"  # noqa: S608


KEYS = {m._meta.db_table: m._meta.pk.column for m in apps.get_models(include_auto_created=True)}
# The tables behind walls of records, but for the one of many categories, which is judged apart.
RULED = {
    table: [behind for behind, _when in GROUND.behind(rule)]
    for table, rule in GROUND.tables.items()
    if table in KEYS and GROUND.behind(rule) and table not in ANSWERS
}
BEHIND = {behind for ways in RULED.values() for behind in ways}
ALL_ROWS = " UNION ALL ".join(f"SELECT '{t}', {KEYS[t]}::text FROM {t}" for t in RULED)  # noqa: S608
OWN_WALLS = " UNION ALL ".join(
    [_own(kind, kind.value) for kind in JUDGED]
    + [
        f"SELECT '{name}', id FROM people_person WHERE stepdown_wall.{wall.name}(id)"  # noqa: S608
        for name, category in OF_A_PERSON.items()
        for wall in [Behind(Kind.PERSON, category=category)]
    ]
)
