"""What a need asks of whoever is to meet it, on a day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stepdown.kernel.dated import in_force
from stepdown.volunteering.models import Need, RequirementSet


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


def requirements_for(needs: Iterable[Need], on: date) -> dict[UUID, Requirements]:
    """What needs ask on a day, by need. Three queries, however many needs.

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
    links = Need.credential_types.through.objects.filter(need__in=[need.pk for need in needs])
    for need_id, key in links.values_list("need_id", "credentialtype_id"):
        own[need_id].add(key)
    found = {}
    for need in needs:
        of_scheme = in_force(sets[need.scheme_id], max(on, need.starts))
        types = {one.pk for one in of_scheme.credential_types.all()} if of_scheme else set()
        ages = [need.minimum_age, of_scheme.minimum_age if of_scheme else None]
        found[need.pk] = Requirements(
            credential_types=frozenset(types | own[need.pk]),
            minimum_age=max((age for age in ages if age is not None), default=None),
        )
    return found


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
