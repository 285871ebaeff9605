"""Needs."""

from collections.abc import Iterable
from datetime import date, timedelta

from stepdown.hub.models import Agency, User
from stepdown.hub.queries.place import position
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import needs
from stepdown.volunteering.models import Need, Scheme
from tests.factories.agencies import make_agency
from tests.factories.catalogue import make_credential_type, make_language, make_skill
from tests.factories.places import DISTRICT, make_place, make_postcode
from tests.factories.risk import approve_risk
from tests.factories.schemes import make_scheme
from tests.factories.users import somebody


def make_need(
    title: str = "Help with shopping",
    *,
    by: Actor | None = None,
    scheme: Scheme | str = "community-support",
    agency: Agency | None = None,
    starts: date | None = None,
    ends: date | None = None,
    band: int = 4,
    places: int = 1,
    slots: int = 0,
    weekly_minutes: int = 120,
    person: Person | None = None,
    officer: User | None = None,
    postcode: str | None = None,
    shielded: bool = False,
    skills: Iterable[str] = (),
    languages: Iterable[str] = (),
    credential_types: Iterable[str] = (),
    gender: str = "",
    gender_reason: str = "",
    minimum_age: int | None = None,
    district: str | None = DISTRICT,
) -> Need:
    """An open need that starts in a week; at a postcode where one is given."""
    if postcode and position(postcode) is None:
        make_postcode(postcode)
    return needs.add(
        by=by or somebody(),
        title=title,
        scheme=make_scheme(scheme) if isinstance(scheme, str) else scheme,
        agency=agency or make_agency("Hub council"),
        starts=starts or clock.today() + timedelta(days=7),
        ends=ends,
        band=band,
        places=places,
        slots=slots,
        weekly_minutes=weekly_minutes,
        person=person,
        officer=officer,
        postcode=postcode,
        shielded=shielded,
        skills=[make_skill(key) for key in skills],
        languages=[make_language(code) for code in languages],
        credential_types=[make_credential_type(key) for key in credential_types],
        gender=gender,
        gender_reason=gender_reason,
        minimum_age=minimum_age,
        district=make_place(district) if district else None,
    )


def make_ready_need(
    title: str = "Help with shopping",
    *,
    places: int = 1,
    slots: int = 0,
    person: Person | None = None,
    postcode: str | None = "PR1 8RJ",
    credential_types: Iterable[str] = (),
    starts: date | None = None,
    ends: date | None = None,
    band: int = 4,
    district: str | None = DISTRICT,
) -> Need:
    """An open need with a place and a current, approved risk assessment: offers may be sent."""
    need = make_need(
        title,
        places=places,
        slots=slots,
        person=person,
        postcode=postcode,
        credential_types=credential_types,
        starts=starts,
        ends=ends,
        band=band,
        district=district,
    )
    approve_risk(need)
    return need
