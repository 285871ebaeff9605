"""A volunteer's passport: what they hold, what it is good for, what is missing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import mine
from stepdown.volunteering.queries.credential import Standing, passport
from stepdown.volunteering.queries.passport import served_by, top_ups
from stepdown.volunteering.web.my_words import show_own

PAST = (Standing.LAPSED, Standing.REVOKED)


@page(Permission.CREDENTIAL_VIEW)
@require_safe
def my_passport(request: HubRequest) -> HttpResponse:
    volunteer = mine.my_profile(request.actor)
    lines = passport(request.actor, volunteer.person)
    good_for = served_by(line.type_key for line in lines)
    cards = [(line, good_for.get(line.type_key, [])) for line in lines]
    show_own(request, "my-passport")
    return render(
        request,
        "volunteering/my/passport.html",
        {
            "volunteer": volunteer,
            "today": clock.today(),
            "good": [card for card in cards if card[0].standing not in PAST],
            "past": [card for card in cards if card[0].standing in PAST],
            "schemes": top_ups(volunteer.person),
        },
    )
