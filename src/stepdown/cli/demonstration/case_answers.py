"""What is said in the cases of the story. Everybody and everything in it is made up."""

from collections.abc import Mapping
from typing import Any

Answers = Mapping[str, Any]

REFERRED: Mapping[str, tuple[Answers, ...]] = {
    "vulnerable-callers": (
        {
            "identified-on": "2026-10-01",
            "number": 46,
            "from-home": "yes",
            "known": "Calls most nights. Says that somebody is in the garden, and nobody is.",
            "danger": "no",
        },
    ),
    "problem-solving": (
        {
            "kind": "place",
            "problem": "Fires in the bins behind the shops on most Fridays since September.",
            "tried": "The council emptied the bins more often.",
            "risk": "medium",
            "who": "Families who live above the shops.",
        },
    ),
    "theme-plan": (
        {
            "theme": "domestic-abuse",
            "aim": "People who ask for help get it within two days, in every district.",
            "measure": "Days from asking to the first contact",
            "baseline": 9,
            "ends-on": "2027-03-31",
        },
    ),
    "community-step-down": (
        {
            "direction": "step-down",
            "reason": "Her care package ends this month. She would like to go out again, and has "
            "nobody to go with.",
            "level": "l3",
            "risk": "no",
            "told": "yes",
        },
        {
            "direction": "step-up",
            "reason": "Calls most evenings because the evenings are long. Used to play bowls.",
            "level": "l2",
            "risk": "no",
            "told": "yes",
        },
    ),
    "early-help": (
        {
            "worry": ["school", "home"],
            "story": "Often late for school since the family moved. The rent is behind.",
            "significant-harm": "no",
            "family-agrees": "yes",
        },
        {
            "worry": ["feelings", "parenting"],
            "story": "Does not sleep, and is angry at home. Mum asks for help with the mornings.",
            "significant-harm": "no",
            "family-agrees": "yes",
        },
    ),
    "restorative-justice": (
        {
            "harm": "A shop window was broken one evening. The owner would like to ask why.",
            "kind": "theft",
            "asked-by": "harmed",
            "admits": "yes",
        },
        {
            "harm": "Noise and insults between neighbours for most of the summer.",
            "kind": "asb",
            "asked-by": "professional",
            "admits": "unknown",
        },
    ),
}
_SPOKE: Answers = {"spoke": "yes", "wishes": "To sleep better, and see people again."}
STEPS: Mapping[str, Mapping[str, Answers]] = {
    "community-step-down": {
        "check-referral": {"enough": "yes"},
        "first-contact": _SPOKE,
        "strengths": {
            "going-well": "Cooks for herself. Knows everybody in the street by name.",
            "hard": "Steps outside the door. Forms.",
        },
        "plan": {
            "goals": "A walk each week, and the library by spring.",
            "actions": "A volunteer walks with her on Tuesdays. The library visits at home first.",
        },
        "review": {"progress": "better", "changed": "Two walks so far. The steps have a rail now."},
        "ending-meeting": {
            "level-after": "l1",
            "keeps": "The walking group, and a neighbour with a key.",
        },
    },
    "early-help": {
        "screen": {"known": "no"},
        "panel-decision": {"decision": "take-on", "why": "The family asks, and school will help."},
        "first-contact": _SPOKE,
        "family-assessment": {
            "strengths": "They eat together. Grandad is round most days.",
            "needs": "Mornings. The rent. Somebody at school who knows.",
        },
        "plan": {
            "goals": "To be in school by nine, and to keep the flat.",
            "actions": "School: a breakfast place. Housing: a plan for the rent, this month.",
        },
    },
    "restorative-justice": {
        "check": {"sensitive": "no"},
        "contact-harmed-person": {
            "said": "Would like to know why it was her shop. Is a little afraid to meet.",
            "wants": "yes",
        },
    },
}
