"""An allocation meeting of the story that is over, and one that is planned."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from stepdown.casework.actions import case_notes, meeting_decisions, meetings
from stepdown.casework.queries import meeting as queries
from stepdown.casework.queries.case_list import sent
from stepdown.kernel import clock

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground

ALLOCATION, PANEL = "volunteer-caseload/allocation", "out-of-court/panel"


def meet(ground: "Ground") -> int:
    """Hold one meeting, with an action that somebody still has, and plan two. How many there are.

    What is put off at the first waits again on the agenda of the next.
    """
    by, chair, lead = (
        ground.actors["coordinator"],
        ground.users["coordinator"],
        ground.users["approver"],
    )
    people: dict[str, Any] = {"chair": chair, "attendees": [ground.users["officer"], lead]}
    today = ground.day(0).date()
    with clock.at(ground.day(0, hour=13)):
        held = meetings.plan(by=by, kind=ALLOCATION, held_on=today, **people)
        held = meetings.open_meeting(by=by, meeting=held)
        for number, item in enumerate(queries.items(by, held)):
            if number:
                meeting_decisions.put_off(by=by, item=item, reason="absent")
                continue
            note = ("support", "Knows the family, and has room on the caseload.")
            meeting_decisions.allocate(by=by, item=item, role="lead", user=lead, note=note)
            meeting_decisions.ask(
                by=by,
                item=item,
                what="Ring to say who comes",
                category="support",
                user=chair,
                by_when=today + timedelta(days=3),
            )
        meetings.close(by=by, meeting=held)
    with clock.at(ground.day(0, hour=14)):
        for kind in (ALLOCATION, PANEL):
            meetings.plan(by=by, kind=kind, held_on=today + timedelta(days=7), **people)
        written = sent(by).filter(pathway="volunteer-caseload", closed_on=None).order_by("id")
        for case in list(written[:1]):
            words = "The daughter rings on Thursdays and would rather be asked first."
            case_notes.write(by=by, case=case, category="support", words=words)
    return 3
