"""The lines of a plan as pages show them, each beside what has become of it since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext

from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS
from stepdown.matching import eligibility
from stepdown.matching.rules import Reason, Rule
from stepdown.matching.words import slot_words
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import Need, Offer, Placement, PlanGap, PlanPair, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.models.volunteer import VolunteerState
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries import world
from stepdown.volunteering.queries.placement import STANDING
from stepdown.volunteering.queries.proposal import HELD_BACK, NOT_FOUND, NOT_SOUGHT
from stepdown.volunteering.queries.reason import Names, discreet, in_words, near_misses, restored
from stepdown.volunteering.queries.risk import current_for
from stepdown.volunteering.queries.world_needs import is_shielded, records


class PairStatus(StrEnum):
    """What has become of a proposed pair since the plan was made."""

    NEW = "new"  # can be sent
    OFFERED = "offered"  # asked, no answer yet
    PLACED = "placed"
    REFUSED = "refused"  # asked; declined, lapsed or withdrawn
    IMPOSSIBLE = "impossible"  # a rule fails now, or nothing is left


@dataclass(frozen=True)
class PairRow:
    """One proposed pair. ``volunteer_name`` is "" where the actor may not see who it is.

    ``quality`` is None, and no reason says a distance, where a place is shielded. ``problems`` are
    sentences, of an impossible pair only. ``may_send``: the actor may send offers for the need.
    """

    id: UUID
    need_id: UUID
    need_reference: str
    need_title: str
    need_person_id: UUID | None
    district: str
    band: int
    slot: str
    volunteer_id: UUID
    volunteer_person_id: UUID | None
    volunteer_name: str
    quality: int | None
    reasons: list[str]
    status: PairStatus
    problems: list[str]
    risk_current: bool
    may_send: bool


@dataclass(frozen=True)
class GapRow:
    """One need the plan could not fill: why, who nearly could, the cheapest change, in words."""

    need_id: UUID
    need_reference: str
    need_title: str
    need_person_id: UUID | None
    district: str
    band: int
    places_unfilled: int
    why: str
    near_misses: list[str]
    change: str
    change_volunteer_id: UUID | None
    change_person_id: UUID | None


@as_hub("a plan is about everybody at once")
def pair_rows(by: Actor, found: Sequence[PlanPair]) -> list[PairRow]:
    """The lines of pairs on whose needs the actor may look. A constant number of queries."""
    named = _may_name(by, {pair.volunteer_id for pair in found})
    sendable = _may_send(by, {pair.need_id for pair in found})
    names = Names.read()
    standing = _standing(found)
    assessed = current_for({pair.need_id for pair in found}, clock.today())
    now = _world(found)
    rows = []
    for pair, broken in zip(found, _problems(found, now), strict=True):
        # A place may have become shielded after the plan was made, or been shielded then.
        now_hidden = now.shielded(str(pair.volunteer_id), str(pair.need_id))
        terms = discreet((restored(term) for term in pair.terms), hidden=now_hidden)
        hidden = now_hidden or any(term.code.endswith("-hidden") for term in terms)
        status = standing.get(pair.pk) or (PairStatus.IMPOSSIBLE if broken else PairStatus.NEW)
        seen = pair.volunteer_id in named
        rows.append(
            PairRow(
                id=pair.pk,
                need_id=pair.need_id,
                need_reference=pair.need.reference,
                need_title=pair.need.title,
                need_person_id=pair.need.person_id,
                district=pair.need.district.name if pair.need.district else "",
                band=pair.band,
                slot="" if pair.slot is None else slot_words(SLOTS[pair.slot], gettext),
                volunteer_id=pair.volunteer_id,
                volunteer_person_id=pair.volunteer.person_id if seen else None,
                volunteer_name=pair.volunteer.person.full_name if seen else "",
                quality=None if hidden else pair.quality,
                reasons=in_words(terms, names),
                status=status,
                problems=_said(broken, names) if status is PairStatus.IMPOSSIBLE else [],
                risk_current=pair.need_id in assessed,
                may_send=pair.need_id in sendable,
            )
        )
    return rows


@as_hub("a plan is about everybody at once")
def statuses(found: Sequence[PlanPair]) -> dict[UUID, PairStatus]:
    """What has become of each pair since, by its id. A constant number of queries."""
    known = _standing(found)
    left = [pair for pair in found if pair.pk not in known]
    for pair, broken in zip(left, _problems(left, _world(left)), strict=True):
        known[pair.pk] = PairStatus.IMPOSSIBLE if broken else PairStatus.NEW
    return known


def _may_name(by: Actor, ids: Iterable[UUID]) -> dict[UUID, Volunteer]:
    """The volunteers among these whom the actor may see. One query."""
    return volunteers.visible_to(by).in_bulk(list(ids))


def _may_send(by: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """The needs among these for which the actor may send offers. One query."""
    seen = needs.visible_to(by, Permission.OFFER_SEND).order_by()
    return set(seen.filter(pk__in=list(ids)).values_list("pk", flat=True))


def _standing(found: Sequence[PlanPair]) -> dict[UUID, PairStatus]:
    """What the store says of each pair that has been asked, whoever asked. Two queries."""
    ids = [pair.need_id for pair in found]
    placed = set(
        Placement.objects.filter(need__in=ids, state__in=STANDING).values_list(
            "need_id", "volunteer_id"
        )
    )
    own = {pair.offer_id for pair in found}
    now = clock.now()
    asked: dict[tuple[UUID, UUID], PairStatus] = {}
    for offer in Offer.objects.filter(need__in=ids).order_by("id"):
        waits = offer.state == OfferState.SENT and offer.lapses_at > now
        status = PairStatus.OFFERED if waits else PairStatus.REFUSED
        if waits or offer.pk in own:
            asked[offer.need_id, offer.volunteer_id] = status
    answer = {}
    for pair in found:
        key = pair.need_id, pair.volunteer_id
        if key in placed:
            answer[pair.pk] = PairStatus.PLACED
        elif key in asked:
            answer[pair.pk] = asked[key]
    return answer


def _world(found: Sequence[PlanPair]) -> world.World:
    """The needs and volunteers of some pairs as they are now. Constant queries."""
    return world.build(
        on=clock.today(),
        needs=Need.objects.filter(pk__in={pair.need_id for pair in found}),
        volunteers=Volunteer.objects.filter(pk__in={pair.volunteer_id for pair in found}),
    )


def _problems(found: Sequence[PlanPair], now: world.World) -> list[list[Reason]]:
    """Why each pair could not be sent now; empty where it could."""
    answer: list[list[Reason]] = []
    for pair in found:
        need = now.problem.need(str(pair.need_id))
        volunteer = now.problem.volunteer(str(pair.volunteer_id))
        broken: list[Reason] = []
        if pair.need.state != NeedState.OPEN or _over(pair.need, clock.today()):
            broken.append(Reason("need-closed"))
        elif not need.open_places:
            broken.append(Reason("need-full"))
        if pair.volunteer.state != VolunteerState.ACTIVE:
            broken.append(Reason("volunteer-away"))
        failures = eligibility.failures(now.problem, volunteer, need)
        taken = pair.slot is not None and volunteer.busy_slots >> pair.slot & 1
        if taken and not any(one.rule is Rule.BUSY for one in failures):
            broken.append(Reason("slot-taken"))
        broken += discreet(failures, hidden=now.shielded(volunteer.id, need.id))
        answer.append(broken)
    return answer


def _over(need: Need, today: date) -> bool:
    return need.ends is not None and need.ends < today


def _said(broken: list[Reason], names: Names) -> list[str]:
    own = {
        "need-closed": gettext("The need is no longer open."),
        "need-full": gettext("All places of the need are taken."),
        "volunteer-away": gettext("The volunteer is not taking anything on at the moment."),
        "slot-taken": gettext("The volunteer is taken at this time."),
    }
    return [own[one.code] if one.code in own else in_words([one], names)[0] for one in broken]


@as_hub("a plan is about everybody at once")
def gap_rows(by: Actor, found: Sequence[PlanGap]) -> list[GapRow]:
    """The lines of gaps on whose needs the actor may look. A constant number of queries."""
    changes = {gap.pk: restored(gap.change) for gap in found if gap.change}
    asked = {one for change in changes.values() if (one := _meant(change))}
    named = _may_name(by, asked)
    needs, people = _shielded_now(found, asked)
    names = Names.read()
    rows = []
    for gap in found:
        why = restored(gap.why)
        change = changes.get(gap.pk)
        meant = _meant(change) if change else None
        who = named.get(meant) if meant else None
        if change:
            [change] = discreet([change], hidden=gap.need_id in needs or meant in people)
        said = who.person.full_name if who else gettext("a volunteer outside your districts")
        rows.append(
            GapRow(
                need_id=gap.need_id,
                need_reference=gap.need.reference,
                need_title=gap.need.title,
                need_person_id=gap.need.person_id,
                district=gap.need.district.name if gap.need.district else "",
                band=gap.band,
                places_unfilled=gap.places_unfilled,
                why=_why(why, change, names),
                near_misses=near_misses(why),
                change=_change(change, said, names),
                change_volunteer_id=who.pk if who else None,
                change_person_id=who.person_id if who else None,
            )
        )
    return rows


def _shielded_now(found: Sequence[PlanGap], asked: set[UUID]) -> tuple[set[UUID], set[UUID]]:
    """The needs of gaps, and the volunteers asked about, whose place is shielded by now. Two
    queries: what a plan says was worked out before."""
    needs = records(Need.objects.filter(pk__in={gap.need_id for gap in found}))
    hidden = Volunteer.objects.filter(pk__in=asked, person__shielded_address__isnull=False)
    return {need.pk for need in needs if is_shielded(need)}, set(
        hidden.values_list("pk", flat=True)
    )


def _meant(change: Reason) -> UUID | None:
    """The volunteer whom a change is about; None of what is said where none was found."""
    who = change.values.get("volunteer")
    return UUID(str(who)) if who else None


def _why(why: Reason, change: Reason | None, names: Names) -> str:
    if why.code == "taken" and change is not None and change.code == HELD_BACK:
        return gettext(
            "Volunteers who meet every rule: %(count)d. Their time goes to other needs, some of "
            "them because they are matched in the last plan."
        ) % {"count": why.values["eligible"]}
    return in_words([why], names)[0]


def _change(change: Reason | None, volunteer: str, names: Names) -> str:
    if change is None:
        return gettext("No single change would fill it.")
    if change.code == NOT_FOUND:
        return gettext("No single change was found among those who come closest.")
    if change.code == HELD_BACK:
        return gettext(
            "Changes to the last plan were held back: a plan without that may fill it. What else "
            "would fill it was not looked for."
        )
    if change.code == NOT_SOUGHT:
        return gettext("What would fill it was not looked for: the plan was stopped by its limit.")
    named = Reason(change.code, {**change.values, "volunteer": volunteer})
    return in_words([named], names)[0]
