"""Moving a case on, closing it with its outcome, opening it again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import cases
from stepdown.casework.queries.case import definition_of, facts, get, right_to_move
from stepdown.casework.queries.case_facts import endings_of, standing_of
from stepdown.casework.queries.case_words import in_words, said
from stepdown.casework.web.case_bar import bar
from stepdown.casework.web.case_forms import EndForm
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.forms import GovForm
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission


@page(Permission.CASE_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HubRequest, id: UUID, to: str) -> HttpResponse:
    """Take it to another stage, with the right that this way needs."""
    case = get(by=request.actor, id=id)
    way = standing_of(case).way_to(to)
    if way is None:
        raise NotVisible("No such way.")
    require(request.actor, right_to_move(case, ends=way.stage.ends), facts(case))
    if way.refused:
        messages.info(request, " ".join(said(reason) for reason in way.refused))
        return redirect("case", id)
    context = bar(request, case, "case-move")
    data = request.POST if request.method == "POST" else None
    definition = definition_of(case)
    form: GovForm = GovForm(data)
    if way.stage.ends:
        ways = endings_of(case, to)
        some = [one for one, refused in ways if not refused]
        context["refused"] = [
            (in_words(one.name), [said(why) for why in refused]) for one, refused in ways if refused
        ]
        form = EndForm(
            data,
            outcomes=[(one.key, in_words(one.name)) for one in some],
            reasons={
                one.key: [(r.key, in_words(r.name)) for r in one.reasons]
                for one in some
                if one.reasons
            },
        )
    if request.method == "POST" and form.is_valid():
        ends = isinstance(form, EndForm)
        try:
            cases.move(
                by=request.actor,
                case=case,
                to=to,
                outcome=form.cleaned_data["outcome"] if ends else "",
                reason=form.reason() if isinstance(form, EndForm) else "",
            )
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            words = {"stage": in_words(way.stage.name)}
            messages.success(request, _("The case is now at: %(stage)s.") % words)
            return redirect("case", id)
    context |= {
        "form": form,
        "title": in_words(way.move.name),
        "text": _("The case goes from “%(before)s” to “%(after)s”.")
        % {
            "before": in_words(definition.stage(case.stage).name),
            "after": in_words(way.stage.name),
        },
        "button": in_words(way.move.name),
    }
    return render(request, "casework/cases/form.html", context)
