"""Whatever agencies agree, sign, withdraw and renew and people consent to, as days pass: the next
read is allowed or refused exactly as a plain reading of what was done says.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral
from stepdown.casework.queries.referral import is_visible, readable, visible_to
from stepdown.hub.models import Agency
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.actions import consents
from stepdown.people.models import Person
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
from stepdown.sharing.models import Agreement
from tests.factories import make_agency, make_referral, make_scheme, make_user
from tests.factories.agreements import (
    asked,
    make_draft_agreement,
    protection_officer,
    signatory,
)

START = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)
READ = (Category.IDENTITY, Category.CONTACT, Category.LOCATION, Category.SUPPORT,
        Category.HEALTH, Category.SAFEGUARDING)  # fmt: skip
# What each of the three referrals says of consent.
ANSWERED = ("yes", "unsure", "yes")
AGENCY = st.integers(0, 2)
NUMBER = st.integers(0, 7)


@dataclass(frozen=True)
class Told:
    """What was done to one version of an agreement, as plain facts."""

    name: int
    version: int
    source: int
    target: int
    categories: frozenset[Category]
    by_consent: bool
    first: int
    last: int
    sent: bool = False
    withdrawn: bool = False
    signed: frozenset[int] = frozenset()

    @property
    def bound(self) -> bool:
        return self.sent and not self.withdrawn and self.signed == {self.source, self.target}


def opened(told: list[Told], day: int, source: int, target: int, consents: bool) -> set[Category]:
    """What a plain reading says is open on a day, from one agency to another, of its referral."""
    found: set[Category] = set()
    for one in told:
        later = any(
            two.name == one.name and two.version > one.version and two.bound and two.first <= day
            for two in told
        )
        if one.by_consent and not consents:
            continue
        if (one.source, one.target) == (source, target) and one.bound and not later:
            found |= one.categories if one.first <= day <= one.last else set()
    return found


@dataclass
class Cast:
    """Three agencies, each with a referral and those who read, draft and sign."""

    agencies: list[Agency] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    readers: list[Actor] = field(default_factory=list)
    drafters: list[Actor] = field(default_factory=list)
    signers: list[Actor] = field(default_factory=list)


def make_cast() -> Cast:
    cast = Cast()
    with clock.at(START):
        for n in range(3):
            agency = make_agency(f"Agency {n}")
            maker = make_user(RoleKey.REFERRER, agency=agency)
            cast.agencies.append(agency)
            referral = make_referral(
                actor_for_user(maker), family_name=f"Subject{n}", consent=ANSWERED[n]
            )
            reader = actor_for_user(make_user(RoleKey.COORDINATOR, agency=agency))
            cast.referrals.append(referral)
            cast.readers.append(reader)
            if n < 2:  # these two have become needs of people; the third waits for triage
                scheme = make_scheme().pk
                referrals.make_need(by=reader, referral=referral, title="Help", scheme=scheme)
                referral.refresh_from_db()
            cast.drafters.append(protection_officer(agency))
            cast.signers.append(signatory(agency))
        consents.word(by=cast.drafters[0], purpose="support", text="Only they see it.")
    return cast


class Sharing(RuleBasedStateMachine):
    """One walk. Its rows are taken back at the end."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.day = 0
        self.told: list[Told] = []
        self.held: list[Agreement] = []
        # Whether each of the three consents, as far as anybody wrote it down.
        self.consents = [answer == "yes" for answer in ANSWERED]
        self.said: list[str | None] = [None, None]
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @contextmanager
    def now(self) -> Iterator[None]:
        with clock.at(START + timedelta(days=self.day)):
            yield

    @rule(
        source=AGENCY,
        step=st.integers(1, 2),
        categories=st.sets(st.sampled_from(READ), min_size=1),
        ahead=st.integers(-1, 2),
        days=st.integers(0, 4),
        by_consent=st.booleans(),
    )
    @precondition(lambda self: len(self.told) < 6)
    def draft(
        self,
        source: int,
        step: int,
        categories: set[Category],
        ahead: int,
        days: int,
        by_consent: bool,
    ) -> None:
        target = (source + step) % 3
        first = self.day + ahead
        one, other = self.cast.agencies[source], self.cast.agencies[target]
        with self.now():
            starts = (START + timedelta(days=first)).date()
            made = make_draft_agreement(
                asked(one, other, categories=categories, consent=by_consent),
                parties=(one, other),
                by=self.cast.drafters[source],
                starts=starts,
                ends=starts + timedelta(days=days),
            )
        self.held.append(made)
        self.told.append(
            Told(
                len(self.told),
                1,
                source,
                target,
                frozenset(categories),
                by_consent,
                first,
                first + days,
            )
        )

    @rule(number=NUMBER)
    @precondition(lambda self: self.told)
    def send(self, number: int) -> None:
        at = number % len(self.told)
        one = self.told[at]
        allowed = not one.sent and not one.withdrawn and one.last >= self.day
        with self.now():
            done = _did(
                lambda: agreements.issue(by=self.cast.drafters[one.source], agreement=self.held[at])
            )
        assert done == allowed
        self.told[at] = replace(one, sent=one.sent or done)

    @rule(number=NUMBER, theirs=st.booleans())
    @precondition(lambda self: self.told)
    def sign(self, number: int, theirs: bool) -> None:
        at = number % len(self.told)
        one = self.told[at]
        party = one.target if theirs else one.source
        allowed = (
            one.sent and not one.withdrawn and party not in one.signed and one.last >= self.day
        )
        with self.now():
            done = _did(
                lambda: agreements.sign(
                    by=self.cast.signers[party],
                    agreement=self.held[at],
                    agency=self.cast.agencies[party],
                )
            )
        assert done == allowed
        if done:
            self.told[at] = replace(one, signed=one.signed | {party})

    @rule(number=NUMBER)
    @precondition(lambda self: any(one.bound for one in self.told))
    def withdraw(self, number: int) -> None:
        standing = [at for at, one in enumerate(self.told) if one.bound]
        one = self.told[standing[number % len(standing)]]
        with self.now():
            agreements.withdraw(
                by=self.cast.signers[one.target],
                agreement=self.held[standing[number % len(standing)]],
                agency=self.cast.agencies[one.target],
                reason="Over",
            )
        self.told = [replace(o, withdrawn=o.withdrawn or o.name == one.name) for o in self.told]

    @rule(number=NUMBER)
    @precondition(lambda self: any(one.sent for one in self.told) and len(self.told) < 8)
    def renew(self, number: int) -> None:
        sent = [at for at, one in enumerate(self.told) if one.sent]
        at = sent[number % len(sent)]
        one = self.told[at]
        latest = max(two.version for two in self.told if two.name == one.name)
        made: list[Agreement] = []
        with self.now():
            by = self.cast.drafters[one.source]
            done = _did(lambda: made.append(agreements.renew(by=by, agreement=self.held[at])))
        assert done == (one.version == latest)
        if done:
            self.held.append(made[0])
            self.told.append(
                replace(
                    one, version=one.version + 1, sent=False, withdrawn=False, signed=frozenset()
                )
            )

    @rule(who=st.integers(0, 1), yes=st.booleans())
    def answer(self, who: int, yes: bool) -> None:
        with self.now():
            by = self.cast.readers[who]
            consents.say(
                by=by,
                person=self.person(who),
                purpose="support",
                yes=yes,
                explained_by=str(by.user),
                explained_on=clock.today(),
            )
        self.consents[who], self.said[who] = yes, "given" if yes else "refused"

    @rule(who=st.integers(0, 1))
    def take_back(self, who: int) -> None:
        with self.now():
            by = self.cast.readers[who]
            done = _did(
                lambda: consents.withdraw(by=by, person=self.person(who), purpose="support")
            )
        assert done == (self.said[who] == "given")
        if done:
            self.consents[who], self.said[who] = False, "withdrawn"

    def person(self, who: int) -> Person:
        person = self.cast.referrals[who].person
        assert person is not None
        return person

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.day += days

    @invariant()
    def the_next_read_is_as_a_plain_reading_says(self) -> None:
        with self.now():
            for source, referral in enumerate(self.cast.referrals):
                for target, by in enumerate(self.cast.readers):
                    own = source == target
                    expected = set(READ) if own else opened(
                        self.told, self.day, source, target, self.consents[source]
                    )  # fmt: skip
                    assert visible_to(by).filter(pk=referral.pk).exists() == bool(expected)
                    assert is_visible(by, referral) == bool(expected)
                    assert set(readable(by, referral)) == expected


def _did(act: Callable[[], object]) -> bool:
    try:
        act()
    except (Refused, InvalidInput):
        return False
    return True


@pytest.mark.integration
@pytest.mark.django_db
def test_the_next_read_is_refused_or_allowed_as_the_agreements_stand() -> None:
    Sharing.cast = make_cast()
    run_state_machine_as_test(
        Sharing, settings=settings(max_examples=6, stateful_step_count=20, deadline=None)
    )
