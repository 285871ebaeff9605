"""The story told from its first day to its last."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from stepdown.cli.demonstration import (
    appraising,
    asking,
    calling,
    cases,
    deciding,
    joining,
    keeping,
    measuring,
    meeting,
    rating,
    rights,
    rostering,
)
from stepdown.cli.demonstration.asking import Asked
from stepdown.cli.demonstration.ground import HUB, Ground, lay
from stepdown.hub.actions import ledger
from stepdown.kernel import clock, ids
from stepdown.kernel.heads import Signer
from stepdown.volunteering.actions import offers, placements
from stepdown.volunteering.queries.need import visible_to

# What is being done, how much of it there is, how much has been done.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Size:
    """How large a partnership to make. ``cases``: at most so many of each pathway; None for all."""

    volunteers: int = 3_000
    referrals: int = 600
    cases: int | None = None


@dataclass(frozen=True)
class Told:
    """What there is at the end."""

    volunteers: int
    referrals: int
    needs: int
    offers: int


@transaction.atomic
def tell(
    *, today: date, size: Size, seed: int, progress: Progress, signer: Signer | None = None
) -> Told:
    """Fill an empty hub. One transaction: all of the story, or none of it."""
    with ids.seeded(seed) as chance:
        with clock.at(Ground(today, chance).day(-150)):
            progress("Places, agencies and schemes", 1, 0)
            ground = lay(today, chance)
            progress("Places, agencies and schemes", 1, 1)
        for number, _ in enumerate(joining.join_all(ground, size.volunteers), start=1):
            progress("Volunteers join", size.volunteers, number)
        sent = _days(ground, size.referrals, progress)
        meeting.unsettle(ground)
        with clock.at(ground.day(0, hour=22)):
            offers.lapse_due(by=HUB)
            placements.suspend_lapsed(by=HUB)
        for number, of in cases.keep(ground, most=size.cases):
            progress("Cases in each pathway", of, number)
        calling.read_log(ground)
        deciding.meet(ground)
        rating.enter(ground)
        appraising.keep(ground)
        measuring.keep(ground)
        rostering.keep(ground)
        needs = visible_to(ground.actors["coordinator"]).count()
        rights.ask(ground)
        keeping.keep(ground)
        keeping.open_in_an_emergency(ground)
        keeping.make_a_token(ground)
        meeting.deliver(ground)
        with clock.at(ground.day(0, hour=23, minute=30)):
            while ledger.seal(by=HUB, signer=signer):
                pass
    return Told(size.volunteers, size.referrals, needs, sent)


def _days(ground: Ground, referrals: int, progress: Progress) -> int:
    """Day by day: referrals come, are triaged; on some days a plan is made. The offers sent."""
    sent, made = 0, 0
    earlier: list[Asked] = []
    days = asking.days_of(ground, referrals)
    asking.add_group_needs(ground)
    for day in range(asking.FIRST_DAY, 1):
        while made < len(days) and days[made] == day:
            asked = asking.refer(ground, day)
            made += 1
            progress("Referrals and what became of them", referrals, made)
            if asking.triage_one(ground, asked, earlier) is not None:
                earlier.append(asked)
        if day in meeting.PLAN_DAYS:
            made_offers = meeting.plan_and_send(ground, day)
            meeting.answer(ground, made_offers, day)
            sent += len(made_offers)
        if day == meeting.PLAN_DAYS[-1]:
            sent += len(meeting.ask_persona(ground))
        if day % 7 == 0 and day > -70:
            meeting.weekly(ground, day)
    return sent
