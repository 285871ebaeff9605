"""A call log of the story: who rang most, some of whom have a case or were set aside.

The numbers are of the range that Ofcom keeps free for stories (01632 960000 to 960999).
"""

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

from stepdown.casework.actions import callers
from stepdown.casework.queries import caller as queries
from stepdown.casework.queries.case_list import sent
from stepdown.kernel import clock
from stepdown.policy.actors import Actor

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground

CALLERS, DAYS = 40, 420
# What a log of that length holds besides, and why it was left out.
LEFT_OUT = {
    "not from a home": 61_904,
    "no number, or withheld": 18_220,
    "not a UK telephone number": 371,
    "the time is missing or is not a time": 12,
}
COUNTED, NUMBERS = 214_655, 98_310


def read_log(ground: "Ground") -> int:
    """Keep the ranked callers, link some to cases that are there, set one aside. How many."""
    chance = random.Random(999)
    until = ground.day(0).date()
    since = until - timedelta(days=DAYS)
    agency = ground.agencies["police"]
    by = ground.actors["approver"]
    held = list(sent(by).filter(pathway=callers.PATHWAY, steps__step="plan").order_by("id"))
    days = [day for n in range(CALLERS) for day in _days(chance, n, since, until, n < len(held))]
    total: dict[str, int] = {}
    for number, _day, calls, _emergency in days:
        total[number] = total.get(number, 0) + calls
    ranked = tuple(sorted(total.items(), key=lambda one: (-one[1], one[0])))
    rows = COUNTED + sum(LEFT_OUT.values())
    read = callers.Read(since, until, rows, COUNTED, NUMBERS, LEFT_OUT, ranked)
    with clock.at(ground.day(0, hour=8)):
        log = callers.keep(by=Actor.hub(), agency=agency, read=read, days=days)
    known = queries.by_number(agency)
    with clock.at(ground.day(0, hour=10)):
        for n, case in enumerate(held):
            callers.link(by=by, caller=known[_number(n)], reference=case.reference)
        callers.set_aside(by=by, caller=known[_number(CALLERS - 1)], reason="explained")
    return len(queries.ranked(by, log))


def _number(n: int) -> str:
    return f"01632960{n:03}"


def _days(
    chance: random.Random, n: int, since: date, until: date, helped: bool
) -> list[callers.Day]:
    """One caller's days: a rate of their own, that falls by half where somebody helps."""
    rate = chance.uniform(0.15, 0.6)
    found = []
    for ago in range((until - since).days, 0, -1):
        now = rate * (0.5 if helped and ago < 90 else 1)
        calls = sum(chance.random() < now for _ in range(2))
        if calls:
            emergency = sum(chance.random() < 0.4 for _ in range(calls))
            found.append((_number(n), until - timedelta(days=ago), calls, emergency))
    return found
