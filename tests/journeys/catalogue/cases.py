"""Cases: referring into a pathway, lists, a case's own page and all that is done on it."""

from datetime import timedelta

from stepdown.casework.actions import (
    callers,
    case_notes,
    case_people,
    cases,
    meeting_decisions,
    meetings,
    own_steps,
)
from stepdown.casework.models import Caller, Case, Meeting, MeetingItem, Post, Rate
from stepdown.casework.queries import own_step
from stepdown.hub.models import Agency
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from tests.factories.cases import do_step, make_case, make_draft, now
from tests.factories.own_cases import make_prepared, place_facilitator
from tests.factories.users import actor_of
from tests.journeys.catalogue.state import State, fill, press
from tests.support.world import World

BY = "coordinator"
PRESTON = "E07000123"


def make_cases(world: World, person: Person) -> None:
    """A draft, one that waits, and one in the midst of support with a measure taken."""
    by = world.actor(BY)
    world["case-draft"] = make_draft("early-help", by=by, district=PRESTON)
    world["case-new"] = make_case("restorative-justice", by=by, district=PRESTON)
    case = make_case("community-step-down", by=by, district=PRESTON)
    case_people.name_person(by=by, case=case, role="supported", person=person)
    lead = world.users[BY]
    world["case-worker"] = case_people.assign(by=by, case=case, role="lead", user=lead)
    do_step(case, "check-referral", by=by)
    case = cases.move(by=by, case=now(case), to="assessment")
    named = case.people.get()
    answers = {f"item-{number}": 3 for number in range(1, 8)}
    asked = {"measure": "wellbeing", "occasion": "start", "answers": answers}
    cases.measure(by=by, case=case, named=named, **asked)  # type: ignore[arg-type]
    draft = {"step": "first-contact", "number": 1, "version": 0, "answers": {"spoke": "no"}}
    cases.save_step(by=by, case=case, finish=False, **draft)  # type: ignore[arg-type]
    world["case"], world["case-named"] = Case.objects.get(pk=case.pk), named
    world["case-end"] = "closed"
    # The first of each pathway that the demonstration tells.
    for key in ("diversion", "dip-sample", "mh-triage", "out-of-court", "victim-support"):
        world[f"case-{key}"] = Case.objects.get(pathway=key)
    world["case-ended"] = Case.objects.get(pathway="vulnerable-callers")
    _make_callers(world)
    _make_meetings(world, case, person)
    _make_own(world)
    world["rate"] = Rate.objects.filter(verified_on=None)[0]
    posts = Post.objects.filter(pathway="mh-triage").order_by("division", "number")
    world["post-held"], world["post-vacant"] = posts[0], posts[2]


def _make_own(world: World) -> None:
    """A facilitator who is placed in a case, with a step done and others to do."""
    by = world.actor(BY)
    agency = Agency.objects.get(pk=str(by.grants[0].agency))
    case = make_prepared(by, PRESTON)
    world.users["facilitator"], _placed = place_facilitator(case, agency=agency)
    own = own_step.get(by=actor_of(world.users["facilitator"]), id=case.pk)
    answers = {"impact": "She closed early for weeks.", "hopes": "To hear it from him."}
    own_steps.do(
        by=actor_of(world.users["facilitator"]), own=own, step="meet-harmed-person", number=1,
        version=0, answers=answers, finish=True,
    )  # fmt: skip
    world["case-own"] = case


def _make_callers(world: World) -> None:
    """A log of two callers: one waits, one was set aside."""
    agency = Agency.objects.get(pk=str(world.actor(BY).grants[0].agency))
    today = clock.today()
    since = today - timedelta(days=200)
    ranked = (("01632960001", 60), ("01632960002", 40))
    days = [
        (number, since + timedelta(days=3 * n), 1, 1)
        for number, calls in ranked
        for n in range(calls)
    ]
    read = callers.Read(since, today, 9_000, 2_400, 310, {"not from a home": 6_600}, ranked)
    callers.keep(by=Actor.hub(), agency=agency, read=read, days=days)
    world["caller"] = Caller.objects.get(agency=agency, number="01632960001")
    aside = Caller.objects.get(agency=agency, number="01632960002")
    callers.set_aside(by=world.actor(BY), caller=aside, reason="known")
    world["caller-aside"] = aside


