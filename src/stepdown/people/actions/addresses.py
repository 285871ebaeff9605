"""Where people live. Shielded addresses lie in a table of their own and never leave it."""

from collections.abc import Callable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.actions.shielding import seal
from stepdown.hub.models import Place
from stepdown.hub.queries.place import position
from stepdown.hub.verbs import Verb
from stepdown.people.models import Address, Person, ShieldedAddress
from stepdown.people.queries.person import facts
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

ADDRESS_SET = Verb("address.set", _("Address recorded"))
ADDRESS_SHIELDED = Verb("address.shielded", _("Address recorded and kept secret"))

Follow = Callable[[Actor, Person], None]
_followers: list[Follow] = []


def when_shielded(follow: Follow) -> None:
    """What else must happen, in the same transaction, when an address becomes shielded.

    Higher wings keep places of their own that came from an address; each says here, once, at start,
    how they are shielded with it. This wing may not know them.
    """
    if follow not in _followers:
        _followers.append(follow)


@transaction.atomic
def set_address(
    *, by: Actor, person: Person, postcode: str, lines: str = "", shielded: bool = False
) -> Address | ShieldedAddress:
    """Where the person lives, in place of what was recorded before.

    A person no district looks after yet comes to the address's district, unless it is shielded:
    where somebody hides is not to be read off who may see them.
    """
    # Their key stays: what merely points at them, locked by others, does not wait in a ring.
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    require(by, Permission.PERSON_CHANGE, facts(held))
    check = Check()
    lines = check.words("lines", lines, most=200)
    text = check.words("postcode", postcode, most=12, missing=gettext("Enter a postcode."))
    found = position(text)
    if text:
        check.that(found, "postcode", gettext("Enter a postcode that exists, like PR1 8RJ."))
    check.done()
    assert found is not None  # noqa: S101 - `done` has raised otherwise
    place = {
        "lines": lines,
        "postcode": found.postcode,
        "easting": found.easting,
        "northing": found.northing,
    }
    address: Address | ShieldedAddress
    if shielded:
        Address.objects.filter(person=held).delete()
        before = ShieldedAddress.objects.filter(person=held).first()
        address = seal(before or ShieldedAddress(person=held), place)
        address.save()
    else:
        ShieldedAddress.objects.filter(person=held).delete()
        address, _new = Address.objects.update_or_create(person=held, defaults=place)
        known = Place.objects.filter(pk=found.district_code, kind=Place.Kind.DISTRICT)
        if held.district_id is None and (district := known.first()):
            held.district = district
            held.save(update_fields=["district"])
    record(by=by, verb=ADDRESS_SHIELDED if shielded else ADDRESS_SET, about=("person", held.pk))
    if shielded:
        for follow in _followers:
            follow(by, held)
    return address
