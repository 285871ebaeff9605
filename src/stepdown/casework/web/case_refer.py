"""Referring into a pathway: choose it, one thing a page, check, send."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from stepdown.casework.actions import case_referrals
from stepdown.casework.queries.case import definition_of, draft_for, own_drafts, refers_to
from stepdown.casework.queries.case_facts import own_referral_answers
from stepdown.casework.queries.case_typed import OTHERS, typed_in
from stepdown.casework.queries.case_words import in_words
from stepdown.casework.web.case_forms import WhoForm
from stepdown.casework.web.case_refer_others import others
from stepdown.casework.web.case_words import answer_words
from stepdown.casework.web.pathway_form import PathwayForm, initial_from
from stepdown.hub.queries.place import district_choices
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pages.forms import GovForm
from stepdown.pages.parts import Change, Row
from stepdown.pages.words import and_list, gov_date
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case

WHO = "who"


@page(Permission.CASE_REFER)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HubRequest) -> HttpResponse:
    """The pathways into which the actor may refer. Choosing one begins a draft."""
    found = refers_to(request.actor)
    if request.method == "POST":
        key = request.POST.get("pathway", "")
        if key not in {one.key for one in found}:
            raise NotVisible("No such pathway.")
        case = case_referrals.start(by=request.actor, pathway=key)
        return redirect("case-refer-page", case.pk, WHO)
    drafts = [(one, in_words(definition_of(one).name)) for one in own_drafts(request.actor)]
    pathways = [(one.key, in_words(one.name), in_words(one.about)) for one in found]
    context = {"pathways": pathways, "drafts": drafts}
    return render(request, "casework/cases/refer_start.html", context)


@page(Permission.CASE_REFER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HubRequest, id: UUID, screen: str) -> HttpResponse:
    """One page of the referral."""
    case = draft_for(by=request.actor, id=id)
    keys = keys_of(case)
    if screen not in keys:
        raise NotVisible("No such page.")
    if screen == OTHERS:
        then = _next(case, keys, screen, then=request.GET.get("then", ""))
        return others(request, case, then=then, back=_url(case, WHO), place=(2, len(keys)))
    form = _form(request, case, screen)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, case, screen, form)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            return redirect(_next(case, keys, screen, then=request.GET.get("then", "")))
    title, about = _heading(case, screen)
    place = keys.index(screen)
    before = keys[place - 1] if place else ""
    context = {
        "form": form,
        "title": title,
        "about": about,
        "pathway": in_words(definition_of(case).name),
        "number": place + 1,
        "count": len(keys),
        "back_url": reverse("case-refer-page", args=[case.pk, before]) if before else "",
    }
    return render(request, "casework/cases/refer_page.html", context)


@page(Permission.CASE_REFER)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HubRequest, id: UUID) -> HttpResponse:
    """All answers, each to be changed; then it is sent."""
    case = draft_for(by=request.actor, id=id)
    problems: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            case_referrals.send(by=request.actor, case=case)
        except InvalidInput as error:
            problems = [(f"{_heading(case, key)[0]}: {text}", _url(case, key, then="check"))
                        for key, text in error.errors.items()]  # fmt: skip
        else:
            messages.success(
                request, _("Your referral was sent: %(reference)s.") % {"reference": case.reference}
            )
            return redirect("case", case.pk)
    context = {
        "sections": _sections(case),
        "problems": problems,
        "case": case,
        "pathway": in_words(definition_of(case).name),
    }
    return render(request, "casework/cases/refer_check.html", context)


@page(Permission.CASE_REFER)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HubRequest, id: UUID) -> HttpResponse:
    """Forget the draft."""
    case = draft_for(by=request.actor, id=id)
    if request.method == "POST":
        case_referrals.discard(by=request.actor, case=case)
        messages.success(request, _("The referral was deleted."))
        return redirect("case-refer")
    return render(request, "casework/cases/refer_stop.html", {"case": case})


@page(Permission.CASE_REFER)
@require_safe
def resume(request: HubRequest, id: UUID) -> HttpResponse:
    """Go on where the draft was left: at the first page that lacks something."""
    case = draft_for(by=request.actor, id=id)
    missing = case_referrals.missing_pages(case)
    return (
        redirect("case-refer-page", id, missing[0]) if missing else redirect("case-refer-check", id)
    )


def keys_of(case: "Case") -> list[str]:
    """The pages of the referral in order."""
    more = [OTHERS] if definition_of(case).names_more else []
    return [WHO, *more, *(one.key for one in definition_of(case).screens)]


def _form(request: HubRequest, case: "Case", screen: str) -> GovForm:
    data = request.POST if request.method == "POST" else None
    held = own_referral_answers(case)
    if screen == WHO:
        sources = [(one.key, in_words(one.name)) for one in definition_of(case).sources]
        kept = {**held, "district": case.district_id or "", "source": case.source}
        if kept.get("date_of_birth"):
            kept["date_of_birth"] = _day(kept["date_of_birth"])
        names = definition_of(case).names_somebody
        return WhoForm(
            data, districts=district_choices(), sources=sources, names=names, initial=kept
        )
    questions = next(one for one in definition_of(case).screens if one.key == screen).fields
    return PathwayForm(data, questions=questions, initial=initial_from(questions, held))


def _day(text: object) -> date:
    return date.fromisoformat(str(text))


def _keep(request: HubRequest, case: "Case", screen: str, form: GovForm) -> None:
    if isinstance(form, PathwayForm):
        case_referrals.answer(by=request.actor, case=case, screen=screen, answers=form.answers())
        return
    given = dict(form.cleaned_data)
    born = given.pop("date_of_birth", None)
    case_referrals.say_who(
        by=request.actor, case=case, date_of_birth=born.isoformat() if born else "", **given
    )


def _next(case: "Case", keys: list[str], screen: str, *, then: str) -> str:
    place = keys.index(screen)
    if then == "check" or place == len(keys) - 1:
        return reverse("case-refer-check", args=[case.pk])
    return _url(case, keys[place + 1])


def _url(case: "Case", screen: str, *, then: str = "") -> str:
    url = reverse("case-refer-page", args=[case.pk, screen])
    return f"{url}?then={then}" if then else url


def _heading(case: "Case", screen: str) -> tuple[str, str]:
    if screen == WHO:
        named = definition_of(case).names_somebody
        return (_("Who it is about") if named else _("Where it is and who refers")), ""
    one = next(one for one in definition_of(case).screens if one.key == screen)
    return in_words(one.name), in_words(one.about)


def _sections(case: "Case") -> list[tuple[str, list[Row]]]:
    held, one = own_referral_answers(case), definition_of(case)

    def change(screen: str, title: str) -> Change:
        return Change(_url(case, screen, then="check"), title.lower())

    source = next((in_words(s.name) for s in one.sources if s.key == case.source), "")
    name = f"{held.get('given_name', '')} {held.get('family_name', '')}".strip()
    born = held.get("date_of_birth")
    names = [
        Row(_("Name"), name, change(WHO, _("Name"))),
        Row(_("Date of birth"), gov_date(_day(born)) if born else "", change(WHO, _("Birth"))),
    ]
    who = [
        *(names if one.names_somebody else []),
        Row(
            _("District"),
            case.district.name if case.district else "",
            change(WHO, _("District")),
        ),
        Row(_("Referred by"), source, change(WHO, _("Referred by"))),
    ]
    if one.names_more:
        more = [other.name for other in typed_in(one.people[0].key, held) if other.number]
        who.insert(2, Row(_("Also about"), and_list(more), change(OTHERS, _("Also about"))))
    found = [(_heading(case, WHO)[0], who)]
    for screen in one.screens:
        rows = [
            Row(
                in_words(field.name),
                answer_words(field, held.get(field.key)),
                change(screen.key, in_words(field.name)),
            )
            for field in screen.fields
            if field.shown_if is None or held.get(field.shown_if[0]) == field.shown_if[1]
        ]
        found.append((in_words(screen.name), rows))
    return found
