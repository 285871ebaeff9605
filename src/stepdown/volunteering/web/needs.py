"""The list of needs, and one need with everything that staff do about it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.web.forms_need_filter import KEPT, NeedFilterForm, SearchForm
from stepdown.volunteering.web.need_page import show_need
from stepdown.volunteering.web.need_words import band_colour, band_words

SESSION_KEY = "needs-search"


@page(Permission.NEED_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HubRequest) -> HttpResponse:
    if request.method == "POST":
        return _search(request)
    text = request.session.get(SESSION_KEY, "") if request.GET.get(KEPT) else ""
    form = NeedFilterForm(request.GET)
    found = queries.list_needs(
        request.actor,
        filters=form.filters(request.actor.user, text),
        after=request.GET.get("after"),
        count=True,
    )
    context = {
        "filter": form,
        "search": SearchForm(initial={"text": text}),
        "chosen": form.chosen(request, text),
        "page": found,
        "rows": [(row, band_words(row.band), band_colour(row.band)) for row in found.items],
        "may_add": may_ever(request.actor, Permission.NEED_ADD),
    }
    return render(request, "volunteering/needs/list.html", context)


def _search(request: HubRequest) -> HttpResponse:
    """Keep the words in the session and go back to the list, whose filters stay as they were."""
    form, query = SearchForm(request.POST), request.GET.copy()
    query.pop("after", None)
    query.pop(KEPT, None)
    text = form.cleaned_data["text"].strip() if form.is_valid() else ""
    request.session[SESSION_KEY] = text
    if text:
        query[KEPT] = "1"
    return redirect(f"{reverse('needs')}?{query.urlencode()}" if query else reverse("needs"))


@page(Permission.NEED_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    return show_need(request, queries.get(by=request.actor, id=id))
