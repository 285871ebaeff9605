"""The form of a step: save and come back, or done; and what two people at one form see."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import cases
from stepdown.casework.queries.case import asked_today, definition_of, get, law_today
from stepdown.casework.queries.case_facts import latest_answers, standing_of
from stepdown.casework.queries.case_page import draft_of
from stepdown.casework.queries.case_words import in_words, said
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.case_words import rows_of
from stepdown.casework.web.pathway_form import PathwayForm, initial_from
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pathways.interpret import Todo
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case


@page(Permission.CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HubRequest, id: UUID, key: str) -> HttpResponse:
    """One step's form."""
    case = get(by=request.actor, id=id)
    todo = standing_of(case).todo(key)
    if todo is None:
        raise NotVisible("No such step.")
    if not todo.open:
        why = " ".join(said(reason) for reason in todo.waits_for)
        messages.info(request, why or _("This is done already."))
        return redirect("case", id)
    context = bar(request, case, "case-step")
    categories = {one.value for one in context["read"]}
    unreadable = [one for one in todo.step.fields if one.category not in categories]
    if unreadable:
        messages.info(
            request, _("Your role does not include the kind of information this form asks for.")
        )
        return redirect("case", id)
    draft = draft_of(case, key, todo.number)
    held = latest_answers(case, context["read"], key, todo.number)
    finish = "draft" not in request.POST
    form = PathwayForm(
        request.POST if request.method == "POST" else None,
        questions=(questions := asked_today(case, todo.step)),
        whole=finish,
        initial=initial_from(questions, held),
    )
    seen = str(draft.version if draft else 0)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, case, todo, form, finish=finish)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Saved as done.") if finish else _("Saved as a draft."))
            return redirect("case", id)
    elif request.method == "POST":
        seen = request.POST.get("version", "0")
    theirs = draft is not None and request.method == "POST" and _stale(request, draft.version)
    context |= {
        "form": form,
        "title": in_words(todo.step.name),
        "about": in_words(todo.step.about),
        "law": _law(case, todo),
        "version": draft.version if draft and theirs else seen,
        "draft": draft,
        "theirs": list(rows_of(todo.step.fields, held, categories)) if theirs else [],
    }
    return render(request, "casework/cases/step.html", context)


def _law(case: "Case", todo: Todo) -> str:
    """By which law something is imposed here, where that is not the one that the case goes by."""
    law = definition_of(case).law
    imposes = law is not None and {f"{todo.step.key}.{f.key}" for f in todo.step.fields}
    version = law_today(case) if law and imposes and imposes & set(law.imposes) else None
    if version is None:
        return ""
    told = {"number": version, "own": case.pathway_version}
    return (
        _("What is imposed goes by today’s law: version %(number)d. The rest by version %(own)d.")
        % told
    )


def _stale(request: HubRequest, version: int) -> bool:
    return request.POST.get("version", "0") != str(version)


def _save(request: HubRequest, case: "Case", todo: Todo, form: PathwayForm, *, finish: bool) -> Any:
    version = request.POST.get("version", "0")
    return cases.save_step(
        by=request.actor,
        case=case,
        step=todo.step.key,
        number=todo.number,
        version=int(version) if version.isascii() and version.isdecimal() else 0,
        answers=form.answers(),
        finish=finish,
    )
