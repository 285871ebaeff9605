"""Recording that two people must not be brought together."""

from django.db import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import ledger, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.models import Person
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.holding import lock_placement
from stepdown.volunteering.actions.suspending import suspend_locked
from stepdown.volunteering.models import Exclusion, Need, Placement, Volunteer
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.queries.exclusion import facts, facts_for
from stepdown.volunteering.queries.volunteer import facts as volunteer_facts

EXCLUSION_RECORDED = Verb("exclusion.recorded", _("Recorded that two people must be kept apart"))
EXCLUSION_ENDED = Verb("exclusion.ended", _("Two people need no longer be kept apart"))


@transaction.atomic
def record(*, by: Actor, volunteer: Volunteer, person: Person, reason: str) -> Exclusion:
    """From now the volunteer is never matched with the person. The reason is not in the ledger.

    A live placement between them is suspended at once; an open offer lapses when next asked.
    """
    # Needs before the volunteer, as everywhere: meanwhile nobody accepts an offer between the two.
    list(Need.objects.select_for_update().filter(person=person.pk).order_by("pk"))
    known = Volunteer.objects.select_for_update(of=("self",)).select_related("person")
    helper = known.get(pk=volunteer.pk)
    other = Person.objects.get(pk=person.pk)
    require(by, Permission.VOLUNTEER_VIEW, volunteer_facts(helper))
    require(by, Permission.PERSON_VIEW, people.facts(other))
    require(by, Permission.EXCLUSION_RECORD, facts_for(helper, other))
    check = Check()
    reason = check.choice("reason", reason, Exclusion.Reason.values, gettext("Select a reason."))
    check.that(
        helper.person_id != other.pk, "person", gettext("Select somebody other than the volunteer.")
    )
    check.done()
    if by.user is None:
        raise Refused(gettext("Sign in to record this."))
    try:
        with transaction.atomic():
            made = Exclusion.objects.create(
                volunteer=helper,
                person=other,
                reason=reason,
                recorded_by_id=by.user,
                recorded_at=clock.now(),
            )
    except IntegrityError as twice:
        raise Refused(gettext("This is on record already.")) from twice
    ledger.record(by=by, verb=EXCLUSION_RECORDED, about=("exclusion", made.pk), subjects=_who(made))
    live = Placement.objects.filter(
        volunteer=helper, need__person=other, state=PlacementState.LIVE.value
    )
    for placement in live.order_by("pk"):
        # Part of this verb, whoever may record it: they are apart from now, and an alert is out.
        suspend_locked(by, lock_placement(placement), gettext("These two must be kept apart."))
    return made


@transaction.atomic
def keep_apart(*, by: Actor, one: Person, other: Person, reason: str) -> list[Exclusion]:
    """From now neither is matched with the other, whichever of the two volunteers, or both do.

    What is on record already stays as it is. Refused where neither volunteers: nothing could match
    them.
    """
    made, known = [], False
    for helper, helped in ((one, other), (other, one)):
        volunteer = Volunteer.objects.filter(person=helper.pk).first()
        if volunteer is None:
            continue
        standing = Exclusion.objects.filter(volunteer=volunteer, person=helped.pk, ended_at=None)
        known = known or standing.exists()
        if not standing.exists():
            made.append(record(by=by, volunteer=volunteer, person=helped, reason=reason))
    if known and not made:
        raise Refused(gettext("This is on record already."))
    if not made:
        raise Refused(gettext("Neither of them volunteers, so they cannot be matched."))
    return made


@transaction.atomic
def end(*, by: Actor, exclusion: Exclusion) -> Exclusion:
    """It no longer holds. That it once did stays on record."""
    rows = Exclusion.objects.select_for_update(of=("self",))
    held = rows.select_related("volunteer__person", "person").get(pk=exclusion.pk)
    require(by, Permission.EXCLUSION_RECORD, facts(held))
    if held.ended_at is not None:
        raise Refused(gettext("This was ended already."))
    held.ended_at = clock.now()
    held.save(update_fields=["ended_at"])
    ledger.record(by=by, verb=EXCLUSION_ENDED, about=("exclusion", held.pk), subjects=_who(held))
    return held


def _who(exclusion: Exclusion) -> list[ledger.Subject]:
    volunteer = exclusion.volunteer
    return [
        ("volunteer", volunteer.pk),
        ("person", volunteer.person_id),
        ("person", exclusion.person_id),
    ]
