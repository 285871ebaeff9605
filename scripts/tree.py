"""What must hold of the files themselves: their length, and nothing in them of one machine."""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
QUESTION, DEFECT = 300, 500  # lines in one Python file

# Package indexes, and options that name one: the lock files must work with any.
ADDRESSES = re.compile(
    r"\b(?:(?:files\.)?pythonhosted\.org|pypi\.org|registry\.(?:npmjs\.org|yarnpkg\.com)"
    r"|(?:deb|security)\.debian\.org)|^--(?:extra-)?index-url\b",
    re.IGNORECASE | re.MULTILINE,
)
# Home folders of somebody's machine, of whatever system.
HOMES = re.compile(r"(?<![\w.*])/(?:home|Users)/[a-z][\w.-]*/|(?<![\w.*])/r[o]ot/")


def tracked() -> list[Path]:
    """The files under version control; those of a plain copy are all that lie in it, so none."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    names = done.stdout.decode().split("\0") if done.returncode == 0 else []
    return [path for name in names if name and (path := ROOT / name).is_file()]


def long_files(paths: Iterable[Path], limit: int) -> Iterator[tuple[Path, int]]:
    """Python files with more lines than ``limit``, and how many; what Django writes is left out."""
    for path in paths:
        if path.suffix == ".py" and path.parent.name != "migrations":
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit:
                yield path, lines


def machine_paths(root: Path) -> "re.Pattern[str]":
    """What the folder around this copy, or this copy, is called: no file may know it."""
    anywhere = {Path("/"), Path(tempfile.gettempdir()), Path("/tmp"), Path.home()}  # noqa: S108
    known = [str(root), *([str(root.parent)] if root.parent not in anywhere else [])]
    return re.compile(r"(?<![\w.*])(?:" + "|".join(map(re.escape, known)) + ")/")


def leaks(text: str, root: Path = ROOT) -> list[str]:
    """Paths of one machine and addresses of package indexes in a text."""
    patterns = (ADDRESSES, HOMES, machine_paths(root))
    return [match[0] for pattern in patterns for match in pattern.finditer(text)]


def unhashed(requirements: str) -> list[str]:
    """The requirements in a lock file that no hash guards."""
    logical = requirements.replace("\\\n", " ").splitlines()
    return [line for line in logical if line.strip() and "--hash=sha256:" not in line]


def unpinned(wanted: Iterable[str], lock: str) -> list[str]:
    """The dependencies that a lock file misses, or pins at a version they do not allow."""
    pins = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    needs = map(Requirement, wanted)
    return [
        str(need)
        for need in needs
        if not need.specifier.contains(pinned.get(canonicalize_name(need.name), "0"), True)
    ]


def resolved(lock: str) -> list[str]:
    """The packages in an npm lock file that say where they were downloaded from."""
    packages = json.loads(lock)["packages"]
    return [name for name, package in packages.items() if "resolved" in package]


def faults() -> list[str]:
    """Everything wrong with the files, one line each."""
    files = tracked()
    found = [f"{p.relative_to(ROOT)}: {n} lines" for p, n in long_files(files, DEFECT)]
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: says {leak}" for leak in leaks(text)]
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base, extra = stated["dependencies"], stated["optional-dependencies"]["dev"]
    for name, wanted in (("base.txt", base), ("dev.txt", [*base, *extra])):
        lock = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        found += [f"requirements/{name}: no hash: {line}" for line in unhashed(lock)]
        found += [f"requirements/{name}: not pinned: {line}" for line in unpinned(wanted, lock)]
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    found += [f"package-lock.json: says where {name} came from" for name in resolved(lock)]
    return found


def main() -> int:
    """Print the faults, and the long files that are only a question; 1 where there is a fault."""
    for path, lines in long_files(tracked(), QUESTION):
        print(f"a question: could {path.relative_to(ROOT)} ({lines} lines) be two files?")
    wrong = faults()
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
