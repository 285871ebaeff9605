"""Schemes and what they ask."""

from collections.abc import Iterable
from datetime import date

from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import schemes
from stepdown.volunteering.models import Scheme
from tests.factories.catalogue import make_credential_type


def make_scheme(
    key: str = "community-support",
    *,
    credential_types: Iterable[str] = (),
    minimum_age: int | None = None,
    valid_from: date = date(2020, 1, 1),
    conflicts_with: Iterable[Scheme | str] = (),
) -> Scheme:
    """A scheme, made once for each key; with a requirement set where something is asked."""
    known = Scheme.objects.filter(pk=key).first()
    if known is not None:
        return known
    scheme = schemes.add(
        by=Actor.hub(),
        key=key,
        name=key.replace("-", " ").capitalize(),
        description="Made up for a test",
        conflicts_with=conflicts_with,
    )
    types = [make_credential_type(one) for one in credential_types]
    if types or minimum_age is not None:
        schemes.require_from(
            by=Actor.hub(),
            scheme=scheme,
            valid_from=valid_from,
            minimum_age=minimum_age,
            credential_types=types,
            source="Made up for a test",
        )
    return scheme
