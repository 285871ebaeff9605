"""Categories of personal data. The law treats them apart, so the tables are apart too."""

from enum import StrEnum


class Category(StrEnum):
    """What a field is, in law. Health, offence and equality data are special or criminal data."""

    IDENTITY = "identity"
    CONTACT = "contact"
    LOCATION = "location"
    SHIELDED_LOCATION = "shielded-location"
    SUPPORT = "support"
    HEALTH = "health"
    OFFENCE = "offence"
    SAFEGUARDING = "safeguarding"
    EQUALITY = "equality"
