"""Break-glass: one record, opened in an emergency by somebody to whom no agreement shows it.

An override is no clause: it opens a record to one account, for a while, to be looked at and not to
be changed, in the categories of data that an emergency asks for. A shielded address is never among
them. What it opened is cited as it was opened, and a data-protection officer looks at it later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from stepdown.policy.categories import Category
from stepdown.policy.permissions import Kind, Permission

OPENED = frozenset(
    {
        Category.IDENTITY,
        Category.CONTACT,
        Category.LOCATION,
        Category.SUPPORT,
        Category.HEALTH,
        Category.SAFEGUARDING,
    }
)
# The kinds that can be opened so: whoever sees these at all knows whom to ring.
KINDS: Mapping[Kind, Permission] = MappingProxyType(
    {Kind.REFERRAL: Permission.REFERRAL_VIEW, Kind.NEED: Permission.NEED_VIEW}
)


@dataclass(frozen=True)
class Override:
    """One record that is open to an actor now. ``citation`` names it: ``override E-7K3M-9QXT``."""

    kind: Kind
    record: UUID
    citation: str


def opened_by(overrides: Iterable[Override], permission: Permission) -> dict[UUID, str]:
    """The records that overrides open for a permission, each with what is cited."""
    kind = permission.kind
    if KINDS.get(kind) is not permission:
        return {}
    return {one.record: one.citation for one in overrides if one.kind is kind}
