"""What time alone breaks: required checks that no longer hold on a day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from stepdown.volunteering.models import Credential, Need, Placement
from stepdown.volunteering.models.credential import CredentialState
from stepdown.volunteering.queries.requirement import requirements_for

Periods = dict[tuple[UUID, str], list[tuple[date, date | None]]]


def held_periods(people: Iterable[UUID], types: Iterable[str]) -> Periods:
    """(person, credential type) → the periods of their current credentials. One query."""
    found: Periods = defaultdict(list)
    rows = Credential.objects.filter(
        person__in=set(people), type__in=set(types), state=CredentialState.CURRENT
    ).values_list("person_id", "type_id", "valid_from", "valid_to")
    for person, kind, begins, ends in rows:
        found[person, kind].append((begins, ends))
    return found


def missing_on(day: date, person: UUID, types: Iterable[str], held: Periods) -> list[str]:
    """The credential types that do not hold for a person on a day, sorted."""
    return sorted(
        kind
        for kind in types
        if not any(
            begins <= day and (ends is None or day <= ends)
            for begins, ends in held.get((person, kind), ())
        )
    )


def missing_checks(placements: Sequence[Placement], on: date) -> dict[UUID, list[str]]:
    """Placement → the required credential types that do not hold on the day, where any does not.

    A placement that has not begun is asked about its first day. Constant queries; needs and
    volunteers are loaded.
    """
    needs: dict[UUID, Need] = {one.need_id: one.need for one in placements}
    wanted = requirements_for(needs.values(), on)
    types = {kind for found in wanted.values() for kind in found.credential_types}
    held = held_periods((one.volunteer.person_id for one in placements), types)
    answer = {}
    for one in placements:
        required = wanted[one.need_id].credential_types
        missing = missing_on(max(on, one.starts), one.volunteer.person_id, required, held)
        if missing:
            answer[one.pk] = missing
    return answer


def missing_on_day(placement: Placement, day: date) -> list[str]:
    """The required credential types that did not hold on one day of a placement. Few queries."""
    types = requirements_for([placement.need], day)[placement.need_id].credential_types
    person = placement.volunteer.person_id
    return missing_on(day, person, types, held_periods([person], types))
