"""A number that no other record of the test has."""

from itertools import count

_numbers = count(1)


def fresh() -> int:
    """The next number."""
    return next(_numbers)
