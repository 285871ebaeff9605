"""The ways a verb can fail, in words that a page may show."""

from collections.abc import Mapping


class StepdownError(Exception):
    """Base of all errors raised on purpose. The text never holds personal data."""


class Unusable(StepdownError):
    """Something that the hub stands on is not as it must be: a key, a file. The text says what."""


class NotVisible(StepdownError):
    """For this actor the record does not exist. Pages answer 404, the same as for a wrong id."""


class Refused(StepdownError):
    """The actor may see the record, but this may not be done. ``reason`` is plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Conflict(Refused):
    """The actor may do this, but not as the record stands now. Programs are told so: 409."""


class InvalidInput(StepdownError):
    """What was given cannot be taken: field name → message, to be shown beside the field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in errors.items()))
        self.errors = dict(errors)
