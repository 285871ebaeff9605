"""The solver broken on purpose, in many ways, in a process where its kernels are plain Python.

`python -m tests.soak.broken FIRST COUNT` plans small worlds with each broken solver and writes a
line a plan: the seed, what was broken, and the claim the solver makes, or what it died of.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from stepdown.matching.certify import Claim

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "stepdown.matching.national"
MOST = 5  # volunteers and needs of a world
SECONDS = 5  # a broken search may never end
NOTHING = "nothing broken"
BACKWARDS = "needs filled backwards"
NO_GIFTS = "the short way to a first choice never taken"
HARMLESS = (NOTHING, BACKWARDS, NO_GIFTS)  # whatever the order or the way, the plan is the best

Wrap = Callable[[Any], Any]


def _always(value: Any) -> Wrap:
    return lambda was: lambda *given: value


def _after(change: Callable[[Any], Any]) -> Wrap:
    return lambda was: lambda *given: change(was(*given))


def _no_more_pairs(was: Any) -> Any:
    """Lists nothing, and says that nothing was left out."""
    from stepdown.matching.national import rows as module

    def extend(m: int, k: int, cut: int, part: int, index: Any, known: Any, bounds: Any,
               rows: Any, *rest: Any) -> bool:  # fmt: skip
        rows.row[m, module.FLOOR] = -(1 << 40)
        return True

    return extend


def _floor_lowered(was: Any) -> Any:
    """Keeps one pair of those found, and says that none was left out."""

    def gather(m: int, k: int, cut: int, *rest: Any) -> tuple[int, int]:
        count, _ = was(m, 1, cut, *rest)
        return count, -(1 << 40)

    return gather


def _pairs_hidden(was: Any) -> Any:
    """Forgets a pair of each search."""
    return lambda *given: (lambda found: (max(0, found[0] - 1), found[1]))(was(*given))


def _same_end(was: Any) -> Any:
    """Finds no way on from here."""

    def search(*given: Any) -> Any:
        return given[3], given[4]

    return search


# What is broken: the function, and how.
WAYS: dict[str, tuple[str, Wrap]] = {
    NOTHING: ("in_turn", lambda was: was),
    BACKWARDS: ("in_turn", _after(lambda order: order[::-1].copy())),
    "pairs hidden: nothing listed later": ("extend", _no_more_pairs),
    "floors lowered: one pair listed of many": ("gather", _floor_lowered),
    "pairs hidden: one of each search": ("gather", _pairs_hidden),
    "journeys earn half": ("travel", _after(lambda points: points // 2)),
    "journeys earn nothing": ("travel", _always(0)),
    "credentials always hold": ("dates_hold", _always(True)),
    "credentials never hold": ("dates_hold", _always(False)),
    "known pairs break no rule": ("broken_rules", _always(0)),
    "known pairs break a rule": ("broken_rules", _always(1)),
    "nobody gives a place up": ("_give_up", _same_end),
    "slots in use are forgotten": ("mark_used", _always(None)),
    "always the first slot": ("lowest", _always(0)),
    "always the slot after": ("lowest", _after(lambda slot: slot + 1)),
    "bands hardly differ": ("band_step", _always(7)),
    "bands do not differ": ("band_step", _always(1)),
    "whole blocks passed over": ("gap_squared", _always(1 << 40)),
    NO_GIFTS: ("_direct", _always(False)),
}  # fmt: skip


def _modules() -> list[ModuleType]:
    """The solver's modules: the certificate's stay whole."""
    mine = [module for name, module in sys.modules.items() if name.startswith(PACKAGE)]
    return [module for module in mine if ".check" not in module.__name__]


def _has(module: ModuleType, name: str) -> bool:
    """Whether a module uses a function by this name (a package also knows its modules by name)."""
    return hasattr(module, name) and not isinstance(getattr(module, name), ModuleType)


def _original(name: str) -> Any:
    for module in _modules():
        if _has(module, name):
            return getattr(module, name)
    raise LookupError(f"The solver has no {name} any more: break something else (WAYS)")


def _put(name: str, value: Any) -> int:
    """Put something in the place of a function wherever it is used; how many places there were."""
    used = [module for module in _modules() if _has(module, name)]
    for module in used:
        setattr(module, name, value)
    return len(used)


def _trailing_zeros(word: Any) -> int:
    number = int(word)
    return (number & -number).bit_length() - 1


class _TooLong(Exception):
    pass


def _ring(number: int, frame: FrameType | None) -> None:
    raise _TooLong


def _claim(problem: Any) -> dict[str, Any]:
    from stepdown.matching.national.plan import claim_of
    from stepdown.matching.national.solve import prefetch, solve
    from stepdown.matching.national.state import begin

    state = begin(problem.arrays, 2)
    prefetch(state, 1, None)
    state, _ = solve(state, threads=1)
    claim, _ = claim_of(state, problem.arrays)
    return {
        name: value if isinstance(value, int) else value.tolist()
        for name, value in claim._asdict().items()
    }


def main(first: int, count: int) -> None:
    """Plan ``count`` worlds from seed ``first`` on with every broken solver."""
    import numpy as np

    import stepdown.matching.national.plan as whole
    from tests.soak.worlds import small_world

    np.seterr(all="ignore")
    assert whole is not None
    _put("trailing_zeros", _trailing_zeros)  # compiled only
    signal.signal(signal.SIGALRM, _ring)
    originals = {name: _original(name) for name, _ in WAYS.values()}
    for seed in range(first, first + count):
        problem = small_world(seed, MOST)
        for way, (name, wrap) in WAYS.items():
            _put(name, wrap(originals[name]))
            line: dict[str, Any] = {"seed": seed, "way": way}
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
            try:
                line["claim"] = _claim(problem)
            except _TooLong:
                line["died"] = "did not end"
            except Exception as error:  # whatever a broken solver dies of is an answer
                line["died"] = f"{type(error).__name__}: {error}"
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                _put(name, originals[name])
            print(json.dumps(line), flush=True)


def plans_of_broken_solvers(first: int, count: int) -> Iterator[tuple[int, str, Claim | None]]:
    """The seed, what was broken, and the claim made (None where the solver died), from a child."""
    import numpy as np

    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-W", "ignore", "-m", "tests.soak.broken", str(first), str(count)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for text in child.stdout:
            line = json.loads(text)
            if "claim" not in line:
                yield line["seed"], line["way"], None
                continue
            values: dict[str, Any] = {
                name: value if isinstance(value, int) else np.array(value, np.int64)
                for name, value in line["claim"].items()
            }
            yield line["seed"], line["way"], Claim(**values)
    if child.returncode:
        raise RuntimeError(f"The process of the broken solvers ended with {child.returncode}")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
