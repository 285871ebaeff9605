from stepdown.people.models.address import Address, ShieldedAddress
from stepdown.people.models.consent import Consent, ConsentWording
from stepdown.people.models.contact import Contact
from stepdown.people.models.equality import EqualityRecord
from stepdown.people.models.person import Person

__all__ = [
    "Address",
    "Consent",
    "ConsentWording",
    "Contact",
    "EqualityRecord",
    "Person",
    "ShieldedAddress",
]
