"""Lists of cases with their filters, and how many each officer has."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from stepdown.casework.queries.case_list import (
    CLOSED,
    OPEN,
    QUEUE,
    CaseFilters,
    CaseLine,
    caseloads,
    list_cases,
    waiting,
)
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import library
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.place import district_choices
from stepdown.hub.queries.user import officer_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.forms import CheckboxesInline, GovForm, Select, Text
from stepdown.pages.parts import Cell, FilterGroup, FilterTag, Table
from stepdown.pages.words import gov_date
from stepdown.policy.categories import Category
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

STANDINGS = (
    (QUEUE, gettext_lazy("Waiting to be taken on")),
    (OPEN, gettext_lazy("Open")),
    (CLOSED, gettext_lazy("Closed")),
)


class CaseFilterForm(GovForm):
    """A GET form. A bad answer narrows nothing."""

    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        required=False,
        max_length=20,
        widget=Text({"spellcheck": "false"}),
    )
    standing = forms.MultipleChoiceField(
        label=gettext_lazy("How it stands"),
        required=False,
        choices=STANDINGS,
        widget=CheckboxesInline,
    )
    overdue = forms.MultipleChoiceField(
        label=gettext_lazy("What is due"),
        required=False,
        choices=[("yes", gettext_lazy("Something is overdue"))],
        widget=CheckboxesInline,
    )
    pathway = forms.MultipleChoiceField(
        label=gettext_lazy("Pathway"), required=False, widget=CheckboxesInline
    )
    district = forms.MultipleChoiceField(
        label=gettext_lazy("District"), required=False, widget=CheckboxesInline
    )
    officer = forms.ChoiceField(
        label=gettext_lazy("Looked after by"), required=False, widget=Select
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        pathways = [(one.key, in_words(one.name)) for one in library().latest()]
        self._choose("pathway", pathways)
        self._choose("district", district_choices())
        anybody = [("", _("Anybody")), ("nobody", _("Nobody yet"))]
        self._choose("officer", [*anybody, *officer_choices()])

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def filters(self) -> CaseFilters:
        """What is asked for, as far as it can be read."""
        self.is_valid()
        given = self.cleaned_data
        return CaseFilters(
            standing=tuple(given.get("standing") or ()),
            pathways=tuple(given.get("pathway") or ()),
            districts=tuple(given.get("district") or ()),
            officers=(given["officer"],) if given.get("officer") else (),
            overdue=bool(given.get("overdue")),
            reference=given.get("reference") or "",
        )

    def chosen(self, path: str) -> list[FilterGroup]:
        """The chosen filters as tags; each leads to the same list without it."""
        given, groups = self.cleaned_data, []
        for name in ("standing", "overdue", "pathway", "district", "officer"):
            words: Mapping[str, object] = {str(k): w for k, w in self.fields[name].choices}  # type: ignore[attr-defined]
            values = given.get(name) or ()
            some = [values] if isinstance(values, str) else values
            tags = [FilterTag(str(words[v]), self._without(path, name, v)) for v in some]
            if tags:
                groups.append(FilterGroup(str(self.fields[name].label), tags))
        if given.get("reference"):
            tag = FilterTag(given["reference"], self._without(path, "reference"))
            groups.append(FilterGroup(_("Reference"), [tag]))
        return groups

    def _without(self, path: str, name: str, value: str = "") -> str:
        assert isinstance(self.data, QueryDict)  # noqa: S101 - for the type checker
        query = self.data.copy()
        query.pop("after", None)
        kept = [one for one in query.getlist(name) if value and one != value]
        query.setlist(name, kept)
        if not kept:
            query.pop(name, None)
        return f"{path}?{query.urlencode()}" if query else path


@page(Permission.CASE_VIEW)
@require_safe
def index(request: HubRequest) -> HttpResponse:
    """Cases: open ones unless a filter says otherwise."""
    form = CaseFilterForm(request.GET)
    found = list_cases(request.actor, form.filters(), after=request.GET.get("after"))
    _disclose(request, found.items)
    context = {
        "table": _table(found.items),
        "found": found,
        "filter_form": form,
        "chosen": form.chosen(request.path),
        "may_refer": may_ever(request.actor, Permission.CASE_REFER),
        "sub_navigation": sections(request),
    }
    return render(request, "casework/cases/list.html", context)


@page(Permission.CASE_VIEW)
@require_safe
def loads(request: HubRequest) -> HttpResponse:
    """How many open cases each officer looks after."""
    base = reverse("cases")
    rows = [
        [
            Cell(one.name or _("Nobody yet"), f"{base}?officer={one.officer or 'nobody'}"),
            Cell(one.open),
            Cell(one.overdue),
            Cell(one.new),
        ]
        for one in caseloads(request.actor)
    ]
    headings = [_("Looked after by"), _("Open"), _("Overdue"), _("Waiting to be taken on")]
    context = {
        "table": Table(_("Caseloads"), headings, rows, numeric=frozenset({1, 2, 3})),
        "sub_navigation": sections(request),
    }
    return render(request, "casework/cases/loads.html", context)


def sections(request: HubRequest) -> list[tuple[str, str, bool]]:
    """The pages about cases as a whole."""
    base, queue = reverse("cases"), f"{reverse('cases')}?standing={QUEUE}"
    queued = request.GET.getlist("standing") == [QUEUE]
    count = waiting(request.actor)
    found = [
        (_("Cases"), base, request.path == base and not queued),
        (_("Waiting (%(count)d)") % {"count": count}, queue, request.path == base and queued),
        (_("Caseloads"), reverse("caseloads"), request.path == reverse("caseloads")),
        (_("Figures"), reverse("case-figures"), request.path.startswith(reverse("case-figures"))),
    ]
    if may_ever(request.actor, Permission.MEETING_VIEW):
        here = request.path.startswith(reverse("meetings"))
        found.append((_("Meetings"), reverse("meetings"), here))
    if may_ever(request.actor, Permission.ROTA_VIEW):
        here = request.path.startswith(reverse("rotas"))
        found.append((_("Rotas"), reverse("rotas"), here))
    if may_ever(request.actor, Permission.CALLER_VIEW):
        here = request.path.startswith(reverse("callers"))
        found.append((_("Callers"), reverse("callers"), here))
    if may_ever(request.actor, Permission.CASE_REFER):
        found.append((_("Refer"), reverse("case-refer"), request.path == reverse("case-refer")))
    return found


def _table(lines: list[CaseLine]) -> Table:
    rows = [
        [
            Cell(
                line.name or line.reference,
                reverse("case", args=[line.id]),
                hint=line.reference if line.name else "",
            ),
            Cell(line.pathway),
            Cell(line.stage),
            Cell(line.officer or _("Nobody yet")),
            Cell(line.district),
            Cell("overdue", status=True, hint=gov_date(line.next_due))
            if line.overdue
            else Cell(gov_date(line.next_due)),
        ]
        for line in lines
    ]
    headings = [
        _("Case"), _("Pathway"), _("Stage"), _("Looked after by"), _("District"), _("Next due"),
    ]  # fmt: skip
    return Table(_("Cases"), headings, rows)


def _disclose(request: HubRequest, lines: list[CaseLine]) -> None:
    shown = {
        line.person: {Category.IDENTITY: line.clause} for line in lines if line.person is not None
    }
    disclose(by=request.actor, people=shown, purpose="case", page="cases")
