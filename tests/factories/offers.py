"""Offers and placements."""

from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import offers
from stepdown.volunteering.models import Need, Offer, Placement, Volunteer
from tests.factories.needs import make_ready_need
from tests.factories.users import somebody
from tests.factories.volunteers import make_volunteer


def volunteer_actor(volunteer: Volunteer) -> Actor:
    """The volunteer, come by the link in a message."""
    return Actor.by_link(volunteer.person_id)


def make_offer(
    need: Need | None = None,
    volunteer: Volunteer | None = None,
    *,
    by: Actor | None = None,
    slot: int | None = None,
) -> Offer:
    """An open offer."""
    return offers.send(
        by=by or somebody(),
        need=need or make_ready_need(),
        volunteer=volunteer or make_volunteer(),
        slot=slot,
    )


def make_placement(
    need: Need | None = None,
    volunteer: Volunteer | None = None,
    *,
    by: Actor | None = None,
    slot: int | None = None,
) -> Placement:
    """A live placement: an offer, accepted."""
    offer = make_offer(need, volunteer, by=by, slot=slot)
    return offers.accept(by=volunteer_actor(offer.volunteer), offer=offer)
