"""The figures page: of the cases its reader sees, and of the data they may read."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.policy.roles import RoleKey
from tests.factories.cases import make_case
from tests.factories.places import DISTRICT, OTHER_DISTRICT, make_place
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def rows(client: Client, query: str = "") -> dict[tuple[str, str], list[str]]:
    answer = client.get(f"{reverse('case-figures-download')}?{query}")
    assert answer["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    return {(one[0], one[1]): one[2:] for one in lines[1:]}


def test_figures_are_of_what_the_reader_sees() -> None:
    make_place(DISTRICT)
    make_place(OTHER_DISTRICT)
    user = make_user(RoleKey.COORDINATOR, districts=[DISTRICT])
    by, elsewhere = (
        actor_of(user),
        actor_of(make_user(RoleKey.COORDINATOR, districts=[OTHER_DISTRICT])),
    )
    first = make_case("avert", by=by)
    make_case("avert", by=by)
    make_case("avert", by=elsewhere, district=OTHER_DISTRICT)
    client = Client()
    client.force_login(user)
    page = client.get(reverse("case-figures"), {"pathway": "avert"}).content.decode()
    assert "2 cases" in page
    assert "3 cases" not in page
    assert rows(client, "pathway=avert")["What is counted", "Referrals"] == ["2", "2", "100.0 %"]
    assert client.get(reverse("case-figures"), {"pathway": "x", "period": "y"}).status_code == 200
    before = rows(client, "pathway=avert&period=financial-before")
    assert before["What is counted", "Referrals"] == ["0", "0", ""]
    assert ("Who referred", "Custody") not in before
    assert first.reference not in page
