"""Everything that can be known without running the tests: style, types, layers, migrations."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "files": ["python", "-m", "scripts.tree"],
    "layers": ["lint-imports", "--no-logo"],
    "types": ["mypy"],
    "migrations": ["django-admin", "makemigrations", "--check", "--dry-run"],
}


def check() -> list[str]:
    """Run every check, whatever the others say; the names of those that failed."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "stepdown.config.settings.test"}
    failed = []
    for name, (tool, *arguments) in CHECKS.items():
        started = time.monotonic()
        done = subprocess.run([TOOLS / tool, *arguments], cwd=ROOT, env=environment, check=False)
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"check: {name} {verdict} ({time.monotonic() - started:.0f} s)", flush=True)
        if done.returncode:
            failed.append(name)
    return failed


if __name__ == "__main__":
    sys.exit(1 if check() else 0)
