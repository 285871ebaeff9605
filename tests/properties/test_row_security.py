"""In random worlds, the policy, the database's own rows and a plain reading say the same."""

import pytest
from django.db import transaction

from tests.support.secured import on_postgresql, raise_wall
from tests.support.three_judges import judge

WORLDS = 6


@pytest.mark.django_db
def test_three_judges_agree_on_every_record_and_category() -> None:
    on_postgresql()
    raise_wall()
    decisions = seen = 0
    for seed in range(WORLDS):
        with transaction.atomic():
            count, wrong = judge(seed)
        assert wrong == []
        decisions += count["decisions"]
        seen += count["seen"]
    # Neither all nor none: the worlds ask something.
    assert decisions / 20 < seen < decisions / 2
