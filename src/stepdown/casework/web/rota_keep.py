"""Keeping a rota: posts opened, filled, left and closed, and the shifts of a week."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from stepdown.casework.actions import rotas
from stepdown.casework.queries import rota as queries
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.web.rota import monday_asked, seen
from stepdown.casework.web.rota_forms import FillForm, LeaveForm, OpenForm, WeekForm
from stepdown.casework.web.rota_words import post_words, shift_words
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.pages.words import gov_date
from stepdown.pathways.rota import Rota
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Post


@page(Permission.ROTA_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def open_post(request: HubRequest, pathway: str) -> HttpResponse:
    """One more post."""
    rota = seen(request, pathway)
    if queries.agency_for(request.actor, pathway) is None:
        raise Refused(_("Your role does not include keeping this rota."))
    divisions = [(one.key, in_words(one.name)) for one in rota.divisions]
    form = OpenForm(_data(request), divisions=divisions, initial={"opened_on": clock.today()})

    def deed() -> HttpResponse:
        rotas.open_post(by=request.actor, pathway=pathway, **form.cleaned_data)
        messages.success(request, _("The post is opened. It is vacant."))
        return redirect("rota-posts", pathway)

    return _form(request, form, deed, pathway, _("Open a post"), "", _("Open it"))


@page(Permission.ROTA_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HubRequest, id: UUID) -> HttpResponse:
    """Somebody holds the post."""
    post, rota = _kept(request, id)
    form = FillForm(_data(request), initial={"since": clock.today()})

    def deed() -> HttpResponse:
        rotas.fill(by=request.actor, post=post, **form.cleaned_data)
        messages.success(request, _("The post is filled."))
        return redirect("rota-posts", post.pathway)

    title = _("Fill the post %(post)s") % {"post": post_words(rota, post)}
    text = ""
    if rota.induction is not None:
        told = {"count": rota.induction.count}
        some = {
            "day": ngettext("%(count)d day", "%(count)d days", told["count"]),
            "working day": ngettext("%(count)d working day", "%(count)d working days",
                                    told["count"]),
            "week": ngettext("%(count)d week", "%(count)d weeks", told["count"]),
            "month": ngettext("%(count)d month", "%(count)d months", told["count"]),
        }  # fmt: skip
        span = some[rota.induction.unit] % told
        text = _("Their induction takes %(span)s. Until then they are on beside others.") % {
            "span": span
        }
    return _form(request, form, deed, post.pathway, title, text, _("Fill it"))


@page(Permission.ROTA_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HubRequest, id: UUID) -> HttpResponse:
    """Whoever holds it leaves."""
    post, rota = _kept(request, id)
    form = LeaveForm(_data(request), initial={"last_day": clock.today()})

    def deed() -> HttpResponse:
        rotas.leave(by=request.actor, post=post, **form.cleaned_data)
        messages.success(request, _("The last day is noted, and later shifts are taken off."))
        return redirect("rota-posts", post.pathway)

    title = _("Leaving the post %(post)s") % {"post": post_words(rota, post)}
    return _form(request, form, deed, post.pathway, title, "", _("Note the last day"))


@page(Permission.ROTA_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HubRequest, id: UUID) -> HttpResponse:
    """There is no such post any more."""
    post, rota = _kept(request, id)
    form = GovForm(_data(request))

    def deed() -> HttpResponse:
        rotas.close(by=request.actor, post=post)
        messages.success(request, _("The post is closed."))
        return redirect("rota-posts", post.pathway)

    title = _("Close the post %(post)s?") % {"post": post_words(rota, post)}
    text = _("It no longer counts as a post, filled or vacant.")
    return _form(request, form, deed, post.pathway, title, text, _("Close it"))


@page(Permission.ROTA_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def shifts(request: HubRequest, id: UUID) -> HttpResponse:
    """When the holder of a post is on in a week."""
    post, rota = _kept(request, id)
    monday = monday_asked(request)
    holders = list(post.holders.all())
    days = [monday + timedelta(days=at) for at in range(queries.WEEK)]
    held = {day: queries.holder_on(holders, day) is not None for day in days}
    now = {day.isoformat(): shift for day, shift in queries.shifts_of(post, monday).items()}
    choices = [("", _("Off")), *((one.key, shift_words(one)) for one in rota.shifts)]
    form = WeekForm(_data(request), monday=monday, shifts=choices, held=held, initial=now)

    def deed() -> HttpResponse:
        rotas.set_shifts(by=request.actor, post=post, monday=monday, shifts=form.shifts())
        messages.success(request, _("The shifts are set."))
        return redirect(f"{reverse('rota', args=[post.pathway])}?week={monday.isoformat()}")

    told = {"post": post_words(rota, post), "day": gov_date(monday)}
    title = _("Shifts of %(post)s in the week of %(day)s") % told
    text = "" if any(held.values()) else _("Nobody holds this post in that week.")
    return _form(request, form, deed, post.pathway, title, text, _("Set the shifts"))


def _kept(request: HubRequest, id: UUID) -> tuple["Post", Rota]:
    post = queries.get(by=request.actor, id=id)
    require(request.actor, Permission.ROTA_KEEP, queries.facts(post))
    return post, queries.rota_of(post.pathway)


def _data(request: HubRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(
    request: HubRequest,
    form: GovForm,
    deed: Callable[[], HttpResponse],
    pathway: str,
    title: str,
    text: str,
    button: str,
) -> HttpResponse:
    """Draw it, or do it."""
    if request.method == "POST" and form.is_valid():
        try:
            return deed()
        except (InvalidInput, Refused) as error:
            form.explain(error)
    back = reverse("rota-posts", args=[pathway])
    context = {"form": form, "title": title, "text": text, "button": button, "back_url": back}
    return render(request, "casework/meetings/form.html", context)
