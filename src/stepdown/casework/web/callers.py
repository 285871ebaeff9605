"""Callers ranked out of a call log: who rings most, what is done, and calls before and after."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.casework.actions import callers as actions
from stepdown.casework.queries import caller as queries
from stepdown.casework.queries.case import may_refer
from stepdown.casework.web.case_list import sections
from stepdown.evidence.before_after import Caution, Comparison
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Radios, Text
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_date
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import CallLog

PURPOSE = "caller"
CAUTIONS = {
    Caution.REGRESSION: gettext_lazy(
        "People are found when they call most. Most of them would call less later on, whatever was "
        "done. A fall does not show by itself that the work caused it."
    ),
    Caution.NO_COMPARISON: gettext_lazy(
        "There is nobody to compare with: no caller who was found the same way and has no case."
    ),
    Caution.INCOMPLETE: gettext_lazy(
        "Callers whose three months before or after are not all in the logs were left out."
    ),
    Caution.FEW: gettext_lazy("These are few people. One of them can change the figure much."),
}


EXCLUDED = (
    ("the line cannot be read", gettext_lazy("The line cannot be read")),
    ("the time is missing or is not a time", gettext_lazy("The time is missing or is not a time")),
    ("outside the period", gettext_lazy("Outside the period")),
    ("not a call to 999 or 101", gettext_lazy("Not a call to 999 or 101")),
    ("not from a home", gettext_lazy("Not from a home")),
    ("no number, or withheld", gettext_lazy("No number, or withheld")),
    ("not a UK telephone number", gettext_lazy("Not a UK telephone number")),
    ("an organisation’s number", gettext_lazy("An organisation’s number")),
)


class AsideForm(GovForm):
    """Why nothing is done about a caller."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is nothing done about this caller?"),
        choices=queries.REASONS,
        widget=Radios,
        error_messages={"required": gettext_lazy("Select why.")},
    )


class LinkForm(GovForm):
    """Which case they have."""

    reference = forms.CharField(
        label=gettext_lazy("What is the reference of their case?"),
        help_text=gettext_lazy("For example, C-7K3M-9QXT."),
        max_length=20,
        widget=Text({"spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the reference of their case.")},
    )


