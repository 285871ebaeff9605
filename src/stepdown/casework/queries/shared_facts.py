"""What the policy is told of agreements about a case or a referral: read when it asks."""

from collections.abc import Callable, Mapping
from uuid import UUID

from stepdown.casework.models import Case, Referral
from stepdown.hub.queries.facts import Later
from stepdown.policy.predicates import Facts
from stepdown.policy.sharing import Clause

# Clauses in force by the agency that shows, and the records of people who consent.
Open = tuple[Mapping[UUID, tuple[Clause, ...]], frozenset[UUID]]


def with_sharing(
    record: Case | Referral,
    known: Mapping[str, object],
    open_now: Open | None,
    read: Callable[[], Open],
) -> Facts:
    """``known`` of a record, with its clauses and consent. ``open_now`` is what was read for a list
    of them; without it ``read`` is asked once the policy is, for another agency's record alone."""
    held = [open_now] if open_now else []

    def now() -> Open:
        if not held:
            held.append(read())
        return held[0]

    agency = record.agency_id
    return Later(
        known,
        {
            "clauses": lambda: now()[0].get(agency, ()) if agency else (),
            "consent": lambda: record.pk in now()[1],
        },
    )
