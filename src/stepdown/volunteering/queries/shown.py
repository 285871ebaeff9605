"""Whom a need, and a pair on it, tells its reader of: for the read log, wherever it is shown."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from stepdown.people.queries.statement import Says, said_by
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Need, Offer, Placement
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import placement as placements
from stepdown.volunteering.queries import volunteer as volunteers

VOLUNTEER_SHOWN = frozenset({Category.IDENTITY, Category.LOCATION})
SUPPORTED_SHOWN = frozenset({Category.IDENTITY, Category.LOCATION, Category.SUPPORT})


def supported(by: Actor, need: Need) -> dict[UUID, Mapping[Category, str]]:
    """Whom a need is for, where it may tell who they are: what is shown of them, each category with
    the clause that lets it."""
    if need.person_id is None or not needs.name_on(by, need):
        return {}
    read = needs.readable(by, need)
    return {need.person_id: {one: read[one] for one in SUPPORTED_SHOWN if one in read}}


def saying(by: Actor, need: Need) -> tuple[dict[UUID, Mapping[Category, str]], list[Says]]:
    """The same, and what they say of their record in the categories that the reader reads of the
    need, which are shown then too."""
    about = supported(by, need)
    read = needs.readable(by, need) if about else {}
    says = said_by(by, about, read)
    of = {Category(one.category) for one in says}
    return {one: {**held, **{c: read[c] for c in of}} for one, held in about.items()}, says


def sees_volunteer(by: Actor, pair: Placement | Offer) -> bool:
    """Whether the reader may see who the volunteer of a pair is."""
    facts = volunteers.facts(pair.volunteer)
    return decide(by, Permission.VOLUNTEER_VIEW, facts).allowed


def people_of(by: Actor, pair: Placement | Offer) -> dict[UUID, Iterable[Category]]:
    """Whom a look at a pair names."""
    found: dict[UUID, Iterable[Category]] = {}
    if sees_volunteer(by, pair):
        found[pair.volunteer.person_id] = VOLUNTEER_SHOWN
    return {**found, **supported(by, pair.need)}


def placement_with_need(*, by: Actor, id: UUID) -> Placement:
    """A placement whose need the reader may see: a volunteer's own is shown to them elsewhere."""
    found = placements.get(by=by, id=id)
    needs.get(by=by, id=found.need_id)
    return found
