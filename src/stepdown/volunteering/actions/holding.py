"""What offers and placements share: locking a pair, telling those concerned, letting a hold go."""

from uuid import UUID

from stepdown.hub.actions import ledger, outbox
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.slots import SLOTS
from stepdown.policy.actors import Actor
from stepdown.volunteering.models import Hold, Need, Offer, Placement, Volunteer
from stepdown.volunteering.queries.watcher import watchers_of


def lock_pair(need_id: UUID, volunteer_id: UUID) -> tuple[Need, Volunteer]:
    """Both records, fresh and locked: always the need before the volunteer, then offer, placement.

    One order everywhere, so that two verbs never wait for each other.
    """
    need = Need.objects.select_for_update().filter(pk=need_id).first()
    volunteer = Volunteer.objects.select_for_update().filter(pk=volunteer_id).first()
    if need is None or volunteer is None:
        raise NotVisible("No such record.")
    return need, volunteer


def lock_offer(offer: Offer) -> Offer:
    """The offer with its need and volunteer, fresh and locked: what was handed in is stale."""
    need, volunteer = lock_pair(offer.need_id, offer.volunteer_id)
    fresh = Offer.objects.select_for_update().get(pk=offer.pk)
    fresh.need, fresh.volunteer = need, volunteer
    return fresh


def lock_placement(placement: Placement) -> Placement:
    """The placement with its need and volunteer, fresh and locked."""
    need, volunteer = lock_pair(placement.need_id, placement.volunteer_id)
    fresh = Placement.objects.select_for_update().get(pk=placement.pk)
    fresh.need, fresh.volunteer = need, volunteer
    return fresh


def let_go(hold_id: UUID | None) -> None:
    """Free a place, a share and a slot. The record that held them has been saved without them."""
    if hold_id is not None:
        Hold.objects.filter(pk=hold_id).delete()


def slot_name(slot: int | None) -> str | None:
    """A slot's name for a ledger's payload; None where the need takes no slot."""
    return None if slot is None else SLOTS[slot]


def enter(
    *,
    by: Actor,
    verb: Verb,
    about: Offer | Placement,
    payload: dict[str, object] | None = None,
    also: tuple[tuple[str, UUID], ...] = (),
) -> None:
    """One ledger entry that shows on the timelines of the need, the volunteer and both people."""
    kind = "offer" if isinstance(about, Offer) else "placement"
    subjects = [
        ("need", about.need_id),
        ("volunteer", about.volunteer_id),
        ("person", about.volunteer.person_id),
        *also,
    ]
    if about.need.person_id is not None:
        subjects.append(("person", about.need.person_id))
    if isinstance(about, Placement):
        subjects.append(("offer", about.offer_id))
    ledger.record(
        by=by,
        verb=verb,
        about=(kind, about.pk),
        subjects=subjects,
        payload={"need": about.need.reference, **(payload or {})},
    )


def tell_volunteer(template: str, about: Offer | Placement) -> None:
    """A message to the volunteer, by their safe email address when it is sent."""
    kind = "offer" if isinstance(about, Offer) else "placement"
    outbox.post(template=template, about=(kind, about.pk), to_person=about.volunteer.person_id)


def tell_watchers(
    template: str, about: Offer | Placement, users: list[UUID] | None = None, *, by: Actor
) -> None:
    """A message to the need's officer, else to the coordinators of its district, but never to the
    one who did what it tells of. ``users`` are the watchers where the caller knows them."""
    kind = "offer" if isinstance(about, Offer) else "placement"
    told = watchers_of([about.need])[about.need_id] if users is None else users
    for user in (user for user in told if user != by.user):
        outbox.post(template=template, about=(kind, about.pk), to_user=user)
