"""Run benchmarks: `make bench`, or `python benchmarks/run.py [NAME ...]`.

A name is that of a benchmark (a module bench_*.py) or of a set of the national one; without any,
all benchmarks run, the national one on its usual sets.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Each benchmark has a process of its own."""
    found = {path.stem.removeprefix("bench_"): path.stem for path in HERE.glob("bench_*.py")}
    options = [name for name in names if name.startswith("-")]
    sets = [name for name in names if name not in found and name not in options]
    chosen = [name for name in names if name in found]
    if sets or options:
        chosen = sorted({*chosen, "national"})
    worst = 0
    for name in chosen or sorted(found):
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{found[name]}"]
        if name == "national":
            command += [*options, *sets]
        worst = max(worst, subprocess.run(command, cwd=HERE.parent, check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
