"""The ways a verb can fail."""

import pytest

from stepdown.kernel.errors import InvalidInput, NotVisible, Refused, StepdownError


def test_refusal_carries_its_reason_for_the_page() -> None:
    assert Refused("The need is closed.").reason == "The need is closed."


def test_invalid_input_keeps_a_message_for_each_field() -> None:
    errors = {"email": "Enter an email address."}
    invalid = InvalidInput(errors)
    errors["email"] = "changed"
    assert invalid.errors == {"email": "Enter an email address."}
    assert str(invalid) == "email: Enter an email address."


@pytest.mark.parametrize("error", [NotVisible("x"), Refused("x"), InvalidInput({})])
def test_every_failure_on_purpose_is_one_of_ours(error: Exception) -> None:
    assert isinstance(error, StepdownError)
