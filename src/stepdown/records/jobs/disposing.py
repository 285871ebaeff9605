"""Referrals whose time is up go; what was disposed of is written outside the database."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from stepdown.adapters.disposal_register import Line, Register
from stepdown.policy.actors import Actor
from stepdown.records.actions import disposals
from stepdown.records.queries.disposals import unregistered


def dispose() -> int:
    """Dispose of referrals that were not taken on. How many."""
    return disposals.dispose_of_referrals(by=Actor.hub())


def register() -> int:
    """Write new tombstones into the register. How many."""
    place: Path | None = settings.STEPDOWN_DISPOSALS
    waiting = unregistered()
    if not waiting or place is None:
        return 0
    Register(place).write(
        Line(
            reference=one.reference,
            kind=one.kind,
            at=one.at.isoformat(),
            key=disposals.key_mark(),
            mark=bytes(one.mark).hex(),
        )
        for one in waiting
    )
    disposals.registered(by=Actor.hub(), disposals=[one.pk for one in waiting])
    return len(waiting)


def replay() -> tuple[int, int]:
    """After an old backup was put back: dispose again of what the register names.

    How many records, and how many lines were made with a secret that is neither the hub's own nor
    a former one of it: nobody can tell whose records those are.
    """
    place: Path | None = settings.STEPDOWN_DISPOSALS
    lines: Iterator[Line] = Register(place).lines() if place else iter(())
    secrets = (None, *settings.SECRET_KEY_FALLBACKS)
    known = {disposals.key_mark(one): one for one in secrets}
    marks: dict[str | bytes | None, set[bytes]] = defaultdict(set)
    strange = 0
    for one in lines:
        if one.key in known:
            marks[known[one.key]].add(bytes.fromhex(one.mark))
        else:
            strange += 1
    done = sum(
        disposals.replay(by=Actor.hub(), marks=some, secret=secret)
        for secret, some in marks.items()
    )
    return done, strange
