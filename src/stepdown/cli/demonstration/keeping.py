"""People who were helped long ago: whose records are due, held, proposed for disposal, or gone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from stepdown.casework.queries import referral
from stepdown.cli.demonstration.personas import DEPUTY
from stepdown.hub.actions import tokens
from stepdown.kernel import clock
from stepdown.people.actions import people
from stepdown.records.actions import retention, rights_answers, rights_requests
from stepdown.sharing.actions import overrides

if TYPE_CHECKING:
    from uuid import UUID

    from stepdown.cli.demonstration.ground import Ground
    from stepdown.people.models import Person
    from stepdown.policy.actors import Actor

# Who, and how many years ago there was last something about them.
LONG_AGO = (
    ("Edith", "Larkspur", 6), ("Harold", "Tormentil", 5), ("Winifred", "Samphire", 4),
    ("Stanley", "Coltsfoot", 4), ("Mabel", "Knapweed", 3),
)  # fmt: skip
PRESTON = "E07000123"


def keep(ground: Ground) -> None:
    """Three due, of which one is held and one proposed for disposal; one disposed of; and one who
    asked to be erased, which waits for approval. After ``rights``, which brings the second officer.
    """
    first = ground.actors["protection"]
    second = ground.actors[DEPUTY.key]
    due = [_known(ground, *one) for one in LONG_AGO]
    with clock.at(ground.day(-30, hour=11)):
        retention.hold(by=first, person=due[1].pk, reason="A complaint is being looked into.")
        _propose(first, due[2])
        gone = _propose(first, due[3])
    with clock.at(ground.day(-20, hour=11)):
        retention.agree(by=second, review=gone)
    _asks_for_erasure(ground, due[4])


def _asks_for_erasure(ground: Ground, person: Person) -> None:
    by = ground.actors["protection"]
    with clock.at(ground.day(-8, hour=15)):
        asked = rights_requests.receive(
            by=by,
            agency=ground.agencies["council"],
            kind="erasure",
            channel="letter",
            received_on=clock.today(),
            person=person,
            asked_for="I moved away. Please delete what you have about me.",
        )
        rights_requests.take(by=by, request=asked)
    with clock.at(ground.day(-3, hour=15)):
        told = "Everything about you is erased. What others wrote about themselves is kept."
        rights_answers.submit(by=by, request=asked, outcome=told, ground="not-needed")


def open_in_an_emergency(ground: Ground) -> None:
    """One record, which a data-protection officer has not reviewed yet."""
    sent = referral.visible_to(ground.actors["coordinator"]).filter(received_at__isnull=False)
    latest = sent.order_by("-id").values_list("reference", flat=True)[0]
    with clock.at(ground.day(-2, hour=22)):
        overrides.open_record(
            by=ground.actors["approver"],
            reference=latest,
            reason="missing",
            words="Her daughter rang: she is not at home and left her walking frame behind.",
        )


def make_a_token(ground: Ground) -> None:
    """A program of the coordinator's reads the open needs once a week. Nobody has its secret."""
    with clock.at(ground.day(-6, hour=9)):
        tokens.make(by=ground.actors["coordinator"], name="Weekly list of open needs")


def _propose(by: Actor, person: Person) -> UUID:
    made = retention.review(
        by=by,
        person=person.pk,
        answers=dict.fromkeys(retention.QUESTIONS, "no"),
        reason="Helped once with shopping. Nothing since, and no concern.",
        decision="dispose",
    )
    return made.pk


def _known(ground: Ground, given: str, family: str, years: int) -> Person:
    with clock.at(ground.day(0) - timedelta(days=years * 366)):
        return people.add(
            by=ground.actors["coordinator"],
            given_name=given,
            family_name=family,
            date_of_birth=date(1938, 4, 1),
            district=PRESTON,
        )
