"""What retention is called on pages."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stepdown.kernel.retention import Schedule, Then

Words = str | Promise

QUESTIONS: Mapping[str, Words] = {
    "harm": _("Is there anything that shows they could do serious harm to somebody?"),
    "children": _("Is there concern about a child or an adult at risk?"),
    "trust": _("Did they break a position of trust?"),
    "links": _("Do they have links or associations that raise the risk?"),
    "substances": _("Is there concern about drugs or alcohol that raises the risk?"),
    "mental-state": _("Is there concern about their state of mind that raises the risk?"),
}
DECISIONS: Mapping[str, Words] = {
    "keep": _("Keep them, and review them again"),
    "dispose": _("Dispose of them"),
}
THEN: Mapping[str, Words] = {
    Then.REVIEW: _("Somebody reviews the records"),
    Then.DISPOSE: _("The hub disposes of them"),
}
GROUNDS: Mapping[str, Words] = {
    "schedule": _("Its time was up"),
    "review": _("Reviewed, and no longer needed"),
    "erasure": _("The person asked for it"),
    "replay": _("Again, after an old backup was put back"),
}
STAYS: Mapping[str, Words] = {
    "others": _("What other agencies keep about them: each decides on its own."),
    "identity": _("Who they are and how to reach them: what the others keep needs it."),
}
KINDS: Mapping[str, Words] = {
    "person": _("Everything about one person"),
    "referral": _("A referral that was not taken on"),
    "part": _("What one agency kept about a person"),
}


def said(schedule: Schedule) -> str:
    """A schedule as a sentence."""
    years = ngettext(
        "%(n)d year after the last event", "%(n)d years after the last event", schedule.clear
    ) % {"n": schedule.clear}
    parts = [years]
    if schedule.again:
        again = ngettext("then every %(n)d year", "then every %(n)d years", schedule.again) % {
            "n": schedule.again
        }
        parts.append(again)
    if schedule.until_age:
        parts.append(_gettext("until the person would be %(n)d") % {"n": schedule.until_age})
    return ", ".join(parts)
