"""What a need asks of whoever is to meet it, on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stepdown.kernel.dated import in_force
from stepdown.volunteering.models import Need, RequirementSet
from stepdown.volunteering.queries.hold import Keys


@dataclass(frozen=True)
class Stated:
    """What a need asks, in names and with where the rule comes from, for a page.

    ``scheme_checks`` come from the scheme's dated set, ``own_checks`` are the need's alone.
    ``source`` is empty where no set holds.
    """

    minimum_age: int | None
    scheme_checks: tuple[str, ...]
    own_checks: tuple[str, ...]
    source: str = ""
    verified: bool = False
    since: date | None = None


@dataclass(frozen=True)
class Requirements:
    """Credential types by key, and the youngest age in years."""

    credential_types: frozenset[str] = frozenset()
    minimum_age: int | None = None


def requirements_of(need: Need, on: date) -> Requirements:
    """What one need asks on a day. Three queries."""
    return requirements_for([need], on)[need.pk]


def requirements_for(
    needs: Iterable[Need], on: date, keys: Keys | None = None
) -> dict[UUID, Requirements]:
    """What needs ask on a day, by need. Three queries, however many needs; ``keys`` are their ids
    where they are too many to be named one by one.

    The scheme's set is the one in force on the day, or on the day the need starts if that is still
    to come: a rule that changes meanwhile holds from its own first day, for what runs then too. To
    it come the need's own credential types; of two minimum ages the higher holds. A scheme without
    a set in force asks for nothing.
    """
    needs = list(needs)
    sets: dict[str, list[RequirementSet]] = defaultdict(list)
    asked = RequirementSet.objects.filter(scheme__in={need.scheme_id for need in needs})
    for one in asked.prefetch_related("credential_types"):
        sets[one.scheme_id].append(one)
    own: dict[UUID, set[str]] = defaultdict(set)
    links = Need.credential_types.through.objects.filter(
        need__in=[need.pk for need in needs] if keys is None else keys
    )
    for need_id, key in links.values_list("need_id", "credentialtype_id"):
        own[need_id].add(key)
    by_day: dict[tuple[str, date], Requirements] = {}
    found = {}
    for need in needs:
        day = need.scheme_id, max(on, need.starts)
        if day not in by_day:
            by_day[day] = _of_set(in_force(sets[need.scheme_id], day[1]))
        scheme = by_day[day]
        ages = [age for age in (need.minimum_age, scheme.minimum_age) if age is not None]
        found[need.pk] = Requirements(
            credential_types=scheme.credential_types | own.get(need.pk, set()),
            minimum_age=max(ages, default=None),
        )
    return found


def _of_set(held: RequirementSet | None) -> Requirements:
    if held is None:
        return Requirements()
    types = frozenset(one.pk for one in held.credential_types.all())
    return Requirements(types, held.minimum_age)


def stated(need: Need, on: date) -> Stated:
    """The same as ``requirements_of``, said with its source. At most three queries."""
    sets = RequirementSet.objects.filter(scheme=need.scheme_id).prefetch_related("credential_types")
    held = in_force(sets, max(on, need.starts))
    of_scheme = {one.pk: one.name for one in held.credential_types.all()} if held else {}
    ages = [need.minimum_age, held.minimum_age if held else None]
    return Stated(
        minimum_age=max((age for age in ages if age is not None), default=None),
        scheme_checks=tuple(sorted(of_scheme.values())),
        own_checks=tuple(
            sorted(one.name for one in need.credential_types.all() if one.pk not in of_scheme)
        ),
        source=held.source if held else "",
        verified=held.verified if held else False,
        since=held.valid_from if held else None,
    )
