"""What stands between a need and its volunteers, as a task list."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.kernel import clock
from stepdown.pages.parts import Task
from stepdown.pages.words import gov_date
from stepdown.volunteering.queries.need import NeedRow
from stepdown.volunteering.web.need_people import OnNeed

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need, RiskAssessment


def tasks_of(
    need: "Need",
    holding: NeedRow,
    versions: Sequence["RiskAssessment"],
    on_it: Sequence[OnNeed],
    may: dict[str, bool],
) -> list[Task]:
    """Each with how it stands; those that do not arise are left out."""
    tasks = []
    if may["see_risk"]:
        tasks.append(_risk(need, versions))
    tasks += [_officer(need, may), _places(holding)]
    waiting = sum(one.hours_waiting for one in on_it)
    if waiting:
        words = ngettext("%(n)d entry waits", "%(n)d entries wait", waiting) % {"n": waiting}
        tasks.append(Task(_("Hours to confirm"), "waiting", "#people", words))
    if any(one.stepping_back for one in on_it):
        words = _("A volunteer said they cannot make it.")
        tasks.append(Task(_("Find cover"), "waiting", "#people", words))
    if need.state == "open" and need.ends and need.ends < clock.today() and may["close"]:
        words = _("Its last day was %(day)s.") % {"day": gov_date(need.ends)}
        tasks.append(
            Task(_("Close the need"), "overdue", reverse("need-close", args=[need.pk]), words)
        )
    return tasks


def _risk(need: "Need", versions: Sequence["RiskAssessment"]) -> Task:
    url = reverse("need-risk", args=[need.pk])
    approved = next((one for one in versions if one.state == "approved"), None)
    newest = versions[0] if versions else None
    said = [_newer(newest)] if newest and newest is not approved else []
    if approved is None:
        status = {"submitted": "waiting", "draft": "draft", "returned": "returned"}
        said.insert(0, _("Nobody can be placed until it is approved."))
        now = status.get(newest.state, "not_started") if newest else "not_started"
        return Task(_("Risk assessment"), now, url, " ".join(said))
    day = {"day": gov_date(approved.review_on)}
    if approved.review_on < clock.today():
        said.insert(0, _("It ran out on %(day)s: nobody can be placed.") % day)
        return Task(_("Risk assessment"), "overdue", url, " ".join(said))
    said.insert(0, _("Approved until %(day)s.") % day)
    return Task(_("Risk assessment"), "approved", url, " ".join(said))


def _newer(assessment: "RiskAssessment") -> str:
    return {
        "draft": _("A newer version is being written."),
        "submitted": _("A newer version waits for approval.")
        if assessment.version > 1
        else _("It waits for approval."),
        "returned": _("It was sent back to be changed."),
    }.get(assessment.state, "")


def _officer(need: "Need", may: dict[str, bool]) -> Task:
    url = reverse("need-assign", args=[need.pk])
    url = url if may["change"] and need.state == "open" else ""
    if need.officer:
        return Task(_("Who looks after it"), "complete", url, need.officer.display_name)
    return Task(_("Who looks after it"), "not_started", url, _("Nobody yet"))


def _places(holding: NeedRow) -> Task:
    said = _("%(placed)d of %(places)d filled") % {
        "placed": holding.placed,
        "places": holding.places,
    }
    if holding.offered:
        open_offers = ngettext("%(n)d offer open", "%(n)d offers open", holding.offered)
        said = f"{said}, {open_offers % {'n': holding.offered}}"
    full = holding.placed >= holding.places
    begun = holding.placed or holding.offered
    status = "filled" if full else "part_filled" if begun else "unfilled"
    return Task(_("Places"), status, "#people" if begun else "#shortlist", said)
