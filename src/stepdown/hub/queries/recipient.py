"""Where messages to accounts go."""

from uuid import UUID

from stepdown.hub.models import User


def address_of_user(user: UUID) -> str | None:
    """An active account's email address; None when the account is closed or gone. One query."""
    return User.objects.filter(pk=user, is_active=True).values_list("email", flat=True).first()
