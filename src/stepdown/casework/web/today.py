"""Today: what waits on the reader, what is overdue, what lapses soon."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from stepdown.casework.queries import today as queries
from stepdown.casework.queries.meeting_lines import shown_in
from stepdown.casework.queries.today import Few
from stepdown.casework.web.today_sections import GROUPS, Kind
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.parts import Stat, Table
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

FIRST, ALL = 5, 100


@dataclass(frozen=True)
class Section:
    """A section that has something in it. ``rest`` leads to what is not among its rows."""

    key: str
    heading: str
    means: str
    count: int
    table: Table
    rest: str
    rest_words: str
    warning: bool


@page(Permission.PAGE_TODAY)
@require_safe
def today(request: HubRequest) -> HttpResponse:
    """The first rows of each section; ``show`` in the address opens one section further."""
    by = request.actor
    shown = request.GET.get("show", "")
    groups: list[tuple[str, list[Section]]] = []
    rows: list[Any] = []
    for group in GROUPS:
        sections = []
        for kind in group.kinds:
            if not may_ever(by, kind.permission):
                continue
            found = kind.find(by, ALL if kind.key == shown else FIRST)
            if found.count:
                rows += found.rows
                sections.append(_section(kind, found, opened=kind.key == shown))
        if sections:
            groups.append((str(group.heading), sections))
    failed = queries.failed_messages(by)
    told = {person.pk: {Category.IDENTITY} for person in queries.people_in(rows)}
    disclose(by=by, people=told | shown_in(rows), purpose="casework", page="today")
    context = {
        "groups": groups,
        "stats": [*_cards(section for _heading, some in groups for section in some),
                  *_checks(by, groups), *_failed(failed)],
    }  # fmt: skip
    return render(request, "casework/today.html", context)


def _section(kind: Kind, found: Few[Any], *, opened: bool) -> Section:
    heading = str(kind.heading)
    more = found.count > len(found.rows)
    rest = ""
    if more and kind.whole_list:
        rest = reverse(kind.whole_list)
    elif more and not opened:
        rest = f"{reverse('today')}?show={kind.key}#{kind.key}"
    rows = [kind.row(one) for one in found.rows]
    words = ngettext("Show all %(many)d", "Show all %(many)d", found.count) % {"many": found.count}
    return Section(
        key=kind.key,
        heading=heading,
        means=str(kind.means),
        count=found.count,
        table=Table(heading, [str(one) for one in kind.headings], rows),
        rest=rest,
        rest_words=words,
        warning=kind.warning,
    )


def _cards(sections: Iterable[Section]) -> list[Stat]:
    return [
        Stat(section.count, section.heading, f"#{section.key}", warning=section.warning)
        for section in sections
        if section.key != "checks"
    ]


def _checks(by: Actor, groups: list[tuple[str, list[Section]]]) -> list[Stat]:
    """Checks by how soon they lapse: one card a time that volunteers are reminded at."""
    if not any(section.key == "checks" for _heading, some in groups for section in some):
        return []
    return [
        Stat(
            many,
            _("Checks that lapse within %(days)d days") % {"days": days},
            "#checks",
            warning=days == queries.LAPSE_DAYS[0] and many > 0,
        )
        for days, many in queries.checks_lapsing_counts(by).items()
    ]


def _failed(many: int) -> list[Stat]:
    if not many:
        return []
    return [
        Stat(
            many, _("Messages that could not be sent"), reverse("hub-failed-messages"), warning=True
        )
    ]
