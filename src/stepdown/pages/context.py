"""What every page's frame needs to know. Added to each template by the settings."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

LANGUAGES = (("en", "English"), ("cy", "Cymraeg"))


class NavItem(NamedTuple):
    """One link of the service navigation; `active` marks the section the page belongs to."""

    label: str
    url: str
    active: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """The partnership's name, the navigation and the banners.

    The navigation is whatever a view or middleware put on ``request.navigation``: a sequence of
    `NavItem` (or plain triples), or a callable that gives one, so that pages that fail early cost
    nothing. The name shown beside
    "Sign out" is the reader's own: ``request.actor_name`` if set, else their account's.
    """
    navigation = getattr(request, "navigation", ())
    return {
        "partnership_name": getattr(settings, "STEPDOWN_PARTNERSHIP_NAME", "Stepdown"),
        "demonstration": getattr(settings, "STEPDOWN_DEMONSTRATION", False),
        "contact_email": getattr(settings, "STEPDOWN_CONTACT_EMAIL", ""),
        "phase": getattr(settings, "STEPDOWN_PHASE", ""),
        "navigation": navigation() if callable(navigation) else navigation,
        "actor_name": _own_name(request),
        "page_languages": LANGUAGES,
        "page_language": translation.get_language() or "en",
    }


def _own_name(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return str(getattr(request, "actor_name", "") or getattr(user, "display_name", ""))
