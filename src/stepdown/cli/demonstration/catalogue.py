"""The demonstration's districts, agencies, schemes, skills and checks.

Periods of checks are defaults for a partnership to confirm; none is stated as a rule of law. Where
a source is known it is named, and ``verified`` stays no until the partnership has confirmed it.
"""

from dataclasses import dataclass

COUNTY = ("E10000017", "Lancashire")

# Code, name, residents at the census of 2021 (ONS, first release, rounded).
DISTRICTS = (
    ("E07000117", "Burnley", 94_700),
    ("E07000118", "Chorley", 117_800),
    ("E07000119", "Fylde", 81_400),
    ("E07000120", "Hyndburn", 82_200),
    ("E07000121", "Lancaster", 142_900),
    ("E07000122", "Pendle", 95_800),
    ("E07000123", "Preston", 147_900),
    ("E07000124", "Ribble Valley", 61_500),
    ("E07000125", "Rossendale", 70_800),
    ("E07000126", "South Ribble", 111_000),
    ("E07000127", "West Lancashire", 117_400),
    ("E07000128", "Wyre", 111_900),
    ("E06000008", "Blackburn with Darwen", 154_800),
    ("E06000009", "Blackpool", 141_100),
)
POPULATION_SOURCE = "Census 2021, Office for National Statistics, first release, rounded"

# The postcode areas that the 14 districts reach into.
AREAS = ("BB", "BD", "BL", "FY", "L", "LA", "M", "OL", "PR", "WN")

AGENCIES = {
    "police": ("Example Constabulary", "police"),
    "body": ("Example Policing Body", "policing-body"),
    "council": ("Example County Council", "council"),
    "fire": ("Example Fire and Rescue", "fire"),
    "ambulance": ("Example Ambulance Service", "ambulance"),
    "nhs": ("Example Health Trust", "nhs"),
    "charity": ("Example Good Neighbours", "charity"),
    "housing": ("Example Homes", "housing"),
}

SKILLS = {
    "listening": "Listening and company",
    "shopping": "Shopping and errands",
    "cooking": "Cooking together",
    "gardening": "Gardening",
    "small-repairs": "Small repairs",
    "forms": "Filling in forms",
    "budgeting": "Budgeting",
    "digital": "Phones and computers",
    "driving": "Driving people",
    "dog-walking": "Dog walking",
    "reading": "Reading and letters",
    "english": "English conversation",
    "job-search": "Looking for work",
    "parenting": "Support for parents",
    "bereavement": "Bereavement support",
    "dementia": "Dementia friendly",
    "autism": "Autism aware",
    "recovery": "Recovery from addiction",
    "mental-health": "Mental health first aid",
    "first-aid": "First aid",
    "makaton": "Makaton signing",
    "moving-handling": "Moving and handling",
}
# What few people can do: where plans run short.
SCARCE_SKILLS = frozenset({"makaton", "moving-handling", "recovery", "autism", "bereavement"})

LANGUAGES = {
    "en": "English",
    "ur": "Urdu",
    "pa": "Punjabi",
    "gu": "Gujarati",
    "bn": "Bengali",
    "pl": "Polish",
    "ro": "Romanian",
    "ar": "Arabic",
    "uk": "Ukrainian",
    "bfi": "British Sign Language",
}


@dataclass(frozen=True)
class Check:
    """A credential type: name, kind, months it is good for by default, where that comes from."""

    name: str
    kind: str
    months: int | None
    source: str


_DEFAULT = "Partnership default, to be confirmed"
CHECKS = {
    "dbs-basic": Check("Basic DBS check", "check", 36, _DEFAULT),
    "dbs-enhanced": Check("Enhanced DBS check", "check", 36, _DEFAULT),
    "dbs-barred": Check("Enhanced DBS check with barred lists", "check", 36, _DEFAULT),
    "nppv-2": Check(
        "Non-police personnel vetting, level 2", "check", 36, "Two forces' published procedures"
    ),
    "safeguarding-adults": Check("Safeguarding adults training", "training", 36, _DEFAULT),
    "safeguarding-children": Check("Safeguarding children training", "training", 36, _DEFAULT),
    "facilitator": Check("Restorative justice facilitator accreditation", "training", 24, _DEFAULT),
    "home-fire-safety": Check("Home fire safety training", "training", 24, _DEFAULT),
    "first-aid": Check("First aid certificate", "training", 36, _DEFAULT),
    "driving": Check("Driving licence and insurance seen", "licence", 12, _DEFAULT),
}


@dataclass(frozen=True)
class SchemeData:
    """A scheme and what it asks. ``share`` is how many of 100 volunteers serve in it."""

    name: str
    description: str
    checks: tuple[str, ...]
    minimum_age: int | None
    share: int
    conflicts: tuple[str, ...] = ()
    additional: bool = True


SCHEMES = {
    "community-support": SchemeData(
        "Community support",
        "Regular visits to somebody who needs company, confidence or practical help.",
        ("dbs-enhanced", "safeguarding-adults"),
        18,
        44,
    ),
    "good-neighbour": SchemeData(
        "Good neighbour",
        "Shopping, errands, dog walking and small jobs close to home.",
        ("dbs-basic",),
        16,
        30,
    ),
    "driver": SchemeData(
        "Community driver",
        "Lifts to appointments and groups in the volunteer's own car.",
        ("dbs-enhanced", "driving"),
        21,
        9,
    ),
    "safe-and-well": SchemeData(
        "Safe and well visitor",
        "Home visits about fire, falls and warmth, with the fire service.",
        ("dbs-enhanced", "home-fire-safety"),
        18,
        6,
    ),
    "facilitator": SchemeData(
        "Restorative justice facilitator",
        "Prepares and runs restorative meetings between the people concerned.",
        ("dbs-enhanced", "facilitator"),
        18,
        3,
    ),
    "cadet-leader": SchemeData(
        "Police cadet leader",
        "Leads a weekly unit of young people.",
        ("dbs-barred", "safeguarding-children"),
        18,
        4,
    ),
    "custody-visitor": SchemeData(
        "Independent custody visitor",
        "Unannounced visits, in pairs, to people held in police custody.",
        ("nppv-2",),
        18,
        2,
        ("special",),
    ),
    "special": SchemeData(
        "Special constable",
        "A volunteer with the full powers of a constable.",
        ("nppv-2",),
        18,
        2,
        ("custody-visitor",),
        False,
    ),
}
