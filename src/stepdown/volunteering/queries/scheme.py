"""Schemes, and what each asks on a day."""

from datetime import date

from stepdown.kernel.dated import in_force
from stepdown.volunteering.models import RequirementSet, Scheme


def scheme_choices() -> list[tuple[str, str]]:
    """Schemes for a select: key and name, by name."""
    return list(Scheme.objects.values_list("key", "name"))


def schemes() -> list[Scheme]:
    """All schemes, with their requirement sets and conflicts at hand. Four queries."""
    found = Scheme.objects.prefetch_related("conflicts_with", "requirement_sets__credential_types")
    return list(found.order_by("name"))


def scheme(key: str) -> Scheme | None:
    """One scheme."""
    return Scheme.objects.filter(pk=key).first()


def set_in_force(scheme: Scheme, on: date) -> RequirementSet | None:
    """What the scheme asks on a day; None where no set holds then."""
    return in_force(RequirementSet.objects.filter(scheme=scheme), on)
