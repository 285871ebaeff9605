"""Who we are and how we treat people's data: open to all."""

from datetime import timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel import clock
from stepdown.policy.permissions import Permission

# RFC 9116 asks for less than a year. The text is made anew at every request.
SECURITY_GOOD_FOR = timedelta(days=180)


@page(Permission.PAGE_PUBLIC)
def about(request: HubRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@page(Permission.PAGE_PUBLIC)
def accessibility(request: HubRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@page(Permission.PAGE_PUBLIC)
def privacy(request: HubRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@page(Permission.PAGE_PUBLIC)
def security_txt(request: HubRequest) -> HttpResponse:
    """Where to report a hole (RFC 9116). Not there while nobody is named to read the reports."""
    contact: str = settings.STEPDOWN_SECURITY_CONTACT.strip()
    if not contact:
        raise Http404
    if not contact.startswith(("https://", "mailto:", "tel:")):
        contact = f"mailto:{contact}"
    expires = (clock.now() + SECURITY_GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: en, cy",
        f"Canonical: {urljoin(settings.STEPDOWN_PUBLIC_URL, request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
