"""What the policy is told of every record of a kind, as pages tell it."""

from typing import Any
from uuid import UUID

from django.apps import apps

from stepdown.casework.queries import case, referral
from stepdown.people.queries import person
from stepdown.policy.permissions import Kind
from stepdown.policy.predicates import Facts
from stepdown.volunteering.queries import (
    credential,
    exclusion,
    hours,
    need,
    offer,
    placement,
    risk,
    volunteer,
)

QUERIES: dict[Kind, Any] = {
    Kind.PERSON: person,
    Kind.CONSENT: person,
    Kind.VOLUNTEER: volunteer,
    Kind.CREDENTIAL: credential,
    Kind.EXCLUSION: exclusion,
    Kind.NEED: need,
    Kind.RISK: risk,
    Kind.OFFER: offer,
    Kind.PLACEMENT: placement,
    Kind.HOURS: hours,
    Kind.REFERRAL: referral,
    Kind.CASE: case,
}


def facts_of(kind: Kind, model: str) -> dict[UUID, Facts]:
    """The facts of each record of the kind, by its id."""
    rows = apps.get_model(model)._default_manager.all()
    return {row.pk: QUERIES[kind].facts(row) for row in rows}
