"""Erasure: what somebody asked for and two people agreed to is done, and leaves a tombstone."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.kernel.ids import new_reference
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.records.actions.disposals import dispose_of, dispose_of_part
from stepdown.records.actions.rights_answers import ANSWERED
from stepdown.records.actions.rights_requests import RECEIVED, locked, note, save
from stepdown.records.actions.rights_row import row_for
from stepdown.records.models import Disposal, RightsRequest
from stepdown.records.models.rights_request import RightsEvent
from stepdown.records.queries.in_the_way import in_the_way
from stepdown.records.queries.keepers import facts as kept_by
from stepdown.records.queries.keepers import keepers
from stepdown.records.queries.retention import due_as_held
from stepdown.records.queries.rights_request import ENDED, UNSURE

PASSED_ON = Verb("rights.passed-on", _("Passed on to every other agency that keeps records"))


@transaction.atomic
def pass_on(*, by: Actor, request: RightsRequest) -> int:
    """Give the request to every other agency that keeps records about the person, if the person
    wants that: each decides on its own, with its own reasons and its own clock. How many.

    Nobody here is told which agencies they are, nor does one that has such a request get another.
    Only once it is known who asks, and once.
    """
    held = row_for(by, request, Permission.RIGHTS_HANDLE)
    if held.kind != RightsRequest.Kind.ERASURE or held.person_id is None:
        raise Refused(gettext("Only a request for erasure is passed on."))
    if held.state in ENDED:
        raise Refused(gettext("This request has ended."))
    if held.state in UNSURE:
        raise Refused(gettext("Take this request in hand first, once you know who asks."))
    if held.passed_on is not None:
        raise Refused(gettext("This request has been passed on already."))
    theirs = RightsRequest.objects.filter(person=held.person_id, kind=held.kind)
    have = set(theirs.exclude(state__in=ENDED).values_list("agency", flat=True))
    others = sorted(keepers(held.person_id, besides=held.agency_id) - have)
    for agency in others:
        made = RightsRequest.objects.create(
            reference=new_reference("DR"),
            agency_id=agency,
            kind=held.kind,
            channel=RightsRequest.Channel.OTHER,
            person_id=held.person_id,
            asked_for=gettext("Another agency passed this on, as the person wants."),
            received_on=clock.today(),
            made_at=clock.now(),
        )
        # Whose officer passed it on, and under which law, would tell which agency keeps records.
        note(Actor.hub(), RECEIVED, made, {"kind": made.kind, "channel": made.channel})
    held.passed_on = clock.today()
    save(held)
    note(by, PASSED_ON, held)
    return len(others)


@transaction.atomic
def erase(*, by: Actor, request: RightsRequest) -> Disposal:
    """Dispose of everything about the person of an approved request, the request among it.

    Where another agency keeps records about them too, those are not this one's to erase: what this
    one keeps goes, and the certificate says what stays and why. ``Refused`` while the records are
    held, or something that goes is in use: the request then stands as it did.
    """
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.ANSWER)
    if held.kind != RightsRequest.Kind.ERASURE or held.person is None:
        raise Refused(gettext("Only a request for erasure erases records."))
    if not decide(by, Permission.RETENTION_AGREE, kept_by(held.person)).allowed:
        raise Refused(gettext("Your agency holds nothing about this person."))
    found = in_the_way(held)
    held.ended_on = clock.today()
    save(held)  # what is open about them, this request is no more
    note(by, ANSWERED, held)
    if found.elsewhere:
        if found.open:
            raise Refused(gettext("Something about this person is still open."))
        return dispose_of_part(
            by=by,
            person=held.person.pk,
            agency=held.agency_id,
            ground=Disposal.Ground.ERASURE,
        )
    line = due_as_held(held.person.pk)
    if line is None:
        raise Refused(gettext("Something about this person is still open."))
    return dispose_of(
        by=by, person=held.person.pk, ground=Disposal.Ground.ERASURE, schedule=line.schedule
    )
