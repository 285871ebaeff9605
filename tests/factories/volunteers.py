"""Volunteers."""

from collections.abc import Iterable
from datetime import date

from stepdown.hub.models import Agency
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import volunteers
from stepdown.volunteering.models import Volunteer
from tests.factories.agencies import make_agency
from tests.factories.catalogue import make_language, make_skill
from tests.factories.credentials import make_credential
from tests.factories.people import make_person
from tests.factories.places import DISTRICT
from tests.factories.schemes import make_scheme
from tests.factories.users import somebody


def make_volunteer(
    person: Person | None = None,
    *,
    by: Actor | None = None,
    agency: Agency | None = None,
    district: str = DISTRICT,
    postcode: str | None = "PR1 8RJ",
    slots: int = 0,
    travel_limit_m: int | None = None,
    capacity: int = 1,
    weekly_cap_minutes: int | None = None,
    skills: Iterable[str] = (),
    languages: Iterable[str] = (),
    schemes: Iterable[str] = ("community-support",),
    preferred_schemes: Iterable[str] = (),
    credentials: Iterable[str] = (),
    valid_to: date | None = None,
    gender: str = "",
    email: str = "",
    date_of_birth: date | None = date(1980, 5, 17),
) -> Volunteer:
    """An active volunteer who lives somewhere and holds ``credentials``, good to ``valid_to``."""
    by = by or somebody()
    person = person or make_person(
        by=by,
        district=district,
        postcode=postcode,
        gender=gender,
        email=email,
        date_of_birth=date_of_birth,
    )
    for key in credentials:
        make_credential(person, key, valid_to=valid_to)
    return volunteers.add(
        by=by,
        person=person,
        agency=agency or make_agency("Volunteer centre"),
        slots=slots,
        travel_limit_m=travel_limit_m,
        capacity=capacity,
        weekly_cap_minutes=weekly_cap_minutes,
        skills=[make_skill(key) for key in skills],
        languages=[make_language(code) for code in languages],
        schemes=[make_scheme(key) for key in schemes],
        preferred_schemes=[make_scheme(key) for key in preferred_schemes],
    )
