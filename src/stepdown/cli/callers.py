"""``stepdown callers``: who rings 999 and 101 most, out of a log of any length."""

import argparse
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from stepdown.adapters import calls
from stepdown.cli import django_setup
from stepdown.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from stepdown.hub.models import Agency


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown callers``."""
    parser = subparsers.add_parser(
        "callers",
        help="rank who rings 999 and 101 most",
        description="Read a call log (CSV, also .gz) once and rank its callers. Numbers are not "
        "shown: with --keep the ranked callers, and nobody else, enter the hub.",
    )
    parser.add_argument("log", type=Path, metavar="FILE")
    parser.add_argument("--since", type=_day, required=True, help="first day, as 2026-08-01")
    parser.add_argument("--until", type=_day, required=True, help="last day")
    parser.add_argument("--most", type=int, default=200, help="callers to rank (200)")
    parser.add_argument("--least", type=int, default=3, help="calls that one must have made (3)")
    parser.add_argument(
        "--organisations", type=Path, metavar="FILE", help="numbers of organisations, one a line"
    )
    parser.add_argument("--called-at", default="called_at", metavar="COLUMN")
    parser.add_argument("--number", default="number", metavar="COLUMN")
    parser.add_argument("--line", default="line", metavar="COLUMN", help="'' where there is none")
    parser.add_argument("--premises", default="premises", metavar="COLUMN", help="the same")
    parser.add_argument("--time-format", default="", help="such as %%d/%%m/%%Y %%H:%%M")
    parser.add_argument(
        "--excluded", type=Path, metavar="FILE", help="write line and reason of what was left out"
    )
    parser.add_argument("--keep", metavar="AGENCY", help="keep the ranked callers for this partner")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2026-08-01") from None


def run(args: argparse.Namespace) -> int:
    """Rank; 2 where the file or a choice is wrong, and then nothing is kept."""
    try:
        rules = calls.Rules(
            args.since,
            args.until + timedelta(days=1),
            args.most,
            args.least,
            organisations=_organisations(args.organisations),
        )
        columns = calls.Columns(args.called_at, args.number, args.line, args.premises)
        agency = _agency(args.keep) if args.keep else None
        log = calls.open_log(args.log, columns, args.time_format)
        found = _watched("Ranking", lambda told: calls.rank(log, rules, told))
        _tell(found)
        if args.excluded:
            count = calls.write_excluded(log, rules, args.excluded)
            print(f"{count:,} lines left out are in {args.excluded}.")
        if agency is not None:
            _keep(agency, log, rules, found)
    except (calls.CallLogError, InvalidInput, ValueError) as wrong:
        words = wrong.errors.values() if isinstance(wrong, InvalidInput) else [str(wrong)]
        print(*words, "Nothing was kept.", sep="\n", file=sys.stderr)
        return 2
    return 0


def _organisations(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"{path.name}: this is not a text file in UTF-8.") from None
    return frozenset(one.strip() for one in lines if one.strip())


def _agency(name: str) -> "Agency":
    if not django_setup.start():
        raise ValueError("There is no hub here to keep callers in.")
    django_setup.migrate()
    from stepdown.hub.queries.agency import agencies

    known = agencies()
    found = next((one for one in known if one.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise ValueError(f"There is no partner {name!r}. There are: {', '.join(map(str, known))}.")
    return found


def _watched(words: str, work: Callable[[Callable[[float], None]], calls.Ranking]) -> calls.Ranking:
    with tqdm(total=100, unit=" %", desc=words, disable=None) as bar:

        def tell(share: float) -> None:
            bar.update(round(100 * share) - bar.n)

        return work(tell)


def _tell(found: calls.Ranking) -> None:
    print(f"{found.rows:,} calls in the log, {found.counted:,} count, {found.numbers:,} numbers.")
    for why, number in found.excluded.items():
        print(f"  {number:>12,}  left out: {why}")
    if found.callers:
        most, least = found.callers[0].calls, found.callers[-1].calls
        made = sum(one.calls for one in found.callers)
        print(f"{len(found.callers):,} callers ranked: {made:,} calls, from {most:,} to {least:,}.")
    else:
        print("Nobody called so often.")


def _keep(agency: "Agency", log: calls.CallLog, rules: calls.Rules, found: calls.Ranking) -> None:
    from stepdown.casework.actions import callers
    from stepdown.casework.queries.caller import numbers_known
    from stepdown.policy.actors import Actor

    wanted = {one.number for one in found.callers} | numbers_known(agency)
    read = callers.Read(
        rules.since,
        rules.until,
        found.rows,
        found.counted,
        found.numbers,
        {why.value: number for why, number in found.excluded.items()},
        tuple((one.number, one.calls) for one in found.callers),
    )
    callers.keep(by=Actor.hub(), agency=agency, read=read, days=calls.days(log, wanted))
    print(f"Kept for {agency.name}: {len(found.callers):,} ranked callers, and no other number.")
