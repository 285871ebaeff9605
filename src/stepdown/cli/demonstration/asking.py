"""How the referrals came, and what became of each at triage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.casework.actions import referrals
from stepdown.cli.demonstration import names
from stepdown.cli.demonstration.ground import Ground
from stepdown.cli.demonstration.helps import GROUP_NEEDS, HAZARDS, HELPS, Help
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.volunteering.actions import needs, risk_assessments

if TYPE_CHECKING:
    from stepdown.casework.models import Referral
    from stepdown.volunteering.models import Need

FIRST_DAY = -84
# From this day on most referrals still wait for the coordinator.
UNTOUCHED = -3
SOON = ("days", "week", "month", "whenever")


@dataclass(frozen=True)
class Asked:
    """A referral of the story: its day, the help, the district it is about."""

    day: int
    help: Help
    referral: Referral


def days_of(ground: Ground, count: int) -> list[int]:
    """The day of each referral, in order; one in fifteen of them came in the last days."""
    chance = ground.chance
    late = max(2, count // 15)
    days = [round(chance.triangular(FIRST_DAY, UNTOUCHED - 1, -20)) for _ in range(count - late)]
    return sorted(days + [chance.randint(UNTOUCHED, 0) for _ in range(late)])


def refer(ground: Ground, day: int) -> Asked:
    """One referral, made by the persona who refers, by a neighbour or by the person themself."""
    chance = ground.chance
    by = chance.choice((ground.actors["referrer"], Actor.public(), Actor.public()))
    help_ = chance.choices(HELPS, [h.weight for h in HELPS])[0]
    gender = names.gender(chance)
    given, family = names.name(chance, gender)
    district = ground.district()
    with clock.at(ground.day(day, hour=chance.randint(7, 19), minute=chance.randrange(60))):
        referral, _code = referrals.start(by=by)
        for category, answers in _answers(ground, by, help_, given, family, district).items():
            referral = referrals.answer(
                by=by, referral=referral, category=category, answers=answers
            )
        referral = referrals.submit(by=by, referral=referral)
    return Asked(day, help_, referral)


def _answers(
    ground: Ground, by: Actor, help_: Help, given: str, family: str, district: str
) -> dict[Category, dict[str, object]]:
    chance = ground.chance
    professional = by.user is not None
    secret = chance.random() < 0.03
    postcode = chance.choice(ground.postcodes[district])
    born = ground.today - timedelta(days=round(chance.triangular(18, 95, 70)) * 365)
    care = chance.random() < 0.08
    first, last = names.name(chance, "")
    found: dict[Category, dict[str, object]] = {
        Category.IDENTITY: {
            "referrer_kind": "professional" if professional else "friend",
            "referrer_name": "Rita Wren" if professional else f"{first} {last}",
            "organisation": "Example Health Trust" if professional else "",
            "given_name": given,
            "family_name": family,
            "date_of_birth": born.isoformat(),
        },
        Category.CONTACT: {
            "referrer_phone": names.mobile(chance),
            "safe": "care" if care else "yes",
            "safe_note": "Only on weekday mornings" if care else "",
            "phone": names.mobile(chance),
        },
        Category.LOCATION: {"secret": secret},
        Category.SUPPORT: {
            "consent": "yes",
            "skills": list(help_.skills),
            "help": help_.said,
            "languages": _language(ground),
            "soon": SOON[chance.choices((0, 1, 2, 3), (9, 25, 40, 26))[0]],
            "slots": _times(ground),
        },
    }
    # Whether it is secret is answered first: what comes after goes behind that wall or not.
    where = Category.SHIELDED_LOCATION if secret else Category.LOCATION
    at = {"postcode": postcode} | ({"area": district} if secret else {})
    found[where] = found.get(where, {}) | at
    if chance.random() < 0.35:
        found[Category.HEALTH] = {"health": "Tires easily; walks with a stick."}
    if help_.risky:
        found[Category.SAFEGUARDING] = {"risk": "yes", "risk_note": "Visit in daylight at first."}
    return found


def _language(ground: Ground) -> list[str]:
    chance = ground.chance
    if chance.random() > 0.1:
        return []
    return [chance.choices(("ur", "pa", "gu", "pl", "bfi", "uk"), (5, 4, 4, 3, 2, 2))[0]]


def _times(ground: Ground) -> int:
    chance = ground.chance
    if chance.random() < 0.25:
        return 0
    return sum(1 << index for index in chance.sample(range(len(SLOTS)), chance.choice((1, 2, 4))))


def triage_one(ground: Ground, asked: Asked, earlier: list[Asked]) -> Need | None:
    """What the coordinator made of it. The latest are left waiting."""
    chance, by = ground.chance, ground.actors["coordinator"]
    lag = chance.choice((0, 0, 1, 1, 2, 3))
    if asked.day >= UNTOUCHED and chance.random() < 0.9:
        return None
    with clock.at(ground.day(min(asked.day + lag, 0), hour=20, minute=chance.randrange(60))):
        luck = chance.random()
        if luck < 0.05:
            reason = chance.choice(("statutory", "no-consent", "not-offered", "incomplete"))
            referrals.reject(by=by, referral=asked.referral, reason=reason)
            return None
        if luck < 0.08 and earlier:
            referrals.mark_duplicate(
                by=by, referral=asked.referral, original=chance.choice(earlier).referral
            )
            return None
        if luck < 0.1:
            referrals.withdraw(by=by, referral=asked.referral)
            return None
        need = _make_need(ground, asked)
        assess(ground, need)
        return need


def _make_need(ground: Ground, asked: Asked) -> Need:
    chance, help_ = ground.chance, asked.help
    start = clock.today() + timedelta(days=chance.choice((2, 5, 7, 10, 14)))
    abuse = chance.random() < 0.04
    return referrals.make_need(
        by=ground.actors["coordinator"],
        referral=asked.referral,
        title=help_.title,
        scheme=help_.scheme,
        agency=asked.referral.agency_id or ground.agencies["council"],
        officer=ground.users["officer"] if _in_patch(asked) else None,
        starts=start,
        ends=start + timedelta(days=chance.choice((42, 84, 120, 180))),
        places=2 if help_.scheme == "facilitator" else 1,
        weekly_minutes=help_.minutes,
        skills=help_.skills,
        slots=_times(ground),
        gender="female" if abuse else "",
        gender_reason="abuse" if abuse else "",
    )


def _in_patch(asked: Asked) -> bool:
    return asked.referral.district_id in {"E07000123", "E07000126", "E07000118"}


def assess(ground: Ground, need: Need) -> None:
    """Most needs have an approved risk assessment; some wait for one, or for its approval."""
    chance = ground.chance
    luck = chance.random()
    if luck < 0.04 and clock.now() > ground.day(-14):
        return
    draft = risk_assessments.write(
        by=ground.actors["coordinator"],
        need=need,
        hazards=chance.sample(HAZARDS, chance.choice((1, 2, 2, 3))),
        lone_working=chance.random() < 0.7,
        review_on=clock.today() + timedelta(days=chance.choice((90, 180, 180, 365))),
    )
    sent = risk_assessments.submit(by=ground.actors["coordinator"], assessment=draft)
    if luck < 0.1 and clock.now() > ground.day(-14):
        return
    risk_assessments.approve(by=ground.actors["approver"], assessment=sent)


def add_group_needs(ground: Ground) -> None:
    """Needs about a group or a place, added by hand."""
    chance = ground.chance
    for title, scheme, skills, places, minutes in GROUP_NEEDS:
        for _ in range(3):
            district = ground.district()
            start = ground.today + timedelta(days=chance.randint(5, 20))
            with clock.at(ground.day(chance.randint(-30, -8))):
                need = needs.add(
                    by=ground.actors["coordinator"],
                    title=title,
                    scheme=scheme,
                    agency=ground.agencies["police"],
                    starts=start,
                    band=chance.choice((2, 3, 4)),
                    places=places,
                    slots=1 << chance.randrange(len(SLOTS)),
                    weekly_minutes=minutes,
                    postcode=chance.choice(ground.postcodes[district]),
                    skills=skills,
                )
                assess(ground, need)


def add_near_persona(ground: Ground) -> Need:
    """A need that the volunteer who can sign in is able to meet, added and assessed by hand."""
    by = ground.actors["coordinator"]
    need = needs.add(
        by=by,
        title=HELPS[0].title,
        scheme=HELPS[0].scheme,
        agency=ground.agencies["council"],
        officer=ground.users["officer"],
        starts=clock.today() + timedelta(days=7),
        band=3,
        weekly_minutes=HELPS[0].minutes,
        postcode=ground.postcodes["E07000123"][900],
        skills=HELPS[0].skills,
    )
    draft = risk_assessments.write(
        by=by,
        need=need,
        hazards=HAZARDS[:2],
        lone_working=True,
        review_on=clock.today() + timedelta(days=180),
    )
    sent = risk_assessments.submit(by=by, assessment=draft)
    risk_assessments.approve(by=ground.actors["approver"], assessment=sent)
    return need
