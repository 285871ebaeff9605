"""What a passport opens: which schemes ask for a check, and what somebody still lacks for each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stepdown.kernel import clock
from stepdown.kernel.dated import in_force
from stepdown.people.models import Person
from stepdown.volunteering.queries.credential import held_on
from stepdown.volunteering.queries.scheme import schemes


@dataclass(frozen=True)
class TopUp:
    """A scheme, and the names of the checks that are missing for it today; none: all is there.

    ``old_enough`` is None where the scheme asks for no age or the date of birth is not known.
    """

    scheme: str
    missing: tuple[str, ...]
    minimum_age: int | None
    old_enough: bool | None

    @property
    def complete(self) -> bool:
        """Whether nothing stands in the way today."""
        return not self.missing and (self.minimum_age is None or self.old_enough is True)


def served_by(types: Iterable[str], on: date | None = None) -> dict[str, list[str]]:
    """Credential type → names of the schemes that ask for it on the day. Four queries."""
    wanted, on = set(types), on or clock.today()
    found: dict[str, list[str]] = defaultdict(list)
    for scheme in schemes():
        asked = in_force(scheme.requirement_sets.all(), on)
        for one in asked.credential_types.all() if asked else ():
            if one.pk in wanted:
                found[one.pk].append(scheme.name)
    return dict(found)


def top_ups(person: Person, on: date | None = None) -> list[TopUp]:
    """Every scheme with what the person lacks for it on the day, nearest to complete first."""
    on = on or clock.today()
    held = held_on([person.pk], on).get(person.pk, frozenset())
    found = []
    for scheme in schemes():
        asked = in_force(scheme.requirement_sets.all(), on)
        types = list(asked.credential_types.all()) if asked else []
        youngest = asked.minimum_age if asked else None
        found.append(
            TopUp(
                scheme=scheme.name,
                missing=tuple(sorted(one.name for one in types if one.pk not in held)),
                minimum_age=youngest,
                old_enough=_old_enough(person.date_of_birth, youngest, on),
            )
        )
    return sorted(found, key=lambda one: (len(one.missing), one.scheme))


def _old_enough(born: date | None, youngest: int | None, on: date) -> bool | None:
    if born is None or youngest is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day)) >= youngest
