"""Random worlds of records and of people who may see some of them, and a judge of its own.

The judge works from what was drawn, not from what the hub stored or from the hub's facts, and has
nothing in common with the hub's policy but the table of roles.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from django.utils import timezone

from stepdown.casework.models import Referral
from stepdown.hub.models import Agency, Membership, Place, User
from stepdown.kernel import clock
from stepdown.kernel.ids import new_reference
from stepdown.people.models import Person
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.roles import ROLES, Reach, RoleKey
from stepdown.volunteering.models import (
    Credential,
    CredentialType,
    Exclusion,
    Need,
    Offer,
    Scheme,
    Volunteer,
)
from tests.properties.followed_world import Keeper, followed
from tests.properties.followed_world import Truth as Truth
from tests.properties.sharing_world import draw, opened, store

DISTRICTS, AGENCIES, USERS, PEOPLE = 3, 3, 3, 7
WALLED = {Permission.REFERRAL_VIEW, Permission.REFERRAL_TRIAGE, Permission.REFERRAL_WITHDRAW} | {
    Permission(f"{kind}.{verb}")
    for kind, verbs in (
        ("need", "view add change close"),
        ("risk", "view write approve"),
        ("offer", "view send"),
        ("placement", "view change"),
        ("hours", "view log confirm"),
        ("person", "view change"),
        ("exclusion", "view record"),
    )
    for verb in verbs.split()
}
GIVEN = [
    RoleKey.COORDINATOR,
    RoleKey.OUTREACH_OFFICER,
    RoleKey.REFERRER,
    RoleKey.ADMINISTRATOR,
    RoleKey.VOLUNTEER,
]


@dataclass(frozen=True)
class Held:
    """A membership: ``from_day`` and ``to_day`` are days from today, None for no bound."""

    role: RoleKey
    agency: int
    districts: frozenset[int]
    from_day: int | None
    to_day: int | None

    @property
    def current(self) -> bool:
        return (self.from_day or 0) <= 0 and (self.to_day is None or self.to_day >= 0)


def _maybe(chance: Random, number: int) -> int | None:
    """A number below ``number``, or nothing one time in four."""
    return None if chance.random() < 0.25 else chance.randrange(number)


def memberships(chance: Random) -> list[Held]:
    """What one user holds: any roles, some of them over or not begun."""
    pairs = [(role, agency) for role in GIVEN for agency in range(AGENCIES)]
    held = []
    for role, agency in chance.sample(pairs, chance.randint(0, 3)):
        first = chance.choice([None, None, -3, 0, 1])
        last = chance.choice([None, None, first or 0, (first or 0) + 2])
        districts = chance.sample(range(DISTRICTS), chance.choice([0, 1, 1, 2]))
        held.append(Held(role, agency, frozenset(districts), first, last))
    return held


# What a role that sees others' referrals reads of them.
READ = {"identity", "contact", "location", "support", "health", "safeguarding"}
Opened = dict[tuple[int, int], set[str]]


def shown(truth: Truth, agency: int, day: int) -> set[str] | None:
    """Of a person's own record, the categories that an agency's staff come by through agreements
    alone. None where they need none: nobody else keeps it, or they do too."""
    if truth.pooled:
        return None
    keepers = truth.kept or [(None, lambda _agency, _day: set[str]())]
    if any(keeper in (None, agency) for keeper, _shows in keepers):
        return None
    return {category for _keeper, shows in keepers for category in shows(agency, day)}


def let_in(opened: Opened, agency: int, permission: Permission, truth: Truth, day: int = 0) -> bool:
    """Whether staff of an agency may come by the record at all: referrals have walls, and what
    follows from them."""
    if truth.kept is not None and permission in WALLED:
        found = shown(truth, agency, day)
        return found is None or "identity" in found
    if permission not in WALLED or truth.agency is None or truth.agency == agency:
        return True
    open_now = opened.get((truth.agency, agency), set())
    needed = {"support", "location"} | ({"safeguarding"} if truth.kind is Kind.RISK else set())
    return bool(open_now & READ) if truth.kind is Kind.REFERRAL else needed <= open_now


def allowed(
    held: list[Held],
    user: int,
    person: int | None,
    permission: Permission,
    truth: Truth,
    opened: Opened,
) -> bool:
    """Is there a current role whose reach for the permission takes in the record?"""
    if permission in ROLES[RoleKey.PUBLIC].powers:
        return True
    for membership in held:
        if not membership.current:
            continue
        let = let_in(opened, membership.agency, permission, truth)
        for reach in ROLES[membership.role].powers.get(permission, ()):
            if let and reach is Reach.HUB:
                return True
            if (
                let
                and reach is Reach.DISTRICTS
                and (
                    not membership.districts
                    or any(d in truth.districts for d in membership.districts)
                )
            ):
                return True
            if reach is Reach.AGENCY and truth.agency == membership.agency:
                return True
            if let and reach is Reach.CASELOAD and user in truth.officers:
                return True
            if reach is Reach.MADE and truth.made_by == user:
                return True
            if reach is Reach.OWN and person is not None and truth.person == person:
                return True
    return False


class World:
    """The rows of one random world, and what is true of each."""

    def __init__(self, seed: int) -> None:
        chance = self.chance = Random(seed)
        now, today = timezone.now(), clock.today()
        self.districts = [
            Place.objects.create(code=f"E{n}", kind="district", name=f"District {n}")
            for n in range(DISTRICTS)
        ]
        self.agencies = [
            Agency.objects.create(name=f"Agency {n}", kind="other") for n in range(AGENCIES)
        ]
        self.users = User.objects.bulk_create(
            User(email=f"u{n}@example.org", display_name=f"User {n}") for n in range(USERS)
        )
        # Person n has account n, where there is one.
        self.lives = [_maybe(chance, DISTRICTS) for _ in range(PEOPLE)]
        # Some records were begun in an agency's work; persons 1 to 3 volunteer, for all partners.
        self.begun = [chance.choice((None, None, *range(AGENCIES))) for _ in range(PEOPLE)]
        self.kept: list[list[Keeper]] = [
            [(a, lambda _agency, _day: set()) for a in (begun,) if a is not None]
            for begun in self.begun
        ]
        self.people = Person.objects.bulk_create(
            Person(
                given_name="A",
                family_name="B",
                district=self._place(d),
                user=self.users[n] if n and n < USERS else None,
                agency=None if self.begun[n] is None else self.agencies[self.begun[n]],
            )
            for n, d in enumerate(self.lives)
        )
        self.held = [memberships(chance) for _ in range(USERS)]
        for user, some in zip(self.users, self.held, strict=True):
            self._give(user, some, today)
        self.scheme = Scheme.objects.create(key="visiting", name="Visiting", description="Visits")
        self.truths = [
            Truth(
                Kind.PERSON,
                p.pk,
                frozenset({d}),
                person=n,
                kept=self.kept[n],
                pooled=n in (1, 2, 3),
            )
            for n, (p, d) in enumerate(zip(self.people, self.lives, strict=True))
        ]
        drawn = self.drawn = draw(chance, AGENCIES, 4)
        store(drawn, self.agencies, self.users[0], today)
        self.opened = opened(drawn)
        self._volunteers(today)
        self._credentials(today)
        self._needs(today)
        self._referrals(now)
        self._offers(now)
        self.truths += followed(chance, self.needs, self.volunteers, self.users[0], today)
        self._exclusions(now)

    def _any(self, number: int) -> int | None:
        return _maybe(self.chance, number)

    def _agency(self) -> int:
        return self.chance.randrange(AGENCIES)

    def _place(self, number: int | None) -> Place | None:
        return None if number is None else self.districts[number]

    def _account(self, number: int | None) -> User | None:
        return None if number is None else self.users[number]

    def _give(self, user: User, some: list[Held], today: date) -> None:
        for one in some:
            made = Membership.objects.create(
                user=user,
                agency=self.agencies[one.agency],
                role=one.role.value,
                starts=None if one.from_day is None else today + timedelta(one.from_day),
                ends=None if one.to_day is None else today + timedelta(one.to_day),
            )
            made.districts.set([self.districts[d] for d in one.districts])

    def _volunteers(self, today: date) -> None:
        self.volunteers = []
        for n in (1, 2, 3):
            agency = self._agency()
            made = Volunteer.objects.create(
                person=self.people[n], agency=self.agencies[agency], joined_on=today
            )
            self.volunteers.append(made)
            self.truths.append(
                Truth(Kind.VOLUNTEER, made.pk, frozenset({self.lives[n]}), agency, person=n)
            )

    def _credentials(self, today: date) -> None:
        check = CredentialType.objects.create(key="dbs", name="Check", kind="check", source="Law")
        n = self.chance.randrange(PEOPLE)
        made = Credential.objects.create(
            person=self.people[n], type=check, valid_from=today, verified_by=self.agencies[0]
        )
        self.truths.append(Truth(Kind.CREDENTIAL, made.pk, frozenset({self.lives[n]}), person=n))

    def _needs(self, today: date) -> None:
        self.needs: list[tuple[Need, Truth, int | None]] = []
        for _ in range(4):
            district, agency, officer = self._any(DISTRICTS), self._agency(), self._any(USERS)
            person = self._any(PEOPLE)
            made = Need.objects.create(
                reference=new_reference("N"),
                title="Visits",
                scheme=self.scheme,
                person=None if person is None else self.people[person],
                agency=self.agencies[agency],
                officer=self._account(officer),
                district=self._place(district),
                starts=today,
            )
            truth = Truth(
                Kind.NEED, made.pk, frozenset({district}), agency, frozenset({officer} - {None})
            )
            self.truths.append(truth)
            self.needs.append((made, truth, person))
            if person is not None:
                self.kept[person].append((agency, partial(self._shows, agency)))

    def _shows(self, source: int, target: int, day: int) -> set[str]:
        """What agreements show of a need's person."""
        return opened(self.drawn, day).get((source, target), set())

    def _referrals(self, now: datetime) -> None:
        for _ in range(6):
            district, maker = self._any(DISTRICTS), self._any(USERS)
            agency = self._any(AGENCIES)
            made = Referral.objects.create(
                reference=new_reference("R"),
                state="received",
                agency=None if agency is None else self.agencies[agency],
                made_by=self._account(maker),
                district=self._place(district),
                started_at=now,
                received_at=now,
            )
            self.truths.append(
                Truth(Kind.REFERRAL, made.pk, frozenset({district}), agency, made_by=maker)
            )

    def _offers(self, now: datetime) -> None:
        for need, truth, _person in self.needs[:2]:
            n = self.chance.randrange(3)
            made = Offer.objects.create(
                need=need,
                volunteer=self.volunteers[n],
                state="withdrawn",
                sent_at=now,
                sent_by=self.users[0],
                lapses_at=now,
            )
            self.truths.append(
                Truth(
                    Kind.OFFER, made.pk, truth.districts, truth.agency, truth.officers, None, n + 1
                )
            )

    def _exclusions(self, now: datetime) -> None:
        n, other = self.chance.randrange(3), self.chance.randrange(PEOPLE)
        made = Exclusion.objects.create(
            volunteer=self.volunteers[n],
            person=self.people[other],
            reason=Exclusion.Reason.values[0],
            recorded_at=now,
        )
        officers = frozenset(
            officer for _n, truth, who in self.needs if who == other for officer in truth.officers
        )
        districts = frozenset({self.lives[n + 1], self.lives[other]})
        self.truths.append(
            Truth(Kind.EXCLUSION, made.pk, districts, None, officers, kept=self.kept[other])
        )

    def of(self, kind: Kind) -> list[Truth]:
        """What is true of all records of a kind."""
        return [truth for truth in self.truths if truth.kind is kind]
