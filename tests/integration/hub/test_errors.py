"""What goes wrong is said in the hub's own frame, and tells nothing."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from stepdown.config.urls import urlpatterns as hub_urls
from stepdown.hub.web.errors import server_error
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.permissions import Permission

handler400 = "stepdown.hub.web.errors.bad_request"
handler403 = "stepdown.hub.web.errors.forbidden"
handler404 = "stepdown.hub.web.errors.not_found"
handler500 = "stepdown.hub.web.errors.server_error"


@page(Permission.PAGE_PUBLIC)
def hidden(request: HubRequest) -> HttpResponse:
    raise NotVisible("No such record.")


@page(Permission.PAGE_PUBLIC)
def refused(request: HubRequest) -> HttpResponse:
    raise Refused("The need is closed.")


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("words that must stay here")


urlpatterns = [
    *hub_urls,
    path("test/hidden/", hidden),
    path("test/refused/", refused),
    path("test/broken/", broken),
]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _urls(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


def test_record_that_is_not_visible_is_not_found_like_any_wrong_address(client: Client) -> None:
    pages = [client.get(address) for address in ("/test/hidden/", "/test/nothing/")]
    assert [answer.status_code for answer in pages] == [404, 404]
    bodies = [answer.content.replace(b"/test/hidden/", b"/test/nothing/") for answer in pages]
    token = b"csrfmiddlewaretoken"
    assert [line for line in bodies[0].splitlines() if token not in line] == [
        line for line in bodies[1].splitlines() if token not in line
    ]


def test_refusal_is_shown_in_its_own_words(client: Client) -> None:
    answer = client.get("/test/refused/")
    assert answer.status_code == 403
    assert b"The need is closed." in answer.content


def test_broken_page_tells_nothing_of_what_broke() -> None:
    answer = Client(raise_request_exception=False).get("/test/broken/")
    assert answer.status_code == 500
    assert b"Sorry, there is a problem with the service" in answer.content
    assert b"must stay here" not in answer.content
    assert b"ValueError" not in answer.content


def test_broken_page_is_drawn_without_anything_that_may_be_broken(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        assert server_error(RequestFactory().get("/")).status_code == 500


def test_form_sent_from_elsewhere_is_refused_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    assert b"<h1" in answer.content
    assert b"CSRF" not in answer.content


@override_settings(ALLOWED_HOSTS=["hub.example.org"])
def test_request_for_another_host_is_a_bad_one(client: Client) -> None:
    answer = client.get("/about/", HTTP_HOST="evil.example")
    assert answer.status_code == 400
    assert b"evil.example" not in answer.content
