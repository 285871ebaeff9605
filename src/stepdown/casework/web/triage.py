"""Deciding what becomes of a referral."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.casework.actions import case_referrals, referrals
from stepdown.casework.queries.answers import Intake, intake_from, readable_answers
from stepdown.casework.queries.case import takes_referrals
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.duplicates import Duplicates, possible_duplicates
from stepdown.casework.queries.referral import (
    ReferralEvent,
    categories,
    facts,
    get,
    readable,
    why_not,
    with_reference,
)
from stepdown.casework.web.referral_words import Lists
from stepdown.casework.web.referrals import identity, likeness_words
from stepdown.casework.web.triage_forms import NEW, CaseForm, DuplicateForm, NeedForm, RejectForm
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm
from stepdown.pages.words import and_list
from stepdown.people.queries import person as people
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Referral


@page(Permission.REFERRAL_TRIAGE)
def make_need(request: HubRequest, id: UUID) -> HttpResponse:
    """The referral becomes a need: a form filled in from the answers."""
    by = request.actor
    referral, away = _to_decide(request, id, Permission.REFERRAL_TRIAGE, ReferralEvent.MAKE_NEED)
    if away:
        return away
    intake = intake_from(readable_answers(referral.pk, categories(by, referral)))
    alike = possible_duplicates(by, referral)
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        people=[(str(one.id), one.name) for one in alike.people],
        hints=_known(alike),
        initial=_suggested(by, referral, intake, alike),
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["person"]
        made: list[UUID] = []

        def make() -> None:
            person = None if chosen == NEW else people.get(by=by, id=UUID(chosen))
            need = referrals.make_need(
                by=by, referral=referral, person=person, **form.need_fields()
            )
            made.append(need.pk)
            words = _("The referral became need %(reference)s.") % {"reference": need.reference}
            messages.success(request, words)

        if _done(form, make):
            return redirect("need", made[0])
    more = {"secret": intake.secret, "wanted": intake}
    return _draw(request, referral, form, "casework/referral_need.html", alike, **more)


@page(Permission.REFERRAL_TRIAGE)
def make_case(request: HubRequest, id: UUID) -> HttpResponse:
    """The referral becomes a case: what the pathway asks besides is answered next."""
    by = request.actor
    referral, away = _to_decide(request, id, Permission.REFERRAL_TRIAGE, ReferralEvent.MAKE_CASE)
    if away:
        return away
    alike = possible_duplicates(by, referral)
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        pathways=[(one.key, in_words(one.name)) for one in takes_referrals(by)],
        people=[(str(one.id), one.name) for one in alike.people],
        hints=_known(alike),
        initial={"person": "" if alike.people else NEW},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["person"]
        made: list[UUID] = []

        def make() -> None:
            person = None if chosen == NEW else people.get(by=by, id=UUID(chosen))
            key = form.cleaned_data["pathway"]
            draft = case_referrals.start_from(by=by, referral=referral, pathway=key, person=person)
            made.append(draft.pk)

        if _done(form, make):
            return redirect("case-refer-resume", made[0])
    return _draw(request, referral, form, "casework/referral_case.html", alike)


def _known(alike: Duplicates) -> dict[str, str]:
    """What is known of people who may be the same."""
    return {
        str(one.id): and_list([likeness_words(one.likeness), *filter(None, [one.district])])
        for one in alike.people
    }


@page(Permission.REFERRAL_TRIAGE)
def mark_duplicate(request: HubRequest, id: UUID) -> HttpResponse:
    """It repeats another referral."""
    by = request.actor
    referral, away = _to_decide(
        request, id, Permission.REFERRAL_TRIAGE, ReferralEvent.MARK_DUPLICATE
    )
    if away:
        return away
    alike = possible_duplicates(by, referral)
    form = DuplicateForm(
        request.POST if request.method == "POST" else None,
        alike=[(str(one.id), f"{one.name}, {one.reference}") for one in alike.referrals],
        hints={str(one.id): likeness_words(one.likeness) for one in alike.referrals},
        initial={} if alike.referrals else {"original": DuplicateForm.OTHER},
    )
    if request.method == "POST" and form.is_valid():
        original = _original(by, form)

        def mark() -> None:
            if original is None:
                raise InvalidInput({"reference": _("There is no referral with this reference")})
            referrals.mark_duplicate(by=by, referral=referral, original=original)
            messages.success(request, _("The referral is marked as a duplicate."))

        if _done(form, mark):
            return redirect("referral", id)
    return _draw(request, referral, form, "casework/referral_duplicate.html", alike)


@page(Permission.REFERRAL_TRIAGE)
def reject(request: HubRequest, id: UUID) -> HttpResponse:
    """It will not become a need."""
    referral, away = _to_decide(request, id, Permission.REFERRAL_TRIAGE, ReferralEvent.REJECT)
    if away:
        return away
    form = RejectForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def turn_down() -> None:
            reason = form.cleaned_data["reason"]
            referrals.reject(by=request.actor, referral=referral, reason=reason)
            messages.success(request, _("The referral is rejected."))

        if _done(form, turn_down):
            return redirect("referral", id)
    return _draw(request, referral, form, "casework/referral_reject.html")


@page(Permission.REFERRAL_WITHDRAW)
def withdraw(request: HubRequest, id: UUID) -> HttpResponse:
    """It is not asked for any more."""
    return _confirmed(
        request,
        id,
        (Permission.REFERRAL_WITHDRAW, ReferralEvent.WITHDRAW),
        referrals.withdraw,
        _("Withdraw this referral?"),
        _("Nobody works on it any further. It cannot be opened again."),
        _("Withdraw the referral"),
        _("The referral is withdrawn."),
    )


@page(Permission.REFERRAL_TRIAGE)
def reopen(request: HubRequest, id: UUID) -> HttpResponse:
    """It waits for a decision again."""
    return _confirmed(
        request,
        id,
        (Permission.REFERRAL_TRIAGE, ReferralEvent.REOPEN),
        referrals.reopen,
        _("Open this referral again?"),
        _("It waits for a decision again, among the referrals that were received."),
        _("Open the referral again"),
        _("The referral waits for a decision again."),
    )


def _to_decide(
    request: HubRequest, id: UUID, permission: Permission, event: ReferralEvent
) -> tuple["Referral", HttpResponse | None]:
    """The referral, and where to go instead when this may not happen to it now."""
    referral = get(by=request.actor, id=id)
    require(request.actor, permission, facts(referral))
    if reason := why_not(referral, event):
        messages.info(request, reason)
        return referral, redirect("referral", id)
    return referral, None


def _done(form: GovForm, deed: Callable[[], None]) -> bool:
    """Do it; False with the reasons on the form when it may not be done."""
    try:
        deed()
    except (InvalidInput, Refused) as error:
        form.explain(error)
        return False
    return True


def _confirmed(
    request: HubRequest,
    id: UUID,
    needs: tuple[Permission, ReferralEvent],
    verb: Callable[..., Any],
    title: str,
    text: str,
    button: str,
    done: str,
) -> HttpResponse:
    referral, away = _to_decide(request, id, *needs)
    if away:
        return away
    form = GovForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def act() -> None:
            verb(by=request.actor, referral=referral)
            messages.success(request, done)

        if _done(form, act):
            return redirect("referral", id)
    more: dict[str, Any] = {"title": title, "text": text, "button": button}
    return _draw(request, referral, form, "casework/referral_confirm.html", **more)


def _original(by: Actor, form: DuplicateForm) -> "Referral | None":
    chosen = form.cleaned_data["original"]
    if chosen == DuplicateForm.OTHER:
        return with_reference(by=by, text=form.cleaned_data["reference"])
    return get(by=by, id=UUID(chosen))


def _suggested(
    by: Actor, referral: "Referral", intake: Intake, alike: Duplicates
) -> dict[str, Any]:
    """The need as the answers describe it."""
    lists = Lists.load()
    kinds = [lists.skills[key] for key in intake.skills if key in lists.skills]
    title = and_list([kinds[0], *(kind.lower() for kind in kinds[1:3])]) if kinds else ""
    held = next((grant.agency for grant in by.grants if grant.agency), None)
    return {
        "person": "" if alike.people else NEW,
        "title": title[:120],
        "band": referral.band,
        "starts": clock.today(),
        "places": 1,
        "weekly_hours": 2,
        "slots": intake.slots,
        "skills": intake.skills,
        "languages": intake.languages,
        "district": referral.district_id,
        "agency": str(referral.agency_id or held or ""),
    }


def _draw(
    request: HubRequest,
    referral: "Referral",
    form: GovForm,
    template: str,
    alike: Duplicates | None = None,
    **more: Any,
) -> HttpResponse:
    """A page of triage, with the identity bar; whoever it shows is disclosed first."""
    may_read = readable(request.actor, referral)
    answers = readable_answers(referral.pk, may_read)
    shown: dict[UUID, Mapping[Category, str]] = dict(alike.shown) if alike else {}
    shown[referral.person_id or referral.pk] = {
        category: clause for category, clause in may_read.items() if category in answers
    }
    disclose(by=request.actor, people=shown, purpose="referral", page="referral-triage")
    context = {
        "form": form,
        "referral": referral,
        "back_url": reverse("referral", args=[referral.pk]),
        **identity(referral, answers),
        **more,
    }
    return render(request, template, context)
