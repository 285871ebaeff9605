"""Everybody else whom a referral into a pathway is about, one after another."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions import case_referrals
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_facts import own_referral_answers
from stepdown.casework.queries.case_typed import typed_in
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.web.pathway_form import choose
from stepdown.casework.web.refer_form import required
from stepdown.hub.web.page import HubRequest
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovDateField, GovForm, Radios, Text

if TYPE_CHECKING:
    from stepdown.casework.models import Case


class OtherForm(GovForm):
    """One more person. Nothing is asked of whoever goes on without one (``adds``)."""

    role = forms.ChoiceField(
        label=gettext_lazy("What are they to the case?"),
        widget=Radios,
        error_messages=required(gettext_lazy("Select what they are to the case")),
    )
    given_name = forms.CharField(
        label=gettext_lazy("First name"),
        max_length=80,
        widget=Text(width=20),
        error_messages=required(gettext_lazy("Enter their first name")),
    )
    family_name = forms.CharField(
        label=gettext_lazy("Last name"),
        max_length=80,
        widget=Text(width=20),
        error_messages=required(gettext_lazy("Enter their last name")),
    )
    date_of_birth = GovDateField(
        label=gettext_lazy("Date of birth (optional)"),
        noun=gettext_lazy("Date of birth"),
        required=False,
        past=True,
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "role", roles)

    def said(self) -> dict[str, str]:
        """Them, as the referral keeps it."""
        born = self.cleaned_data.get("date_of_birth")
        names = {key: self.cleaned_data[key] for key in ("role", "given_name", "family_name")}
        return {**names, "date_of_birth": born.isoformat() if born else ""}


def others(
    request: HubRequest, case: "Case", *, then: str, back: str, place: tuple[int, int]
) -> HttpResponse:
    """The page: add one, take one out, or go on."""
    roles = [(one.key, in_words(one.name)) for one in definition_of(case).people]
    held = typed_in(roles[0][0], own_referral_answers(case))
    there = [one for one in held if one.number]
    said = [
        {"role": one.role, "given_name": one.given_name, "family_name": one.family_name,
         "date_of_birth": one.date_of_birth}
        for one in there
    ]  # fmt: skip
    gone = request.POST.get("out", "")
    if request.method == "POST" and gone in {str(number) for number in range(len(said))}:
        kept = [one for number, one in enumerate(said) if str(number) != gone]
        case_referrals.say_others(by=request.actor, case=case, others=kept)
        return redirect(request.get_full_path())
    typed = any(request.POST.get(key) for key in ("role", "given_name", "family_name"))
    adds = request.method == "POST" and ("add" in request.POST or typed)
    if request.method == "POST" and not adds:
        return redirect(then)
    form = OtherForm(request.POST if adds else None, roles=roles)
    if adds and form.is_valid():
        try:
            more = [*said, form.said()]
            case_referrals.say_others(by=request.actor, case=case, others=more)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("They are added."))
            return redirect(request.get_full_path() if "add" in request.POST else then)
    names = dict(roles)
    context = {
        "form": form,
        "title": _("Who else is it about?"),
        "there": [(n, one.name, names.get(one.role, "")) for n, one in enumerate(there)],
        "pathway": in_words(definition_of(case).name),
        "number": place[0],
        "count": place[1],
        "back_url": back,
    }
    return render(request, "casework/cases/refer_others.html", context)
