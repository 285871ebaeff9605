"""Every operation of the interface asked with whatever fits its description, and what does not.

Schemathesis makes the requests and holds each answer against the description: nothing answers that
something went wrong in the hub, nothing says what is not declared, what does not fit is refused.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as cache_once
from typing import Any
from uuid import UUID

import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode

from stepdown.config.wsgi import application
from stepdown.kernel import clock
from tests.factories.places import DISTRICT
from tests.support.programs import ROOT

NOTHING_FITS = {401, 405}
load_all_checks()
HELD = [
    CHECKS.get_one(name)
    for name in (
        "not_a_server_error", "status_code_conformance", "content_type_conformance",
        "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
    )
]  # fmt: skip
# What is seldom met by chance: something that a verb takes, once at least.
EARNEST: Mapping[str, Callable[[], dict[str, Any]]] = {
    f"POST {ROOT}/placements/{{id}}/hours": lambda: {
        "on": clock.today().isoformat(),
        "minutes": 45,
    },
    f"POST {ROOT}/referrals": lambda: {
        "referrer_kind": "professional", "referrer_name": "Rita Wren", "organisation": "Trust",
        "referrer_phone": "01632 960 001", "consent": "yes", "given_name": "Ada",
        "family_name": "Specimen", "secret": False, "area": DISTRICT, "safe": "yes",
        "help": "Shopping", "risk": "no", "soon": "week",
    },
}  # fmt: skip
# Every so many requests the hub's counts of them are forgotten: they are not what is tried.
FORGET = 50


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: by their token, or by none; ``foreign`` are records that they may not see,
    whatever they ask."""

    name: str
    secret: str = ""
    foreign: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One answer: who asked what, and the status."""

    reader: str
    operation: str
    status: int


@cache_once
def _description() -> Any:
    """The interface as it describes itself."""
    return schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application)


def labels() -> set[str]:
    """What each operation is called: its method and its address."""
    return {found.ok().label for found in _description().get_all_operations()}


def fuzz(
    readers: Sequence[Reader],
    records: Mapping[str, Sequence[UUID]],
    *,
    examples: int,
    number: int,
) -> tuple[Counter[str], list[str], list[Asked]]:
    """Ask every operation, as each reader, so many times with what fits and with what does not.

    ``records`` are ids by the word in the address before them, tried beside made-up ones. What was
    counted, what is wrong, and every answer.
    """
    with _within_the_test():
        return _fuzz(readers, records, examples, number)


@contextmanager
def _within_the_test() -> Iterator[None]:
    """A request does not close the connection on which the test's own transaction is open."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    try:
        yield
    finally:
        for one in signals:
            one.connect(close_old_connections)


def _fuzz(
    readers: Sequence[Reader], records: Mapping[str, Sequence[UUID]], examples: int, number: int
) -> tuple[Counter[str], list[str], list[Asked]]:
    asked: list[Asked] = []
    wrong: list[str] = []
    for found in _description().get_all_operations():
        operation = found.ok()
        for reader in readers:
            for mode, made in _tries(operation.label, records):
                wrong += _some(operation, reader, operation.as_strategy(mode, **made), number,
                               examples, asked)  # fmt: skip
    count = Counter(f"{one.reader} {one.status}" for one in asked)
    count["requests"] = len(asked)
    return count, wrong, asked


def _some(
    operation: Any, reader: Reader, cases: Any, number: int, examples: int, asked: list[Asked]
) -> list[str]:
    wrong: list[str] = []

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def once(case: Any) -> None:
        if len(asked) % FORGET == 0:
            cache.clear()
        if fault := _ask(case, reader, operation.label, asked):
            wrong.append(f"{reader.name}: {operation.label}: {fault}")

    once()
    return wrong


def _tries(
    label: str, records: Mapping[str, Sequence[UUID]]
) -> Iterator[tuple[GenerationMode, dict[str, Any]]]:
    """What fits, what does not, what is about records there are, what is sent in earnest."""
    yield GenerationMode.POSITIVE, {}
    yield GenerationMode.NEGATIVE, {}
    earnest = EARNEST.get(label)
    body = {"body": earnest()} if earnest else {}
    if "{id}" not in label:
        if body:
            yield GenerationMode.POSITIVE, body
        return
    word = label.partition("/{id}")[0].rpartition("/")[2]
    for id in records.get(word, ()):
        yield GenerationMode.POSITIVE, {"path_parameters": {"id": str(id)}}
        if body:
            yield GenerationMode.POSITIVE, {"path_parameters": {"id": str(id)}, **body}


def _ask(case: Any, reader: Reader, label: str, asked: list[Asked]) -> str:
    headers = {k: v for k, v in (case.headers or {}).items() if k.lower() != "authorization"}
    if reader.secret:
        headers["Authorization"] = f"Bearer {reader.secret}"
    case.headers = headers
    answer = case.call()
    asked.append(Asked(reader.name, label, answer.status_code))
    if not reader.secret:
        return "" if answer.status_code in NOTHING_FITS else f"{answer.status_code} for nobody"
    if answer.status_code < 300 and any(str(id) in answer.text for id in reader.foreign):
        return "a foreign record is shown"
    try:
        case.validate_response(answer, checks=HELD)
    except (Failure, FailureGroup) as failed:
        return " ".join(str(failed).split())[:600]
    return ""
