"""``stepdown index``: the index of volunteers that a large hub keeps in files."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from stepdown.cli import django_setup

if TYPE_CHECKING:
    from stepdown.volunteering.queries.resident import Status


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown index``."""
    parser = subparsers.add_parser(
        "index",
        help="rebuild the index of volunteers, or say how it stands",
        description="A large hub keeps an index of its volunteers in files, so that shortlists and "
        "plans are quick. `stepdown work` keeps it current.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("rebuild", help="read all volunteers and write the index afresh")
    status = verbs.add_parser("status", help="say how the index stands; 1 if it cannot be used")
    status.add_argument("--verify", action="store_true", help="read every file of it whole")


def run(args: argparse.Namespace) -> int:
    """Rebuild, or say how it stands: 1 where a hub that should have an index cannot use it."""
    if not django_setup.start():
        return 1
    if not django_setup.is_ready():
        print(
            "stepdown: the database has not this version's form. `stepdown serve` brings it there.",
            file=sys.stderr,
        )
        return 1
    if args.verb == "rebuild":
        return _rebuild()
    return _status(verify=args.verify)


def _rebuild() -> int:
    from stepdown.volunteering.queries import resident

    with tqdm(unit=" rows", disable=None) as bar:
        written = resident.rebuild(progress=lambda what, rows: _reach(bar, what, rows))
    print(f"The index holds {written.size:,} volunteers.")
    if not resident.is_large():
        print("The hub is small enough to do without it, so it is not used.")
    return 0


def _reach(bar: "tqdm[Any]", what: str, rows: int) -> None:
    bar.set_description(what.capitalize(), refresh=False)
    bar.update(rows)


def _status(*, verify: bool) -> int:
    from stepdown.volunteering.queries import resident

    found = resident.status(verify=verify)
    print(in_words(found))
    return 1 if found.wanted and (found.refused or found.late) else 0


def in_words(status: "Status") -> str:
    """How the index stands, line by line. It names nobody."""
    if status.refused:
        if not status.wanted:
            return "There is no index, and the hub is small enough to do without one."
        return (
            f"The index cannot be used: {status.refused}. Volunteers are read from the records, "
            "which takes longer. `stepdown index rebuild` writes it afresh."
        )
    lines = [
        f"Volunteers: {status.volunteers:,}",
        f"Up to entry of the ledger: {status.seq:,}",
        f"Changed since, and read from the records: {status.changed:,}",
    ]
    if status.written is not None:
        lines.append(f"Written: {status.written:%d %B %Y %H:%M:%S}")
    if status.late:
        lines.append("It is not kept up to date: `stepdown work` does not seem to run.")
    if not status.used:
        lines.append("The hub is small enough to do without it, so it is not used.")
    return "\n".join(lines)
