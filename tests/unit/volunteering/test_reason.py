"""Reasons as data and in words, and what they leave unsaid where a place is shielded."""

from datetime import date

import pytest

from stepdown.matching.rules import Failure, Reason, Rule, Term, Unfilled
from stepdown.volunteering.queries.reason import (
    Names,
    as_data,
    checks_only,
    discreet,
    in_words,
    near_misses,
    restored,
)

NAMES = Names({"credential": {"dbs": "Enhanced DBS"}, "skill": {"car": "Driving"}})
ENDS = {"credential": "dbs", "ends": date(2027, 3, 3), "last": date(2027, 6, 1)}


@pytest.mark.parametrize(
    "reason",
    [
        Term("travel", {"distance_m": 4_200}, 480),
        Unfilled("taken", {"eligible": 3}, only={Rule.SKILL: 2}),
        Reason("credential-ends", ENDS),
    ],
)
def test_a_reason_comes_back_from_its_data_as_it_was(reason: Reason) -> None:
    assert restored(as_data(reason)) == reason


def test_words_name_things_as_the_catalogue_does() -> None:
    assert in_words([Failure("credential-ends", ENDS, Rule.REQUIREMENTS)], NAMES) == [
        "Their Enhanced DBS ends on 3 March 2027, before the need ends on 1 June 2027."
    ]


def test_what_the_catalogue_does_not_know_is_called_by_its_key() -> None:
    assert in_words([Failure("skill", {"skill": "boat"}, Rule.SKILL)], NAMES) == [
        "They do not have the skill boat."
    ]


def test_a_hidden_distance_leaves_no_number_and_no_points() -> None:
    terms = [Term("travel", {"distance_m": 4_200}, 480), Term("never-asked", {}, 100)]
    hidden = discreet(terms, hidden=True)
    assert [term.points for term in hidden] == [0, 100]
    assert not any("4" in words for words in in_words(hidden, NAMES))
    assert discreet(terms, hidden=False) == terms


def test_a_hidden_longer_journey_still_names_the_volunteer() -> None:
    change = Reason(
        "change-distance", {"volunteer": "Sam", "distance_m": 14_200, "limit_m": 10_000}
    )
    assert in_words(discreet([change], hidden=True), NAMES) == [
        "If Sam would travel further for this need, they could fill a place."
    ]


def test_a_volunteer_is_told_of_their_own_checks_only() -> None:
    found = [
        Failure("excluded", {}, Rule.EXCLUDED),
        Failure("credential-missing", {"credential": "dbs"}, Rule.REQUIREMENTS),
    ]
    assert [one.code for one in checks_only(found)] == ["credential-missing"]


def test_near_misses_are_counted_by_rule() -> None:
    assert near_misses(Unfilled("taken", {}, only={Rule.SKILL: 2, Rule.DISTANCE: 1})) == [
        "skills: 2",
        "distance: 1",
    ]
