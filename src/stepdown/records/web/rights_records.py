"""Everything held about whoever asks, and what goes out of it: shown to both who deal with it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.kernel.redaction import pieces, sentences
from stepdown.pages.forms import Checkboxes, GovForm, Radios, Select, Text, TextArea
from stepdown.policy.permissions import Permission
from stepdown.records.actions import rights_copies
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries.rights_copy import Reviewed, categories_in, find, reviewed
from stepdown.records.queries.rights_request import RightsEvent
from stepdown.records.web import rights_words as words
from stepdown.records.web.rights_forms import choose
from stepdown.records.web.rights_words import PURPOSE

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest

TREATMENTS = (
    ("keep", gettext_lazy("It goes out whole")),
    ("redact", gettext_lazy("It goes out with passages taken out")),
    ("withhold", gettext_lazy("It does not go out")),
)


class ChooseForm(GovForm):
    """What is done with one thing."""

    treatment = forms.ChoiceField(
        label=gettext_lazy("What is done with it?"), choices=TREATMENTS, widget=Radios()
    )
    out = forms.MultipleChoiceField(
        label=gettext_lazy("Take out these sentences"),
        required=False,
        widget=Checkboxes(small=True),
    )
    phrases = forms.CharField(
        label=gettext_lazy("Take out these words"),
        required=False,
        max_length=1000,
        widget=TextArea(rows=3),
        help_text=gettext_lazy("One on each line. They are taken out wherever they stand."),
    )
    exemption = forms.ChoiceField(
        label=gettext_lazy("Exemption"),
        required=False,
        choices=[("", ""), *words.choices(words.EXEMPTIONS)],
        widget=Select(),
        help_text=gettext_lazy("Needed where it does not go out."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=300,
        widget=Text(),
        help_text=gettext_lazy("For the second person. It does not go out."),
    )


@page(Permission.RIGHTS_HANDLE)
def index(request: HubRequest, id: UUID) -> HttpResponse:
    """All of it, table by table."""
    held = _held(request, id)
    found = reviewed(held)
    _disclose(request, held, found)
    tables: dict[str, list[dict[str, Any]]] = {}
    changeable = queries.may(held, RightsEvent.WORK)
    for one in found:
        tables.setdefault(str(one.item.table), []).append(_line(held, one, changeable=changeable))
    context = {
        "held": held,
        "tables": list(tables.items()),
        "open": sum(one.open for one in found),
        "total": len(found),
        "back_url": reverse("rights-request", args=[id]),
        "section": "rights",
    }
    return render(request, "records/rights/records.html", context)


@page(Permission.RIGHTS_HANDLE)
def item(request: HubRequest, id: UUID, key: str) -> HttpResponse:
    """One thing, and what is done with it."""
    held = _held(request, id)
    if not queries.may(held, RightsEvent.WORK):
        raise Refused(queries.why_not(held, RightsEvent.WORK))
    found = find(reviewed(held), key)
    if found is None:
        raise NotVisible("No such item.")
    _disclose(request, held, [found])
    text = found.item.text
    form = ChooseForm(request.POST if request.method == "POST" else None, initial=_initial(found))
    choose(form, "out", [(str(n), text[a:b].strip()) for n, (a, b) in enumerate(sentences(text))])
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["out"] = [int(n) for n in given["out"]]
        try:
            rights_copies.choose(by=request.actor, request=held, key=key, **given)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Chosen."))
            return redirect("rights-records", id)
    context = {
        "form": form,
        "held": held,
        "line": _line(held, found, changeable=False),
        "table": found.item.table,
        "back_url": reverse("rights-records", args=[id]),
        "section": "rights",
    }
    return render(request, "records/rights/item.html", context)


def _held(request: HubRequest, id: UUID) -> "RightsRequest":
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_HANDLE)
    if held.person_id is None or not queries.is_copy(held):
        raise Refused(_("Only a copy shows everything held. Say first whose record it is about."))
    if held.state not in {"in-hand", "question-asked", "for-approval", "approved"}:
        raise Refused(_("Take the request in hand first. Once it has ended, its copy is all."))
    return held


def _disclose(request: HubRequest, held: "RightsRequest", found: list[Reviewed]) -> None:
    if held.person_id is not None:
        people = {held.person_id: categories_in(found)}
        disclose(by=request.actor, people=people, purpose=PURPOSE, page="rights-records")


def _line(held: "RightsRequest", one: Reviewed, *, changeable: bool) -> dict[str, Any]:
    chosen = dict(TREATMENTS)
    return {
        "words": one.item.words,
        "pieces": pieces(one.item.text, one.spans) if one.treatment != "withhold" else [],
        "withheld": one.item.text if one.treatment == "withhold" else "",
        "why": words.EXEMPTIONS.get(one.exemption, ""),
        "reason": one.reason,
        "source": one.item.source,
        "open": one.open,
        "stale": one.stale,
        "chosen": chosen[one.treatment] if one.chosen else "",
        "url": reverse("rights-item", args=[held.pk, one.item.key]) if changeable else "",
    }


def _initial(found: Reviewed) -> dict[str, Any]:
    """What is taken out now: whole sentences ticked, what is less as words."""
    text = found.item.text
    gone = {place for a, b in found.spans for place in range(a, b)}
    blank = {place for place, letter in enumerate(text) if letter.isspace()}
    ticked, words_out = [], []
    for number, (a, b) in enumerate(sentences(text)):
        if set(range(a, b)) - blank <= gone:
            ticked.append(str(number))
        else:
            inside = [(max(a, start), min(b, end)) for start, end in found.spans]
            words_out += [text[start:end].strip() for start, end in inside if start < end]
    return {
        "treatment": found.treatment if found.chosen or found.spans else "",
        "out": ticked,
        "phrases": "\n".join(dict.fromkeys(one for one in words_out if one)),
        "exemption": found.exemption,
        "reason": found.reason,
    }
