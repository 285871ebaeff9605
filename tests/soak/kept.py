"""What a campaign has done already, so that a run that was broken off goes on where it stopped.

A line of the file is a batch without a fault: campaign, first world, how many, what was counted,
the commit of the code and the day. A batch with a fault is not kept, so that it is tried again.
"""

import json
import subprocess
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commit() -> str:
    """The commit of the code at work, with a plus where files differ from it; empty outside git."""
    words = ["git", "-C", str(ROOT), "describe", "--always", "--abbrev=9", "--dirty=+"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip()


class Kept:
    """The batches done by the code of one commit, in a file; nothing is kept without a file."""

    def __init__(self, path: Path | None) -> None:
        self.path, self.commit = path, commit()
        self._done: dict[tuple[str, int, int], Counter[str]] = {}
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                one = json.loads(line)
                if one["commit"] == self.commit and not self.commit.endswith("+"):
                    key = one["campaign"], one["first"], one["worlds"]
                    self._done[key] = Counter(one["counted"])

    def done(self, campaign: str, first: int, worlds: int) -> Counter[str] | None:
        """What a batch counted that needs no second run; None where it has to be run."""
        return self._done.get((campaign, first, worlds))

    def keep(self, campaign: str, first: int, worlds: int, counted: Counter[str]) -> None:
        """Write a batch without a fault down."""
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        line = {
            "campaign": campaign, "first": first, "worlds": worlds, "counted": dict(counted),
            "commit": self.commit, "on": datetime.now(UTC).date().isoformat(),
        }  # fmt: skip
        with self.path.open("a") as out:
            out.write(json.dumps(line) + "\n")
