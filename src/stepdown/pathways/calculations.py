"""What a step's answers lead to by calculation, shown below them. A definition names one.

Each is a pure function of the answers, so that whoever has the same answers comes to the same
result, here or elsewhere.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Answers = Mapping[str, object]


@dataclass(frozen=True)
class Calculation:
    """Its name in a definition, the questions it reads, its words, and the working out: "" where
    the answers do not allow one."""

    key: str
    takes: tuple[str, ...]
    words: str
    work_out: Callable[[Answers], str]


def drawn(seed: int, size: int, of: int) -> tuple[int, ...]:
    """The places, from 1, that a sample of ``size`` out of a list of ``of`` takes, in order.

    Every place is ranked by the SHA-256 of "seed:place" (as decimal numbers, in ASCII); the lowest
    are drawn. So each set of places is as likely as any other, a larger sample holds the smaller,
    and a spreadsheet or any language can draw it again.
    """

    def rank(place: int) -> bytes:
        return hashlib.sha256(f"{seed}:{place}".encode("ascii")).digest()

    return tuple(sorted(sorted(range(1, of + 1), key=rank)[:size]))


MOST = 100_000  # records on a list; more would keep a page waiting


def _drawn_sample(answers: Answers) -> str:
    seed, size, of = (answers.get(key) for key in ("seed", "size", "list-size"))
    if not (isinstance(seed, int) and isinstance(size, int) and isinstance(of, int)):
        return ""
    return ", ".join(map(str, drawn(seed, size, of))) if of <= MOST else ""


CALCULATIONS: Mapping[str, Calculation] = {
    one.key: one
    for one in (
        Calculation(
            "drawn-sample",
            ("seed", "size", "list-size"),
            "Places drawn",
            _drawn_sample,
        ),
    )
}
