"""Run every benchmark: `make bench`, or `python benchmarks/run.py [NAME ...]`."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Each benchmark is a module bench_*.py with a process of its own."""
    found = {path.stem.removeprefix("bench_"): path.stem for path in HERE.glob("bench_*.py")}
    unknown = [name for name in names if name not in found]
    if unknown:
        print(f"No benchmark named {', '.join(unknown)}: there are {', '.join(sorted(found))}")
        return 2
    worst = 0
    for name in names or sorted(found):
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{found[name]}"]
        worst = max(worst, subprocess.run(command, cwd=HERE.parent, check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
