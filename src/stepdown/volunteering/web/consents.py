"""What a person consents to: on their record, purpose by purpose."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from stepdown.hub.queries.user import officer_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.pages.forms import GovDateField, GovForm, Radios, Select
from stepdown.pages.parts import Row
from stepdown.pages.words import gov_date
from stepdown.people.actions import consents
from stepdown.people.queries import consent as queries
from stepdown.people.queries.consent import Statement, Wording
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.sharing.web.words import PURPOSES
from stepdown.volunteering.web.carried_out import carried_out
from stepdown.volunteering.web.person_confirm import ask_first
from stepdown.volunteering.web.person_record import open_record, show


class ConsentForm(GovForm):
    """What they said, and who explained it to them."""

    answer = forms.ChoiceField(
        label=gettext_lazy("What did they say?"),
        choices=[("yes", gettext_lazy("They consent")), ("no", gettext_lazy("They refuse"))],
        widget=Radios(),
    )
    explained_by = forms.ChoiceField(label=gettext_lazy("Who explained it?"), widget=Select())
    explained_on = GovDateField(label=gettext_lazy("When was it explained?"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["explained_by"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", ""), *officer_choices()]


@page(Permission.CONSENT_VIEW)
def consent(request: HubRequest, person_id: UUID) -> HttpResponse:
    """How each purpose stands, and everything they said of it."""
    record = open_record(request, person_id)
    if not record.may(Permission.CONSENT_VIEW):
        raise NotVisible("No such record.")
    said = queries.statements(record.person)
    newest = _newest(queries.wordings())
    purposes = [
        (key, words, [s for s in said if s.purpose == key], newest.get(key))
        for key, words in PURPOSES.items()
        if key in newest or any(s.purpose == key for s in said)
    ]
    context = {
        "purposes": [
            {
                "key": key,
                "words": words,
                "answer": about[0].answer if about else "not_asked",
                "wording": wording,
                "statements": [_row(one) for one in about],
            }
            for key, words, about, wording in purposes
        ],
        "may_record": record.may(Permission.CONSENT_RECORD),
    }
    return show(
        record,
        "volunteering/people/consent.html",
        context,
        page="person-consent",
        shows=[Category.SUPPORT],
    )


@page(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HubRequest, person_id: UUID, purpose: str) -> HttpResponse:
    """Record what they said when the newest words were explained to them."""
    record = open_record(request, person_id)
    wording = queries.current_wording(purpose)
    if wording is None:
        raise NotVisible("No such wording.")
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        initial={"explained_by": str(request.actor.user or ""), "explained_on": clock.today()},
    )

    def verb() -> object:
        given = form.cleaned_data
        return consents.say(
            by=request.actor,
            person=record.person,
            purpose=purpose,
            yes=given["answer"] == "yes",
            explained_by=given["explained_by"],
            explained_on=given["explained_on"],
        )

    if request.method == "POST" and form.is_valid() and carried_out(form, verb):
        messages.success(request, _("Recorded."))
        return redirect("person-consent", person_id)
    context = {
        "form": form,
        "heading": _("Record consent"),
        "inset": wording.text,
        "back_url": record.url("person-consent"),
    }
    return show(
        record,
        "volunteering/people/form.html",
        context,
        page="consent-add",
        status=422 if form.errors else 200,
    )


@page(Permission.CONSENT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HubRequest, person_id: UUID, purpose: str) -> HttpResponse:
    """Asks first: what rests on it is cut at the next read."""
    record = open_record(request, person_id)
    if purpose not in PURPOSES:
        raise NotVisible("No such purpose.")
    return ask_first(
        record,
        lambda: consents.withdraw(by=request.actor, person=record.person, purpose=purpose),
        heading=_("Record that consent is withdrawn?"),
        said=str(PURPOSES[purpose]),
        warning=_(
            "At once, other agencies no longer see what an agreement showed them by this consent."
        ),
        button=_("Withdraw consent"),
        done=_("Consent is withdrawn."),
        back="person-consent",
        page="consent-withdraw",
    )


def _newest(wordings: list[Wording]) -> dict[str, Wording]:
    newest: dict[str, Wording] = {}
    for one in wordings:
        newest.setdefault(one.purpose, one)
    return newest


def _row(said: Statement) -> Row:
    answers = {"given": _("Given"), "refused": _("Refused"), "withdrawn": _("Withdrawn")}
    if said.wording is None:
        words = _("Recorded by %(name)s") % {"name": said.recorded_by}
    else:
        words = _("Explained by %(name)s on %(day)s, in version %(number)d of the words") % {
            "name": said.explained_by,
            "day": gov_date(said.explained_on),
            "number": said.wording,
        }
    return Row(f"{answers[said.answer]}, {gov_date(said.at)}", words)
