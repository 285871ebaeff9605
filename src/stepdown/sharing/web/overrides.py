"""Break-glass: opening a record in an emergency, and the data-protection officer's review of it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Radios, Text, TextArea
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_datetime
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.sharing.actions import overrides
from stepdown.sharing.queries import override as queries

if TYPE_CHECKING:
    from stepdown.sharing.models import Override


class OpenForm(GovForm):
    """Which record, and why now."""

    reference = forms.CharField(
        label=gettext_lazy("What is the reference of the record?"),
        help_text=gettext_lazy("Of a referral or a need: for example, R-7K3M-9QXT or N-7K3M-9QXT."),
        max_length=20,
        widget=Text({"spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the reference.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why must you see it now?"),
        choices=queries.REASONS,
        widget=Radios,
        error_messages={"required": gettext_lazy("Select why.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What has happened?"),
        help_text=gettext_lazy("A data-protection officer reads this. It is shown to nobody else."),
        max_length=2_000,
        widget=TextArea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say what has happened.")},
    )


class ReviewForm(GovForm):
    """What came of it."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Was it justified?"),
        choices=queries.OUTCOMES,
        widget=Radios,
        error_messages={"required": gettext_lazy("Select whether it was justified.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What did you find, and what was done?"),
        max_length=2_000,
        widget=TextArea({"rows": 4}),
        error_messages={"required": gettext_lazy("Say what you found and what was done.")},
    )


@page(Permission.OVERRIDE_OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def open_record(request: HubRequest) -> HttpResponse:
    """Open a record by its exact reference. Whether there is one is told nobody otherwise."""
    form = OpenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = overrides.open_record(by=request.actor, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            words = _("Open to you until %(until)s. A data-protection officer has been told.")
            messages.success(request, words % {"until": gov_datetime(made.until)})
            return redirect(made.kind, made.record_id)
    context = {"form": form, "back_url": reverse("today")}
    return render(request, "sharing/override_open.html", context)


@page(Permission.OVERRIDE_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Those that wait for a review, and those that had one."""
    waiting = queries.awaiting(request.actor)
    context = {
        "waiting": _table(_("Waiting for review"), waiting) if waiting else None,
        "reviewed": _table(_("Reviewed"), queries.reviewed(request.actor)),
    }
    return render(request, "sharing/overrides.html", context)


def _table(caption: str, some: "list[Override]") -> Table:
    rows = [
        [
            Cell(one.reference, reverse("override", args=[one.pk])),
            Cell(one.get_reason_display()),
            Cell(one.agency.name if one.agency else ""),
            Cell(gov_datetime(one.opened_at)),
            Cell(_standing(one), status=True),
        ]
        for one in some
    ]
    headings = [_("Reference"), _("Why"), _("Opened by"), _("Opened"), _("Status")]
    return Table(caption, headings, rows, hide_caption=False)


def _standing(one: "Override") -> str:
    if one.reviewed_at is not None:
        return one.outcome
    if queries.is_overdue(one):
        return "overdue"
    return "open" if queries.is_open(one) else "awaiting"


@page(Permission.OVERRIDE_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One of them: why, until when, and the review."""
    one = queries.get(by=request.actor, id=id)
    may = decide(request.actor, Permission.OVERRIDE_REVIEW, queries.facts(one)).allowed
    form = None
    if may and one.reviewed_at is None and one.opened_by_id != request.actor.user:
        form = ReviewForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                overrides.review(by=request.actor, override=one, **form.cleaned_data)
            except (InvalidInput, Refused) as error:
                form.explain(error)
            else:
                messages.success(request, _("Reviewed."))
                return redirect("overrides")
    context = {
        "override": one,
        "rows": _rows(one),
        "state": _standing(one),
        "may_end": may and queries.is_open(one),
        "form": form,
        "back_url": reverse("overrides"),
    }
    return render(request, "sharing/override.html", context)


def _rows(one: "Override") -> list[Row]:
    kinds = {"referral": _("A referral"), "need": _("A need")}
    rows = [
        Row(_("What was opened"), kinds.get(one.kind, one.kind)),
        Row(_("Whose record it is"), one.holder.name if one.holder else _("The partnership’s own")),
        Row(_("Opened by"), one.opened_by.display_name),
        Row(_("Of"), one.agency.name if one.agency else _("No agency")),
        Row(_("Opened"), gov_datetime(one.opened_at)),
        Row(_("Open until"), gov_datetime(one.ended_at or one.until)),
        Row(_("Why"), one.get_reason_display()),
        Row(_("What they said"), one.words),
    ]
    if one.reviewed_at is not None:
        rows += [
            Row(_("Review"), one.get_outcome_display()),
            Row(_("Reviewed by"), one.reviewed_by.display_name if one.reviewed_by else ""),
            Row(_("Reviewed"), gov_datetime(one.reviewed_at)),
            Row(_("What was found and done"), one.review_words),
        ]
    return rows


@page(Permission.OVERRIDE_REVIEW)
@require_POST
def end(request: HubRequest, id: UUID) -> HttpResponse:
    """Shut the record again now."""
    overrides.end(by=request.actor, override=queries.get(by=request.actor, id=id))
    messages.success(request, _("The record is shut again."))
    return redirect("override", id)
