"""Planning a nation: the engine and the best chain of public parts, on the same sets.

`python -m benchmarks.bench_national [--missing] [--part=PART] [SET ...]` measures the sets named,
keeps the figures in `results.json` and writes `docs/performance.md`. `--missing` leaves out what
has been measured on this machine before; `--part=ours` or `--part=public` takes one side alone.
Each part runs in a process of its own, so that memory is told apart.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import report, store
from benchmarks.store import Figures

HERE = Path(__file__).resolve().parent
USUAL = ("plain", "small", "medium", "large", "mbal")
LONG = ("mskill", "lbal", "nation")
ASSIGNMENTS = ("plain",)
AGAIN = ("small", "medium", "large")
OURS_ALONE = ("nation",)  # beyond the memory of the public parts


def parts_of(name: str) -> list[str]:
    """The parts of a set, in the order they run."""
    parts = ["ours"] if name in OURS_ALONE else ["ours", "public"]
    parts += ["replan"] if name in AGAIN else []
    return [*parts, "assignment"] if name in ASSIGNMENTS else parts


def run(part: str, name: str, folder: Path) -> Figures:
    """One part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.parts", part, name, str(folder)]
    done = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def worth(figures: Figures) -> list[int]:
    """What plans are compared by."""
    return [*figures["filled_by_band"], figures["quality"]]


def agree(name: str, found: Figures) -> None:
    """Nobody's plan is better than a proven one; whoever had all pairs found one as good.

    AssertionError where that is not so: then the figures mean nothing.
    """
    proven = found.get("ours")
    if proven is None:
        return
    assert proven["ok"], f"{name}: not proven"
    public = found.get("public", {})
    for other in (public, public.get("greedy")):
        assert not other or worth(other) <= worth(proven), f"{name}: a better plan was found"
    for whole in (public.get("complete"), found.get("assignment")):
        assert not whole or worth(whole) == worth(proven), f"{name}: the optima differ"


def measure(name: str, wanted: list[str]) -> None:
    """The parts wanted of one set, each kept as soon as it is there."""
    print(f"== {name}: {', '.join(wanted)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="stepdown-bench-") as made:
        folder = Path(made)
        store.save(name, "set", run("make", name, folder))
        run("warm", name, folder)
        for part in wanted:
            figures = run(part, name, folder)
            store.save(name, part, figures)
            seconds, peak = figures["seconds"], figures.get("peak_mib", 0)
            print(f"  {part:12} {seconds:10.3f} s {peak:8,.0f} MiB", flush=True)
            agree(name, store.of_this_machine(store.load())["sets"][name])
    report.write()


def main(arguments: list[str]) -> int:
    """The sets named, or the usual ones."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("sets", nargs="*", choices=[*USUAL, *LONG, []], metavar="SET")
    reader.add_argument("--missing", action="store_true")
    reader.add_argument(
        "--part", action="append", choices=["ours", "public", "assignment", "replan"]
    )
    chosen = reader.parse_args(arguments)
    for name in chosen.sets or USUAL:
        there = store.of_this_machine(store.load())["sets"].get(name, {})
        wanted = [part for part in parts_of(name) if part in (chosen.part or parts_of(name))]
        if chosen.missing:
            wanted = [part for part in wanted if part not in there]
        if wanted:
            measure(name, wanted)
    report.write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
