from stepdown.people.models.address import Address, ShieldedAddress
from stepdown.people.models.consent import Consent, ConsentWording
from stepdown.people.models.contact import Contact
from stepdown.people.models.equality import EqualityRecord
from stepdown.people.models.person import Person
from stepdown.people.models.restriction import Allowance, Restriction
from stepdown.people.models.statement import PersonStatement

__all__ = [
    "Address",
    "Allowance",
    "Consent",
    "ConsentWording",
    "Contact",
    "EqualityRecord",
    "Person",
    "PersonStatement",
    "Restriction",
    "ShieldedAddress",
]
