"""Credentials."""

from datetime import date

from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import credentials
from stepdown.volunteering.models import Credential
from tests.factories.agencies import make_agency
from tests.factories.catalogue import make_credential_type
from tests.factories.users import somebody


def make_credential(
    person: Person,
    type: str = "dbs",
    *,
    by: Actor | None = None,
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
) -> Credential:
    """A credential, checked by a partner."""
    return credentials.record(
        by=by or somebody(),
        person=person,
        type=make_credential_type(type),
        valid_from=valid_from,
        valid_to=valid_to,
        verified_by=make_agency("Checking agency"),
    )
