"""The service navigation: each entry is shown to those whose role opens it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from stepdown.pages.context import NavItem
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission as P

ENTRIES = (
    (gettext_lazy("Today"), "today", (P.PAGE_TODAY,)),
    (gettext_lazy("Referrals"), "referrals", (P.REFERRAL_VIEW,)),
    (gettext_lazy("Needs"), "needs", (P.NEED_VIEW,)),
    (gettext_lazy("Plan"), "plan", (P.PLAN_VIEW,)),
    (gettext_lazy("People"), "people", (P.PERSON_CHANGE, P.EXCLUSION_VIEW)),
    (gettext_lazy("Places"), "places", (P.PLACE_VIEW,)),
    (gettext_lazy("My offers"), "my-offers", (P.OFFER_ANSWER,)),
    (gettext_lazy("My availability"), "my-availability", (P.VOLUNTEER_CHANGE, P.OFFER_ANSWER)),
    (gettext_lazy("My hours"), "my-hours", (P.OFFER_ANSWER,)),
    (gettext_lazy("My passport"), "my-passport", (P.OFFER_ANSWER, P.CREDENTIAL_VIEW)),
    (gettext_lazy("Hub"), "hub", (P.USER_VIEW,)),
)


def navigation_for(request: HttpRequest) -> list[NavItem]:
    """What this actor may open; the entry whose address begins the current one is active."""
    actor = request.actor  # type: ignore[attr-defined]
    return [
        NavItem(label, url, request.path.startswith(url))
        for label, url, permissions in (
            (str(label), reverse(name), permissions) for label, name, permissions in ENTRIES
        )
        if all(may_ever(actor, p) for p in permissions)
    ]
