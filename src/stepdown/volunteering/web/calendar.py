"""The calendar feed: made and ended by its owner, read by calendar programs by its secret."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from stepdown.adapters.calendar import Weekly, feed
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.queries.link import link_behind
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import calendars
from stepdown.volunteering.queries import mine

TYPE = "text/calendar; charset=utf-8"


@page(Permission.OFFER_ANSWER)
@require_POST
def make(request: HubRequest) -> HttpResponse:
    """The address is shown this once, in the answer itself: only its hash is kept."""
    secret = calendars.make_feed(by=request.actor)
    address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    context = {
        "address": address,
        # Telephones open this one with their own calendar.
        "subscribe": f"webcal:{address.partition(':')[2]}",
        "back_url": reverse("my-offers"),
    }
    return render(request, "volunteering/my/calendar.html", context)


@page(Permission.OFFER_ANSWER)
@require_POST
def end(request: HubRequest) -> HttpResponse:
    calendars.end_feed(by=request.actor)
    messages.success(request, _("Your calendar feed has ended."))
    return redirect("my-offers")


@page(Permission.PAGE_PUBLIC)
@require_safe
def feed_of(request: HubRequest, secret: str) -> HttpResponse:
    """Live placements with a time, week by week. No names; no area where the place is protected."""
    link = link_behind(secret=secret, purpose="calendar")
    if link is None:
        raise Http404
    owner = Actor.by_link(link.person_id)
    placed = mine.my_placements(owner)
    disclose(by=owner, people=[link.person_id], purpose="own-record", page="calendar-feed")
    events = [
        Weekly(
            uid=salted_hmac("stepdown.calendar", str(one.record.pk)).hexdigest(),
            summary=_("Volunteering: %(scheme)s") % {"scheme": one.ask.scheme},
            area=one.ask.area,  # empty where the place is shielded
            slot=one.ask.slot,
            first=one.record.starts,
            last=one.ask.ends,
            changed=datetime.combine(one.record.starts, datetime.min.time(), UTC),
        )
        for one in placed
        if one.live and one.ask.slot
    ]
    answer = HttpResponse(feed(events, name=_("Volunteering")), content_type=TYPE)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
