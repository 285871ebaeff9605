"""What was begun while an agreement held goes no further once it does not."""

import pytest
from django.core import mail

from stepdown.hub.actions.outbox import post
from stepdown.hub.models import OutboxMessage
from stepdown.hub.queries.ledger import timeline
from stepdown.kernel.errors import InvalidInput
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements, overrides
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import needs
from stepdown.volunteering.queries.sight import told
from tests.factories import actor_of, make_agency, make_need, make_user
from tests.factories.agreements import make_agreement, signatory

pytestmark = pytest.mark.django_db


def test_queued_message_about_a_record_leaves_only_while_its_reader_may_see_that() -> None:
    ours, theirs = make_agency("Ours"), make_agency("Theirs")
    reader = make_user(RoleKey.COORDINATOR, agency=ours)
    owner = make_user(RoleKey.COORDINATOR, agency=theirs)
    held = make_agreement(theirs, ours)
    need = make_need(by=actor_of(owner), agency=theirs)
    about = ("need", need.pk)
    first = post(template="offer-declined", about=about, to_user=reader.pk)
    assert jobs.drain() == 1
    second = post(template="offer-lapsed", about=about, to_user=reader.pk)
    own = post(template="offer-lapsed", about=about, to_user=owner.pk)
    agreements.withdraw(by=signatory(theirs), agreement=held, agency=theirs, reason="Over")
    # Nor does an emergency, in which the need is open to be read, bring news of it.
    overrides.open_record(
        by=actor_of(reader), reference=need.reference, reason="danger", words="She is missing"
    )
    jobs.drain()
    states = {one.pk: one.state for one in OutboxMessage.objects.all()}
    assert (states[first.pk], states[second.pk], states[own.pk]) == ("sent", "cancelled", "sent")
    assert [letter.to for letter in mail.outbox].count([reader.email]) == 1


def test_need_is_given_to_nobody_from_whom_it_is_shut() -> None:
    ours, theirs = make_agency("Ours"), make_agency("Theirs")
    officer = make_user(RoleKey.OUTREACH_OFFICER, agency=ours)
    by = actor_of(make_user(RoleKey.COORDINATOR, agency=theirs))
    need = make_need(by=by, agency=theirs)
    with pytest.raises(InvalidInput) as refused:
        needs.assign(by=by, need=need, officer=officer)
    assert "No agreement shows this need" in refused.value.errors["officer"]
    with pytest.raises(InvalidInput):
        make_need(by=by, agency=theirs, officer=officer)
    held = make_agreement(theirs, ours)
    assert needs.assign(by=by, need=need, officer=officer).officer == officer
    needs.assign(by=by, need=need, officer=None)
    agreements.withdraw(by=signatory(theirs), agreement=held, agency=theirs, reason="Over")
    with pytest.raises(InvalidInput):
        needs.assign(by=by, need=need, officer=officer)


def test_timeline_tells_of_an_emergency_to_those_who_may_look_at_it() -> None:
    ours, theirs = make_agency("Ours"), make_agency("Theirs")
    by = actor_of(make_user(RoleKey.COORDINATOR, agency=ours))
    owner = actor_of(make_user(RoleKey.COORDINATOR, agency=theirs))
    # Who reviews it is an officer: without one, coordinators would stand in, and see it.
    make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=theirs)
    need = make_need(by=owner, agency=theirs)
    overrides.open_record(by=by, reference=need.reference, reason="danger", words="Gone")

    def lines(who: Actor) -> set[str]:
        return {event.verb for event in timeline("need", need.pk, told=told(who))}

    assert lines(owner) == {"need.added"}
    assert "override.opened" in lines(by)
