"""Which conditions go with which basis, as Articles 6 and 9, and Schedules 1 and 8, have it."""

import pytest

from stepdown.policy.categories import Category
from stepdown.policy.lawful import Basis, Condition, fits, needs_condition

MORE = {Category.HEALTH, Category.OFFENCE, Category.SAFEGUARDING, Category.EQUALITY}


@pytest.mark.parametrize("category", Category)
def test_data_that_the_law_protects_more_needs_a_condition(category: Category) -> None:
    assert needs_condition(frozenset({category})) == (category in MORE)
    assert needs_condition(frozenset({category, Category.HEALTH}))
    assert not needs_condition(frozenset())


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("condition", Condition)
def test_a_condition_goes_with_the_basis_of_its_own_regime(
    basis: Basis, condition: Condition
) -> None:
    if condition is Condition.EXPLICIT_CONSENT:
        right = basis is Basis.CONSENT
    elif condition.name.startswith("LE_"):
        right = basis is Basis.LAW_ENFORCEMENT
    else:
        right = basis is not Basis.LAW_ENFORCEMENT
    assert fits(basis, condition) is right
