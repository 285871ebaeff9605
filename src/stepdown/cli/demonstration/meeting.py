"""How needs and volunteers met: plans, offers, answers, hours and endings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.cli.demonstration.asking import add_near_persona
from stepdown.cli.demonstration.ground import HUB, Ground
from stepdown.hub.actions import outbox
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import (
    credentials,
    hours,
    needs,
    offers,
    placements,
    plans,
    volunteers,
)
from stepdown.volunteering.queries import credential as held
from stepdown.volunteering.queries import volunteer as profiles
from stepdown.volunteering.queries.need import visible_to as open_needs
from stepdown.volunteering.queries.offer import visible_to as open_offers
from stepdown.volunteering.queries.placement import visible_to
from stepdown.volunteering.queries.plan import chosen as chosen_pairs

if TYPE_CHECKING:
    from stepdown.volunteering.models import Offer, Placement

# Days on which the coordinator made a plan and sent what it proposed.
PLAN_DAYS = (-70, -56, -42, -28, -14, -1)


def plan_and_send(ground: Ground, day: int) -> list[Offer]:
    """One plan; most of it is sent. The last day's is sent in part, so that there is work left."""
    chance, by = ground.chance, ground.actors["coordinator"]
    with clock.at(ground.day(day, hour=9)):
        plan = plans.make(by=by)
        pairs = chosen_pairs(by, plan)
        share = {-14: 0.75, PLAN_DAYS[-1]: 0.2}.get(day, 0.92)
        # The first few always: however small the partnership, somebody has been asked.
        wanted = [pair for at, pair in enumerate(pairs) if at < 4 or chance.random() < share]
        return plans.send_offers(by=by, pairs=wanted).sent


def ask_persona(ground: Ground) -> list[Offer]:
    """The volunteer who can sign in has something to answer: asked by hand where no plan asked."""
    by, person = ground.actors["coordinator"], actor_for_user(ground.users["volunteer"]).person
    with clock.at(ground.day(PLAN_DAYS[-1], hour=11)):
        volunteer = profiles.visible_to(by).get(person=person)
        if open_offers(by).filter(volunteer=volunteer, state="sent").exists():
            return []
        for need in open_needs(by).filter(state="open").order_by("-id"):
            try:
                return [offers.send(by=by, need=need, volunteer=volunteer)]
            except (InvalidInput, Refused):
                continue  # full, too far, no approved assessment: the next one
        # In a small partnership nobody near him may need what he can do: somebody does, whenever
        # he has time, and he has room for it.
        volunteer = volunteers.change(
            by=by,
            volunteer=volunteer,
            version=volunteer.version,
            capacity=volunteer.capacity + 1,
        )
        return [offers.send(by=by, need=add_near_persona(ground), volunteer=volunteer)]


def answer(ground: Ground, sent: list[Offer], day: int) -> None:
    """Three in four say yes, some say no, some never answer. Of the last, many are still open."""
    chance = ground.chance
    persona = actor_for_user(ground.users["volunteer"])
    for number, offer in enumerate(sent):
        person = offer.volunteer.person_id
        if person == persona.person and day == PLAN_DAYS[-1]:
            continue
        by = Actor.by_link(person)
        luck = chance.random()
        if day == PLAN_DAYS[-1] and (luck < 0.55 or number == 0):
            continue
        moment = ground.day(day + chance.choice((0, 1)), hour=chance.randint(12, 21))
        with clock.at(moment):
            try:
                if luck < 0.86:
                    offers.accept(by=by, offer=offer)
                elif luck < 0.95:
                    reason = chance.choice(
                        ("times", "travel", "not-now", "not-for-me", "know-them")
                    )
                    offers.decline(by=by, offer=offer, reason=reason)
            except Refused:
                # The check lapsed or the need closed meanwhile: the hub is right to refuse.
                continue
    with clock.at(ground.day(min(day + 5, 0), hour=22)):
        offers.lapse_due(by=HUB)


def weekly(ground: Ground, day: int) -> None:
    """A week's hours of those who are placed; some endings; checks that lapsed."""
    chance, by = ground.chance, ground.actors["coordinator"]
    with clock.at(ground.day(day, hour=18)):
        placements.suspend_lapsed(by=HUB)
        live = list(
            visible_to(by)
            .filter(state="live", starts__lte=clock.today())
            .select_related("need", "volunteer")
            .order_by("id")
        )
        for placement in live:
            if chance.random() < 0.8:
                _log(ground, placement)
            age = (clock.today() - placement.starts).days
            if age > 28 and chance.random() < 0.1:
                outcome = chance.choices(
                    ("stepped-down", "partly", "not-helped", "stepped-up"), (62, 22, 6, 10)
                )[0]
                if placement.need.state == "open":
                    needs.close(by=by, need=placement.need, outcome=outcome)
            elif chance.random() < 0.012 and placement.step_back_asked_at is None:
                placements.ask_to_step_back(
                    by=Actor.by_link(placement.volunteer.person_id), placement=placement
                )


def _log(ground: Ground, placement: Placement) -> None:
    chance, by = ground.chance, ground.actors["coordinator"]
    on = clock.today() - timedelta(days=chance.randrange(5))
    minutes = max(15, placement.need.weekly_minutes + chance.choice((-30, -15, 0, 0, 15, 30)))
    try:
        entry = hours.log(
            by=Actor.by_link(placement.volunteer.person_id),
            placement=placement,
            on=max(on, placement.starts),
            minutes=minutes,
        )
    except (InvalidInput, Refused):
        # Logged for that day already, or past the need's last day.
        return
    if clock.now() < ground.day(-7) or chance.random() < 0.8:
        hours.confirm(by=by, entry=entry)


def unsettle(ground: Ground) -> None:
    """What goes wrong in a week: some volunteers take a break, some checks are withdrawn."""
    chance, by = ground.chance, ground.actors["coordinator"]
    with clock.at(ground.day(-3)):
        everybody = list(profiles.visible_to(by).order_by("id")[1:])
        for volunteer in chance.sample(everybody, len(everybody) // 40):
            volunteers.pause(by=by, volunteer=volunteer)
        live = list(visible_to(by).filter(state="live").select_related("volunteer").order_by("id"))
        for placement in chance.sample(live, min(4, len(live) // 8)):
            checks = held.visible_to(by).filter(
                person=placement.volunteer.person_id, type="dbs-enhanced", state="current"
            )
            for check in checks:
                credentials.revoke(by=by, credential=check)


def deliver(ground: Ground) -> None:
    """The story's messages left long ago: none is waiting to be sent when the hub is opened."""
    with clock.at(ground.day(0, hour=23)):
        while due := outbox.claim(by=HUB, most=500):
            for message in due:
                outbox.mark_sent(by=HUB, message=message)
