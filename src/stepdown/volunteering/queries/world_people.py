"""The volunteers of a matching problem, read from the store in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from stepdown.hub.queries.cell import cell
from stepdown.hub.queries.shielded import opened_columns
from stepdown.matching.problem import Need as Asked
from stepdown.matching.problem import Validity
from stepdown.matching.problem import Volunteer as Offering
from stepdown.people.models import ShieldedAddress
from stepdown.people.queries.restriction import Use, stops
from stepdown.volunteering.models import Credential, Offer, Placement, Volunteer
from stepdown.volunteering.models.credential import CredentialState
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import hold
from stepdown.volunteering.queries.world_needs import listed

COLUMNS = (
    "pk",
    "person_id",
    "slots",
    "travel_limit_m",
    "capacity",
    "weekly_cap_minutes",
    "person__date_of_birth",
    "person__equality__gender",
    "person__address__easting",
    "person__address__northing",
    "person__shielded_address",
    "person__shielded_address__sealed_key",
    "person__shielded_address__sealed",
)


def active() -> QuerySet[Volunteer]:
    """Volunteers who can be asked, and whose data may be used for it. Read as the hub."""
    return Volunteer.objects.filter(~stops(Use.MATCH, "person"), state=VolunteerState.ACTIVE)


def joined(periods: Iterable[tuple[date, date | None]], on: date) -> Validity | None:
    """One period out of several of the same check: renewals that touch or overlap run on.

    Where a gap remains, the period that holds on the day counts, else the next to begin: never
    more than was verified.
    """
    runs: list[tuple[date, date | None]] = []
    for begins, ends in sorted(periods, key=itemgetter(0)):
        if runs:
            start, last = runs[-1]
            if last is None or begins <= last + timedelta(days=1):
                runs[-1] = (start, None if last is None or ends is None else max(last, ends))
                continue
        runs.append((begins, ends))
    standing = [run for run in runs if run[1] is None or run[1] >= on]
    if standing:
        return standing[0]
    return runs[-1] if runs else None


def credentials_of(
    people: QuerySet[Volunteer], types: Iterable[str], on: date
) -> dict[UUID, dict[str, Validity]]:
    """Person → credential type → period, of the types asked for only. One query."""
    rows = (
        Credential.objects.filter(
            person__in=people.order_by().values("person"),
            type__in=list(types),
            state=CredentialState.CURRENT,
        )
        .order_by("person_id", "type_id", "valid_from")
        .values_list("person_id", "type_id", "valid_from", "valid_to")
    )
    found: dict[UUID, dict[str, Validity]] = defaultdict(dict)
    for (person, kind), periods in groupby(rows, key=itemgetter(0, 1)):
        period = joined(((begins, ends) for _, _, begins, ends in periods), on)
        if period is not None:
            found[person][kind] = period
    return found


def _held(people: QuerySet[Volunteer]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    counts: dict[UUID, int] = defaultdict(int)
    busy: dict[UUID, int] = defaultdict(int)
    rows = hold.standing().filter(volunteer__in=people).values_list("volunteer_id", "slot")
    for volunteer, slot in rows:
        counts[volunteer] += 1
        if slot is not None:
            busy[volunteer] |= 1 << slot
    return counts, busy


def _loads(people: QuerySet[Volunteer]) -> dict[UUID, int]:
    """Weekly minutes of live placements. One query."""
    return dict(
        Placement.objects.filter(volunteer__in=people, state=PlacementState.LIVE)
        .order_by()
        .values_list("volunteer_id")
        .annotate(minutes=Sum("need__weekly_minutes"))
    )


def offering(
    people: QuerySet[Volunteer], needs: Sequence[Asked], on: date
) -> tuple[list[Offering], dict[UUID, UUID], set[UUID]]:
    """The engine's volunteers, whose profile each person's is, and who is shielded.

    Only skills, languages, credentials and roles that some need asks about are read: others cannot
    matter. A constant number of queries, whatever the number of volunteers.
    """
    inside = people.order_by().values("pk")
    skills = listed(
        Volunteer.skills.through.objects.filter(
            volunteer__in=inside, skill__in=_union(need.skills for need in needs)
        ).values_list("volunteer", "skill")
    )
    spoken = listed(
        Volunteer.languages.through.objects.filter(
            volunteer__in=inside, language__in=_union(need.languages for need in needs)
        ).values_list("volunteer", "language")
    )
    roles = listed(
        Volunteer.schemes.through.objects.filter(
            volunteer__in=inside, scheme__in=_union(need.excluded_roles for need in needs)
        ).values_list("volunteer", "scheme")
    )
    liked = listed(
        Volunteer.preferred_schemes.through.objects.filter(
            volunteer__in=inside, scheme__in={need.kind for need in needs if need.kind}
        ).values_list("volunteer", "scheme")
    )
    checks = credentials_of(people, _union(need.credentials for need in needs), on)
    asks = dict(
        Offer.objects.filter(volunteer__in=inside)
        .order_by()
        .values_list("volunteer_id")
        .annotate(Count("pk"))
    )
    held, busy = _held(people)
    loads = _loads(people)
    answer: list[Offering] = []
    profiles: dict[UUID, UUID] = {}
    shielded: set[UUID] = set()
    for row in people.order_by().values_list(*COLUMNS):
        pk, person, slots, limit, capacity, cap, born, gender, east, north, hidden, key, kept = row
        profiles[person] = pk
        if hidden is not None:
            shielded.add(pk)
            east, north = cell(opened_columns(ShieldedAddress, [(hidden, key, kept)])[0])
        answer.append(
            Offering(
                id=str(pk),
                easting=east,
                northing=north,
                limit_m=limit,
                skills=skills[pk],
                credentials=checks.get(person, {}),
                languages=spoken[pk],
                gender=gender or None,
                date_of_birth=born,
                slots=slots,
                busy_slots=busy.get(pk, 0),
                capacity=capacity,
                held=held.get(pk, 0),
                roles=roles[pk],
                weekly_load=loads.get(pk, 0),
                weekly_cap=cap,
                preferred=liked[pk],
                asks=asks.get(pk, 0),
            )
        )
    return answer, profiles, shielded


def _union(sets: Iterable[frozenset[str]]) -> set[str]:
    return {name for names in sets for name in names}
