"""Disposing of what is held about somebody: rows go, a tombstone stays.

What belongs to others too is kept for them, without a trace of whom it was for: a volunteer's
hours, a case that is also about somebody else. The read log and the ledger keep ids, which lead
nowhere from then on; the words of the ledger about the person go, and its seal still verifies.
"""

from collections.abc import Collection, Iterable, Iterator
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.casework.models import CasePerson, Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.actions import transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.actions.outbox import post
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.kernel.ids import new_reference
from stepdown.kernel.retention import years_after
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.records.actions.removing import Removed, remove_person, remove_referrals
from stepdown.records.actions.removing_part import remove_part
from stepdown.records.models import Disposal
from stepdown.records.queries.keepers import facts
from stepdown.records.queries.recipients import agencies_shown, officers_of
from stepdown.records.queries.retention import holds, is_open
from stepdown.records.queries.schedules import rules_on
from stepdown.volunteering.models import Need, Volunteer

DISPOSED = Verb("retention.disposed", _("Records disposed of"))
REGISTERED = Verb("retention.registered", _("Disposals written into the register"))
MOST = 200


def mark_of(record_id: UUID, secret: str | bytes | None = None) -> bytes:
    """What stands for a record in the register: only this hub, with its secret, can make it; or
    with a former one."""
    return salted_hmac("stepdown.disposal", record_id.hex, secret, algorithm="sha256").digest()


def part_mark(record_id: UUID, agency: UUID, secret: str | bytes | None = None) -> bytes:
    """What stands for that which one agency kept of a record."""
    both = record_id.hex + agency.hex
    return salted_hmac("stepdown.disposal.part", both, secret, algorithm="sha256").digest()


def key_mark(secret: str | bytes | None = None) -> str:
    """Which secret marks are made with, in hexadecimal; it tells nothing of the secret."""
    return salted_hmac("stepdown.disposal.key", "", secret, algorithm="sha256").hexdigest()[:16]


@transaction.atomic
def dispose_of(*, by: Actor, person: UUID, ground: str, schedule: str) -> Disposal:
    """Remove everything about somebody. Called by the verb that decided it.

    ``Refused`` while the records are held, or while something about them is in use.
    """
    found = Person.objects.select_for_update().filter(pk=person).first()
    if found is None:
        raise NotVisible("No such record.")
    require(by, Permission.RETENTION_AGREE, facts(found))
    if holds().filter(person=person).exists():
        raise Refused(gettext("These records are held: nothing of them is disposed of."))
    if is_open(person):
        raise Refused(gettext("Something about this person is still open."))
    told = agencies_shown(person)
    removed = remove_person(found)
    return _tombstone(by, "person", person, ground, schedule, removed, told)


@transaction.atomic
def dispose_of_part(
    *, by: Actor, person: UUID, agency: UUID, ground: str, schedule: str = ""
) -> Disposal:
    """Remove what one agency keeps about somebody of whom others keep records too. Called by the
    verb that decided it, which has asked whether anything of the agency's is in use.

    ``Refused`` while the records are held.
    """
    found = Person.objects.select_for_update().filter(pk=person).first()
    if found is None:
        raise NotVisible("No such record.")
    require(by, Permission.RETENTION_AGREE, facts(found))
    if holds().filter(person=person).exists():
        raise Refused(gettext("These records are held: nothing of them is disposed of."))
    removed, stays = remove_part(found, agency), list(Disposal.Stays.values)
    told = agencies_shown(person, by=agency)
    return _tombstone(
        by, "part", person, ground, schedule, removed, told, agency=agency, stays=stays
    )


def dispose_of_referrals(*, by: Actor) -> int:
    """Referrals that were not taken on, and whose time is up. The number disposed of."""
    require(by, Permission.RETENTION_AGREE)
    rule = rules_on(clock.today())["not-taken-on"]
    today = clock.today()
    ended = (ReferralState.REJECTED, ReferralState.WITHDRAWN)
    old = today.replace(year=today.year - rule.schedule.clear, day=min(today.day, 28))
    waiting = Referral.objects.filter(
        state__in=ended, person__isnull=True, need__isnull=True, received_at__date__lte=old
    ).exclude(duplicates__person__isnull=False)  # what repeats one of somebody stays with theirs
    done = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:MOST]):
        done += _dispose_of_referral(by, pk, rule.schedule.clear)
    return done


