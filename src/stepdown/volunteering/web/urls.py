from django.urls import path

from stepdown.volunteering.web import (
    calendar,
    link,
    my_availability,
    my_hours,
    my_offers,
    my_passport,
    my_placements,
    plan,
)

urlpatterns = [
    path("calendar/<str:secret>.ics", calendar.feed_of, name="calendar-feed"),
    path("v/<str:secret>/", link.link, name="link"),
    path("my/availability/", my_availability.my_availability, name="my-availability"),
    path("my/availability/break/", my_availability.my_break, name="my-break"),
    path("my/calendar/make/", calendar.make, name="my-calendar-make"),
    path("my/calendar/end/", calendar.end, name="my-calendar-end"),
    path("my/hours/", my_hours.my_hours, name="my-hours"),
    path("my/hours/<uuid:entry_id>/", my_hours.amend, name="my-hours-amend"),
    path("my/offers/", my_offers.my_offers, name="my-offers"),
    path("my/offers/<uuid:offer_id>/", my_offers.my_offer, name="my-offer"),
    path("my/offers/<uuid:offer_id>/accept/", my_offers.accept, name="my-offer-accept"),
    path("my/offers/<uuid:offer_id>/decline/", my_offers.decline, name="my-offer-decline"),
    path("my/passport/", my_passport.my_passport, name="my-passport"),
    path("my/placements/<uuid:placement_id>/", my_placements.my_placement, name="my-placement"),
    path(
        "my/placements/<uuid:placement_id>/step-back/",
        my_placements.step_back,
        name="my-placement-step-back",
    ),
    path("plan/", plan.plan, name="plan"),
    path("plan/make/", plan.make, name="plan-make"),
    path("plan/matches/", plan.pairs, name="plan-pairs"),
    path("plan/empty/", plan.gaps, name="plan-gaps"),
    path("plan/send/", plan.send, name="plan-send"),
    path("plan/sent/", plan.sent, name="plan-sent"),
]
