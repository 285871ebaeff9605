"""An outreach officer reads the plan of their districts, and sends for their caseload alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, plans
from stepdown.volunteering.models import Offer
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_need,
    make_person,
    make_ready_need,
    make_volunteer,
)
from tests.support.reading import sign_in, words_of

PLAN, PAIRS, SEND, MAKE = (
    reverse(name) for name in ("plan", "plan-pairs", "plan-send", "plan-make")
)


def _officer(client: Client) -> Any:
    return sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)


def test_an_officer_reads_the_plan_but_is_not_offered_to_make_one(client: Client) -> None:
    _officer(client)
    words = words_of(client.get(PLAN))
    assert "There is no plan yet" in words
    assert "A coordinator makes it." in words
    assert "Make a new plan" not in words
    make_ready_need()
    make_volunteer()
    plans.make(by=coordinator())
    words = words_of(client.get(PLAN))
    assert "open places" in words
    assert "Make a new plan" not in words
    assert client.post(MAKE).status_code == 403
    sign_in(client)
    assert "Make a new plan" in words_of(client.get(PLAN))


def test_the_plan_is_in_the_navigation_of_an_officer(client: Client) -> None:
    _officer(client)
    assert f'href="{PLAN}"' in client.get(reverse("today")).content.decode()


def test_an_officer_sees_only_the_matches_of_their_districts(client: Client) -> None:
    make_ready_need("Near")
    make_ready_need("Far away", district=OTHER_DISTRICT)
    make_volunteer()
    make_volunteer(make_person("Olga", "Other"))
    plans.make(by=coordinator())
    _officer(client)
    words = words_of(client.get(PAIRS))
    assert "Near N-" in words
    assert "Far away" not in words


def test_an_officer_may_send_for_their_caseload_and_is_offered_no_other(client: Client) -> None:
    user = _officer(client)
    mine = make_ready_need("Mine")
    needs.assign(by=coordinator(), need=mine, officer=user)
    make_ready_need("Not mine")
    make_volunteer()
    make_volunteer(make_person("Olga", "Other"))
    plan = plans.make(by=coordinator())
    own, other = plan.pairs.get(need=mine), plan.pairs.exclude(need=mine).get()
    source = client.get(PAIRS).content.decode()
    assert f'id="pair-{own.pk}"' in source
    assert f'id="pair-{other.pk}"' not in source
    assert "Send the 1 not sent yet" in source
    client.post(SEND, {"plan": plan.pk, "pair": [own.pk, other.pk], "confirmed": "1"})
    assert [offer.need for offer in Offer.objects.all()] == [mine]


@pytest.mark.parametrize("assessed", [True, False])
def test_an_officer_without_a_caseload_is_shown_no_button(client: Client, assessed: bool) -> None:
    _officer(client)
    (make_ready_need if assessed else make_need)("Nobodys", postcode="PR1 8RJ")
    make_volunteer()
    plans.make(by=coordinator())
    words = words_of(client.get(PAIRS))
    assert "Nobodys N-" in words
    assert "Send" not in words
    assert ("It needs an approved risk assessment" in words) is not assessed
