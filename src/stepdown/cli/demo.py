"""``stepdown demo``: a hub with demonstration data. Everybody in it is made up."""

import argparse
import sys
from datetime import date
from typing import Any

from tqdm import tqdm

from stepdown.cli import django_setup


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown demo``."""
    parser = subparsers.add_parser("demo", help="make a hub with demonstration data")
    parser.add_argument("--volunteers", type=_count, default=3_000, help="how many (%(default)s)")
    parser.add_argument("--referrals", type=_count, default=600, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=2016, help="the same seed, the same hub")
    parser.add_argument("--on", type=_day, help="the story's last day, as 2026-11-05 (today)")


def _count(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 50_000):
        raise argparse.ArgumentTypeError("must be from 1 to 50,000")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day, such as 2026-11-05") from None


class _Bars:
    """One bar a chapter of the story."""

    def __init__(self) -> None:
        self.chapter = ""
        self.bar: tqdm[Any] | None = None

    def __call__(self, chapter: str, total: int, done: int) -> None:
        if chapter != self.chapter:
            self.close()
            self.chapter, self.bar = chapter, tqdm(total=total, desc=chapter, disable=None)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def run(args: argparse.Namespace) -> int:
    """Make the demonstration, unless it is there. 1 where a hub with other data is."""
    if not django_setup.start():
        return 1
    from django.conf import settings

    from stepdown.adapters import signing
    from stepdown.config import environment
    from stepdown.hub.jobs import witness_heads
    from stepdown.hub.queries.user import any_accounts, any_demonstration
    from stepdown.kernel import clock

    django_setup.migrate()
    if any_demonstration():
        environment.mark_demonstration(settings.DATABASES["default"])
        print("The demonstration hub is there already.")
        return 0
    if any_accounts():
        print(
            "stepdown: this hub has accounts already. A demonstration needs an empty one: name "
            "another with STEPDOWN_HOME or STEPDOWN_DATABASE_URL.",
            file=sys.stderr,
        )
        return 1
    from stepdown.cli.demonstration.story import Size, tell

    print(
        "Making the demonstration. Everybody in it is made up; this takes a minute or two.",
        flush=True,
    )
    bars = _Bars()
    try:
        told = tell(
            today=args.on or clock.today(),
            size=Size(args.volunteers, args.referrals),
            seed=args.seed,
            progress=bars,
            signer=signing.signing_key(settings.STEPDOWN_KEYS),
        )
    finally:
        bars.close()
    environment.mark_demonstration(settings.DATABASES["default"])
    witness_heads()
    print(
        f"{told.volunteers:,} volunteers, {told.referrals:,} referrals, {told.needs:,} needs, "
        f"{told.offers:,} offers."
    )
    return 0
