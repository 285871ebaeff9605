"""The kinds of help that the demonstration's referrals ask for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """What is asked: a title that names the help and never the person, and what it takes.

    ``weight`` is how often it is asked; ``said`` what a referrer writes.
    """

    title: str
    scheme: str
    skills: tuple[str, ...]
    minutes: int
    weight: int
    said: str
    risky: bool = False


HELPS = (
    Help(
        "Company and conversation",
        "community-support",
        ("listening",),
        120,
        18,
        "Lives alone and sees nobody for days. Would like a visitor each week.",
    ),
    Help(
        "Shopping and collecting prescriptions",
        "good-neighbour",
        ("shopping",),
        60,
        14,
        "Cannot carry shopping since a fall. No family nearby.",
    ),
    Help(
        "Help with letters and forms",
        "community-support",
        ("forms", "budgeting"),
        90,
        10,
        "Has a bag of unopened letters and is worried about the rent.",
    ),
    Help(
        "Getting online",
        "community-support",
        ("digital",),
        60,
        8,
        "Would like to video call a daughter who lives away.",
    ),
    Help(
        "Walking the dog",
        "good-neighbour",
        ("dog-walking",),
        60,
        5,
        "Coming home from hospital and cannot walk the dog for six weeks.",
    ),
    Help(
        "Garden made safe",
        "good-neighbour",
        ("gardening",),
        120,
        6,
        "The path is overgrown and neighbours have complained.",
    ),
    Help(
        "Small repairs at home",
        "good-neighbour",
        ("small-repairs",),
        120,
        5,
        "A loose handrail and two broken locks.",
    ),
    Help(
        "Lifts to appointments",
        "driver",
        ("driving",),
        120,
        9,
        "Misses hospital appointments because there is no bus.",
    ),
    Help(
        "Lifts for somebody who needs a steadying arm",
        "driver",
        ("driving", "moving-handling"),
        120,
        4,
        "Walks with a frame and needs help in and out of the car.",
    ),
    Help(
        "Safe and well visit",
        "safe-and-well",
        ("listening",),
        60,
        7,
        "Smokes in bed, no working smoke alarm.",
        True,
    ),
    Help(
        "Support after a bereavement",
        "community-support",
        ("listening", "bereavement"),
        90,
        6,
        "Lost a partner in the spring and has stopped going out.",
    ),
    Help(
        "A friend to a person with dementia",
        "community-support",
        ("listening", "dementia"),
        120,
        7,
        "Carer needs two hours to herself each week.",
    ),
    Help(
        "Company for a young autistic adult",
        "community-support",
        ("autism",),
        120,
        4,
        "Would like to try the gym and the library with somebody patient.",
    ),
    Help(
        "Support in recovery",
        "community-support",
        ("recovery", "listening"),
        90,
        5,
        "Three months sober. Finds the evenings hard.",
        True,
    ),
    Help(
        "Practice with English",
        "community-support",
        ("english",),
        60,
        5,
        "New to the area and wants to talk to people at the school gate.",
    ),
    Help(
        "Finding work again",
        "community-support",
        ("job-search", "digital"),
        90,
        5,
        "Has not worked for two years and does not know where to begin.",
    ),
    Help(
        "A hand for a tired parent",
        "community-support",
        ("parenting",),
        120,
        6,
        "Two small children, no support, health visitor is worried.",
    ),
    Help(
        "Cooking together",
        "community-support",
        ("cooking",),
        90,
        5,
        "Lives on toast since leaving care. Would like to learn.",
    ),
    Help(
        "Signing companion",
        "community-support",
        ("makaton", "listening"),
        90,
        3,
        "Uses Makaton. Nobody at the day centre signs.",
    ),
    Help(
        "Confidence after calling 999 often",
        "community-support",
        ("listening", "mental-health"),
        90,
        6,
        "Called 999 eleven times last month, mostly when lonely at night.",
        True,
    ),
    Help(
        "Meeting prepared with two facilitators",
        "facilitator",
        ("listening",),
        180,
        3,
        "Both people would like to meet. Needs two facilitators who know neither.",
        True,
    ),
)

# Needs that are about a group or a place, added by hand: title, scheme, skills, places, minutes.
GROUP_NEEDS = (
    ("Cadet unit: weekly session", "cadet-leader", ("first-aid",), 2, 150),
    ("Custody visits in pairs", "custody-visitor", (), 2, 120),
    ("Community lunch", "good-neighbour", ("cooking",), 3, 180),
    ("Walking football for men over 50", "community-support", ("first-aid",), 2, 120),
    ("Special constables: town-centre evening", "special", (), 2, 240),
)

HAZARDS = (
    {
        "hazard": "Working alone in somebody's home",
        "who": "Volunteer",
        "control": "Check in and check out by text with the outreach officer",
        "likelihood": 2,
        "impact": 3,
    },
    {
        "hazard": "Trips and falls",
        "who": "Volunteer and the person",
        "control": "Clear the way first; no lifting; stop and phone if in doubt",
        "likelihood": 2,
        "impact": 2,
    },
    {
        "hazard": "Allegation about money",
        "who": "Volunteer and the person",
        "control": "Receipts for all shopping; no bank cards or PINs",
        "likelihood": 1,
        "impact": 4,
    },
    {
        "hazard": "Dog in the house",
        "who": "Volunteer",
        "control": "Dog in another room, agreed before the first visit",
        "likelihood": 2,
        "impact": 2,
    },
)
