"""What a volunteer's own pages say of an offer or a placement: what, where roughly, when, who."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.web.page import HubRequest
from stepdown.pages.parts import Row
from stepdown.pages.words import duration, gov_date, gov_datetime, slot_words
from stepdown.volunteering.queries.mine import Ask, MyOffer

if TYPE_CHECKING:
    from stepdown.volunteering.models import Placement


def named(ask: Ask) -> str:
    """What it is called, with its time: two may have one title."""
    when = slot_words(ask.slot)
    return f"{ask.title} ({when})" if when else ask.title


def where(ask: Ask) -> str:
    """Roughly where, or that it is not to be told."""
    if ask.protected:
        return _("The place is protected. Your coordinator will tell you.")
    if ask.km is None:
        return ask.area
    if not ask.area:
        return _("About %(km)d km from your home") % {"km": ask.km}
    return _("%(area)s, about %(km)d km from your home") % {"area": ask.area, "km": ask.km}


def short_rows(ask: Ask) -> list[Row]:
    """Where, when, from which day: enough to know which one it is."""
    days = {"first": gov_date(ask.starts), "last": gov_date(ask.ends)}
    return [
        Row(_("Where"), where(ask)),
        Row(_("When"), slot_words(ask.slot) or _("Times to agree")),
        Row(_("From"), _("%(first)s to %(last)s") % days if ask.ends else days["first"]),
    ]


def rows_of(ask: Ask) -> list[Row]:
    """All that a volunteer is told before they answer."""
    who = {"name": ask.who, "agency": ask.agency}
    return [
        Row(_("Kind of volunteering"), ask.scheme),
        *short_rows(ask),
        Row(_("Each week"), _("About %(time)s") % {"time": duration(ask.weekly_minutes)}),
        Row(_("Who to ask"), _("%(name)s, %(agency)s") % who if ask.who else ask.agency),
    ]


def offer_rows(one: MyOffer) -> list[Row]:
    """The same, and how long there is to answer."""
    until = [Row(_("Answer by"), gov_datetime(one.lapses_at))] if one.open else []
    return [*rows_of(one.ask), *until]


def what_became(one: MyOffer, placement: "Placement | None") -> str:
    """Why an offer is no longer open, in words; empty where it is, or where it was accepted and
    what came of it goes on."""
    if one.open:
        return ""
    match one.record.state:
        case "accepted":
            over = placement is not None and placement.state in {"ended", "replaced"}
            return _("You said yes to this. It has ended since. Thank you.") if over else ""
        case "declined":
            return _("You said no to this. Thank you for telling us.")
        case "withdrawn":
            return _("This is no longer needed. Thank you all the same.")
    if one.record.lapse_reason == "credential":
        return _("A check that this needs no longer holds, so we could not keep the offer open.")
    if one.record.lapse_reason == "rule":
        return _("Something has changed and this no longer suits. Thank you all the same.")
    return _("The time to answer was up, so we ask somebody else. Thank you all the same.")


def show_own(request: HubRequest, page_name: str) -> None:
    """Log that the actor was shown their own record."""
    if request.actor.person is not None:
        disclose(
            by=request.actor, people=[request.actor.person], purpose="own-record", page=page_name
        )
