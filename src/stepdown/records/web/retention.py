"""Records whose time is up: who is due, what waits for a second person, and the schedules."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.adapters.charts import Bar, bar_chart
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_date
from stepdown.people.queries.person import names_of
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.records.actions import retention as actions
from stepdown.records.queries import retention as queries
from stepdown.records.queries import schedules
from stepdown.records.queries.retention import AHEAD, Due
from stepdown.records.web import retention_words as words
from stepdown.records.web.retention_forms import ReviewForm, RuleForm

PURPOSE = "retention"
MOST = 100


@page(Permission.RETENTION_VIEW)
def index(request: HubRequest) -> HttpResponse:
    """Whose records are due, the longest first, and how many will be within a year."""
    today = clock.today()
    lines = queries.due_people(request.actor, today + timedelta(days=AHEAD[-1]))
    now = [one for one in lines if one.on <= today]
    counts = queries.ahead(lines)
    context = {
        "table": _table(request.actor, now[:MOST]),
        "more": len(now) - MOST if len(now) > MOST else 0,
        "picture": _picture(counts),
        "counts": [Row(_ahead(days), str(count)) for days, count in counts.items()],
        "section": "due",
        **sections(request.actor),
    }
    return render(request, "records/retention/index.html", context)


def _ahead(days: int) -> str:
    if not days:
        return _("Due now")
    return ngettext("Within %(n)d day", "Within %(n)d days", days) % {"n": days}


def _picture(counts: Mapping[int, int]) -> SafeString:
    drawn = bar_chart(
        [Bar(_ahead(days), count) for days, count in counts.items()],
        title=_("Records that are due"),
        description=_("How many people’s records are due now, and within a year."),
    )
    # Drawn here from numbers and our own words, which the drawing escapes.
    return mark_safe(drawn)  # noqa: S308


def sections(by: Actor) -> dict[str, bool]:
    """Which sections of retention the actor may open."""
    return {
        "may_agree": may_ever(by, Permission.RETENTION_AGREE),
        "may_rule": may_ever(by, Permission.RETENTION_RULE),
    }


def _table(by: Actor, lines: list[Due]) -> Table:
    names = names_of(by, [one.person for one in lines])
    if names:
        disclose(by=by, people=list(names), purpose=PURPOSE, page="retention")
    rows = [
        [
            Cell(
                names.get(one.person) or _("Record %(short)s") % {"short": one.short},
                reverse("retention-review", args=[one.person]),
            ),
            Cell(schedules.NAMES[one.schedule]),
            Cell(gov_date(one.last_event)),
            Cell(gov_date(one.on), hint=_stands(one)),
        ]
        for one in lines
    ]
    headings = [_("Whose"), _("Schedule"), _("Last event"), _("Due since")]
    return Table(_("Records that are due"), headings, rows)


def _stands(line: Due) -> str:
    if line.held:
        return _("Held: nothing is disposed of")
    return _("Waits for a second person") if line.proposed else ""


@page(Permission.RETENTION_REVIEW)
def review(request: HubRequest, id: UUID) -> HttpResponse:
    """One person's records: the assessment, and what is decided."""
    person, line = queries.due_one(request.actor, id, Permission.RETENTION_REVIEW)
    names = names_of(request.actor, [person.pk])
    if names:
        disclose(by=request.actor, people=[person.pk], purpose=PURPOSE, page="retention-review")
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.review(by=request.actor, person=id, **form.given())
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            waits = made.state == made.State.PROPOSED
            messages.success(
                request,
                _("Written down. A second person has to agree.")
                if waits
                else _("Kept. The records are reviewed again when the schedule says."),
            )
            return redirect("retention")
    short = person.pk.hex[-8:].upper()
    context = {
        "form": form,
        "name": names.get(person.pk) or _("Record %(short)s") % {"short": short},
        "person_url": reverse("person", args=[person.pk]) if names else "",
        "rows": _facts(line) if line else [],
        "open": line is None,
        "early": line is not None and line.on > clock.today(),
        "waits": line is not None and line.proposed is not None,
        "held": line is not None and line.held,
        "hold_url": reverse("retention-hold", args=[person.pk])
        if may_ever(request.actor, Permission.RETENTION_HOLD)
        else "",
        "section": "due",
        **sections(request.actor),
    }
    return render(request, "records/retention/review.html", context)


def _facts(line: Due) -> list[Row]:
    rule = schedules.rules_on(clock.today())[line.schedule]
    return [
        Row(_("Schedule"), schedules.NAMES[line.schedule]),
        Row(_("How long"), words.said(rule.schedule)),
        Row(_("Last event"), gov_date(line.last_event)),
        Row(_("Due"), gov_date(line.on)),
    ]


@page(Permission.RETENTION_RULE)
def rules(request: HubRequest) -> HttpResponse:
    """Every schedule as it holds today, with where it comes from."""
    found = schedules.rules_on(clock.today())
    rows = [
        [
            Cell(schedules.NAMES[key], reverse("retention-rule", args=[key])),
            Cell(words.said(rule.schedule)),
            Cell(words.THEN[rule.schedule.then]),
            Cell(rule.source, hint="" if rule.verified else _("Not verified")),
        ]
        for key, rule in found.items()
    ]
    headings = [_("Schedule"), _("How long"), _("What happens then"), _("Where it comes from")]
    context = {
        "table": Table(_("Retention schedules"), headings, rows),
        "section": "rules",
        **sections(request.actor),
    }
    return render(request, "records/retention/rules.html", context)


@page(Permission.RETENTION_RULE)
def rule(request: HubRequest, key: str) -> HttpResponse:
    """A new version of one schedule; what held before stays readable."""
    if key not in schedules.DEFAULTS:
        raise Http404
    held = schedules.rules_on(clock.today())[key]
    form = RuleForm(*_given(request), initial=_as_it_is(held))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_rule(by=request.actor, key=key, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("The schedule has a new version."))
            return redirect("retention-rules")
    history = [
        Row(
            _("From %(day)s") % {"day": gov_date(one.valid_from)},
            f"{words.said(one.schedule)}. {one.source}",
        )
        for one in schedules.versions(key)
    ]
    context = {
        "form": form,
        "title": schedules.NAMES[key],
        "history": history,
        "section": "rules",
        **sections(request.actor),
    }
    return render(request, "records/retention/rule.html", context)


def _given(request: HttpRequest) -> list[object]:
    return [request.POST] if request.method == "POST" else []


def _as_it_is(held: schedules.Rule) -> dict[str, object]:
    return {
        "clear_years": held.schedule.clear,
        "then": held.schedule.then,
        "again_years": held.schedule.again,
        "until_age": held.schedule.until_age,
        "source": held.source,
        "verified": held.verified,
    }
