"""In random worlds, the policy, the database's own rows and a plain reading say the same."""

from collections import Counter

import pytest
from django.db import transaction

from tests.support.secured import on_postgresql, raise_wall
from tests.support.three_judges import judge

WORLDS = 4


@pytest.mark.django_db
def test_three_judges_agree_on_every_record_and_category() -> None:
    on_postgresql()
    raise_wall()
    found: Counter[str] = Counter()
    for seed in range(WORLDS):
        with transaction.atomic():
            count, wrong = judge(seed)
        assert wrong == []
        found += count
    # Neither all nor none: the worlds ask something.
    assert found["decisions"] / 40 < found["seen"] < found["decisions"] / 2
    assert found["of cases"] / 40 < found["of cases, seen"] < found["of cases"] / 2
