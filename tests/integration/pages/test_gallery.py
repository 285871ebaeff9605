"""Each component in each state makes a page without faults."""

import pytest
from django.test import Client

from stepdown.pages.parts import Event, Row
from tests.integration.pages.markup import faults

pytestmark = pytest.mark.urls("tests.integration.pages.gallery")

PAGES = (
    "/",
    "/gallery/form/",
    "/gallery/errors/",
    "/gallery/question/",
    "/gallery/casework/",
    "/gallery/list/",
    "/gallery/template/400.html",
    "/gallery/template/403.html",
    "/gallery/template/403_csrf.html",
    "/gallery/template/404.html",
    "/gallery/template/500.html",
    "/gallery/template/account/locked.html",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/1-x/",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_no_fault_in_its_markup(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert faults(response.content.decode()) == []


def test_the_check_itself_finds_faults() -> None:
    bad = '<h2>x</h2><input id="a"><p id="b" style="x"></p><i id="b"></i><script>x</script><div>'
    found = faults(bad)
    for words in ("no label for 'a'", "id twice: b", "0 first headings", "left open: <div>"):
        assert words in found
    assert "an inline script" in found
    assert "an inline style or handler on <p>" in found


def test_a_page_with_errors_says_so_in_its_title_and_summary(client: Client) -> None:
    html = client.get("/gallery/errors/").content.decode()
    assert "<title>Error: Questions – Test partnership</title>" in html
    assert "There is a problem" in html
    assert html.index("govuk-error-summary") < html.index("<h1")
    clean = client.get("/gallery/form/").content.decode()
    assert "<title>Questions – Test partnership</title>" in clean
    assert "There is a problem" not in clean


def test_public_pages_have_no_navigation_and_staff_pages_mark_where_they_are(
    client: Client,
) -> None:
    assert "govuk-service-navigation" not in client.get("/gallery/form/").content.decode()
    html = client.get("/gallery/casework/").content.decode()
    assert html.count('aria-current="true"') == 1


def test_a_success_message_is_announced_once(client: Client) -> None:
    html = client.get("/gallery/casework/").content.decode()
    assert html.count("The offer was sent.") == 1
    assert "govuk-notification-banner--success" in html


@pytest.mark.parametrize("shown", [True, False])
def test_demonstration_data_is_announced_on_every_page(
    client: Client, settings: object, shown: bool
) -> None:
    settings.STEPDOWN_DEMONSTRATION = shown  # type: ignore[attr-defined]
    html = client.get("/gallery/list/").content.decode()
    assert ("Demonstration data: every person here is made up" in html) is shown


def test_a_reader_can_change_to_welsh_without_a_script(client: Client) -> None:
    response = client.post("/language/", {"language": "cy", "next": "/privacy/"}, follow=True)
    html = response.content.decode()
    assert '<html lang="cy"' in html
    assert 'value="en"' in html


def test_a_refusal_shows_its_own_words(client: Client) -> None:
    html = client.get("/gallery/template/403.html").content.decode()
    assert "The check ended on 3 March 2027." in html


def test_a_filter_offers_to_remove_what_was_chosen(client: Client) -> None:
    html = client.get("/gallery/list/").content.decode()
    assert html.count("Remove this filter") == 2
    assert "Clear filters" in html


def test_an_empty_value_and_a_date_alone_are_shown_as_such() -> None:
    from datetime import date

    from django.template.loader import render_to_string

    rows = render_to_string("components/summary_list.html", {"rows": [Row("Language", "")]})
    assert "Not given" in rows
    events = [Event("Risk assessed", date(2026, 11, 4))]
    timeline = render_to_string("components/timeline.html", {"events": events})
    assert '<time datetime="2026-11-04">4 November 2026</time>' in timeline
    assert "Nothing has happened yet" in render_to_string("components/timeline.html", {})
