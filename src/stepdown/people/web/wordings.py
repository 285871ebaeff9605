"""The words in which people are asked for consent, version by version."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm, Radios, TextArea
from stepdown.pages.words import gov_date
from stepdown.people.actions import consents
from stepdown.people.queries.consent import wordings
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.sharing.web.words import PURPOSES, choices


class WordingForm(GovForm):
    """New words for a purpose."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("For which purpose?"), choices=choices(PURPOSES), widget=Radios()
    )
    text = forms.CharField(
        label=gettext_lazy("What is explained to the person?"),
        max_length=2000,
        widget=TextArea(max_characters=2000),
        help_text=gettext_lazy(
            "Say who sees what, for how long, that they may refuse and withdraw, and what happens "
            "then."
        ),
    )


@page(Permission.AGREEMENT_VIEW)
def index(request: HubRequest) -> HttpResponse:
    """All versions, the newest of each purpose first."""
    context = {
        "wordings": [
            (PURPOSES[one.purpose], one.number, gov_date(one.made_at), one.text)
            for one in wordings()
        ],
        "may_word": may_ever(request.actor, Permission.CONSENT_WORD),
        "section": "consent",
    }
    return render(request, "people/wordings.html", context)


@page(Permission.CONSENT_WORD)
def add(request: HubRequest) -> HttpResponse:
    """A new version."""
    form = WordingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            consents.word(by=request.actor, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("These words are used from now."))
            return redirect("consent-wordings")
    context = {
        "form": form,
        "title": _("Write words for consent"),
        "button": _("Save"),
        "back_url": reverse("consent-wordings"),
        "section": "consent",
    }
    return render(request, "sharing/form.html", context)
