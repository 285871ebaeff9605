"""Accounts for tests of sign-in and of pages, made by the hub's own verbs."""

from stepdown.hub.actions import agencies, memberships, users
from stepdown.hub.models import Agency, User
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey

PASSWORD = "a long enough phrase 17"


def partner() -> Agency:
    """The one agency of these tests."""
    found = Agency.objects.filter(name="Test council").first()
    return found or agencies.add(by=Actor.hub(), name="Test council", kind="council")


def account(role: RoleKey | None = None, *, demonstration: bool = False, name: str = "") -> User:
    """An account with a password, and a role for all districts where one is named."""
    key = name or (role.value if role else "nobody")
    user = users.add(
        by=Actor.hub(),
        email=f"{key}@example.org",
        display_name=key.replace("-", " ").capitalize(),
        password=PASSWORD,
        demonstration=demonstration,
    )
    if role:
        memberships.grant(by=Actor.hub(), user=user, agency=partner(), role=role)
    return user
