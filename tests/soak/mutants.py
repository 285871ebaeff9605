"""Mutation testing: `python -m tests.soak.mutants [MODULE ...]`.

Every mutant of the modules that decide who sees what is tried against the tests that matter for it,
in a copy of the last commit, never in the tree itself. Each is tried in a fork of one process that
has loaded the hub and its tests, its quick tests first; what cannot be changed once it is loaded is
tried in a fork that has loaded only what no mutant changes. What was tried is kept in a file, so
that a run goes on where the last one stopped.
"""

import argparse
import ast
import contextlib
import importlib
import importlib.abc
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

from tests.soak import warm
from tests.soak.forks import succeeds
from tests.soak.mutations import Mutant, mutants_of

ROOT = Path(__file__).parents[2]
_POLICY = [["tests/unit/policy"], ["tests/properties/test_policy.py"],
           ["tests/integration/people/test_people_apart.py",
            "tests/integration/people/test_naming_apart.py",
            "tests/integration/people/test_consents_apart.py"],
           ["tests/integration/sharing", "tests/integration/test_revocation.py"]]  # fmt: skip
_SHARING = [["tests/integration/sharing"], ["tests/properties/test_policy.py"]]
_CONSENT = [
    [
        "tests/integration/people/test_consents.py",
        "tests/integration/people/test_consents_apart.py",
    ],
    ["tests/integration/sharing"],
]
_CLEARANCE = [["tests/integration/volunteering/test_credentials.py"],
              ["tests/integration/volunteering/test_schemes.py",
               "tests/integration/volunteering/test_world.py"],
              ["tests/integration/volunteering/web"]]  # fmt: skip
_RETENTION = [["tests/unit/kernel/test_retention.py"],
              ["tests/integration/records/test_retention_facts.py",
               "tests/integration/records/test_retention.py",
               "tests/integration/records/test_retention_apart.py"],
              ["tests/integration/records/test_disposals.py",
               "tests/integration/records/test_erasure.py"],
              ["tests/properties/test_retention_clocks.py"]]  # fmt: skip
# Module → its tests in the order in which they are tried.
TARGETS: dict[str, list[list[str]]] = {
    "stepdown.policy.decide": _POLICY,
    "stepdown.policy.predicates": _POLICY,
    "stepdown.policy.sharing": _POLICY,
    "stepdown.policy.lawful": [*_POLICY[:1], *_SHARING],
    "stepdown.policy.actors": _POLICY,
    "stepdown.sharing.queries.in_force": _SHARING,
    "stepdown.people.queries.consent": _CONSENT,
    "stepdown.people.actions.consents": _CONSENT,
    "stepdown.volunteering.queries.credential": _CLEARANCE,
    "stepdown.volunteering.queries.requirement": _CLEARANCE,
    "stepdown.volunteering.actions.credentials": _CLEARANCE,
    "stepdown.policy.overrides": _POLICY,
    "stepdown.kernel.retention": _RETENTION,
    "stepdown.records.queries.retention": _RETENTION[1:],
    "stepdown.records.queries.schedules": _RETENTION[1:],
    "stepdown.records.actions.retention": _RETENTION[1:],
    "stepdown.records.actions.disposals": [_RETENTION[2], _RETENTION[1], _RETENTION[3]],
    "stepdown.records.queries.keepers": _RETENTION[1:],
}

# Modules whose functions run while they load, and not again: what they made cannot be put in place.
AT_LOAD = {"stepdown.policy.sharing"}


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a text in place of its file."""

    def __init__(self, name: str, source: str, path: Path) -> None:
        self.name, self.source, self.path = name, source, path

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)  # noqa: S102


def copied(home: Path) -> Path:
    """The last commit, in a folder of its own."""
    tree = home / "tree"
    tree.mkdir(parents=True)
    packed = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "HEAD"], capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(tree)], input=packed.stdout, check=True)
    built = ROOT / "src/stepdown/pages/static/build"
    subprocess.run(["cp", "-r", str(built), str(tree / "src/stepdown/pages/static/")], check=True)
    return tree


def load(tree: Path) -> None:
    """Load what no mutant changes: libraries, and the engine with its compiled kernels."""
    sys.path[:0] = [str(tree / "src"), str(tree)]
    for name in [name for name in sys.modules if name.split(".")[0] in {"tests", "stepdown"}]:
        del sys.modules[name]
    stepdown = importlib.import_module("stepdown")
    own = list(stepdown.__path__)
    stepdown.__path__[:] = [str(ROOT / "src" / "stepdown")]
    for name in ("stepdown.kernel", "stepdown.matching"):
        package = importlib.import_module(name)
        for path in Path(next(iter(package.__path__))).rglob("*.py"):
            parts = path.relative_to(ROOT / "src").with_suffix("").parts
            if parts[-1] not in {"__init__", "__main__"} and ".".join(parts) not in TARGETS:
                importlib.import_module(".".join(parts))
    stepdown.__path__[:] = own
    for name in ("pytest", "hypothesis", "django.test", "django.contrib.auth.models", "allauth",
                 "playwright.sync_api", "psycopg", "scipy.optimize", "ortools", "bs4"):  # fmt: skip
        with contextlib.suppress(Exception):  # only to spare the forks some time
            importlib.import_module(name)


def passes(tree: Path, module: str, source: str, tests: list[str]) -> bool:
    """Whether the tests pass with this source in place of the module's, all loaded anew."""

    def work() -> int:
        import pytest

        os.chdir(tree)
        path = tree / "src" / Path(*module.split(".")).with_suffix(".py")
        sys.meta_path.insert(0, Changed(module, source, path))
        return int(pytest.main(["-x", *warm.WORDS, *tests]))

    return succeeds(work, tree.parent / "said")


