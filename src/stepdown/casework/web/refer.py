"""Making a referral: one thing a page, no account, nothing personal in an address.

A draft belongs to no person's record yet, so what is shown of it is disclosed under the referral's
own id.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from stepdown.casework.actions import referrals
from stepdown.casework.queries.answers import PROFESSIONAL
from stepdown.casework.queries.referral import ReferralState, draft_for
from stepdown.casework.web.refer_draft import current, go_to, go_to_step, of_draft, remember
from stepdown.casework.web.refer_form import StepForm
from stepdown.casework.web.refer_steps import BY_SLUG, STEPS, Progress, Step, progress_of
from stepdown.casework.web.referral_words import Lists
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.agency import agency
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Referral

CHANGING = "check"  # the only value of ?from=: go back to the answers afterwards


@page(Permission.PAGE_PUBLIC)
def start(request: HubRequest) -> HttpResponse:
    """What this is, and the button that starts it."""
    if request.method == "POST":
        referral, code = referrals.start(by=request.actor)
        remember(request, referral)
        # Drawn at once, not redirected to: the code is shown here and kept nowhere.
        context = {"code": code, "reference": referral.reference} if code else {}
        progress = progress_of(referral.pk)
        form = _form(request, STEPS[0], progress, posted=False)
        return _draw(request, STEPS[0], form, progress, **context)
    begun = current(request)
    unfinished = begun is not None and begun.state == ReferralState.DRAFT
    return render(request, "casework/refer/start.html", {"unfinished": unfinished})


@page(Permission.PAGE_PUBLIC)
@of_draft
def step(request: HubRequest, referral: "Referral", slug: str) -> HttpResponse:
    """One page of questions."""
    found = BY_SLUG.get(slug)
    if found is None:
        raise Http404
    progress = progress_of(referral.pk)
    if not progress.may_open(found):
        return go_to_step(progress.first_open())
    posted = request.method == "POST"
    leaving = posted and request.POST.get("then") == "save"
    form = _form(request, found, progress, posted=posted)
    if posted and form.is_valid() and _keep(request, referral, form):
        return _saved(request, referral) if leaving else _onward(request, found, referral, progress)
    if leaving:
        return _saved(request, referral)
    if progress.is_done(found):
        shown = {form.category_of(name) for name in form.fields}
        disclose(
            by=request.actor, people={referral.pk: shown}, purpose="referral", page="refer-step"
        )
    return _draw(request, found, form, progress)


@page(Permission.PAGE_PUBLIC)
@require_POST
def resume(request: HubRequest, id: UUID) -> HttpResponse:
    """Go on with one of one's own drafts."""
    referral = draft_for(by=request.actor, id=id)
    if referral.made_by_id is None:
        raise NotVisible("No such referral.")
    remember(request, referral)
    return go_to(referral)


@page(Permission.PAGE_PUBLIC)
@of_draft
def carry_on(request: HubRequest, referral: "Referral") -> HttpResponse:
    """The first page not answered yet of the referral at hand."""
    return go_to(referral)


def _form(request: HubRequest, found: Step, progress: Progress, *, posted: bool) -> StepForm:
    data = request.POST if posted else None
    form = found.form(data, intake=progress.intake, lists=Lists.load())
    if not progress.is_done(found):
        form.initial.update(_known_of(request))
    return form


def _known_of(request: HubRequest) -> dict[str, str]:
    """What the account says of a referrer who is signed in."""
    if not request.user.is_authenticated:
        return {}
    held = next((grant.agency for grant in request.actor.grants if grant.agency), None)
    partner = agency(held) if held else None
    return {
        "referrer_kind": PROFESSIONAL,
        "referrer_name": request.user.display_name,
        "referrer_email": request.user.email,
        "organisation": partner.name if partner else "",
    }


def _keep(request: HubRequest, referral: "Referral", form: StepForm) -> bool:
    """Save the page's answers; False with the reasons on the form when they cannot be taken."""
    try:
        for category, answers in form.answers().items():
            referrals.answer(
                by=request.actor, referral=referral, category=category, answers=answers
            )
    except InvalidInput as wrong:
        form.explain(wrong)
        return False
    return True


def _onward(
    request: HubRequest, found: Step, referral: "Referral", before: Progress
) -> HttpResponse:
    progress = progress_of(referral.pk)
    if request.GET.get("from") != CHANGING:
        return go_to_step(progress.after(found))
    if found.slug == "secret" and progress.intake.secret != before.intake.secret:
        # The address has changed sides of the wall: what is asked of it has changed too.
        return redirect(f"{reverse('refer-step', args=['where'])}?from={CHANGING}")
    return go_to_step(progress.first_open())


def _saved(request: HubRequest, referral: "Referral") -> HttpResponse:
    """How to come back: the code is made now and shown this once."""
    code = "" if referral.made_by_id else referrals.new_code(by=request.actor, referral=referral)
    days = settings.STEPDOWN_DRAFT_KEPT_FOR.days
    context = {"reference": referral.reference, "code": code, "days": days}
    return render(request, "casework/refer/saved.html", context)


def _draw(
    request: HubRequest, found: Step, form: StepForm, progress: Progress, **more: Any
) -> HttpResponse:
    changing = request.GET.get("from") == CHANGING
    before = progress.before(found)
    if changing:
        back = reverse("refer-check")
    else:
        back = reverse("refer-step", args=[before.slug]) if before else reverse("refer")
    address = reverse("refer-step", args=[found.slug])
    steps = progress.steps()
    context = {
        "form": form,
        "title": found.heading(progress.intake),
        "back_url": back,
        "action": f"{address}?from={CHANGING}" if changing else address,
        "secret_kept": found.slug == "where" and progress.intake.secret and progress.secret_given,
        "number": steps.index(found) + 1,
        "count": len(steps),
        **more,
    }
    return render(request, "casework/refer/step.html", context)
