"""A meeting decides on the cases that wait for it, by the cases' own verbs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_notes, cases, meeting_decisions, meetings
from stepdown.casework.models import (
    Case,
    CaseNote,
    Meeting,
    MeetingAction,
    MeetingDecision,
    MeetingItem,
)
from stepdown.casework.queries import meeting as queries
from stepdown.casework.queries.case import readable
from stepdown.casework.queries.case_note import threads
from stepdown.casework.queries.meeting_lines import dealt, to_do
from stepdown.hub.models import DisclosedPerson, LedgerEntry, LedgerPayload
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import removing
from tests.factories.agencies import make_agency
from tests.factories.cases import do_step, make_case, name_all, now
from tests.factories.users import actor_of, coordinator, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

KIND = "volunteer-caseload/allocation"


def waiting(by: Actor) -> Case:
    """A request that waits for the allocation meeting."""
    case = make_case("volunteer-caseload", by=by)
    name_all(case, by=by)
    do_step(case, "check-referral", by=by)
    return cases.move(by=by, case=now(case), to="meeting")


def world() -> dict[str, Any]:
    agency = make_agency()
    chair = make_user(RoleKey.COORDINATOR, agency=agency)
    officer = make_user(RoleKey.OUTREACH_OFFICER, agency=agency)
    by = actor_of(chair)
    return {"agency": agency, "chair": chair, "officer": officer, "by": by}


def planned(made: dict[str, Any], **other: Any) -> Meeting:
    asked = {"kind": KIND, "held_on": clock.today(), "chair": made["chair"], "attendees": []}
    return meetings.plan(by=made["by"], **{**asked, **other})


def test_meeting_from_agenda_to_minutes() -> None:
    made = world()
    by = made["by"]
    with clock.at(clock.now() - timedelta(days=3)):
        first = waiting(by)
    second, third = waiting(by), waiting(by)
    meeting = planned(made, attendees=[made["officer"]])
    agenda = queries.items(by, meeting)
    assert [one.case_id for one in agenda] == [first.pk, second.pk, third.pk]
    # What is on one agenda is on no other, until it has been dealt with.
    assert queries.items(by, planned(made)) == []
    with pytest.raises(Refused, match="has not begun"):
        meeting_decisions.discuss(by=by, item=agenda[0], note=("support", "Too soon"))
    meeting_decisions.put_off(by=by, item=agenda[2], reason="information")
    late = waiting(by)
    assert meetings.bring_up_to_date(by=by, meeting=meeting) == 1
    meeting = meetings.open_meeting(by=by, meeting=meeting)
    meeting_decisions.allocate(
        by=by, item=agenda[0], role="lead", user=made["officer"], note=("support", "Knows her")
    )
    assert now(first).officer == made["officer"]
    with pytest.raises(Refused, match="is not done"):
        meeting_decisions.move(by=by, item=agenda[0], to="matching")
    assert MeetingDecision.objects.filter(item=agenda[0]).count() == 1
    do_step(now(first), "allocation", by=by)
    meeting_decisions.move(by=by, item=agenda[0], to="matching", note=("support", "Begin soon"))
    assert now(first).stage == "matching"
    # How a case may end is guarded as its moves are.
    do_step(now(first), "first-contact", by=by)
    with pytest.raises(Refused, match="first meeting with the volunteer” is not done"):
        cases.move(by=by, case=now(first), to="closed", outcome="supported")
    with pytest.raises(InvalidInput):
        meeting_decisions.discuss(by=by, item=agenda[1], note=("offence", "Not theirs to say"))
    meeting_decisions.discuss(by=by, item=agenda[1], note=("support", "Ask her daughter"))
    with pytest.raises(Refused, match="decided on this case"):
        meeting_decisions.put_off(by=by, item=agenda[0], reason="time")
    asked: dict[str, Any] = {"what": "Ring the daughter", "category": "support",
                             "by_when": clock.today() + timedelta(days=3)}  # fmt: skip
    stranger = make_user(RoleKey.OUTREACH_OFFICER, agency=make_agency())
    with pytest.raises(InvalidInput) as told:
        meeting_decisions.ask(by=by, item=agenda[1], user=stranger, **asked)
    assert set(told.value.errors) == {"user"}
    action = meeting_decisions.ask(by=by, item=agenda[1], user=made["officer"], **asked)
    theirs = actor_of(made["officer"])
    assert [one.pk for one in to_do(theirs, 5).rows] == [action.pk]
    meeting = meetings.close(by=by, meeting=meeting)
    # Closed for good, and what it did not come to waits for the next, as does what it put off.
    for deed in (
        lambda: meeting_decisions.discuss(by=by, item=agenda[1], note=("support", "More")),
        lambda: meetings.close(by=by, meeting=meeting),
        lambda: meetings.bring_up_to_date(by=by, meeting=meeting),
        lambda: meeting_decisions.ask(by=by, item=agenda[1], user=made["officer"], **asked),
    ):
        with pytest.raises(Refused, match="closed"):
            deed()
    following = planned(made)
    assert {one.case_id for one in queries.items(by, following)} == {third.pk, late.pk}
    meeting_decisions.done(by=theirs, action=action)
    assert to_do(theirs, 5).count == 0
    with pytest.raises(Refused, match="done already"):
        meeting_decisions.done(by=by, action=action)
    verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
    assert {"meeting.planned", "meeting.opened", "meeting.closed", "case.decided", "case.put-off",
            "case.action-asked", "case.action-done", "case.noted"} <= verbs  # fmt: skip


def test_meeting_called_off_gives_its_agenda_back_to_the_queue(client: Client) -> None:
    made = world()
    by = made["by"]
    with clock.at(clock.now() - timedelta(days=3)):
        first = waiting(by)
    second = waiting(by)
    meeting = planned(made, attendees=[made["officer"]])
    item = queries.item(by=by, meeting=meeting, case_id=second.pk)
    meeting_decisions.put_off(by=by, item=item, reason="information")
    address = reverse("meeting-call-off", args=[meeting.pk])
    client.force_login(made["officer"])  # attends, and does not hold it
    assert client.get(address).status_code == 403
    client.force_login(made["chair"])
    assert "Select why it is called off" in client.post(address, {}).text
    with pytest.raises(InvalidInput):
        meetings.call_off(by=by, meeting=meeting, reason="weather")
    assert "Call the meeting off" in client.get(reverse("meeting", args=[meeting.pk])).text
    answer = client.post(address, {"reason": "people"}, follow=True).text
    assert "Called off" in answer
    assert "Too few people can come" in answer
    assert "Begin the meeting" not in answer
    held = queries.get(by=by, id=meeting.pk)
    assert (held.state, held.called_off_on) == ("called-off", clock.today())
    for deed in (
        lambda: meetings.open_meeting(by=by, meeting=held),
        lambda: meetings.bring_up_to_date(by=by, meeting=held),
        lambda: meetings.call_off(by=by, meeting=held, reason="people"),
        lambda: meeting_decisions.put_off(by=by, item=item, reason="time"),
    ):
        with pytest.raises(Refused, match="called off"):
            deed()
    # Nobody says of a case alone that its meeting was called off.
    following = planned(made)
    agenda = queries.items(by, following)
    assert [(one.case_id, one.waits_since) for one in agenda] == [
        (first.pk, clock.today() - timedelta(days=3)),
        (second.pk, clock.today()),
    ]
    with pytest.raises(InvalidInput):
        meeting_decisions.put_off(by=by, item=agenda[0], reason="called-off")
    told = MeetingDecision.objects.filter(item__meeting=held).values_list("case", "reason")
    assert set(told) == {(first.pk, "called-off"), (second.pk, "information")}
    assert LedgerEntry.objects.filter(verb="meeting.called-off").count() == 1
    assert LedgerEntry.objects.filter(verb="case.put-off").count() == 2
    # One that has begun is closed, not called off.
    begun = meetings.open_meeting(by=by, meeting=following)
    with pytest.raises(Refused, match="has begun"):
        meetings.call_off(by=by, meeting=begun, reason="people")


def test_agenda_tells_nobody_of_a_case_they_may_not_see() -> None:
    made = world()
    by, other = made["by"], make_agency()
    case = waiting(by)
    guest = make_user(RoleKey.COORDINATOR, agency=other)
    meeting = planned(made, attendees=[guest])
    theirs = actor_of(guest)
    assert queries.get(by=theirs, id=meeting.pk) == meeting
    assert queries.items(theirs, meeting) == []
    assert queries.counts(theirs, [meeting]) == {}
    with pytest.raises(NotVisible):
        queries.item(by=theirs, meeting=meeting, case_id=case.pk)
    with pytest.raises(Refused):
        meetings.open_meeting(by=theirs, meeting=meeting)
    outsider = actor_of(make_user(RoleKey.COORDINATOR, agency=other))
    with pytest.raises(NotVisible):
        queries.get(by=outsider, id=meeting.pk)
    assert queries.list_meetings(outsider).items == []
    # A chair from another agency holds the meeting, and decides on nothing that is not theirs.
    held = planned({**made, "chair": guest})
    opened = meetings.open_meeting(by=theirs, meeting=held)
    MeetingItem.objects.filter(meeting=meeting).update(meeting=opened)
    item = MeetingItem.objects.get(case=case)
    with pytest.raises(NotVisible):
        meeting_decisions.discuss(by=theirs, item=item, note=("support", "Words"))
    client = Client()
    client.force_login(guest)
    page = client.get(reverse("meeting", args=[opened.pk])).content.decode()
    assert case.reference not in page
    assert "No case that you may see is on the agenda." in page
    assert client.get(reverse("meeting-case", args=[opened.pk, case.pk])).status_code == 404
    meetings.close(by=theirs, meeting=opened)
    minutes = client.get(reverse("meeting-minutes", args=[opened.pk])).content.decode()
    assert case.reference not in minutes
    # Nor does the ledger say how many there were, whoever wrote it.
    wrote = LedgerPayload.objects.filter(entry__object_kind="meeting")
    assert set(wrote.values_list("body", flat=True)) <= {"{}"}


def test_notes_keep_every_version_behind_their_category() -> None:
    by = coordinator()
    case = make_case(by=by)
    health = case_notes.write(
        by=by, case=case, category="health", words="Sees a nurse\n\non Mondays"
    )
    case_notes.write(by=by, case=case, category="support", words="Likes the garden")
    later = case_notes.change(by=by, case=case, note=health, words="Sees a nurse on Tuesdays")
    with pytest.raises(Refused, match="Somebody else changed"):
        case_notes.change(by=by, case=case, note=health, words="Sees a doctor")
    with pytest.raises(InvalidInput):
        case_notes.change(by=by, case=case, note=later, words=" Sees a nurse on Tuesdays ")
    with pytest.raises(InvalidInput) as told:
        case_notes.write(by=by, case=case, category="shielded-location", words="")
    assert set(told.value.errors) == {"category", "words"}
    seen = threads(case, readable(by, case))
    assert [len(one.versions) for one in seen if one.last.category == "health"] == [2]
    assert [one.last.words for one in threads(case, [Category.SUPPORT])] == ["Likes the garden"]
    referrer = actor_of(make_user(RoleKey.REFERRER, agency=make_agency()))
    with pytest.raises(NotVisible):
        case_notes.write(by=referrer, case=case, category="support", words="Words")
    assert CaseNote.objects.count() == 3


def test_minutes_and_pages_by_their_reader() -> None:
    made = world()
    by = made["by"]
    case = waiting(by)
    meeting = meetings.open_meeting(by=by, meeting=planned(made, attendees=[made["officer"]]))
    client = Client()
    client.force_login(made["chair"])
    decide = reverse("meeting-case", args=[meeting.pk, case.pk])
    assert "What is decided?" in client.get(decide).content.decode()
    wrong = client.post(decide, {"decision": "allocate", "allocate": ""})
    assert "Select who it is" in wrong.content.decode()
    given = {"decision": "allocate", "allocate": f"lead {made['officer'].pk}",
             "words": "They know one another", "category": "safeguarding"}  # fmt: skip
    assert client.post(decide, given).status_code == 302
    day = clock.today() + timedelta(days=2)
    act: dict[str, Any] = {
        "what": "Bring the key",
        "category": "support",
        "user": str(made["officer"].pk),
    }
    act |= {"by_when-day": day.day, "by_when-month": day.month, "by_when-year": day.year}
    asks = client.post(reverse("meeting-action", args=[meeting.pk, case.pk]), act)
    assert asks.status_code == 302, asks.content.decode()
    assert client.post(reverse("meeting-close", args=[meeting.pk])).status_code == 302
    page = client.get(reverse("meeting-minutes", args=[meeting.pk])).content.decode()
    for words in (case.reference, "They know one another", "Bring the key", "as Outreach officer"):
        assert words in page
    # The categories of a note are asked of its reader, not of its writer.
    item = MeetingItem.objects.get(case=case)
    blind = dealt(Actor.public(), [item])[0]
    assert blind.actions == ()
    assert [one.note for one in blind.decisions] == [None]
    officer = Client()
    officer.force_login(made["officer"])
    assert "Bring the key" in officer.get(reverse("today")).content.decode()
    look = DisclosedPerson.objects.get(disclosure__page="today", person_id=case.pk)
    assert look.categories == "support"
    tick = reverse("case-action", args=[case.pk, MeetingAction.objects.get().pk])
    assert officer.post(tick).status_code == 302
    assert "Bring the key" not in officer.get(reverse("today")).content.decode()
    shown = officer.get(reverse("case", args=[case.pk])).content.decode()
    assert "Done on" in shown
    assert "They know one another" in shown


def test_meeting_of_long_ago_goes_with_its_cases() -> None:
    made = world()
    meeting = planned(made)
    case = waiting(made["by"])
    kept = planned(made)
    with clock.at(clock.now() + timedelta(days=6 * 365 + 2)):
        assert meetings.forget_old(by=Actor.hub()) == 1
    assert list(Meeting.objects.all()) == [kept]
    assert MeetingItem.objects.get().case == case
    assert not Meeting.objects.filter(pk=meeting.pk).exists()


def test_nothing_of_a_meeting_outlives_the_records_of_its_person() -> None:
    made = world()
    by = made["by"]
    case = waiting(by)
    meeting = meetings.open_meeting(by=by, meeting=planned(made))
    (item,) = queries.items(by, meeting)
    meeting_decisions.discuss(by=by, item=item, note=("support", "Likes gardens"))
    asked: dict[str, Any] = {"what": "Ring", "category": "support", "user": made["chair"]}
    meeting_decisions.ask(by=by, item=item, by_when=clock.today(), **asked)
    with atomic():
        removing.remove_person(case.people.get().person)
    assert not Case.objects.filter(pk=case.pk).exists()
    for book in (CaseNote, MeetingItem, MeetingDecision, MeetingAction):
        assert not book.objects.exists()
    assert Meeting.objects.get() == meeting
