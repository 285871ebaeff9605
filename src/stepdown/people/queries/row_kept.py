"""The wall of people as the second wall asks it: agreements by way of the records that are kept."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from django.db.models import Q

from stepdown.hub.queries.row_rules import Root
from stepdown.hub.queries.scope import NOTHING
from stepdown.people.queries.kept import Course, Keepers, Source
from stepdown.policy.predicates import Shared, SharedKeeping
from stepdown.sharing.queries.row_clauses import shown


def kept(root: Root, roots: Mapping[str, Root]) -> Root:
    """``root``, of records that stand where a person stands. ``roots``: those of the records by
    which people are known, by their model."""
    keepers = root.columns["keeper"]
    if not isinstance(keepers, Keepers):
        raise LookupError(f"Nobody is said to keep a {root.model}.")

    def shows(source: Source, wanted: SharedKeeping) -> Q:
        model = source.records().model._meta.label
        found = NOTHING
        for where, asked in _asked(source, wanted):
            found |= where & shown(roots[model], asked)
        return found

    without = {**root.columns, "clauses": lambda _wanted: NOTHING}
    whole = {**root.columns, "clauses": keepers.asked(shows)}
    return replace(root, columns=whole, easier=(without,))


def _asked(source: Source, wanted: SharedKeeping) -> list[tuple[Q, Shared]]:
    """What is asked of agreements, once for all courses of the same purpose and people."""
    alike: dict[tuple[object, object], list[Course]] = defaultdict(list)
    for course in (source.courses or tuple)():
        alike[course.purpose, course.people].append(course)
    found = []
    for courses in alike.values():
        one = courses[0]
        keys = [course.key for course in courses]
        where = Q(**{f"{source.course}__in": keys}) if source.course else Q()
        along = "" if source.course else one.key
        shared = Shared(wanted.to, wanted.categories, one.purpose, one.people, along)
        found.append((where, shared))
    return found
