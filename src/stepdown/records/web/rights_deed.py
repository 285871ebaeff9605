"""What one deed with a request is, and when it may be done. See ``rights_deeds``."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from stepdown.pages.forms import GovForm
from stepdown.people.queries.restriction import stop_of
from stepdown.policy.actors import Actor
from stepdown.records.actions import rights_statements
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries.in_the_way import in_the_way
from stepdown.records.queries.rights_request import ENDED, UNSURE, RightsEvent
from stepdown.records.web.rights_words import Words

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest

ERASURE = "erasure"

Do = Callable[[Actor, "RightsRequest", dict[str, Any]], object]


@dataclass(frozen=True)
class Deed:
    """One deed: what its page asks, what it does, and what the page says. Without an ``event`` it
    is not a step of the request, and ``when`` alone says whether it may be done."""

    event: RightsEvent | None
    words: Words
    title: Words
    do: Do
    done: Words
    form: type[GovForm] = GovForm
    explained: Words = ""
    kind: str = "secondary"
    when: Callable[[Actor, "RightsRequest", Collection[date]], bool] = lambda *_: True
    points: Callable[[Actor, "RightsRequest"], list[str]] = lambda *_: []


def waits_for_identity(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return held.identity_asked_on is not None and held.identity_on is None


def knows_identity(by: Actor, held: "RightsRequest", days: Collection[date]) -> bool:
    return not waits_for_identity(by, held, days) and held.handler_id != by.user


def may_extend(_by: Actor, held: "RightsRequest", days: Collection[date]) -> bool:
    return queries.may_extend(held, days)


def a_copy(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return queries.is_copy(held) and held.person_id is not None


def no_copy(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return not queries.is_copy(held) and held.kind != ERASURE and held.person_id is not None


def an_erasure(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return held.kind == ERASURE and held.person_id is not None


def no_erasure(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return held.kind != ERASURE


def second_person(by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return by.user != held.submitted_by_id


def stops_a_use(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    return stop_of(held.pk) is not None


def others_keep(by: Actor, held: "RightsRequest", days: Collection[date]) -> bool:
    ready = held.state not in (*ENDED, *UNSURE) and held.passed_on is None
    return ready and an_erasure(by, held, days) and in_the_way(held).elsewhere


def corrected(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    """A correction that was decided on, made or not."""
    decided = held.state in rights_statements.DECIDED
    return held.kind == "rectification" and decided and held.person_id is not None


def stop_decided(_by: Actor, held: "RightsRequest", _days: Collection[date]) -> bool:
    """It stops a use, and is no objection that is still looked at."""
    return held.state in ENDED and stop_of(held.pk) is not None


def stop_told(by: Actor, held: "RightsRequest", days: Collection[date]) -> bool:
    stands = stop_of(held.pk)
    return stands is not None and stands.told_on is not None and stop_decided(by, held, days)
