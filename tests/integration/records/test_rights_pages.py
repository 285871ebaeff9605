"""Pages of requests about people's data: for those who deal with them, and for who asks."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stepdown.hub.models import DisclosedPerson, LedgerEntry, User
from stepdown.policy.actors import Actor
from stepdown.records.jobs.copies import make_copies
from stepdown.records.models import RightsRequest
from stepdown.records.queries.rights_copy import reviewed
from tests.factories import make_person
from tests.factories.rights import Office, asking_volunteer, make_office, make_rights_request


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.STEPDOWN_HOME, settings.STEPDOWN_KEYS = tmp_path, tmp_path / "keys"


@pytest.fixture
def office() -> Office:
    return make_office()


def window(by: Actor) -> Client:
    client = Client()
    assert by.user is not None
    client.force_login(User.objects.get(pk=by.user))
    return client


def said(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_letter_is_written_down_its_person_found_and_the_look_is_in_the_read_log(
    office: Office,
) -> None:
    person, other = make_person("Ann", "Fell"), make_person("Bea", "Fell")
    client = window(office.first)
    form = {
        "kind": "access", "channel": "letter", "regime": "uk-gdpr",
        "agency": str(office.agency.pk), "asked_for": "All of it",
        "received_on-day": "1", "received_on-month": "10", "received_on-year": "2026",
    }  # fmt: skip
    answer = client.post("/rights/receive/", form)
    made = RightsRequest.objects.get()
    assert answer["Location"] == f"/rights/{made.pk}/find/"
    found = said(
        client.post(f"/rights/{made.pk}/find/", {"given_name": "Ann", "family_name": "Fell"})
    )
    assert "Ann Fell" in found
    assert "Bea" not in found
    assert DisclosedPerson.objects.filter(person_id=person.pk).exists()
    assert not DisclosedPerson.objects.filter(person_id=other.pk).exists()
    client.post(f"/rights/{made.pk}/find/{person.pk}/")
    page = said(client.get(f"/rights/{made.pk}/"))
    assert "Ann Fell" in page
    assert "<svg" in page


def test_the_list_names_nobody_and_filters(office: Office) -> None:
    make_rights_request(office, person=make_person("Ann", "Fell"))
    client = window(office.first)
    for show in ("", "?show=overdue", "?show=ended"):
        assert "Fell" not in said(client.get(f"/rights/{show}"))
    assert "There is no open request" in said(window(make_office("B").first).get("/rights/"))


def test_every_deed_has_a_page_and_a_reason_where_it_may_not_be(office: Office) -> None:
    made = make_rights_request(office)
    client = window(office.first)
    for key in ("ask", "extend", "refuse", "withdraw", "send-for-approval"):
        assert "<h1" in said(client.get(f"/rights/{made.pk}/{key}/"))
    assert client.get(f"/rights/{made.pk}/approve/").status_code == 403
    assert client.get(f"/rights/{made.pk}/nothing/").status_code == 404
    client.post(f"/rights/{made.pk}/ask/", {"question": "Which years?"})
    assert "The clock stands still" in said(client.get(f"/rights/{made.pk}/"))
    assert "Which years?" in said(client.get(f"/rights/{made.pk}/letter/"))


def test_two_people_take_it_to_its_copy(office: Office) -> None:
    made = make_rights_request(office, person=make_person("Ann", "Fell"))
    first, second = window(office.first), window(office.second)
    url = f"/rights/{made.pk}/"
    one = next(one for one in reviewed(made) if one.item.text == "Ann")
    item = f"{url}records/{one.item.key}/"
    assert "Ann" in said(first.get(item))
    answer = first.post(item, {"treatment": "redact"})
    assert "Select what is taken out" in said(answer)
    answer = first.post(item, {"treatment": "withhold", "exemption": "safety", "reason": "Risk"})
    assert answer.status_code == 302
    first.post(f"{url}send-for-approval/")
    assert f"{url}approve/" not in said(first.get(url))
    assert "Risk" in said(second.get(f"{url}records/"))
    second.post(f"{url}approve/")
    make_copies()
    first.post(f"{url}answer/")
    pdf = first.post(f"{url}copy/pdf/")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert b'"Ann"' not in first.post(f"{url}copy/json/").content
    assert first.get(f"{url}copy/pdf/").status_code == 405
    verbs = LedgerEntry.objects.filter(object_id=made.pk).values_list("verb", flat=True)
    assert list(verbs).count("rights.collected") == 2
    assert made.person_id is not None
    assert DisclosedPerson.objects.filter(
        person_id=made.person_id, disclosure__page="rights-copy"
    ).exists()


def test_somebody_signed_in_asks_a_question_a_page(office: Office) -> None:
    by = asking_volunteer()
    client = window(by)
    assert client.get("/my/requests/ask/")["Location"].endswith("/what/")
    assert client.get("/my/requests/ask/check/")["Location"].endswith("/what/")
    client.post("/my/requests/ask/what/", {"kind": "access"})
    client.post("/my/requests/ask/whom/", {"agency": str(office.agency.pk)})
    answer = client.post("/my/requests/ask/more/", {"asked_for": "Since May"})
    assert answer["Location"].endswith("/check/")
    assert "Since May" in said(client.get("/my/requests/ask/check/"))
    client.post("/my/requests/ask/check/")
    made = RightsRequest.objects.get()
    assert (made.person_id, made.agency) == (by.person, office.agency)
    assert made.reference in said(client.get(f"/my/requests/{made.pk}/"))
    assert window(asking_volunteer()).get(f"/my/requests/{made.pk}/").status_code == 404
    assert client.post(f"/rights/{made.pk}/copy/pdf/").status_code == 403


def test_what_is_not_theirs_does_not_exist_for_them(office: Office) -> None:
    made = make_rights_request(office)
    other = window(make_office("Another").first)
    for path in ("", "find/", "letter/", "records/", "ask/"):
        assert other.get(f"/rights/{made.pk}/{path}").status_code == 404
    assert other.post(f"/rights/{made.pk}/copy/pdf/").status_code == 404
