"""What a person is told, as a letter, by where their request stands."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.adapters.bank_holidays import england_and_wales
from stepdown.hub.web.page import HubRequest, page
from stepdown.pages.words import gov_date
from stepdown.policy.permissions import Permission
from stepdown.records.queries import rights_request as queries
from stepdown.records.web import rights_words as words

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest


@page(Permission.RIGHTS_HANDLE)
def letter(request: HubRequest, id: UUID) -> HttpResponse:
    """The words, with no name in them: whoever sends it knows to whom."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_HANDLE)
    context = {
        "paragraphs": paragraphs(held),
        "reference": held.reference,
        "back_url": reverse("rights-request", args=[id]),
        "section": "rights",
    }
    return render(request, "records/rights/letter.html", context)


def paragraphs(held: "RightsRequest") -> list[str]:
    """The letter, paragraph by paragraph."""
    asked = _("Your request %(reference)s came to us on %(day)s.") % {
        "reference": held.reference,
        "day": gov_date(held.received_on),
    }
    due = gov_date(queries.reading(held, england_and_wales()).due)
    middle = _middle(held, due)
    ended = held.state in ("answered", "refused") or _to_be_erased(held)
    close = [str(words.COMPLAIN)] if ended else []
    contact = settings.STEPDOWN_CONTACT_EMAIL
    if contact:
        close.append(_("Write to us at %(email)s.") % {"email": contact})
    return [asked, *middle, *close, settings.STEPDOWN_PARTNERSHIP_NAME]


def _to_be_erased(held: "RightsRequest") -> bool:
    return held.kind == "erasure" and held.state == "approved"


def _middle(held: "RightsRequest", due: str) -> list[str]:
    if held.state == "identity-asked":
        return [
            _(
                "Before we can answer we need to know that it is you who asks. Show us something "
                "with your name and address on it. Our month to answer begins on that day."
            )
        ]
    if held.state == "question-asked":
        question = next(one.question for one in held.questions.all() if one.answered_on is None)
        return [
            _("So that we find the right records, we ask you:"),
            question,
            _("The days until you answer do not count towards the time we have."),
        ]
    if held.state == "refused":
        reason = str(words.REFUSALS[held.refusal])
        told = [_("We have refused it. %(reason)s.") % {"reason": reason}, held.outcome]
        return [*told, str(words.STATEMENT)] if held.kind == "rectification" else told
    if _to_be_erased(held):
        # Written before: afterwards the hub knows neither them nor their request.
        return [_("We have erased what we held about you."), held.outcome]
    if held.state == "answered":
        told = [held.outcome] if held.outcome else []
        if queries.is_copy(held):
            told.insert(0, _("There is a copy of what we hold about you for you."))
        return told
    if held.state == "withdrawn":
        return [_("You have taken it back. We do nothing more.")]
    told = [_("We answer by %(day)s.") % {"day": due}]
    if held.extended_on:
        told.append(_("We need two months more than usual:") + " " + held.extend_reason)
    return told
