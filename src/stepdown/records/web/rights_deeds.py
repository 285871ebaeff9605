"""What a handler does with a request, one page a deed."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.adapters.bank_holidays import england_and_wales
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.queries.statement import said_in
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.records.actions import (
    rights_answers,
    rights_marks,
    rights_requests,
    rights_statements,
)
from stepdown.records.actions.rights_erasure import erase, pass_on
from stepdown.records.queries import rights_request as queries
from stepdown.records.queries.disposals import Tombstone, disposal
from stepdown.records.queries.rights_request import RightsEvent
from stepdown.records.web import rights_forms as forms
from stepdown.records.web.rights_deed import (
    Deed,
    a_copy,
    an_erasure,
    corrected,
    knows_identity,
    may_extend,
    no_copy,
    no_erasure,
    others_keep,
    second_person,
    stop_decided,
    stop_told,
    stops_a_use,
    waits_for_identity,
)
from stepdown.records.web.rights_erasure import as_they_stand, before_erasing
from stepdown.records.web.rights_words import Words

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest


def _extend(by: Actor, held: "RightsRequest", given: dict[str, Any]) -> object:
    return rights_requests.extend(by=by, request=held, holidays=england_and_wales(), **given)


DEEDS: dict[str, Deed] = {
    "take": Deed(
        RightsEvent.TAKE, gettext_lazy("Take in hand"), gettext_lazy("Take this request in hand"),
        lambda by, held, given: rights_requests.take(by=by, request=held, **given),
        gettext_lazy("You handle this request now."),
        explained=gettext_lazy("You know who asks, or have no reason to doubt it."),
        kind="", when=knows_identity,
    ),
    "identity-shown": Deed(
        RightsEvent.TAKE, gettext_lazy("They have shown who they are"),
        gettext_lazy("They have shown who they are"),
        lambda by, held, given: rights_requests.take(by=by, request=held, **given),
        gettext_lazy("The month has begun."), form=forms.IdentityForm, kind="",
        when=waits_for_identity,
    ),
    "ask-identity": Deed(
        RightsEvent.ASK_IDENTITY, gettext_lazy("Ask who they are"),
        gettext_lazy("Ask them to show who they are"),
        lambda by, held, _given: rights_requests.ask_identity(by=by, request=held),
        gettext_lazy("The month begins when they have shown who they are."),
        explained=gettext_lazy(
            "Only where you have a reason to doubt it, and at once. Ask for no more than you need."
        ),
    ),
    "submit": Deed(
        RightsEvent.SUBMIT, gettext_lazy("Say what you did"), gettext_lazy("Say what you did"),
        lambda by, held, given: rights_answers.submit(by=by, request=held, **given),
        gettext_lazy("It waits for a second person’s approval."), form=forms.OutcomeForm, kind="",
        when=no_copy,
    ),
    "submit-erasure": Deed(
        RightsEvent.SUBMIT, gettext_lazy("Send for approval"),
        gettext_lazy("Say why the records are erased"),
        lambda by, held, given: rights_answers.submit(by=by, request=held, **given),
        gettext_lazy("It waits for a second person’s approval."), form=forms.ErasureForm, kind="",
        explained=gettext_lazy(
            "Refuse it instead, as exempt, as far as the records are needed for one of these:"
        ),
        when=an_erasure, points=before_erasing,
    ),
    "send-for-approval": Deed(
        RightsEvent.SUBMIT, gettext_lazy("Send for approval"), gettext_lazy("Send it for approval"),
        lambda by, held, _given: rights_answers.submit(by=by, request=held),
        gettext_lazy("It waits for a second person’s approval."), kind="", when=a_copy,
        explained=gettext_lazy("A second person sees everything held and what you take out of it."),
    ),
    "approve": Deed(
        RightsEvent.APPROVE, gettext_lazy("Approve"), gettext_lazy("Approve this answer"),
        lambda by, held, _given: rights_answers.approve(by=by, request=held),
        gettext_lazy("Approved."), kind="", when=second_person,
    ),
    "answer": Deed(
        RightsEvent.ANSWER, gettext_lazy("Answer"), gettext_lazy("Give this answer"),
        lambda by, held, _given: rights_answers.answer(by=by, request=held),
        gettext_lazy("Answered."), kind="", when=no_erasure,
        explained=gettext_lazy(
            "Who asked through the hub gets a message that there is an answer. To everybody else "
            "you send the letter."
        ),
    ),
    "erase": Deed(
        RightsEvent.ANSWER, gettext_lazy("Erase the records"),
        gettext_lazy("Erase everything about this person"),
        lambda by, held, _given: disposal(erase(by=by, request=held).pk),
        gettext_lazy("Erased. This certificate is what is left."), kind="warning",
        when=an_erasure, points=as_they_stand,
        explained=gettext_lazy(
            "Send the letter first: afterwards nobody can tell to whom it was to go. What is "
            "erased cannot be brought back, and this request goes with it."
        ),
    ),
    "pass-on": Deed(
        None, gettext_lazy("Pass it on to other agencies"),
        gettext_lazy("Pass this request on to other agencies"),
        lambda by, held, _given: pass_on(by=by, request=held),
        gettext_lazy("Every other agency that keeps records about them has it now."),
        when=others_keep,
        explained=gettext_lazy(
            "Only if the person wants that. Each agency decides on its own and answers them "
            "itself; you are not told which they are."
        ),
    ),
    "send-back": Deed(
        RightsEvent.SEND_BACK, gettext_lazy("Send back"), gettext_lazy("Send it back"),
        lambda by, held, given: rights_answers.send_back(by=by, request=held, **given),
        gettext_lazy("Sent back."), form=forms.SendBackForm,
    ),
    "ask": Deed(
        RightsEvent.ASK_QUESTION, gettext_lazy("Ask what they mean"),
        gettext_lazy("Ask what they mean"),
        lambda by, held, given: rights_requests.ask_question(by=by, request=held, **given),
        gettext_lazy("The clock stands still until they answer."), form=forms.QuestionForm,
    ),
    "answer-heard": Deed(
        RightsEvent.HEAR_ANSWER, gettext_lazy("They have answered"),
        gettext_lazy("They have answered"),
        lambda by, held, given: rights_requests.hear_answer(by=by, request=held, **given),
        gettext_lazy("The clock runs again."), form=forms.AnswerHeardForm, kind="",
    ),
    "extend": Deed(
        RightsEvent.EXTEND, gettext_lazy("Take more time"), gettext_lazy("Take two more months"),
        _extend, gettext_lazy("There are two more months."), form=forms.ExtendForm,
        when=may_extend,
    ),
    "refuse": Deed(
        RightsEvent.REFUSE, gettext_lazy("Refuse"), gettext_lazy("Refuse this request"),
        lambda by, held, given: rights_requests.refuse(by=by, request=held, **given),
        gettext_lazy("Refused. Send them the letter."), form=forms.RefuseForm, kind="warning",
    ),
    "withdraw": Deed(
        RightsEvent.WITHDRAW, gettext_lazy("They take it back"), gettext_lazy("They take it back"),
        lambda by, held, _given: rights_requests.withdraw(by=by, request=held),
        gettext_lazy("Withdrawn."), kind="warning",
    ),
    "keep-statement": Deed(
        None, gettext_lazy("Keep their statement"),
        gettext_lazy("Keep what they say beside the record"),
        lambda by, held, given: rights_statements.keep(by=by, request=held, **given),
        gettext_lazy("It is shown with the record from now."), form=forms.StatementForm,
        when=corrected,
        explained=gettext_lazy(
            "Who does not agree with what stays as it is may have their own words kept with it. "
            "They take the place of what was kept before."
        ),
    ),
    "remove-statement": Deed(
        None, gettext_lazy("Take their statement away"),
        gettext_lazy("Take their statement away"),
        lambda by, held, _given: rights_statements.remove(by=by, request=held),
        gettext_lazy("It is not shown any more."), kind="warning",
        when=lambda *given: corrected(*given) and said_in(given[1].pk) is not None,
    ),
    "allow-use": Deed(
        None, gettext_lazy("Allow one use"), gettext_lazy("Allow one use of this record"),
        lambda by, held, given: rights_marks.allow(by=by, request=held, **given),
        gettext_lazy("This use is allowed."), form=forms.AllowForm, when=stops_a_use,
        explained=gettext_lazy(
            "To keep the record, and to look at it, is always allowed. Anything else needs one of "
            "the reasons of the law."
        ),
    ),
    "tell-of-lifting": Deed(
        None, gettext_lazy("They were told that it ends"),
        gettext_lazy("They were told that the restriction ends"),
        lambda by, held, given: rights_marks.tell_of_lifting(by=by, request=held, **given),
        gettext_lazy("The restriction can be lifted now."), form=forms.ToldForm, when=stop_decided,
        explained=gettext_lazy("Tell them before it is lifted. The law asks for that."),
    ),
    "lift": Deed(
        None, gettext_lazy("Lift the restriction"), gettext_lazy("Lift the restriction"),
        lambda by, held, _given: rights_marks.lift(by=by, request=held),
        gettext_lazy("The record can be used again."), kind="warning", when=stop_told,
    ),
}  # fmt: skip


def deeds_for(
    by: Actor, held: "RightsRequest", holidays: Collection[date]
) -> list[tuple[Words, str, str]]:
    """(words, address, kind of button) of what the actor may do now."""
    return [
        (deed.words, reverse("rights-deed", args=[held.pk, key]), deed.kind)
        for key, deed in DEEDS.items()
        if (deed.event is None or queries.may(held, deed.event)) and deed.when(by, held, holidays)
    ]


@page(Permission.RIGHTS_HANDLE)
def deed(request: HubRequest, id: UUID, key: str) -> HttpResponse:
    """One deed's page."""
    held = queries.get(by=request.actor, id=id, permission=Permission.RIGHTS_HANDLE)
    asked = DEEDS.get(key)
    if asked is None:
        raise Http404
    if asked.event is None:
        if not asked.when(request.actor, held, ()):
            raise Refused(_("This is not to be done now."))
    elif not queries.may(held, asked.event):
        raise Refused(queries.why_not(held, asked.event))
    form = asked.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = asked.do(request.actor, held, dict(form.cleaned_data))
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, str(asked.done))
            if isinstance(made, Tombstone):
                return redirect("disposal", made.id)
            return redirect("rights-request", id)
    context = {
        "form": form,
        "title": asked.title,
        "caption": held.reference,
        "explained": asked.explained,
        "points": asked.points(request.actor, held),
        "button": asked.words,
        "warning": asked.kind == "warning",
        "back_url": reverse("rights-request", args=[id]),
        "section": "rights",
        "show": "ended" if held.state in queries.ENDED else "",
    }
    return render(request, "records/rights/deed.html", context)
