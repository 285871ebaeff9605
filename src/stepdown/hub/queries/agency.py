"""Partners of the partnership."""

from uuid import UUID

from stepdown.hub.models import Agency


def agencies() -> list[Agency]:
    """All partners, by name."""
    return list(Agency.objects.order_by("name"))


def choices() -> list[tuple[str, str]]:
    """Partners for a select: id and name."""
    return [(str(pk), name) for pk, name in Agency.objects.values_list("pk", "name")]


def agency(agency_id: UUID) -> Agency | None:
    """One partner."""
    return Agency.objects.filter(pk=agency_id).first()


def kinds() -> list[tuple[str, str]]:
    """The kinds of partner for a select."""
    return [(str(value), str(label)) for value, label in Agency.Kind.choices]
