"""The integer quality of a pair, 0 to 1000: a sum of published terms, each with its reason.

Quality ranks pairs that already pass every hard rule. It never looks at gender, age, language or
any other protected characteristic: two pairs that differ only there have the same quality.
"""

from stepdown.matching.eligibility import distance_m
from stepdown.matching.problem import Need, Problem, Volunteer
from stepdown.matching.rules import Term

TRAVEL = 600
PREFERENCE = 150
CONTINUITY = 150
FAIRNESS = 100
MAX_QUALITY = TRAVEL + PREFERENCE + CONTINUITY + FAIRNESS

NO_LIMIT_SCALE_M = 25_000
"""A volunteer without a travel limit is scored as if theirs were this many metres."""


def travel_scale(volunteer: Volunteer) -> int:
    """The metres at which a journey earns nothing: the volunteer's own limit, at least 1 m."""
    return NO_LIMIT_SCALE_M if volunteer.limit_m is None else max(1, int(volunteer.limit_m))


def travel_points(distance: int | None, scale: int) -> int:
    """All the points at no distance, falling evenly to none at the scale."""
    if distance is None or distance >= scale:
        return TRAVEL if distance == 0 else 0
    return TRAVEL * (scale - distance) // scale


def fairness_points(asks: int) -> int:
    """All the points for someone never asked, half after one offer, a third after two."""
    return FAIRNESS // (1 + asks)


def terms(problem: Problem, volunteer: Volunteer, need: Need) -> list[Term]:
    """The parts of a pair's quality, in the published order, those that give nothing too."""
    metres = distance_m(volunteer, need)
    near = travel_points(metres, travel_scale(volunteer))
    if metres is None:
        travel = Term("travel-unknown", {}, near)
    else:
        travel = Term("travel", {"distance_m": metres}, near)
    likes = need.kind is not None and need.kind in volunteer.preferred
    known = (volunteer.id, need.id) in problem.continuity
    asked = Term("asked", {"asks": volunteer.asks}, fairness_points(volunteer.asks))
    if not volunteer.asks:
        asked = Term("never-asked", {}, FAIRNESS)
    return [
        travel,
        Term("preferred" if likes else "not-preferred", {}, PREFERENCE if likes else 0),
        Term("continuity" if known else "new-pair", {}, CONTINUITY if known else 0),
        asked,
    ]


def quality(problem: Problem, volunteer: Volunteer, need: Need) -> int:
    """The quality of a pair: the sum of its terms, 0 to 1000."""
    return sum(term.points for term in terms(problem, volunteer, need))
