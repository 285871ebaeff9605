"""What every page about a case begins with: the bar at its top, and the look written down."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from stepdown.casework.queries.case import definition_of, law_day, readable
from stepdown.casework.queries.case_page import (
    Named,
    named_people,
    people_of,
    shown_on,
    typed_name,
)
from stepdown.casework.queries.case_words import in_words
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest
from stepdown.kernel import clock
from stepdown.pages.parts import Fact, Flag
from stepdown.pages.words import gov_date
from stepdown.people.queries.restriction import restricted_since
from stepdown.people.queries.statement import said_by
from stepdown.policy.categories import Category

if TYPE_CHECKING:
    from stepdown.casework.models import Case


def bar(request: HubRequest, case: "Case", where: str) -> dict[str, Any]:
    """Name, facts and flags for the identity bar; whoever is shown is written down first."""
    read = readable(request.actor, case)
    people = named_people(request.actor, case) if Category.IDENTITY in read else []
    typed = typed_name(case) if Category.IDENTITY in read and not people else ""
    _disclose(request, case, read, people, where)
    one, about = definition_of(case), people_of(case)
    found = {
        _("Reference"): case.reference,
        _("Pathway"): in_words(one.name),
        _("Stage"): in_words(one.stage(case.stage).name),
        _("District"): case.district.name if case.district else "",
        _("Looked after by"): case.officer.display_name if case.officer else _("Nobody yet"),
        _("Opened"): gov_date(case.opened_on),
        _("Law"): _law(case, read),
    }
    flags = []
    if case.closed_on is not None:
        flags.append(Flag(_("Closed"), "grey"))
    elif case.next_due is not None and case.next_due < clock.today():
        flags.append(Flag(_("Something is overdue")))
    names = [one.name for one in people if one.name]
    first = names[0] if names else typed
    more = len(people) - 1
    if first and more > 0:
        first = _("%(name)s and %(count)d more") % {"name": first, "count": more}
    # A plan, a session or a problem may be about nobody: then there is no name to keep back.
    unnamed = Category.IDENTITY in read and not people
    nobody = not one.people or (unnamed and not one.names_somebody)
    return {
        "case": case,
        "name": first or (case.reference if nobody else _("Name not shown")),
        "facts": [Fact(key, value) for key, value in found.items() if value],
        "flags": flags,
        "people": people,
        "restricted_since": restricted_since(about),
        "says": said_by(request.actor, [one.person for one in people if one.name], read),
        "read": read,
        "back_url": reverse("case", args=[case.pk]),
        "clauses": sorted({clause for clause in read.values() if clause}),
    }


def _law(case: "Case", read: Mapping[Category, str]) -> str:
    """By the law of which day it is dealt with, for whoever may read that day."""
    one = definition_of(case)
    if one.law is None:
        return ""
    asked = next(f for f in one.referral_fields() if f.key == one.law.by)
    day = law_day(case) if Category(asked.category) in read else None
    if day is None:
        return _("Version %(number)d") % {"number": one.version}
    told = {"day": gov_date(day), "number": one.version}
    if one.law.since and not one.law.verified:
        return _("As on %(day)s: version %(number)d (its first day is not verified)") % told
    return _("As on %(day)s: version %(number)d") % told


def _disclose(
    request: HubRequest,
    case: "Case",
    read: Mapping[Category, str],
    people: list[Named],
    where: str,
) -> None:
    """Everybody on it is shown; while nobody is named, the case itself."""
    shown = shown_on(case, read, people)
    disclose(by=request.actor, people=shown, purpose="case", page=where)