@page(Permission.CALLER_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """The callers of the last log, most calls first, and what of the log was left out."""
    held = queries.logs(request.actor)
    found = queries.ranked(request.actor, held[0]) if held else []
    _disclose(request, [one.id for one in found], "callers")
    rows = [
        [
            Cell(one.place),
            Cell(one.number, reverse("caller", args=[one.id])),
            Cell(one.calls),
            Cell(one.state, status=True),
        ]
        for one in found
    ]
    headings = [_("Place"), _("Number"), _("Calls"), _("Status")]
    context = {
        "log": held[0] if held else None,
        "last_day": gov_date(queries.last_day(held[0])) if held else "",
        "table": Table(_("Callers"), headings, rows, numeric=frozenset({2})),
        "read": _read(held[0]) if held else [],
        "excluded": _left_out(held[0]) if held else [],
        "sub_navigation": sections(request),
    }
    return render(request, "casework/callers/list.html", context)


def _read(log: "CallLog") -> list[Row]:
    return [
        Row(_("Calls in the log"), f"{log.rows:,}"),
        Row(_("Calls that count"), f"{log.counted:,}"),
        Row(_("Numbers they came from"), f"{log.numbers:,}"),
    ]


def _left_out(log: "CallLog") -> list[Row]:
    words = {str(key): text for key, text in EXCLUDED}
    return [Row(words.get(why, why), f"{number:,}") for why, number in log.excluded.items()]


@page(Permission.CALLER_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """One caller: calls by month, and what is done."""
    caller = queries.get(by=request.actor, id=id)
    _disclose(request, [caller.pk], "caller")
    months = queries.months_of(caller)
    rank = queries.last_rank(caller)
    told = queries.before_and_after(request.actor, caller) if caller.case_id else None
    context = {
        "caller": caller,
        "state": caller.state,
        "facts": [
            Row(_("Found on"), gov_date(caller.found_on)),
            Row(_("Place in the last log"), rank.place if rank else _("Not in it")),
            Row(_("Calls in the last log"), rank.calls if rank else 0),
            *([Row(_("Why set aside"), caller.get_reason_display())] if caller.reason else []),
        ],
        "picture": _picture([(date_format(month, "F Y"), calls) for month, calls in months]),
        "told": _told(told) if told and told.counts.people else None,
        "case": queries.case_seen(request.actor, caller),
        "refers": may_refer(request.actor, actions.PATHWAY),
        "back_url": reverse("callers"),
    }
    return render(request, "casework/callers/caller.html", context)


@page(Permission.CALLER_DECIDE)
@require_POST
def refer(request: HubRequest, id: UUID) -> HttpResponse:
    """Begin a referral from what the log says."""
    case = actions.refer(by=request.actor, caller=queries.get(by=request.actor, id=id))
    return redirect("case-refer-page", case.pk, "who")


@page(Permission.CALLER_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HubRequest, id: UUID) -> HttpResponse:
    """They have a case already: which."""
    words = (_("Say which case they have"), _("Save"))
    return _asked(request, id, LinkForm, actions.link, words, _("The caller has a case now."))


@page(Permission.CALLER_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(request: HubRequest, id: UUID) -> HttpResponse:
    """Do nothing, and say why."""
    words = (_("Set this caller aside"), _("Set aside"))
    done = _("The caller was set aside.")
    return _asked(request, id, AsideForm, actions.set_aside, words, done)


def _asked(
    request: HubRequest,
    id: UUID,
    kind: type[GovForm],
    act: Callable[..., object],
    words: tuple[str, str],
    done: str,
) -> HttpResponse:
    """One question about a caller, and what is done with the answer."""
    caller = queries.get(by=request.actor, id=id)
    form = kind(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            act(by=request.actor, caller=caller, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, done)
            return redirect("callers")
    title, button = words
    back = reverse("caller", args=[caller.pk])
    context = {"form": form, "title": title, "button": button, "back_url": back}
    return render(request, "casework/callers/form.html", context)


@page(Permission.CALLER_DECIDE)
@require_POST
def take_up(request: HubRequest, id: UUID) -> HttpResponse:
    """Look at a caller again."""
    actions.take_up(by=request.actor, caller=queries.get(by=request.actor, id=id))
    messages.success(request, _("The caller waits again."))
    return redirect("caller", id)


@page(Permission.CALLER_VIEW)
@require_safe
def results(request: HubRequest) -> HttpResponse:
    """Calls before and after, of everybody with a case whose plan says when it began."""
    found = queries.before_and_after(request.actor)
    context = {
        "told": _told(found) if found and found.counts.people else None,
        "span": queries.observed(request.actor),
        "sub_navigation": sections(request),
    }
    return render(request, "casework/callers/results.html", context)


def _told(found: Comparison) -> dict[str, object]:
    """A comparison in words and rows; never one count without the other."""
    counts = found.counts
    rows = [
        Row(_("People"), counts.people),
        Row(_("Calls in the three months before"), f"{counts.before:,}"),
        Row(_("Calls in the three months after"), f"{counts.after:,}"),
        Row(_("Change"), _change(counts.percent)),
    ]
    if found.interval:
        low, high = (_change(one) for one in found.interval)
        words = _("from %(high)s to %(low)s (95 in 100)") % {"low": low, "high": high}
        rows.append(Row(_("Where the change may lie"), words))
    others = found.others
    if others and others.before:
        people = ngettext(
            "%(n)d caller without a case", "%(n)d callers without a case", others.people
        )
        both = {"before": f"{others.before:,}", "after": f"{others.after:,}"}
        rows += [
            Row(_("Compared with"), people % {"n": others.people}),
            Row(_("Their calls before and after"), _("%(before)s, then %(after)s") % both),
            Row(_("Their change"), _change(others.percent)),
        ]
    if found.beyond is not None:
        rows.append(Row(_("Beyond what their change leads one to expect"), _change(found.beyond)))
    bars = [
        Bar(_("Three months before"), counts.before),
        Bar(_("Three months after"), counts.after),
    ]
    drawn = bar_chart(
        bars,
        title=_("Calls before and after"),
        description=_(
            "Calls in the three months before help began, and in the three months after."
        ),
    )
    # Drawn here from numbers and our own words, which the drawing escapes.
    picture = mark_safe(drawn)  # noqa: S308
    return {"rows": rows, "picture": picture, "cautions": [CAUTIONS[one] for one in found.warnings]}


def _change(fall: float | None) -> str:
    if fall is None:
        return _("Nothing to compare with")
    words = _("%(n)s %% fewer") if fall >= 0 else _("%(n)s %% more")
    return words % {"n": f"{abs(fall):.1f}"}


def _picture(months: list[tuple[str, int]]) -> SafeString | str:
    if not months:
        return ""
    drawn = bar_chart(
        [Bar(name, calls) for name, calls in months[-12:]],
        title=_("Calls by month"),
        description=_("How many calls came from this number in each of the last months known."),
    )
    return mark_safe(drawn)  # noqa: S308 - the same


def _disclose(request: HubRequest, callers: list[UUID], where: str) -> None:
    shown = dict.fromkeys(callers, frozenset({Category.CONTACT}))
    disclose(by=request.actor, people=shown, purpose=PURPOSE, page=where)
