"""Who we are and how we treat people's data: open to all."""

from django.http import HttpResponse
from django.shortcuts import render

from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.permissions import Permission


@page(Permission.PAGE_PUBLIC)
def about(request: HubRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@page(Permission.PAGE_PUBLIC)
def accessibility(request: HubRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@page(Permission.PAGE_PUBLIC)
def privacy(request: HubRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")
