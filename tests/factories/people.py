"""People."""

from datetime import date

from stepdown.hub.models import User
from stepdown.hub.queries.place import position
from stepdown.people.actions import accounts, addresses, contacts, equality, people
from stepdown.people.models import Contact, Person
from stepdown.policy.actors import Actor
from tests.factories.numbers import fresh
from tests.factories.places import DISTRICT, make_place, make_postcode
from tests.factories.users import somebody


def make_person(
    given_name: str = "Sam",
    family_name: str = "",
    *,
    by: Actor | None = None,
    known_as: str = "",
    date_of_birth: date | None = date(1980, 5, 17),
    district: str | None = DISTRICT,
    postcode: str | None = None,
    shielded: bool = False,
    email: str = "",
    gender: str = "",
    user: User | None = None,
) -> Person:
    """A person looked after by a district; with an address where a postcode is given."""
    by = by or somebody()
    person = people.add(
        by=by,
        given_name=given_name,
        family_name=family_name or f"Example{fresh()}",
        known_as=known_as,
        date_of_birth=date_of_birth,
        district=make_place(district) if district else None,
    )
    if postcode:
        if position(postcode) is None:
            make_postcode(postcode)
        addresses.set_address(by=by, person=person, postcode=postcode, shielded=shielded)
    if email:
        contacts.add(by=by, person=person, kind=Contact.Kind.EMAIL, value=email, preferred=True)
    if gender:
        equality.set_gender(by=by, person=person, gender=gender)
    if user:
        accounts.link_user(by=Actor.hub(), person=person, user=user)
    return Person.objects.get(pk=person.pk)
