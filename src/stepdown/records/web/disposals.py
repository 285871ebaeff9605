"""Second persons, holds, and the register of what was disposed of."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stepdown.adapters.pack_pdf import Document, Line, Part, pack_pdf
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_date
from stepdown.policy.permissions import Permission
from stepdown.records.actions import retention as actions
from stepdown.records.queries import disposals as queries
from stepdown.records.queries import retention
from stepdown.records.queries.schedules import NAMES
from stepdown.records.web import retention_words as words
from stepdown.records.web.retention import sections
from stepdown.records.web.retention_forms import HoldForm


@page(Permission.RETENTION_AGREE)
def waiting(request: HubRequest) -> HttpResponse:
    """Reviews that wait for a second person."""
    rows = [
        [
            Cell(
                _("Record %(short)s") % {"short": one.short},
                reverse("retention-agree", args=[one.id]),
            ),
            Cell(words.DECISIONS[one.decision]),
            Cell(one.by),
            Cell(gov_date(one.at)),
        ]
        for one in queries.proposals(request.actor)
    ]
    headings = [_("Whose"), _("Proposed"), _("Reviewed by"), _("On")]
    context = {
        "table": Table(_("Reviews that wait"), headings, rows),
        "section": "waiting",
        **sections(request.actor),
    }
    return render(request, "records/retention/waiting.html", context)


@page(Permission.RETENTION_AGREE)
def agree(request: HubRequest, id: UUID) -> HttpResponse:
    """One review as its second reader sees it: agree, or send it back."""
    one = queries.proposal(request.actor, id)
    problem = ""
    if request.method == "POST":
        try:
            if "back" in request.POST:
                actions.send_back(by=request.actor, review=id)
                messages.success(request, _("Sent back. The records stay due."))
                return redirect("retention-waiting")
            made = actions.agree(by=request.actor, review=id)
        except Refused as error:
            problem = error.reason
        else:
            if made is None:
                messages.success(request, _("Agreed. The records are kept."))
                return redirect("retention-waiting")
            return redirect("disposal", made.pk)
    answers = [
        Row(str(text), _("Yes") if one.answers.get(key) == "yes" else _("No"))
        for key, text in words.QUESTIONS.items()
    ]
    context = {
        "one": one,
        "problem": problem,
        "rows": [
            Row(_("Schedule"), NAMES[one.schedule]),
            Row(_("Proposed"), words.DECISIONS[one.decision]),
            Row(_("Why"), one.reason),
            Row(_("Reviewed by"), one.by),
            Row(_("On"), gov_date(one.at)),
        ],
        "answers": answers,
        "own": one.by_id == request.actor.user,
        "disposes": one.decision == "dispose",
        "section": "waiting",
        **sections(request.actor),
    }
    return render(request, "records/retention/agree.html", context)


@page(Permission.RETENTION_HOLD)
def hold(request: HubRequest, id: UUID) -> HttpResponse:
    """Hold somebody's records from disposal, and lift holds."""
    person, _line = retention.due_one(request.actor, id, Permission.RETENTION_HOLD)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "lift" in request.POST:
        actions.lift(by=request.actor, hold=queries.hold_named(request.POST["lift"]))
        messages.success(request, _("The hold is lifted."))
        return redirect("retention-hold", id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hold(by=request.actor, person=id, **form.cleaned_data)
        except (InvalidInput, Refused) as error:
            form.explain(error)
        else:
            messages.success(request, _("Held. Nothing about this person is disposed of."))
            return redirect("retention-hold", id)
    context = {
        "form": form,
        "short": person.pk.hex[-8:].upper(),
        "holds": queries.holds_of(person.pk),
        "back_url": reverse("retention-review", args=[person.pk]),
        "section": "due",
        **sections(request.actor),
    }
    return render(request, "records/retention/hold.html", context)


@page(Permission.RETENTION_AGREE)
def index(request: HubRequest) -> HttpResponse:
    """Everything that was ever disposed of, and nothing of whom."""
    found = queries.list_disposals(after=request.GET.get("after"))
    rows = [
        [
            Cell(one.reference, reverse("disposal", args=[one.id])),
            Cell(words.KINDS[one.kind]),
            Cell(words.GROUNDS[one.ground]),
            Cell(gov_date(one.at)),
        ]
        for one in found.items
    ]
    headings = [_("Certificate"), _("What"), _("Why"), _("On")]
    context = {
        "table": Table(_("Disposals"), headings, rows),
        "found": found,
        "section": "disposals",
        **sections(request.actor),
    }
    return render(request, "records/retention/disposals.html", context)


@page(Permission.RETENTION_AGREE)
def show(request: HubRequest, id: UUID) -> HttpResponse:
    """The certificate of one disposal."""
    one = queries.disposal(id)
    counts = [Row(table, str(count)) for table, count in one.counts.items()]
    context = {
        "one": one,
        "rows": _rows(one),
        "counts": counts,
        "section": "disposals",
        **sections(request.actor),
    }
    return render(request, "records/retention/disposal.html", context)


@page(Permission.RETENTION_AGREE)
def certificate(request: HubRequest, id: UUID) -> HttpResponse:
    """The same as a PDF file, to file or to send."""
    one = queries.disposal(id)
    counts = tuple(Line(words, str(count)) for words, count in one.counts.items())
    about = tuple(Line(row.key, str(row.value)) for row in _rows(one))
    document = Document(
        title=f"{_('Certificate of disposal')} {one.reference}",
        author=settings.STEPDOWN_PARTNERSHIP_NAME,
        language=get_language() or "en",
        opening=(settings.STEPDOWN_PARTNERSHIP_NAME, _("It says nothing of whom.")),
        parts=(
            Part(_("What was disposed of"), lines=about),
            Part(_("What went, and how much of it"), lines=counts),
        ),
        what=_("What"),
        says=_("What is said of it"),
    )
    answer = HttpResponse(pack_pdf(document), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="disposal-{one.reference}.pdf"'
    return answer


def _stays(one: queries.Tombstone) -> str:
    return "\n".join(str(words.STAYS[key]) for key in one.stays)


def _rows(one: queries.Tombstone) -> list[Row]:
    return [
        Row(_("What"), words.KINDS[one.kind]),
        Row(_("Why"), words.GROUNDS[one.ground]),
        *([Row(_("What stays, and why"), _stays(one))] if one.stays else []),
        Row(_("Schedule"), NAMES.get(one.schedule, _("None"))),
        Row(_("On"), gov_date(one.at)),
        Row(_("Agreed by"), one.by or _("The hub itself")),
        Row(_("Told"), "\n".join(one.told) or _("No other agency had been shown it")),
        Row(
            _("Written into the register"),
            _("Yes") if one.registered else _("Within a minute or two"),
        ),
    ]
