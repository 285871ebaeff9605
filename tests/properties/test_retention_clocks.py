"""Whatever happens to a record over the years, it is due when a plain reckoning says.

Events, reviews that keep it, holds, and schedules that change on days to come, in any order.
"""

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.actions import contacts
from stepdown.policy.permissions import Permission
from stepdown.records.actions import retention
from stepdown.records.models import LegalHold
from stepdown.records.queries.retention import due_one, due_people
from tests.factories import coordinator, make_person
from tests.factories.retention import make_officers, make_review

pytestmark = pytest.mark.django_db
STEPS = 25


def later(day: date, years: int) -> date:
    """The same day of a later year, by counting."""
    try:
        return date(day.year + years, day.month, day.day)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass
class Plain:
    """What is known of one record, and nothing else."""

    born: date
    event: date
    review: date | None = None
    # From which day: years clear, years again, until which age.
    rules: dict[date, tuple[int, int, int]] = field(default_factory=lambda: {date.min: (2, 1, 0)})

    def due(self, today: date) -> tuple[date, str]:
        clear, again, age = self.rules[max(day for day in self.rules if day <= today)]
        first = later(self.event, clear)
        day = first
        if self.review is not None and self.review >= self.event:
            day = max(first, later(self.review, again or clear))
        if age and later(self.born, age) <= day:
            return max(first, later(self.born, age)), "dispose"
        return day, "review"


class UndoneError(Exception):
    """Ends the transaction of one story, so that another can be told."""


@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32))
def test_a_record_is_due_when_a_plain_reckoning_says(seed: int) -> None:
    with suppress(UndoneError), transaction.atomic():
        _story(random.Random(seed))
        raise UndoneError


def _story(chance: random.Random) -> None:
    today = date(chance.choice((2000, 2003, 2004)), 2, 28) + timedelta(days=chance.randint(0, 9))
    born = date(chance.randint(1900, 1999), 2, chance.randint(1, 28))
    with clock.at(_noon(today)):
        first, _second = make_officers()
        by, person = coordinator(), make_person(date_of_birth=born)
    plain = Plain(born, today)
    standing: list[LegalHold] = []
    for number in range(STEPS):
        today += timedelta(days=chance.choice((0, 1, 40, 400, 1500)))
        with clock.at(_noon(today)):
            match chance.choice(("event", "review", "review", "hold", "lift", "rule", "wait")):
                case "event":
                    value = f"{number}@example.org"
                    contacts.add(by=by, person=person, kind="email", value=value)
                    plain.event = today
                case "review":
                    if plain.due(today)[0] <= today:
                        make_review(first, person, "keep")
                        plain.review = today
                    else:
                        with pytest.raises(Refused):
                            make_review(first, person, "keep")
                case "hold":
                    standing.append(retention.hold(by=first, person=person.pk, reason="A case."))
                case "lift" if standing:
                    retention.lift(by=first, hold=standing.pop().pk)
                case "rule":
                    start = today + timedelta(days=chance.choice((0, 30, 1000)))
                    rule = (chance.randint(1, 6), chance.randint(0, 4), chance.choice((0, 0, 90)))
                    if start not in plain.rules:
                        retention.set_rule(
                            by=first, key="contact", valid_from=start, clear_years=rule[0],
                            then="review", again_years=rule[1], until_age=rule[2],
                            source="A decision.", verified=False,
                        )  # fmt: skip
                        plain.rules[start] = rule
            _, line = due_one(first, person.pk, Permission.RETENTION_REVIEW)
            assert line is not None
            assert (line.on, str(line.then)) == plain.due(today)
            assert line.held == bool(standing)
            listed = person.pk in {one.person for one in due_people(first, today)}
            assert listed == (plain.due(today)[0] <= today)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