class Judge:
    """Says whether the tests notice a mutant: quickly where that can be, else from the start."""

    def __init__(self, tree: Path, stages: int, tests: list[str]) -> None:
        self.tree, self.stages = tree, stages
        fork = get_context("fork")
        self.asked, other = fork.Pipe()
        self.server = fork.Process(target=warm.serve, args=(other, tree, tests), daemon=True)
        self.server.start()
        other.close()
        self.asked.recv()

    def _passes_warm(self, module: str, before: str, after: str, tests: list[str]) -> bool | None:
        self.asked.send((module, before, after, tests))
        found: bool | None = self.asked.recv()
        return found

    def noticed_as_it_is(self, module: str, source: str) -> bool:
        """Whether a test fails though nothing was changed."""
        return not all(
            self._passes_warm(module, source, source, tests)
            for tests in TARGETS[module][: self.stages]
        )

    def tried(self, module: str, source: str, mutant: Mutant) -> str:
        """``killed`` with the stage that noticed, ``survived``, or ``left`` with stages untried.

        One that can be put in place is never tried from the start: where what was worked out
        while the hub loaded hides it, it is said to survive, which errs on the safe side.
        """
        before = ast.unparse(ast.parse(source))
        stages = TARGETS[module][: self.stages]
        for stage, tests in enumerate(stages, 1):
            found = None
            if module not in AT_LOAD:
                found = self._passes_warm(module, before, mutant.source, tests)
            if found is None:
                found = passes(self.tree, module, mutant.source, tests)
            if not found:
                return f"killed {stage}"
        return "survived" if len(stages) == len(TARGETS[module]) else "left"


def main() -> int:
    """Try every mutant of the modules that was not tried yet; say what survived."""
    parser = argparse.ArgumentParser("python -m tests.soak.mutants", description=__doc__)
    parser.add_argument("module", nargs="*", help=f"of {', '.join(TARGETS)} (default: all)")
    parser.add_argument("--kept", type=Path, default=Path("var/mutants.jsonl"))
    parser.add_argument("--seconds", type=int, default=24 * 3600, help="then stop; go on later")
    parser.add_argument("--every", type=int, default=1, help="only one mutant of so many")
    parser.add_argument("--stages", type=int, default=9, help="only so many stages of tests")
    given = parser.parse_args()
    names = given.module or list(TARGETS)
    until = time.monotonic() + given.seconds
    kept: Path = given.kept.resolve()
    kept.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    known = {(one["module"], one["name"]): one["became"] for one in lines}
    if given.stages > 1:  # what quick tests left is tried again by all
        known = {key: became for key, became in known.items() if became != "left"}
    with tempfile.TemporaryDirectory(prefix="stepdown-mutants-") as home:
        tree = copied(Path(home))
        load(tree)
        every = {test: None for name in names for stage in TARGETS[name][: given.stages]
                 for test in stage}  # fmt: skip
        judge = Judge(tree, given.stages, list(every))
        for module in names:
            source = (tree / "src" / Path(*module.split(".")).with_suffix(".py")).read_text()
            if judge.noticed_as_it_is(module, source):
                print((tree.parent / "said-warm").read_text()[-3000:])
                print(f"{module}: its tests do not pass as it is", flush=True)
                return 1
            found = [m for at, m in enumerate(mutants_of(source)) if at % given.every == 0]
            for mutant in found:
                if (module, mutant.name) in known or time.monotonic() > until:
                    continue
                became = judge.tried(module, source, mutant)
                known[module, mutant.name] = became
                with kept.open("a") as out:
                    said = {"module": module, "name": mutant.name, "became": became}
                    out.write(json.dumps(said) + "\n")
                if became == "survived":
                    print(f"{module}:{mutant.name}", flush=True)
            mine = [known[module, m.name] for m in found if (module, m.name) in known]
            dead = sum(one.startswith("killed") for one in mine)
            print(f"{module}: {len(mine)} of {len(found)} mutants tried, {dead} killed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
