"""One question, one answer, one verb: the page on which staff do something to a record."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.policy.categories import Category

REFUSED, INVALID = 403, 422


def posted(request: HubRequest) -> QueryDict | None:
    """What was sent, though it may be nothing; None where the page was only opened."""
    return request.POST if request.method == "POST" else None


class JustDo(GovForm):
    """Nothing to fill in: the button is the answer."""


def attempt(form: GovForm, do: Callable[[dict[str, Any]], object]) -> int:
    """Run a verb with what a bound form says: 200, or the status with which the form explains."""
    if not form.is_valid():
        return INVALID
    try:
        do(form.cleaned_data)
    except InvalidInput as wrong:
        form.explain(wrong)
        return INVALID
    except Refused as refused:
        form.explain(refused)
        return REFUSED
    return 200


def ask(
    request: HubRequest,
    *,
    form: GovForm,
    do: Callable[[dict[str, Any]], object],
    done: str,
    back: str,
    words: Mapping[str, Any],
    people: Mapping[UUID, Iterable[Category]],
    page: str,
) -> HttpResponse:
    """Show the form, or run the verb and go ``back`` saying ``done``.

    ``words``: title, caption, text, warning, button. ``people`` are those whom the page names.
    """
    status = 200
    if request.method == "POST":
        status = attempt(form, do)
        if status == 200:
            messages.success(request, done)
            return redirect(back)
    disclose(by=request.actor, people=people, purpose="casework", page=page)
    context = {"form": form, "back_url": back, **words}
    return render(request, "volunteering/needs/ask.html", context, status=status)