@transaction.atomic
def _dispose_of_referral(by: Actor, pk: UUID, years: int) -> int:
    held = Referral.objects.select_for_update().filter(pk=pk, person__isnull=True).first()
    if held is None:
        return 0
    last = max(at for at in (held.triaged_at, held.received_at, held.started_at) if at)
    if years_after(last.date(), years) > clock.today():
        return 0
    removed = remove_referrals(Referral.objects.filter(pk=pk))
    _tombstone(by, "referral", pk, Disposal.Ground.SCHEDULE, "not-taken-on", removed, [])
    return 1


@transaction.atomic
def replay(*, by: Actor, marks: Collection[bytes], secret: str | bytes | None = None) -> int:
    """After an old backup was put back: dispose again of what had been disposed of. How many.

    ``secret`` is that with which the marks were made, where it is a former one.
    """
    require(by, Permission.RETENTION_AGREE)
    again = set(marks)
    found = 0
    for person in _marked(Person.objects.all(), again, secret):
        told: list[str] = []
        removed = remove_person(Person.objects.get(pk=person))
        _tombstone(by, "person", person, Disposal.Ground.REPLAY, "", removed, told)
        found += 1
    for person, agency in _parts(again, secret):
        removed = remove_part(Person.objects.get(pk=person), agency)
        stays = list(Disposal.Stays.values)
        _tombstone(
            by, "part", person, Disposal.Ground.REPLAY, "", removed, [], agency=agency, stays=stays
        )
        found += 1
    for referral in _marked(Referral.objects.all(), again, secret):
        removed = remove_referrals(Referral.objects.filter(pk=referral))
        _tombstone(by, "referral", referral, Disposal.Ground.REPLAY, "", removed, [])
        found += 1
    return found


def _parts(marks: set[bytes], secret: str | bytes | None) -> list[tuple[UUID, UUID]]:
    """Whose records, kept by which agency, have come back."""
    pairs: set[tuple[UUID, UUID]] = set()
    for book in (Need, Referral, Volunteer):
        rows = book._default_manager.filter(person__isnull=False, agency__isnull=False).order_by()
        pairs.update(rows.values_list("person", "agency").distinct())
    cases = CasePerson.objects.filter(case__agency__isnull=False).order_by()
    pairs.update(cases.values_list("person", "case__agency").distinct())
    return sorted(pair for pair in pairs if part_mark(*pair, secret) in marks)


def _marked(rows: QuerySet[Model], marks: set[bytes], secret: str | bytes | None) -> list[UUID]:
    ids: Iterator[UUID] = rows.order_by("pk").values_list("pk", flat=True).iterator(5_000)
    return [pk for pk in ids if mark_of(pk, secret) in marks]


@transaction.atomic
def registered(*, by: Actor, disposals: Iterable[UUID]) -> None:
    """These stand in the register outside the database."""
    require(by, Permission.RETENTION_AGREE)
    Disposal.objects.filter(pk__in=list(disposals)).update(registered=True)


def _tombstone(
    by: Actor,
    kind: str,
    what: UUID,
    ground: str,
    schedule: str,
    removed: Removed,
    told: list[str],
    *,
    agency: UUID | None = None,
    stays: Iterable[str] = (),
) -> Disposal:
    made = Disposal.objects.create(
        reference=new_reference("D"),
        kind=kind,
        ground=ground,
        schedule=schedule,
        mark=part_mark(what, agency) if agency else mark_of(what),
        stays=list(stays),
        counts=dict(sorted(removed.counts.items())),
        told=told,
        by_id=by.user,
        at=clock.now(),
    )
    # Ids of volunteers are named, so that whoever keeps columns of them hears that they are gone.
    record(
        by=by,
        verb=DISPOSED,
        about=("disposal", made.pk),
        subjects=[("volunteer", one) for one in removed.volunteers],
        payload={"ground": ground, "schedule": schedule, "counts": made.counts},
    )
    for user in officers_of(told):
        post(template="disposed-of", about=("disposal", made.pk), to_user=user)
    return made
