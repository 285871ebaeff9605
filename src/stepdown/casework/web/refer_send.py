"""The end of a referral: check the answers and send them; come back later; stop."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions import referrals
from stepdown.casework.queries.referral import ReferralState, line_of
from stepdown.casework.web.refer import CHANGING
from stepdown.casework.web.refer_draft import current, forget, go_to, go_to_step, of_draft, remember
from stepdown.casework.web.refer_form import required
from stepdown.casework.web.refer_steps import Progress, progress_of
from stepdown.casework.web.referral_words import SECTIONS, Lists, what_became
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput
from stepdown.pages.forms import GovForm, Text
from stepdown.pages.parts import Change, Row
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Referral

# Where the question stands that the sending found missing.
_ASKED_ON = {
    "referrer_kind": "who", "referrer_name": "you", "referrer_phone": "you", "consent": "consent",
    "given_name": "name", "family_name": "name", "area": "where", "safe": "safe", "help": "help",
    "soon": "soon",
}  # fmt: skip


@page(Permission.PAGE_PUBLIC)
@of_draft
def check(request: HubRequest, referral: "Referral") -> HttpResponse:
    """All answers with a link to change each; then the declaration and sending."""
    progress = progress_of(referral.pk)
    if missing := progress.first_open():
        return go_to_step(missing)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            referrals.submit(by=request.actor, referral=referral)
            return redirect("refer-sent")
        except InvalidInput as wrong:
            problems = [(text, _change_url(_ASKED_ON[key])) for key, text in wrong.errors.items()]
    shown = {section.category for section in SECTIONS}
    disclose(by=request.actor, people={referral.pk: shown}, purpose="referral", page="refer-check")
    context = {
        "sections": _sections(progress),
        "problems": problems,
        "own": progress.intake.for_self,
        "back_url": reverse("refer-step", args=[progress.steps()[-1].slug]),
    }
    return render(request, "casework/refer/check.html", context)


@page(Permission.PAGE_PUBLIC)
def sent(request: HubRequest) -> HttpResponse:
    """The reference and what happens next; later, to whoever comes back, what became of it."""
    referral = current(request)
    if referral is None:
        return redirect("refer")
    if referral.state == ReferralState.DRAFT:
        return go_to(referral)
    with as_hub("whoever sent it, known or not, reads what became of it"):
        line = line_of(request.actor, referral)
    context = {
        "reference": referral.reference,
        "waiting": referral.state == ReferralState.RECEIVED,
        "became": what_became(line),
        "band": referral.band,
        "signed_in": request.actor.signed_in,
    }
    return render(request, "casework/refer/sent.html", context)


class ReturnForm(GovForm):
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("Like R-7K3M-9QXT"),
        max_length=40,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}, width=20),
        error_messages=required(gettext_lazy("Enter the reference")),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("Eight letters and numbers, like 4TGP-02WE"),
        max_length=40,
        widget=Text({"autocomplete": "off", "spellcheck": "false"}, width=10),
        error_messages=required(gettext_lazy("Enter the code")),
    )


@page(Permission.PAGE_PUBLIC)
def come_back(request: HubRequest) -> HttpResponse:
    """Open a referral again with its reference and code. Every refusal says the same."""
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = referrals.come_back(by=request.actor, **form.cleaned_data)
        if found is not None:
            remember(request, found)
            return go_to(found)
        form.add_error(
            "reference",
            _("We cannot open a referral with this reference and code. Check them both"),
        )
    context = {"form": form, "back_url": reverse("refer")}
    return render(request, "casework/refer/return.html", context)


@page(Permission.PAGE_PUBLIC)
@of_draft
def stop(request: HubRequest, referral: "Referral") -> HttpResponse:
    """Throw the unfinished referral away, after asking."""
    if request.method == "POST":
        referrals.withdraw(by=request.actor, referral=referral)
        forget(request)
        return render(request, "casework/refer/stopped.html")
    return render(request, "casework/refer/stop.html", {"back_url": reverse("refer-carry-on")})


def _change_url(step: str) -> str:
    return f"{reverse('refer-step', args=[step])}?from={CHANGING}"


def _sections(progress: Progress) -> list[tuple[Any, list[Row]]]:
    """The questions that were asked, each with its answer and a link to change it."""
    intake, lists = progress.intake, Lists.load()
    asked = {step.slug for step in progress.steps()}
    sections = []
    for section in SECTIONS:
        rows = [
            Row(
                str(question.words),
                question.read(intake, lists),
                Change(_change_url(question.step), str(question.words).lower()),
            )
            for question in section.questions
            if question.step in asked and question.asked(intake)
        ]
        if rows:
            sections.append((section.heading_for(intake), rows))
    return sections
