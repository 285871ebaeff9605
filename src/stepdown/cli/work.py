"""``stepdown work``: the hub's jobs, again and again, until stopped."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterable
from threading import Event, Thread

from stepdown.cli import django_setup
from stepdown.kernel import reader

EVERY_SECONDS = 10
PLAN_EVERY_SECONDS = 1  # somebody looks at a page and waits


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown work``."""
    parser = subparsers.add_parser("work", help="do the hub's jobs: messages, lapses, sealing")
    parser.add_argument("--once", action="store_true", help="do each job once, then stop")
    parser.add_argument("--beside", type=int, help=argparse.SUPPRESS)  # the server's process


def run(args: argparse.Namespace) -> int:
    """Work until told to stop; with ``--once``, 1 when a job failed."""
    if not django_setup.start():
        return 1
    if not django_setup.is_ready():
        print(
            "stepdown: the database has not this version's form. `stepdown serve` brings it there.",
            file=sys.stderr,
        )
        return 1
    from django.db import close_old_connections

    from stepdown.hub.queries.shielded import require_keys

    require_keys()
    from stepdown.casework import jobs as casework
    from stepdown.matching.warm import warm
    from stepdown.records import jobs as records
    from stepdown.volunteering import jobs as volunteering

    jobs = (*casework.TICK, *records.TICK, *volunteering.TICK)
    if args.once:
        return 1 if tick(jobs) else 0
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # The job at hand is finished first: nothing is left half sent.
        signal.signal(number, lambda *_: stopped.set())
    # Sealing waits for no other job: a head is with its witness within a minute.
    sealing = Thread(target=_alone, args=(volunteering.seal, stopped, EVERY_SECONDS), daemon=True)
    sealing.start()
    others = [job for job in jobs if job not in (volunteering.seal, volunteering.make_plan)]
    # Where nobody compiled the engine yet, it is done here: no page's reader waits for that.
    warm()

    def make_plan() -> int:
        return volunteering.make_plan(stop=stopped.is_set)

    # And no message waits for a plan, which may take minutes in a large hub.
    planning = Thread(target=_alone, args=(make_plan, stopped, PLAN_EVERY_SECONDS), daemon=True)
    planning.start()
    while not stopped.is_set() and _wanted(args.beside):
        tick(others)
        close_old_connections()
        stopped.wait(EVERY_SECONDS)
    stopped.set()
    sealing.join(timeout=EVERY_SECONDS)
    planning.join(timeout=EVERY_SECONDS)
    return 0


def _alone(job: Callable[[], int], stopped: Event, every: float) -> None:
    """One job every few seconds, in a thread and over a connection of its own."""
    from django.db import close_old_connections, connection

    while not stopped.is_set():
        tick((job,))
        close_old_connections()
        stopped.wait(every)
    connection.close()


def _wanted(beside: int | None) -> bool:
    """Jobs beside a server end with it, even when it was killed and could stop nothing."""
    return beside is None or os.getppid() == beside


def tick(jobs: Iterable[Callable[[], int]]) -> int:
    """Each job once. The number that failed; a job that fails never stops the others."""
    failed = 0
    for job in jobs:
        try:
            with reader.reading_as(reader.HUB):
                job()
        except Exception as wrong:
            failed += 1
            # The error's name only: its words may hold what people's records say.
            print(
                f"stepdown: the job {job.__name__} failed: {type(wrong).__name__}", file=sys.stderr
            )
    return failed
