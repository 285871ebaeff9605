"""A volunteer at their own pages: signed in, or come by the link in a message."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from stepdown.hub.actions import links
from stepdown.kernel import clock
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Placement, Volunteer
from tests.factories import make_user, make_volunteer
from tests.factories.offers import make_placement


def signed_in(client: Client, volunteer: Volunteer | None = None) -> Volunteer:
    """A volunteer with an account, signed in."""
    volunteer = volunteer or make_volunteer(capacity=5)
    user = make_user(RoleKey.VOLUNTEER)
    accounts.link_user(by=Actor.hub(), person=volunteer.person, user=user)
    client.force_login(user)
    return volunteer


def link_to(volunteer: Volunteer) -> str:
    """The address in a message to the volunteer."""
    secret = links.make(by=Actor.hub(), person_id=volunteer.person_id, purpose="volunteer")
    return reverse("link", args=[secret])


def by_link(client: Client, volunteer: Volunteer | None = None) -> Volunteer:
    """A volunteer who has followed the link and pressed its button."""
    volunteer = volunteer or make_volunteer(capacity=5)
    assert client.post(link_to(volunteer)).status_code == 302
    return volunteer


def begun(placement: Placement | None = None, days: int = 60) -> Placement:
    """A placement that began some days ago."""
    placement = placement or make_placement()
    Placement.objects.filter(pk=placement.pk).update(starts=clock.today() - timedelta(days=days))
    placement.refresh_from_db()
    return placement
