"""A volunteer's own pages about the cases they are placed in: their steps, and nothing else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.casework.actions import own_steps
from stepdown.casework.queries import own_step as queries
from stepdown.casework.queries.case import asked_today, definition_of
from stepdown.casework.queries.case_words import in_words, said
from stepdown.casework.queries.own_step import Own
from stepdown.casework.web.case_words import rows_of
from stepdown.casework.web.pathway_form import PathwayForm, initial_from
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.parts import Row, Task
from stepdown.pages.words import gov_date
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.interpret import Todo
from stepdown.people.queries.restriction import restricted_since
from stepdown.people.queries.statement import said_by
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission


@page(Permission.STEP_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """The cases, each with how much waits to be done."""
    found = queries.mine(request.actor)
    _disclose(request, found, "my-cases", only={Category.IDENTITY})
    lines = [
        (own, _names(own), in_words(definition_of(own.case).name), in_words(own.role.name),
         [_task(own, todo) for todo in own.todos])
        for own in found
    ]  # fmt: skip
    return render(request, "casework/my/cases.html", {"lines": lines})


@page(Permission.STEP_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One case: what is to be done, what is known, what was recorded by those in the role."""
    own = queries.get(by=request.actor, id=id)
    _disclose(request, [own], "my-case")
    definition, answers = definition_of(own.case), queries.answers_of(own)
    read = {one.value for one in own.read}
    shown = tuple(one for one in definition.referral_fields() if one.category in read)
    done = []
    for row in queries.done_by_role(own):
        step = definition.step(row.step)
        given = answers.get((row.step, row.number), {})
        by = row.saved_by.display_name if row.saved_by else ""
        when = f"{gov_date(row.done_on)}, {by}" if by else gov_date(row.done_on)
        done.append((in_words(step.name), when, list(rows_of(step.fields, given, read))))
    context = {
        "own": own,
        "title": _names(own),
        "pathway": in_words(definition.name),
        "stage": in_words(own.now.stage.name),
        "people": [Row(in_words(one.role), one.name) for one in own.people],
        "restricted_since": restricted_since(one.id for one in own.people),
        "says": said_by(request.actor, [one.id for one in own.people], own.read),
        "tasks": [_task(own, todo) for todo in own.todos],
        "asked": list(rows_of(shown, answers.get((REFERRAL, 1), {}), read)),
        "done": done,
        "back_url": reverse("my-cases"),
    }
    return render(request, "casework/my/case.html", context)


@page(Permission.STEP_DO)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HubRequest, id: UUID, key: str) -> HttpResponse:
    """The form of one step."""
    own = queries.get(by=request.actor, id=id)
    todo = own.todo(key)
    if todo is None:
        raise NotVisible("No such step.")
    if not todo.open:
        why = " ".join(said(reason) for reason in todo.waits_for)
        messages.info(request, why or _("This is done already."))
        return redirect("my-case", id)
    if not {one.category for one in todo.step.fields} <= {one.value for one in own.read}:
        messages.info(request, _("You may not see what this form asks. Ask the co-ordinator."))
        return redirect("my-case", id)
    _disclose(request, [own], "my-case-step")
    questions = asked_today(own.case, todo.step)
    held = queries.answers_of(own).get((key, todo.number), {})
    draft = queries.draft_of(own, todo)
    finish = "draft" not in request.POST
    form = PathwayForm(
        request.POST if request.method == "POST" else None,
        questions=questions,
        whole=finish,
        initial=initial_from(questions, held),
    )
    seen = str(draft.version if draft else 0)
    theirs = request.method == "POST" and request.POST.get("version", "0") != seen
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, own, todo, form, finish=finish)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Saved as done.") if finish else _("Saved as a draft."))
            return redirect("my-case", id)
    context = {
        "own": own,
        "names": _names(own),
        "form": form,
        "title": in_words(todo.step.name),
        "about": in_words(todo.step.about),
        "version": seen,
        "draft": draft,
        "theirs": list(rows_of(questions, held, {c.value for c in own.read})) if theirs else [],
        "back_url": reverse("my-case", args=[id]),
    }
    return render(request, "casework/my/step.html", context)


def _save(request: HubRequest, own: Own, todo: Todo, form: PathwayForm, *, finish: bool) -> Any:
    version = request.POST.get("version", "0")
    return own_steps.do(
        by=request.actor,
        own=own,
        step=todo.step.key,
        number=todo.number,
        version=int(version) if version.isascii() and version.isdecimal() else 0,
        answers=form.answers(),
        finish=finish,
    )


def _task(own: Own, todo: Todo) -> Task:
    hints = [_("due %(date)s") % {"date": gov_date(todo.due)}] if todo.due else []
    hints += [] if todo.step.required else [_("if needed")]
    hint = ". ".join([", ".join(hints), *(said(reason) for reason in todo.waits_for)]).strip(". ")
    url = reverse("my-case-step", args=[own.case.pk, todo.step.key]) if todo.open else ""
    return Task(in_words(todo.step.name), todo.status.value, url, hint)


def _names(own: Own) -> str:
    """Whom it is about, for whoever may read that; else its reference."""
    return ", ".join(one.name for one in own.people) or own.case.reference


def _disclose(
    request: HubRequest, some: list[Own], where: str, only: set[Category] | None = None
) -> None:
    """Whoever is named is shown; where nobody is, what is shown is the case's."""
    shown: dict[UUID, dict[Category, str]] = {}
    for own in some:
        read = {c: clause for c, clause in own.read.items() if only is None or c in only}
        for pk in [one.id for one in own.people] or [own.case.pk]:
            if read:
                shown.setdefault(pk, {}).update(read)
    disclose(by=request.actor, people=shown, purpose="case", page=where)
