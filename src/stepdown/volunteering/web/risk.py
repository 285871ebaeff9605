"""The risk assessment of a need: reading it, writing it, deciding on it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.forms import GovForm, TextArea
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import risk_assessments
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import risk as queries
from stepdown.volunteering.queries.shown import saying
from stepdown.volunteering.web.ask import INVALID, REFUSED, attempt, posted
from stepdown.volunteering.web.forms_risk import MOST, RiskForm, fingerprint
from stepdown.volunteering.web.need_page import heading, supported
from stepdown.volunteering.web.risk_matrix import IMPACT, matrix, scored

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need, RiskAssessment

UNFINISHED = ("draft", "returned")


class NoteForm(GovForm):
    """A note to the writer, and which of the two decisions is made with it."""

    note = forms.CharField(
        label=gettext_lazy("Note to whoever wrote it"),
        required=False,
        max_length=500,
        widget=TextArea(rows=3, max_characters=500),
        help_text=gettext_lazy("Needed if you send it back: say what has to be changed."),
    )


@page(Permission.RISK_VIEW)
@require_safe
def show(request: HubRequest, id: UUID) -> HttpResponse:
    need = needs.get(by=request.actor, id=id)
    return _show(request, need, NoteForm())


def _show(request: HubRequest, need: "Need", form: GovForm, status: int = 200) -> HttpResponse:
    """The version asked for by ``?version=``, else the one that matters now; and all others."""
    versions = queries.versions_of(request.actor, need)
    chosen = _chosen(versions, request.GET.get("version", ""))
    read = needs.readable(request.actor, need)
    about, says = saying(request.actor, need)
    kinds = {Category.IDENTITY, Category.SUPPORT, Category.SAFEGUARDING}
    kinds |= {Category(one.category) for one in says}
    shown = {
        person: {category: read[category] for category in kinds if category in read}
        for person in about
    }
    disclose(by=request.actor, people=shown, purpose="casework", page="need-risk")
    facts = needs.facts(need)
    live = need.state == "open" and (need.ends is None or need.ends >= clock.today())
    writes = live and decide(request.actor, Permission.RISK_WRITE, facts).allowed
    waits = chosen is not None and chosen.state == "submitted"
    own = chosen is not None and chosen.written_by_id == request.actor.user
    context = {
        **heading(need, "risk"),
        "says": says,
        "assessment": chosen,
        "newest": versions[0] if versions else None,
        "versions": versions,
        "over": chosen is not None and chosen.review_on < clock.today(),
        "hazards": scored(chosen.hazards) if chosen else [],
        "matrix": matrix(chosen.hazards) if chosen else [],
        "impacts": list(IMPACT.values()),
        "may_write": writes and not any(one.state == "submitted" for one in versions),
        "may_submit": writes and chosen is not None and chosen.state in UNFINISHED,
        "own": waits and own,
        "may_decide": waits
        and not own
        and decide(request.actor, Permission.RISK_APPROVE, facts).allowed,
        "form": form,
        "back_url": reverse("need", args=[need.pk]),
    }
    return render(request, "volunteering/risk/risk.html", context, status=status)


def _chosen(versions: "list[RiskAssessment]", asked: str) -> "RiskAssessment | None":
    if asked:
        found = next((one for one in versions if str(one.version) == asked), None)
        if found is None:
            raise NotVisible("No such record.")
        return found
    waiting = next((one for one in versions if one.state == "submitted"), None)
    approved = next((one for one in versions if one.state == "approved"), None)
    return waiting or approved or (versions[0] if versions else None)


@page(Permission.RISK_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HubRequest, id: UUID) -> HttpResponse:
    need = needs.get(by=request.actor, id=id)
    versions = queries.versions_of(request.actor, need)
    newest = versions[0] if versions else None
    status = 200
    if request.method != "POST":
        form = RiskForm.start(newest, newest)
    elif "add" in request.POST or "remove" in request.POST:
        form = RiskForm.reshaped(request.POST)
    else:
        form = RiskForm.posted(request.POST)
        status = _save(request, need, form, newest)
        if status == 200:
            return redirect("need-risk", id=id)
    disclose(
        by=request.actor, people=supported(request, need), purpose="casework", page="need-risk"
    )
    context = {
        **heading(need, "risk"),
        "whole": form,
        "forms": form.all,
        "full": len(form.hazards) >= MOST,
        "newest": newest,
        "back_url": reverse("need-risk", args=[id]),
    }
    return render(request, "volunteering/risk/write.html", context, status=status)


def _save(
    request: HubRequest, need: "Need", form: RiskForm, newest: "RiskAssessment | None"
) -> int:
    """200 when it is kept, and sent for approval where that was asked."""
    if not form.is_valid():
        return INVALID
    if form.about.cleaned_data["seen"] != fingerprint(newest):
        form.about.add_error(
            None, _("Somebody else changed this assessment while you were writing. Open it in "
                    "another window, compare, and write it anew."))  # fmt: skip
        return 409
    try:
        kept = risk_assessments.write(by=request.actor, need=need, **form.given())
        if "submit" in request.POST:
            risk_assessments.submit(by=request.actor, assessment=kept)
    except (InvalidInput, Refused) as error:
        form.about.explain(error)
        return REFUSED if isinstance(error, Refused) else INVALID
    messages.success(
        request,
        _("Risk assessment sent for approval.")
        if "submit" in request.POST
        else _("Draft saved. It does not count until it has been approved."),
    )
    return 200


@page(Permission.RISK_WRITE)
@require_POST
def submit(request: HubRequest, id: UUID) -> HttpResponse:
    return _decide(request, id, risk_assessments.submit, _("Risk assessment sent for approval."))


@page(Permission.RISK_APPROVE)
@require_POST
def approve(request: HubRequest, id: UUID) -> HttpResponse:
    done = _("Risk assessment approved.")
    return _decide(request, id, risk_assessments.approve, done, noted=True)


@page(Permission.RISK_APPROVE)
@require_POST
def send_back(request: HubRequest, id: UUID) -> HttpResponse:
    done = _("Sent back to be changed.")
    return _decide(request, id, risk_assessments.send_back, done, noted=True)


def _decide(
    request: HubRequest, id: UUID, verb: Any, done: str, *, noted: bool = False
) -> HttpResponse:
    """Run a verb on the version that the page showed; what is refused is said on that page."""
    need = needs.get(by=request.actor, id=id)
    assessment = _asked(request, need)
    form = NoteForm(posted(request))
    status = attempt(
        form,
        lambda given: verb(
            by=request.actor, assessment=assessment, **({"note": given["note"]} if noted else {})
        ),
    )
    if status != 200:
        return _show(request, need, form, status)
    messages.success(request, done)
    return redirect("need-risk", id=id)


def _asked(request: HubRequest, need: "Need") -> "RiskAssessment":
    try:
        assessment = queries.get(by=request.actor, id=UUID(request.POST.get("assessment", "")))
    except ValueError:
        raise NotVisible("No such record.") from None
    if assessment.need_id != need.pk:
        raise NotVisible("No such record.")
    return assessment
