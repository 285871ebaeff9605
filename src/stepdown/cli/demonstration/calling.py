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

CALLERS, DAYS, SECOND = 40, 420, -120
# What a log of that length holds besides, and why it was left out.
LEFT_OUT = {
    "not from a home": 61_904,
    "no number, or withheld": 18_220,
    "not a UK telephone number": 371,
    "the time is missing or is not a time": 12,
}
COUNTED, NUMBERS = 214_655, 98_310


def read_log(ground: "Ground") -> int:
    """Keep the ranked callers of two logs, link some to cases, set one aside. How many waited.

    Two logs, so that of those found by the first it is known how often they rang afterwards.
    """
    chance = random.Random(999)
    today = ground.day(0).date()
    by = ground.actors["approver"]
    held = list(sent(by).filter(pathway=callers.PATHWAY, steps__step="plan").order_by("id"))
    first = today - timedelta(days=DAYS)
    days = [day for n in range(CALLERS) for day in _days(chance, n, first, today, n < len(held))]
    agency = ground.agencies["police"]
    for since, until in ((-DAYS, SECOND), (SECOND, 0)):
        with clock.at(ground.day(until, hour=8)):
            whole = (today + timedelta(days=since), today + timedelta(days=until))
            some = [day for day in days if whole[0] <= day[1] < whole[1]]
            share = (until - since) / DAYS
            callers.keep(by=Actor.hub(), agency=agency, read=_read(some, whole, share), days=some)
    known = queries.by_number(agency)
    with clock.at(ground.day(0, hour=10)):
        for n, case in enumerate(held):
            callers.link(by=by, caller=known[_number(n)], reference=case.reference)
        callers.set_aside(by=by, caller=known[_number(CALLERS - 1)], reason="explained")
    return len(known)


def _read(days: list[callers.Day], whole: tuple[date, date], share: float) -> callers.Read:
    total: dict[str, int] = {}
    for number, _day, calls, _emergency in days:
        total[number] = total.get(number, 0) + calls
    ranked = tuple(sorted(total.items(), key=lambda one: (-one[1], one[0])))
    left_out = {why: round(number * share) for why, number in LEFT_OUT.items()}
    counted = round(COUNTED * share)
    rows = counted + sum(left_out.values())
    return callers.Read(*whole, rows, counted, round(NUMBERS * share), left_out, ranked)


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
