"""Partners."""

from stepdown.hub.actions import agencies
from stepdown.hub.models import Agency
from stepdown.policy.actors import Actor
from tests.factories.numbers import fresh


def make_agency(name: str = "", kind: str = Agency.Kind.COUNCIL) -> Agency:
    """A partner, new each time unless one of that name is there."""
    known = Agency.objects.filter(name=name).first() if name else None
    return known or agencies.add(by=Actor.hub(), name=name or f"Partner {fresh()}", kind=kind)