def _make_meetings(world: World, noted: Case, person: Person) -> None:
    """One planned, one going on with a decision taken and an action asked for, one closed."""
    by, user, today = world.actor(BY), world.users[BY], clock.today()
    held: dict[str, Meeting] = {}
    for name in ("closed", "open", "planned"):
        case = make_case("volunteer-caseload", by=by, district=PRESTON)
        case_people.name_person(by=by, case=case, role="supported", person=person)
        do_step(case, "check-referral", by=by)
        waits = cases.move(by=by, case=now(case), to="meeting")
        kind = "volunteer-caseload/allocation"
        held[name] = meetings.plan(by=by, kind=kind, held_on=today, chair=user, attendees=[])
        item = MeetingItem.objects.get(meeting=held[name], case=waits)
        world[f"meeting-{name}"], world[f"meeting-{name}-case"] = held[name], waits
        if name == "planned":
            continue
        meetings.open_meeting(by=by, meeting=held[name])
        note = ("support", "Knows the family")
        meeting_decisions.allocate(by=by, item=item, role="lead", user=user, note=note)
        asked = {"what": "Ring the family", "category": "support", "user": user}
        action = meeting_decisions.ask(by=by, item=item, by_when=today, **asked)  # type: ignore[arg-type]
        world[f"meeting-{name}-action"] = action
        if name == "closed":
            meetings.close(by=by, meeting=held[name])
    first = case_notes.write(by=by, case=noted, category="support", words="Likes the garden")
    world["case-note"] = case_notes.change(by=by, case=noted, note=first, words="Likes gardens")


