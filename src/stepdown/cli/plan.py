"""``stepdown plan``: the matching engine on two CSV files, with no hub at all."""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import accumulate
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from stepdown.cli.plan_files.cells import day_of
from stepdown.cli.plan_files.records import read_needs, read_volunteers
from stepdown.cli.plan_files.report import Report
from stepdown.cli.plan_files.write import write_all
from stepdown.kernel.sheets import as_csv
from stepdown.matching.problem import BANDS, Problem
from stepdown.matching.scoring import MAX_QUALITY

if TYPE_CHECKING:
    from stepdown.cli.plan_files.earlier import Named
    from stepdown.cli.plan_files.wide import WidePlan
    from stepdown.matching.plan import Plan

PHASES = ("read", "load", "apart", "candidates", "solve", "certify", "explain", "write")
BAD_INPUT = 2
FAILED = 1


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown plan``."""
    parser = subparsers.add_parser(
        "plan",
        help="match volunteers to needs, from files",
        description="Find the best plan for all open needs, and prove that none is better: most "
        "places filled in the most urgent band, then in the next, and then the best quality. "
        "Nothing is written unless everything is in order.",
    )
    parser.add_argument("volunteers", type=Path, metavar="VOLUNTEERS.csv")
    parser.add_argument("needs", type=Path, metavar="NEEDS.csv")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PLAN.csv")
    parser.add_argument(
        "--unfilled", type=Path, metavar="FILE", help="needs with empty places, and what would help"
    )
    parser.add_argument(
        "--edges", type=Path, metavar="FILE", help="every feasible pair and its quality"
    )
    parser.add_argument(
        "--on", type=_day, metavar="DATE", help="the day ages are reckoned on (default: today)"
    )
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="plan on the workers of a Dask scheduler, such as tcp://planner:8786, or on so many "
        "processes of this machine, such as local:4",
    )
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        metavar="SECONDS",
        help="stop after so long with the best plan so far, and say how good it could have been",
    )
    parser.add_argument(
        "--earlier",
        type=Path,
        metavar="PLAN.csv",
        help="a plan made earlier: say how many of its pairings change, and hold back what is not "
        "worth it",
    )
    parser.add_argument(
        "--sticky",
        type=_count,
        default=0,
        metavar="POINTS",
        help="what a change that fills no more places must earn for each pairing of the earlier "
        "plan that it breaks (default: 0)",
    )
    parser.add_argument(
        "--most-changes",
        type=_count,
        metavar="COUNT",
        help="change no more pairings of the earlier plan than so many",
    )
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def run(args: argparse.Namespace) -> int:
    """0 done; 2 with a report, and nothing written, when the files are wrong; 1 otherwise."""
    on = args.on or date.today()  # noqa: DTZ011
    report = Report()
    _check_paths(args, report)
    seconds: dict[str, float] = {}
    with _phases(seconds) as mark:
        volunteers = read_volunteers(args.volunteers, on, report)
        needs = read_needs(args.needs, on, report)
        earlier = None
        if args.earlier:
            from stepdown.cli.plan_files.earlier import read_earlier

            earlier = read_earlier(args.earlier, report)
        mark("read")
        if report.count:
            print(report.text(), file=sys.stderr)
            return BAD_INPUT
        problem = Problem.build(volunteers, needs, on=on)
        # Imported now: what is wrong with a file is told without waiting for the engine.
        from stepdown.cli.plan_files import outputs
        from stepdown.cli.plan_files.fairness import as_json, fairness_of, in_words

        mark("load")
        found = _plan(problem, args, earlier, mark)
        if not found.sound:
            print("The plan could not be proved, so it was not written:", file=sys.stderr)
            print("\n".join(found.certificate.faults[:20]), file=sys.stderr)
            return FAILED
        files = [(args.output, as_csv(outputs.PLAN_HEADER, outputs.plan_rows(found)))]
        if args.unfilled:
            rows = outputs.unfilled_rows(found)
            files.append((args.unfilled, as_csv(outputs.UNFILLED_HEADER, rows)))
        if args.edges:
            files.append((args.edges, outputs.edges_csv(found)))
        mark("explain")
        try:
            write_all(files)
        except OSError as error:
            print(f"Nothing was written: {error.strerror}: {error.filename}", file=sys.stderr)
            return FAILED
        mark("write")
    tables = fairness_of(found)
    if args.json:
        said = {**_summary(found, seconds), **_limits(found, args), "fairness": as_json(tables)}
        print(json.dumps(said))
    else:
        print(_words(found), in_words(tables), sep="\n")
    return 0


def _plan(
    problem: Problem, args: argparse.Namespace, earlier: "list[Named] | None", mark: "Mark"
) -> "Plan | WidePlan":
    if args.cluster is None and args.time_limit is None and earlier is None:
        from stepdown.matching.plan import plan

        return plan(problem, progress=mark)
    from stepdown.cli.plan_files.wide import plan_wide

    found = plan_wide(problem, args.cluster, args.time_limit, mark)
    if earlier is None:
        return found
    from stepdown.cli.plan_files.earlier import keep_earlier

    return keep_earlier(found, earlier, args.sticky, args.most_changes)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number, such as 50")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return seconds


def _day(text: str) -> date:
    try:
        return day_of(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date, such as 2026-11-05") from None


def _check_paths(args: argparse.Namespace, report: Report) -> None:
    """Outputs go to folders that exist, and never over an input or over each other."""
    taken = {path.resolve() for path in (args.volunteers, args.needs)}
    if args.earlier:
        taken.add(args.earlier.resolve())
    elif args.sticky or args.most_changes is not None:
        report.add("--sticky and --most-changes", "need an --earlier plan to keep")
    for path in (args.output, args.unfilled, args.edges):
        if path is None:
            continue
        if path.is_dir():
            report.add(str(path), "is a folder: name a file to write to")
        elif not path.parent.is_dir():
            report.add(str(path), "is in a folder that does not exist")
        elif (not path.exists() or path.is_file()) and path.resolve() in taken:
            report.add(str(path), "is already an input or another output")
        taken.add(path.resolve())


Mark = Callable[..., None]


@contextmanager
def _phases(seconds: dict[str, float]) -> Iterator[Mark]:
    """Times the phases and, on a terminal, shows them as a bar."""
    clock = perf_counter()
    bar = None
    if sys.stderr.isatty():
        from tqdm import tqdm

        bar = tqdm(total=len(PHASES), desc="Planning", unit="phase", leave=False)

    def mark(phase: str, done: int = 1, total: int = 1) -> None:
        nonlocal clock
        now = perf_counter()
        seconds[phase] = seconds.get(phase, 0.0) + now - clock
        clock = now
        if bar is not None:
            bar.set_postfix_str(phase)
            bar.n = PHASES.index(phase) + done / max(1, total)
            bar.refresh()

    try:
        yield mark
    finally:
        if bar is not None:
            bar.close()


def _summary(plan: "Plan | WidePlan", seconds: dict[str, float]) -> dict[str, object]:
    proof = plan.certificate
    return {
        "volunteers": len(plan.problem.volunteers),
        "needs": len(plan.problem.needs),
        "places": plan.places,
        "filled": plan.filled,
        "filled_by_band": {
            str(band): count for band, count in zip(BANDS, plan.filled_by_band, strict=True)
        },
        "quality": proof.quality,
        "upper_bound": proof.upper_bound,
        "gap": proof.gap,
        "seconds": {phase: round(taken, 4) for phase, taken in seconds.items()},
    }


def _limits(plan: "Plan | WidePlan", args: argparse.Namespace) -> dict[str, object]:
    """Whether a plan was stopped, and the most places that any plan fills in bands 1 to each."""
    said: dict[str, object] = {}
    kept = getattr(plan, "kept", None)
    if kept is not None:
        said = {"earlier_pairings": kept.possible, "changed": kept.changed}
    if args.time_limit is None and not said:
        return {}
    most = zip(BANDS, accumulate(plan.certificate.optimum_by_band), strict=True)
    return said | {
        "proved": plan.certificate.ok,
        "most_in_bands_1_to": {str(band): count for band, count in most},
    }


def _words(plan: "Plan | WidePlan") -> str:
    wanted = dict.fromkeys(BANDS, 0)
    for need in plan.problem.needs:
        wanted[need.band] += need.open_places
    lines = [f"{plan.filled:,} of {plan.places:,} places filled."]
    lines += [
        f"  band {band}: {count:,} of {wanted[band]:,}"
        for band, count in zip(BANDS, plan.filled_by_band, strict=True)
    ]
    proof = plan.certificate
    if proof.ok:
        lines.append(f"Quality {plan.quality:,}, proved to be the best (gap {proof.gap}).")
    else:
        lines += _bounds(plan)
    kept = getattr(plan, "kept", None)
    if kept is not None:
        lines.append(
            f"{kept.changed:,} of {kept.possible:,} pairings of the earlier plan that are still "
            "possible change."
        )
    return "\n".join(lines)


def _bounds(plan: "Plan | WidePlan") -> list[str]:
    """What is proved of a plan that was stopped: each bound by itself, in its own unit."""
    proof = plan.certificate
    held_back = getattr(plan, "held_back", False)
    lines = [
        "Changes that earn too little were held back. What is proved of all plans:"
        if held_back
        else "Time was up: this is the best plan so far. What is proved of all plans:"
    ]
    filled, most = accumulate(plan.filled_by_band), accumulate(proof.optimum_by_band)
    for band, here, at_most in zip(BANDS, filled, most, strict=True):
        bands = "band 1" if band == 1 else f"bands 1 to {band}"
        lines.append(f"  {bands}: {here:,} filled here, none fills more than {at_most:,}")
    # The bound is of worth, places and quality together: no more than full quality is left of it.
    most_quality = min(proof.upper_bound, MAX_QUALITY * plan.filled)
    lines.append(
        f"Quality {plan.quality:,}. No plan that fills as many places in each band has more than "
        f"{most_quality:,}."
    )
    return lines
