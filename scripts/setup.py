"""Make the environment: Python packages, styles, words, compiled kernels. Run by ``make setup``.

Uses the standard library alone, with whichever Python the machine has. Each step runs again only
when something that it is made from has changed: a second run takes about a second.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / ".stamps"


class SetupError(Exception):
    """A step failed; the message says which, and what to do."""


def run(*command: str | Path) -> None:
    """Run one command from the project's folder, its output shown."""
    done = subprocess.run(
        [str(c) for c in command], cwd=ROOT, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        words = " ".join(str(c).removeprefix(f"{ROOT}/") for c in command)
        raise SetupError(f"This failed (exit code {done.returncode}): {words}")


def contents(*paths: Path) -> bytes:
    """A digest of what files say, so that a fresh checkout of the same files changes nothing."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()


def times(paths: Iterable[Path]) -> bytes:
    """A digest of when files were written: what a compiler's cache goes by."""
    lines = (f"{path} {path.stat().st_mtime_ns}" for path in sorted(paths))
    return hashlib.sha256("\n".join(lines).encode()).digest()


def step(name: str, made_from: bytes, made: Path | None, act: Callable[[], None]) -> None:
    """Do ``act`` unless it was done from the same things before and its result still stands."""
    stamp = STAMPS / name
    token = hashlib.sha256(str(ROOT).encode() + made_from).hexdigest()
    if stamp.exists() and stamp.read_text() == token and (made is None or made.exists()):
        return
    print(f"setup: {name}", flush=True)
    act()
    stamp.write_text(token)


def _runs(python: Path) -> bool:
    """Whether this interpreter starts and is new enough."""
    try:
        test = "import sys; sys.exit(sys.version_info < (3, 11))"
        return (
            subprocess.run([python, "-c", test], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def environment() -> None:
    """A virtual environment at this path; one that was moved or that no longer runs is remade."""
    home = STAMPS / "home"
    moved = home.exists() and home.read_text() != str(ROOT)
    if not moved and _runs(PYTHON):
        STAMPS.mkdir(exist_ok=True)
        home.write_text(str(ROOT))
        return
    print("setup: environment", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", VENV], check=False)
    if done.returncode:
        raise SetupError(
            "No virtual environment could be made. On Debian: apt-get install python3-venv"
        )
    STAMPS.mkdir()
    home.write_text(str(ROOT))


def project() -> bytes:
    """The parts of pyproject.toml that an installed project depends on."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return repr([stated["build-system"], stated["project"], stated["tool"]["hatch"]]).encode()


def words() -> None:
    """Compile the translations; without msgfmt the pages are in English."""
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        print("setup: msgfmt not found, so pages are in English (apt-get install gettext)")
        return
    for catalogue in sorted((ROOT / "src").rglob("*.po")):
        run(msgfmt, "--check-format", "-o", catalogue.with_suffix(".mo"), catalogue)


def main() -> int:
    """All steps in order; 1 with one plain line where one fails."""
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet"]
    lock = ROOT / "requirements" / "dev.txt"
    modules = ROOT / "node_modules"
    matching = ROOT / "src" / "stepdown" / "matching"
    catalogues = sorted((ROOT / "src").rglob("*.po"))
    try:
        environment()
        step("packages", contents(lock), None, lambda: run(*pip, "--require-hashes", "-r", lock))
        step(
            "project",
            project(),
            VENV / "bin" / "stepdown",
            lambda: run(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT),
        )
        step(
            "node",
            contents(ROOT / "package.json", ROOT / "package-lock.json"),
            modules / "govuk-frontend",
            lambda: run(
                PYTHON,
                ROOT / "scripts" / "npm.py",
                "ci",
                "--loglevel=error",
                "--no-audit",
                "--no-fund",
            ),
        )
        run(PYTHON, ROOT / "scripts" / "build_assets.py")  # knows for itself what has changed
        if catalogues:
            step("words", contents(*catalogues), None, words)
        step(
            "kernels",
            times(matching.rglob("*.py")),
            None,
            lambda: run(PYTHON, "-m", "stepdown.matching.warm"),
        )
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
