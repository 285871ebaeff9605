"""The page of a case: where it stands, what is to be done, who is in it, what happened."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepdown.casework.queries.case import (
    definition_of,
    get,
    holidays,
    may,
    right_to_move,
)
from stepdown.casework.queries.case_facts import facts_of, readable_answers
from stepdown.casework.queries.case_note import Thread, threads
from stepdown.casework.queries.case_page import done_steps, raised, team
from stepdown.casework.queries.case_typed import Typed, typed_people
from stepdown.casework.queries.case_words import in_words, said
from stepdown.casework.queries.meeting_lines import actions_of
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.case_measure import measures_for
from stepdown.casework.web.case_words import rows_of, worked_out
from stepdown.casework.web.meeting_words import asked
from stepdown.casework.web.rota_words import on_shift
from stepdown.hub.queries.ledger import of_itself, timeline
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.pages.parts import Event, Task
from stepdown.pages.words import duration, gov_date
from stepdown.pathways.diagram import svg
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.interpret import Standing, Todo, standing
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case

# Notes are told by themselves, to whoever may read them.
_QUIET = {"case.step-saved", "case.started", "case.noted", "case.note-changed"}


@page(Permission.CASE_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One case."""
    by, case = request.actor, get(by=request.actor, id=id)
    context = bar(request, case, "case")
    definition = definition_of(case)
    now = standing(definition, facts_of(case), clock.today(), holidays())
    works = may(by, case, Permission.CASE_WORK) and case.closed_on is None
    assigns = may(by, case, Permission.CASE_ASSIGN) and case.closed_on is None
    notes = threads(case, context["read"])
    language = (get_language() or "en")[:2]
    context |= {
        "definition_name": in_words(definition.name),
        "stage_name": in_words(now.stage.name),
        "stage_about": in_words(now.stage.about),
        "tasks": [_task(case, todo, works=works) for todo in now.todos],
        "ways": _ways(request, case, now),
        "works": works,
        "assigns": assigns,
        "typed": _typed(case) if Category.IDENTITY in context["read"] else [],
        "roles": _roles(context["people"], case),
        "staff": _staff(case),
        "raised": [(one, duration(one.minutes)) for one in raised(by, case)],
        "pools": [
            (role.key, in_words(role.name)) for role in definition.team if role.pool == "scheme"
        ],
        "measures": measures_for(case, now, context["read"], context["people"], works=works),
        "actions": [(one, asked(one)) for one in actions_of(case, context["read"])],
        "notes": notes,
        "writes_notes": may(by, case, Permission.CASE_NOTE) and case.closed_on is None,
        "forms": forms_of(case, {one.value for one in context["read"]}),
        "on_shift": on_shift(by, case.pathway, readable_answers(case, context["read"])),
        "events": _events(case, notes),
        "outcome": _outcome(case),
        "diagram": mark_safe(svg(definition, language, case.stage)),  # noqa: S308 - made here
        "back_url": reverse("cases"),
    }
    return render(request, "casework/cases/case.html", context)


def _task(case: "Case", todo: Todo, *, works: bool) -> Task:
    role = in_words(definition_of(case).team_role(todo.step.who).name)
    hints = [role]
    if todo.due is not None:
        hints.append(_("due %(date)s") % {"date": gov_date(todo.due)})
    if not todo.step.required:
        hints.append(_("if needed"))
    hint = ". ".join([", ".join(hints), *(said(reason) for reason in todo.waits_for)])
    title = in_words(todo.step.name)
    if todo.number > 1 and todo.step.repeats:
        title = _("%(step)s, time %(number)d") % {"step": title, "number": todo.number}
    url = reverse("case-step", args=[case.pk, todo.step.key]) if works and todo.open else ""
    return Task(title, todo.status.value, url, hint)


def _ways(
    request: HubRequest, case: "Case", now: Standing
) -> list[tuple[str, str, bool, list[str]]]:
    """(words, address, whether it is the main one, why not) of every way out of the stage."""
    found = []
    for way in now.ways:
        if may(request.actor, case, right_to_move(case, ends=way.stage.ends)):
            url = reverse("case-move", args=[case.pk, way.stage.key])
            main = not way.stage.ends and case.closed_on is None
            words = in_words(way.move.name)
            found.append((words, url, main, [said(reason) for reason in way.refused]))
    return found


def _roles(people: list[Any], case: "Case") -> list[tuple[str, list[Any]]]:
    return [
        (in_words(role.name), [one for one in people if one.role == role.key])
        for role in definition_of(case).people
    ]


def _typed(case: "Case") -> list[tuple[Typed, str]]:
    """Whoever the referral names and nobody has named in the case, with what they are to it."""
    if not definition_of(case).people:
        return []
    roles = {one.key: in_words(one.name) for one in definition_of(case).people}
    return [(one, roles.get(one.role, "")) for one in typed_people(case)]


def _staff(case: "Case") -> list[tuple[str, list[Any]]]:
    there = team(case)
    return [
        (in_words(role.name), [one for one in there if one.role == role.key])
        for role in definition_of(case).team
        if role.pool == "staff"
    ]


def forms_of(case: "Case", readable: set[str]) -> list[tuple[str, str, list[Any]]]:
    """Every form that was filled in: its name, when and by whom, and its answers."""
    definition = definition_of(case)
    held = readable_answers(case, [Category(one) for one in readable])
    found = []
    for row in done_steps(case):
        step = next((one for one in definition.steps if one.key == row.step), None)
        if step is None:
            continue
        by = row.saved_by.display_name if row.saved_by else ""
        when = f"{gov_date(row.done_on)}, {by}" if by else gov_date(row.done_on)
        given = held.get((row.step, row.number), {})
        rows = [*rows_of(step.fields, given, readable), *worked_out(step, given)]
        found.append((in_words(step.name), when, rows))
    asked = held.get((REFERRAL, 1), {})
    rows = list(rows_of(definition.referral_fields(), asked, readable))
    source = next((in_words(s.name) for s in definition.sources if s.key == case.source), "")
    found.append((_("Referral"), f"{gov_date(case.opened_on)}, {source}", rows))
    return found


def _events(case: "Case", notes: list[Thread]) -> list[Event]:
    definition = definition_of(case)
    stages = {one.key: in_words(one.name) for one in definition.stages}
    steps = {one.key: in_words(one.name) for one in definition.steps}
    found = [
        Event(
            title=event.words,
            at=event.at,
            by=event.actor,
            text=steps.get(str(event.details.get("step")), "")
            or stages.get(str(event.details.get("to")), ""),
        )
        for event in timeline("case", case.pk, limit=40, told=of_itself(case.pk))
        if event.verb not in _QUIET
    ]
    found += [
        Event(
            title=_("Note changed") if one.version > 1 else _("Note written"),
            at=one.written_at,
            by=one.written_by.display_name if one.written_by else "",
            text=Truncator(one.words).chars(200),
        )
        for note in notes
        for one in note.versions
    ]
    return sorted(found, key=lambda one: one.at.isoformat(), reverse=True)


def _outcome(case: "Case") -> str:
    if not case.outcome:
        return ""
    outcome = definition_of(case).outcome(case.outcome)
    reason = next((in_words(r.name) for r in outcome.reasons if r.key == case.reason), "")
    return f"{in_words(outcome.name)}: {reason}" if reason else in_words(outcome.name)
