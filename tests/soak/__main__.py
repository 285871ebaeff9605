"""`make soak`: the national engine on many random worlds, against plans made in other ways; and
the sealed ledger under random changes.

small   very small worlds, against every plan tried; some on two threads, shuffled, spoilt
middle  worlds of up to 200 x 150, against OR-Tools and HiGHS
wide    worlds of many blocks of volunteers, against the plain engine
again   plans taken up again on a later day, against the plain engine begun afresh
broken  solvers broken on purpose: whatever they plan, only the best plan may be certified
decisions  who may see what, in 300 worlds: the policy, the database and a plain reading agree
ledger  a sealed ledger changed behind the hub's back: every change must be found, and its place
reading a ledger of 300,000 lines read again by two processes, and how fast
drill   a hub is backed up, changed and put back: it must be what it was, to the last row
gone    records are disposed of after a backup: when it is put back they must be gone again
canaries  seven years with people who hide: their address and a third person's words are sought
foreign a record asked for by those who may not see it answers like one that is not there
killed  kill -9 under load on SQLite and on PostgreSQL: nothing acknowledged is lost or half there
nonsense  requests that make no sense, to every page, from everybody: none breaks a page
api     every operation of the interface, asked by schemathesis as seven readers
walks   pathway definitions walked at random, 1,000 steps a world each: lawful, with reasons
stored-walks  cases walked at random by the hub's verbs: nothing lost, each transition in the ledger

A world that goes wrong is named by its number: `python -m tests.soak small --seed 123 --count 1`.
A run that is broken off goes on where it stopped, as long as the code is the same commit: what was
done is kept in var/soak.jsonl (`--again` begins afresh).
"""

import argparse
import sys
from pathlib import Path

from tests.soak.kept import ROOT, Kept
from tests.soak.run import COUNTS, run


def main() -> int:
    """Run the campaigns asked for, all of them by default; 0 only if nothing is wrong."""
    parser = argparse.ArgumentParser(
        "python -m tests.soak", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("campaign", nargs="*", help=f"{', '.join(COUNTS)} (default: all)")
    parser.add_argument("--seed", type=int, default=0, help="the first world (0)")
    parser.add_argument("--count", type=int, help="how many worlds of each campaign")
    parser.add_argument("--processes", type=int, default=2, help="how many at once (2)")
    parser.add_argument("--kept", type=Path, default=ROOT / "var" / "soak.jsonl")
    parser.add_argument("--again", action="store_true", help="whatever was done before")
    given = parser.parse_args()
    names = given.campaign or list(COUNTS)
    unknown = [name for name in names if name not in COUNTS]
    if unknown:
        parser.error(f"there is no campaign {unknown[0]}")
    if given.seed < 0 or given.processes < 1 or (given.count is not None and given.count < 1):
        parser.error("counts begin at 1, seeds at 0")
    kept = None if given.again else Kept(given.kept)
    good = [
        run(name, given.seed, given.count or COUNTS[name], given.processes, kept) for name in names
    ]
    print("all is well" if all(good) else "SOMETHING IS WRONG", flush=True)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
