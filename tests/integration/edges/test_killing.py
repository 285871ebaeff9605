"""Short form of a campaign (`make soak`): the hub is killed outright while it is used."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def test_nothing_acknowledged_is_lost_by_a_kill() -> None:
    """On whichever database these tests run, in a hub of its own."""
    database = "postgresql" if os.environ.get("STEPDOWN_DATABASE_URL") else "sqlite"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("STEPDOWN_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tests.soak.killing", database, "--rounds", "2"],
        env=kept, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    total, wrong = json.loads(done.stdout.splitlines()[-1])
    assert wrong == []
    assert total["kills"] == 2
    assert total["referrals acknowledged"] > 0


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"started": ["R-LOST-0000"], "answered": {}, "asked": {}}, "acknowledged and lost"),
        ({"started": [], "answered": {"R": ["self"]}, "asked": {"R": ["self"]}}, "0 in the ledger"),
    ],
)
@pytest.mark.django_db
def test_what_is_lost_would_be_seen(kept: dict[str, object], said: str) -> None:
    from stepdown.casework.actions import referrals
    from stepdown.policy.actors import Actor
    from tests.soak.killed_records import faults

    started, _code = referrals.start(by=Actor.public())
    renamed = json.loads(json.dumps(kept).replace('"R"', f'"{started.reference}"'))
    assert faults({"started": [], "answered": {}, "asked": {}}, whole=False) == []
    assert any(said in one for one in faults(renamed, whole=False))


@pytest.mark.django_db
def test_a_record_without_its_line_would_be_seen() -> None:
    from stepdown.casework.models import Referral
    from stepdown.kernel import clock
    from tests.soak.killed_records import faults

    Referral.objects.create(reference="R-0000-0001", started_at=clock.now())
    found = faults({"started": [], "answered": {}, "asked": {}}, whole=False)
    assert any("without its line" in one for one in found)