STATES = (
    State("cases", "cases", "Caseloads", BY),
    State("cases-queue", "cases", "Restorative justice", BY, query="standing=queue"),
    State("cases-nothing-found", "cases", "No case fits", BY, query="reference=C-0000-0000"),
    State("cases-first-day", "cases", "You have no open cases", BY, first_day=True),
    State("caseloads", "caseloads", "Open cases that you may see", BY),
    State("case-figures", "case-figures", "Who referred", BY, query="pathway=community-step-down"),
    State("case-figures-first-day", "case-figures", "There is no case yet", BY, first_day=True),
    State("case-figures-money", "case-figures", "In hours and pounds", BY,
          query="pathway=mh-triage&period=all"),
    State("rates", "rates", "What an hour or a visit costs", BY),
    State("rates-first-day", "rates", "No rate has been entered", BY, first_day=True),
    State("rate-verify", "rate-verify", "I have compared it with its source", "approver",
          ("rate",)),
    State("rate-verify-own", "rate-verify", "Somebody else has to verify the rate", BY, ("rate",)),
    State("rate-enter", "rate-enter", "Whose time or money is it", BY),
    State("rate-enter-wrong", "rate-enter", "Enter where the rate comes from", BY,
          do=(press("Enter this rate"),)),
    State("callers", "callers", "Calls left out, and why", BY),
    State("callers-first-day", "callers", "No call log has been read", BY, first_day=True),
    State("caller", "caller", "Refer this caller", BY, ("caller",)),
    State("caller-aside", "caller", "Look at this caller again", BY, ("caller-aside",)),
    State("caller-set-aside", "caller-set-aside", "Why is nothing done", BY, ("caller",)),
    State("caller-set-aside-wrong", "caller-set-aside", "Select why", BY, ("caller",),
          do=(press("Set aside"),)),
    State("caller-link", "caller-link", "What is the reference", BY, ("caller",)),
    State("caller-link-wrong", "caller-link", "There is no case of a caller", BY, ("caller",),
          do=(fill("What is the reference", "C-0000-0000"), press("Save"))),
    State("caller-results", "caller-results", "There is no caller yet", BY),
    State("case-refer", "case-refer", "Early help", BY),
    State("case-refer-who", "case-refer-page", "Who refers?", BY, ("case-draft", "who")),
    State("case-refer-others", "case-refer-page", "Who else is it about?", BY,
          ("case-draft", "others")),
    State("case-refer-others-wrong", "case-refer-page", "Select what they are to the case", BY,
          ("case-draft", "others"), do=(press("Add this person"),)),
    State("case-refer-page", "case-refer-page", "What is worrying", BY, ("case-draft", "worries")),
    State("case-refer-page-wrong", "case-refer-page", "There is a problem", BY,
          ("case-draft", "worries"), do=(fill("What is happening?", ""), press("Continue"))),
    State("case-refer-check", "case-refer-check", "Check your answers", BY, ("case-draft",)),
    State("case-refer-stop", "case-refer-stop", "Delete this referral?", BY, ("case-draft",)),
    State("case", "case", "19.25", BY, ("case",)),
    State("case-new", "case", "Nobody is named yet", BY, ("case-new",)),
    State("case-step", "case-step", "Did you speak to them?", BY, ("case", "first-contact")),
    State("case-step-wrong", "case-step", "There is a problem", BY, ("case", "strengths"),
          do=(press("Save as done"),)),
    State("case-move", "case-move", "How did it end?", BY, ("case", "case-end")),
    State("case-move-wrong", "case-move", "Select how it ended", BY, ("case", "case-end"),
          do=(press("Close"),)),
    State("case-person", "case-person", "What are they to the case?", BY, ("case-new",)),
    State("case-person-end", "case-person-end", "Take this person out", BY, ("case", "case-named")),
    State("case-assign", "case-assign", "Give a role to somebody", BY, ("case",)),
    State("case-relieve", "case-relieve", "Take somebody off", BY, ("case", "case-worker")),
    State("case-cover", "case-cover", "Who stands in?", BY, ("case",)),
    State("case-measure", "case-measure", "Item 7", BY, ("case", "wellbeing", "end", "case-named")),
    State("case-triage", "case", "What became of the power to detain?", BY, ("case-mh-triage",)),
    State("case-triage-step", "case-step", "Visits to an emergency department avoided", BY,
          ("case-mh-triage", "time")),
    State("case-breach", "case", "First meeting and contract", BY, ("case-diversion",)),
    State("case-sample", "case", "Finished police records", BY, ("case-dip-sample",)),
    State("case-victim", "case", "Tell the person", BY, ("case-victim-support",)),
    State("case-panel", "case-step", "Appropriate with observations", BY,
          ("case-out-of-court", "panel-judgement")),
    State("case-noted", "case", "What it said before", BY, ("case",)),
    State("case-note", "case-note", "Write a note", BY, ("case",)),
    State("case-note-wrong", "case-note", "Enter the note", BY, ("case",),
          do=(press("Save the note"),)),
    State("case-note-change", "case-note-change", "kept beside the new words", BY,
          ("case", "case-note")),
    State("case-action", "case-action", "Is this done?", BY,
          ("meeting-open-case", "meeting-open-action")),
    State("meetings", "meetings", "Plan a meeting", BY),
    State("meetings-first-day", "meetings", "No meeting is planned", BY, first_day=True),
    State("meeting-plan", "meeting-plan", "Which meeting is it?", BY),
    State("meeting-plan-wrong", "meeting-plan", "Select which meeting it is", BY,
          do=(press("Plan it"),)),
    State("meeting", "meeting", "Agenda", BY, ("meeting-planned",)),
    State("meeting-going-on", "meeting", "Close the meeting", BY, ("meeting-open",)),
    State("meeting-change", "meeting-change", "Who is in the chair?", BY, ("meeting-planned",)),
    State("meeting-agenda", "meeting-agenda", "Bring the agenda up to date?", BY,
          ("meeting-open",)),
    State("meeting-begin", "meeting-begin", "Begin this meeting?", BY, ("meeting-planned",)),
    State("meeting-close", "meeting-close", "Close this meeting?", BY, ("meeting-open",)),
    State("meeting-call-off", "meeting-call-off", "Why is it called off?", BY,
          ("meeting-planned",)),
    State("meeting-minutes", "meeting-minutes", "Knows the family", BY, ("meeting-closed",)),
    State("meeting-case", "meeting-case", "What is decided?", BY,
          ("meeting-open", "meeting-open-case")),
    State("meeting-case-wrong", "meeting-case", "Select what is decided", BY,
          ("meeting-open", "meeting-open-case"), do=(press("Record the decision"),)),
    State("meeting-case-ahead", "meeting-case", "Put it off to the next meeting", BY,
          ("meeting-planned", "meeting-planned-case")),
    State("meeting-action", "meeting-action", "What is to be done?", BY,
          ("meeting-open", "meeting-open-case")),
    State("rotas", "rotas", "Triage nurses", BY),
    State("rota", "rota", "The week after", BY, ("mh-triage",)),
    State("rota-posts", "rota-posts", "9 posts, 3 vacant", BY, ("mh-triage",)),
    State("rota-posts-elsewhere", "rota-posts", "9 posts, 3 vacant", "officer", ("mh-triage",)),
    State("rota-open", "rota-open", "In which division?", BY, ("mh-triage",)),
    State("rota-open-wrong", "rota-open", "Select the division", BY, ("mh-triage",),
          do=(press("Open it"),)),
    State("rota-fill", "rota-fill", "What is their first day?", BY, ("post-vacant",)),
    State("rota-leave", "rota-leave", "What is their last day?", BY, ("post-held",)),
    State("rota-close", "rota-close", "no longer counts as a post", BY, ("post-vacant",)),
    State("rota-shifts", "rota-shifts", "Set the shifts", BY, ("post-held",)),
    State("case-ended", "case", "How it ended", BY, ("case-ended",)),
    State("case-volunteer", "case-volunteer", "What the help is", BY, ("case", "volunteer")),
)  # fmt: skip
