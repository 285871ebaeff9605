"""Two years of a hub, the second with what the first left behind. Seven, with backups and what is
put back from them: ``python -m tests.soak canaries``."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.canary_years import THIRD, Years, settle, third_in


@pytest.mark.django_db
def test_nothing_of_years_tells_where_somebody_hides_or_what_a_third_person_said(
    settings: Any, tmp_path: Path
) -> None:
    for name in ("HOME", "KEYS", "INDEX", "INDEX_FROM", "DISPOSALS"):
        setattr(settings, f"STEPDOWN_{name}", getattr(settings, f"STEPDOWN_{name}"))
    settle(tmp_path)
    years = Years(tmp_path)
    years.year(0, browse=False)  # the pages of a year: test_canaries_leaving
    years.year(1, browse=False)
    assert years.wrong == []
    assert years.counts["records disposed of"] == 2
    assert years.counts["texts leaving"] > 12
    assert years.counts["texts inside"] > 1000
    # The looking itself finds what is there.
    years.look("leaving", [("here", f"He said: {THIRD}")], third=True)
    assert years.wrong == ["here: what a third person said"]
    assert third_in(THIRD)
