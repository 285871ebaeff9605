"""The service navigation: each entry is shown to those whose role opens it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepdown.pages.context import NavItem
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

# Label, name of the address, and the permissions without any of which the entry is not shown.
ENTRIES = (
    (_("Today"), "today", (Permission.PAGE_TODAY,)),
    (_("Referrals"), "referrals", (Permission.REFERRAL_VIEW,)),
    (_("Cases"), "cases", (Permission.CASE_VIEW,)),
    (_("Needs"), "needs", (Permission.NEED_VIEW,)),
    (_("Plan"), "plan", (Permission.PLAN_VIEW,)),
    # A volunteer may see their own record, which is no reason for a list of people.
    (_("People"), "people", (Permission.PERSON_VIEW, Permission.EXCLUSION_VIEW)),
    (_("Places"), "places", (Permission.PLACE_VIEW,)),
    (_("My offers"), "my-offers", (Permission.OFFER_ANSWER,)),
    (
        _("My availability"),
        "my-availability",
        (Permission.OFFER_ANSWER, Permission.VOLUNTEER_CHANGE),
    ),
    (_("My cases"), "my-cases", (Permission.STEP_DO,)),
    (_("My hours"), "my-hours", (Permission.OFFER_ANSWER,)),
    (_("My passport"), "my-passport", (Permission.OFFER_ANSWER, Permission.CREDENTIAL_VIEW)),
    (_("My requests"), "my-requests", (Permission.OFFER_ANSWER, Permission.RIGHTS_ASK)),
    (_("Requests"), "rights", (Permission.RIGHTS_HANDLE,)),
    (_("Retention"), "retention", (Permission.RETENTION_VIEW,)),
    (_("Agreements"), "agreements", (Permission.AGREEMENT_VIEW,)),
    (_("Emergency access"), "overrides", (Permission.OVERRIDE_REVIEW,)),
    (_("Hub"), "hub", (Permission.USER_VIEW,)),
)


def navigation_for(request: HttpRequest) -> list[NavItem]:
    """What this actor may open; the entry whose address begins the current one is active."""
    actor = request.actor  # type: ignore[attr-defined]
    found = []
    for label, name, permissions in ENTRIES:
        if all(may_ever(actor, permission) for permission in permissions):
            url = reverse(name)
            found.append(NavItem(str(label), url, request.path.startswith(url)))
    return found
