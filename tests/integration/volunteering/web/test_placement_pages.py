"""One placement as those who look after its need see it: pausing, ending, cover."""

import re
from datetime import date

from django.test import Client
from django.urls import reverse

from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import placements
from stepdown.volunteering.models import Offer, Placement
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_person,
    make_ready_need,
    make_volunteer,
)
from tests.factories.offers import make_placement, volunteer_actor
from tests.support.reading import disclosed, sign_in, words_of


def _url(placement: Placement, name: str = "placement") -> str:
    return reverse(name, args=[placement.pk])


def _step_back(placement: Placement) -> None:
    placements.ask_to_step_back(by=volunteer_actor(placement.volunteer), placement=placement)


def test_it_says_who_for_what_since_when(client: Client) -> None:
    sign_in(client)
    person = make_person("Pat", "Plover")
    placement = make_placement(make_ready_need(person=person))
    words = words_of(client.get(_url(placement)))
    assert placement.volunteer.person.full_name in words
    assert placement.need.reference in words
    assert "Live" in words
    assert disclosed("placement") == {person.pk, placement.volunteer.person_id}


def test_it_is_ended_with_a_reason(client: Client) -> None:
    sign_in(client)
    placement = make_placement()
    page = _url(placement, "placement-end")
    assert "The need was closed" not in words_of(client.get(page)), "closing says that"
    assert client.post(page, {}).status_code == 422
    words = words_of(client.post(page, {"reason": "volunteer"}, follow=True))
    assert "Placement ended." in words
    assert "The volunteer stepped back" in words
    again = client.post(page, {"reason": "done"})
    assert again.status_code == 403
    assert "This placement has ended." in words_of(again)


def test_the_way_back_says_back_whatever_the_page_says(client: Client) -> None:
    sign_in(client)
    source = client.get(_url(make_placement(), "placement-suspend")).content.decode()
    link = re.search(r'class="govuk-back-link">([^<]*)<', source)
    assert link is not None
    assert link[1] == "Back"


def test_it_is_suspended_and_resumed(client: Client) -> None:
    sign_in(client)
    placement = make_placement()
    missing = client.post(_url(placement, "placement-suspend"), {"reason": ""})
    assert missing.status_code == 422
    assert words_of(missing).count("Enter an answer to “Why is it suspended?”") == 2
    done = client.post(_url(placement, "placement-suspend"), {"reason": "On holiday"}, follow=True)
    words = words_of(done)
    assert "Placement suspended." in words
    assert ": On holiday" in words
    assert "Log hours" not in words
    resumed = client.post(_url(placement, "placement-resume"), follow=True)
    assert "Placement resumed." in words_of(resumed)


def test_it_is_not_resumed_while_a_check_is_missing(client: Client) -> None:
    sign_in(client)
    need = make_ready_need(credential_types=["dbs"], starts=date(2030, 1, 1))
    placement = make_placement(need, make_volunteer(credentials=["dbs"]))
    placements.suspend(by=coordinator(), placement=placement, reason="Wait")
    placement.volunteer.person.credentials.update(valid_to=date(2025, 1, 1))
    refused = client.post(_url(placement, "placement-resume"))
    assert refused.status_code == 403
    assert "Credential dbs" in words_of(refused)
    placement.refresh_from_db()
    assert placement.state == "suspended"


def test_somebody_else_takes_it_over(client: Client) -> None:
    sign_in(client)
    placement = make_placement()
    other = make_volunteer()
    page = _url(placement, "placement-replace")
    words = words_of(client.get(page))
    assert f"Replace and send offer to {other.person.full_name}" in words
    assert "Replace and send offer to " + placement.volunteer.person.full_name not in words
    assert disclosed("placement-replace") == {other.person_id, placement.volunteer.person_id}
    done = client.post(page, {"volunteer": str(other.pk)}, follow=True)
    assert "The placement has passed on." in words_of(done)
    placement.refresh_from_db()
    assert placement.state == "replaced"
    assert placement.replacement is not None
    assert placement.replacement.volunteer == other


def test_a_replacement_that_is_refused_leaves_it_as_it_was(client: Client) -> None:
    sign_in(client)
    placement = make_placement(
        make_ready_need(credential_types=["dbs"]), make_volunteer(credentials=["dbs"])
    )
    other = make_volunteer()
    answer = client.post(_url(placement, "placement-replace"), {"volunteer": str(other.pk)})
    assert answer.status_code == 403
    assert "They do not hold Credential dbs." in words_of(answer)
    placement.refresh_from_db()
    assert placement.state == "live"
    assert Offer.objects.count() == 1


class TestAVolunteerWhoCannotMakeIt:
    def test_it_is_said_at_the_top_and_on_the_need(self, client: Client) -> None:
        sign_in(client)
        placement = make_placement()
        _step_back(placement)
        assert "that they cannot make it." in words_of(client.get(_url(placement)))
        need = words_of(client.get(reverse("need", args=[placement.need_id])))
        assert "Find cover A volunteer said they cannot make it." in need
        assert "Cannot make it" in need

    def test_it_is_settled_where_they_go_on(self, client: Client) -> None:
        sign_in(client)
        placement = make_placement()
        _step_back(placement)
        done = words_of(client.post(_url(placement, "placement-goes-on"), follow=True))
        assert "Settled: the volunteer goes on." in done
        assert "that they cannot make it." not in done
        assert "Settled with the volunteer: they go on" in done
        again = client.post(_url(placement, "placement-goes-on"))
        assert again.status_code == 403
        assert "This has already been dealt with." in words_of(again)

    def test_only_those_who_look_after_it_settle_it(self, client: Client) -> None:
        placement = make_placement()
        _step_back(placement)
        sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)
        assert "They go on" not in words_of(client.get(_url(placement)))
        assert client.post(_url(placement, "placement-goes-on")).status_code == 403
        placement.refresh_from_db()
        assert placement.step_back_asked_at is not None


class TestWhoMaySee:
    def test_other_districts_have_none(self, client: Client) -> None:
        placement = make_placement(make_ready_need(district=OTHER_DISTRICT), make_volunteer())
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        names = ("placement", "placement-end", "placement-suspend", "placement-replace")
        for name in names:
            assert client.get(_url(placement, name)).status_code == 404

    def test_the_volunteer_has_other_pages(self, client: Client) -> None:
        placement = make_placement()
        user = sign_in(client, RoleKey.VOLUNTEER)
        accounts.link_user(by=Actor.hub(), person=placement.volunteer.person, user=user)
        assert client.get(_url(placement)).status_code == 403
        assert client.post(_url(placement, "placement-end"), {"reason": "done"}).status_code == 403

    def test_staff_who_volunteer_elsewhere_do_not_see_that_need(self, client: Client) -> None:
        need = make_ready_need(district=OTHER_DISTRICT)
        placement = make_placement(need, make_volunteer())
        user = sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        accounts.link_user(by=Actor.hub(), person=placement.volunteer.person, user=user)
        assert client.get(_url(placement)).status_code == 404
