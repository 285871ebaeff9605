"""The one who acts: a signed-in user, a volunteer by link, the public, or the hub itself."""

from dataclasses import dataclass, field
from uuid import UUID

from stepdown.policy.overrides import Override
from stepdown.policy.roles import RoleKey


@dataclass(frozen=True)
class Grant:
    """One membership: a role, held for an agency, in some districts (none named: all)."""

    role: RoleKey
    agency: UUID | None = None
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Actor:
    """Who acts, with everything the policy needs to know of them.

    ``user`` is the account, ``person`` the actor's own record; either may be absent. ``overrides``
    are the records opened to the account in an emergency, as far as they are open now.
    """

    grants: tuple[Grant, ...]
    user: UUID | None = None
    person: UUID | None = None
    overrides: tuple[Override, ...] = ()
    label: str = field(default="", compare=False)

    @property
    def signed_in(self) -> bool:
        """Whether an account stands behind the actor."""
        return self.user is not None

    @classmethod
    def public(cls) -> "Actor":
        """Somebody without an account."""
        return cls(grants=(Grant(RoleKey.PUBLIC),), label="public")

    @classmethod
    def hub(cls) -> "Actor":
        """The hub's own actor, for jobs and plans."""
        return cls(grants=(Grant(RoleKey.HUB),), label="hub")

    @classmethod
    def by_link(cls, person: UUID) -> "Actor":
        """A volunteer who followed the link sent to them."""
        return cls(grants=(Grant(RoleKey.VOLUNTEER_BY_LINK),), person=person, label="link")
