"""Giving a need to somebody, closing it with its outcome, taking it back, opening it again."""

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from stepdown.hub.queries.user import officer_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.forms import GovForm, Radios, Select
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import needs
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries.choices import OUTCOMES
from stepdown.volunteering.web.ask import JustDo, ask, posted
from stepdown.volunteering.web.need_page import supported

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need

BOTH = ["GET", "HEAD", "POST"]


class OfficerForm(GovForm):
    officer = forms.ChoiceField(
        label=gettext_lazy("Who looks after it"), required=False, widget=Select
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Nobody yet")), *officer_choices()]
        self.fields["officer"].choices = choices  # type: ignore[attr-defined]


class OutcomeForm(GovForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("How did it go?"), choices=OUTCOMES, widget=Radios
    )


def _caption(need: "Need") -> str:
    return f"{need.reference} · {need.title}"


@page(Permission.NEED_CHANGE)
@require_http_methods(BOTH)
def assign(request: HubRequest, id: UUID) -> HttpResponse:
    need = queries.get_to(Permission.NEED_CHANGE, by=request.actor, id=id)
    held = str(need.officer_id or "")
    return ask(
        request,
        form=OfficerForm(posted(request), initial={"officer": held}),
        do=lambda given: needs.assign(by=request.actor, need=need, officer=given["officer"]),
        done=_("Saved who looks after it."),
        back=reverse("need", args=[id]),
        words={
            "title": _("Who looks after this need?"),
            "caption": _caption(need),
            "button": _("Save"),
        },
        people=supported(request, need),
        page="need-assign",
    )


@page(Permission.NEED_CLOSE)
@require_http_methods(BOTH)
def close(request: HubRequest, id: UUID) -> HttpResponse:
    need = queries.get_to(Permission.NEED_CLOSE, by=request.actor, id=id)
    return ask(
        request,
        form=OutcomeForm(posted(request)),
        do=lambda given: needs.close(by=request.actor, need=need, outcome=given["outcome"]),
        done=_("Need closed."),
        back=reverse("need", args=[id]),
        words={
            "title": _("Close this need"),
            "caption": _caption(need),
            "warning": _("Placements end today and open offers are withdrawn. Those volunteers "
                         "are told."),
            "button": _("Close need"),
        },
        people=supported(request, need),
        page="need-close",
    )  # fmt: skip


@page(Permission.NEED_CLOSE)
@require_http_methods(BOTH)
def withdraw(request: HubRequest, id: UUID) -> HttpResponse:
    need = queries.get_to(Permission.NEED_CLOSE, by=request.actor, id=id)
    return ask(
        request,
        form=JustDo(posted(request)),
        do=lambda _given: needs.withdraw(by=request.actor, need=need),
        done=_("Need withdrawn."),
        back=reverse("need", args=[id]),
        words={
            "title": _("Withdraw this need"),
            "caption": _caption(need),
            "text": _("For a need that was made by mistake, or is not wanted any more. To say how "
                      "the help went, close it instead."),
            "warning": _("Placements end today and open offers are withdrawn. Those volunteers "
                         "are told."),
            "button": _("Withdraw need"),
        },
        people=supported(request, need),
        page="need-withdraw",
    )  # fmt: skip


@page(Permission.NEED_CLOSE)
@require_http_methods(BOTH)
def reopen(request: HubRequest, id: UUID) -> HttpResponse:
    need = queries.get_to(Permission.NEED_CLOSE, by=request.actor, id=id)
    return ask(
        request,
        form=JustDo(posted(request)),
        do=lambda _given: needs.reopen(by=request.actor, need=need),
        done=_("Need opened again."),
        back=reverse("need", args=[id]),
        words={
            "title": _("Open this need again"),
            "caption": _caption(need),
            "text": _("Volunteers who helped before are not placed again by this: they would be "
                      "asked anew."),
            "button": _("Open need"),
        },
        people=supported(request, need),
        page="need-reopen",
    )  # fmt: skip
