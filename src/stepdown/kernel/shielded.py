"""A value that must never leave by accident: where somebody hides.

It has no words, no JSON and no pickle, and it equals nothing but itself. ``reveal`` is the only way
to what is in it; a test lists every module that may call it.
"""

from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")
PROTECTED = "[protected]"


class Shielded(Generic[T]):
    """Keeps a value out of sight: ``repr``, ``str`` and ``format`` say that it is protected."""

    __slots__ = ("__value",)

    def __init__(self, value: T) -> None:
        self.__value = value

    def __repr__(self) -> str:
        return PROTECTED

    def __format__(self, _form: str) -> str:
        return PROTECTED

    def __copy__(self) -> "Shielded[T]":
        return self

    def __deepcopy__(self, _known: object) -> "Shielded[T]":
        return self

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("A shielded value is never written out.")

    def __getstate__(self) -> NoReturn:
        raise TypeError("A shielded value is never written out.")


def reveal(shielded: Shielded[T]) -> T:
    """What is in it. Whoever calls this answers for where it goes: never into a page, a message,
    a log, an exception or a file."""
    value: T = object.__getattribute__(shielded, "_Shielded__value")
    return value
