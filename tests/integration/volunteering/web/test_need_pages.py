"""The list of needs, the page of one, and matching it by hand, as staff meet them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.kernel.slots import mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, offers, plans, volunteers
from stepdown.volunteering.models import Need
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_need,
    make_person,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor
from tests.support.reading import disclosed, queries_of, sign_in, words_of

LIST = reverse("needs")


def _url(need: Need, name: str = "need") -> str:
    return reverse(name, args=[need.pk])


class TestTheList:
    def test_it_starts_with_all_open_needs_the_most_urgent_first(self, client: Client) -> None:
        sign_in(client)
        make_need("Later", band=4)
        make_need("Now", band=1)
        needs.withdraw(by=coordinator(), need=make_need("Gone"))
        words = words_of(client.get(LIST))
        assert "2 needs, all open" in words
        assert words.index("Now N-") < words.index("Later N-")
        assert "Gone N-" not in words

    def test_a_row_says_what_is_filled_offered_and_assessed(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need(places=3)
        make_placement(need)
        make_offer(need)
        make_need("Without assessment")
        words = words_of(client.get(LIST))
        assert "1 of 3 filled 1 offer open" in words
        assert "Current" in words
        assert "None current" in words

    def test_filters_narrow_it_and_each_can_be_taken_away(self, client: Client) -> None:
        user = sign_in(client)
        make_need("Mine", band=1, officer=user)
        make_need("Mine but low", officer=user)
        make_need("Not mine", band=1)
        response = client.get(LIST, {"whose": "mine", "band": "1"})
        words = words_of(response)
        assert "Mine N-" in words
        assert "Not mine" not in words
        assert "Mine but low" not in words
        removal = re.search(r'href="(\S+)"><span[^>]*>Remove', response.content.decode())
        assert removal is not None
        without = words_of(client.get(removal[1].replace("&amp;", "&")))
        assert "Not mine N-" in without

    def test_places_to_fill_and_nobody_yet(self, client: Client) -> None:
        sign_in(client)
        make_placement(make_ready_need("Full"))
        make_need("Room", officer=make_user())
        make_need("Nobodys")
        assert "Full N-" not in words_of(client.get(LIST, {"places": "unfilled"}))
        words = words_of(client.get(LIST, {"whose": "nobody", "places": "unfilled"}))
        assert "Nobodys N-" in words
        assert "Room N-" not in words

    def test_what_is_searched_for_never_stands_in_an_address(self, client: Client) -> None:
        sign_in(client)
        make_need("Walking football")
        make_need("Shopping", band=1)
        answer = client.post(f"{LIST}?band=4", {"text": "football"})
        assert answer.status_code == 302
        assert "football" not in answer["Location"]
        assert "band=4" in answer["Location"]
        words = words_of(client.get(answer["Location"]))
        assert "Walking football N-" in words
        assert "Shopping N-" not in words
        assert "football" not in client.get(answer["Location"]).content.decode().split("href")[-1]
        assert "Shopping N-" in words_of(client.get(LIST)), "the list starts unfiltered again"

    def test_a_reference_is_found_as_it_is_read_aloud(self, client: Client) -> None:
        sign_in(client)
        need = make_need("Sought")
        make_need("Other")
        found = client.post(LIST, {"text": need.reference.lower().replace("-", " ")}, follow=True)
        words = words_of(found)
        assert "Sought N-" in words
        assert "Other N-" not in words

    def test_it_pages_without_growing_in_queries(self, client: Client) -> None:
        user = sign_in(client)
        for _n in range(5):
            make_need(officer=user)
        few = queries_of(client, LIST)
        for _n in range(22):
            make_need()
        assert queries_of(client, LIST) == few
        first = client.get(LIST)
        following = re.search(r'href="(\?[^"]*after=[^"]+)" rel="next"', first.content.decode())
        assert following is not None
        assert "27 needs" in words_of(client.get(LIST + following[1].replace("&amp;", "&")))

    def test_needs_of_other_districts_do_not_exist(self, client: Client) -> None:
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        far = make_need("Far away", district=OTHER_DISTRICT)
        assert "Far away" not in words_of(client.get(LIST))
        assert client.get(_url(far)).status_code == 404

    @pytest.mark.parametrize("role", [RoleKey.VOLUNTEER, RoleKey.REFERRER, RoleKey.ADMINISTRATOR])
    def test_others_have_no_list(self, client: Client, role: RoleKey) -> None:
        sign_in(client, role)
        assert client.get(LIST).status_code == 403


class TestOneNeed:
    def test_it_says_what_has_to_be_done(self, client: Client) -> None:
        sign_in(client)
        need = make_need(places=2)
        words = words_of(client.get(_url(need)))
        assert need.reference in words
        assert "Nobody can be placed until it is approved." in words
        assert "0 of 2 filled" in words
        assert "Offers can be sent when the risk assessment has been approved." in words
        assert "Send offer" not in words

    def test_it_says_what_is_asked_and_where_the_rule_comes_from(self, client: Client) -> None:
        sign_in(client)
        scheme = make_scheme("custody", credential_types=["vetting"], minimum_age=18)
        need = make_need(
            scheme=scheme, credential_types=["first-aid"], skills=["listening"], languages=["cy"],
            slots=mask_of(["mon-am"]), weekly_minutes=90, gender="female",
            gender_reason="personal-care", postcode="PR1 8RJ",
        )  # fmt: skip
        words = words_of(client.get(_url(need)))
        for said in (
            "Monday mornings", "1.5 hours a week", "PR1 8RJ", "Listening", "Language cy",
            "Credential vetting", "Credential first-aid (for this need only)", "Minimum age 18",
            "Female. Lawful reason: Personal care or privacy",
            "Custody, rules since 1 January 2020. Source: Made up for a test",
            "Not yet confirmed with their owner",
        ):  # fmt: skip
            assert said in words, said

    def test_the_shortlist_says_why_and_sends_an_offer(self, client: Client) -> None:
        sign_in(client)
        slots = mask_of(["mon-am", "tue-pm"])
        need = make_ready_need(slots=slots)
        make_postcode("PR1 9ZZ", easting=356_000, northing=433_000)
        volunteer = make_volunteer(postcode="PR1 9ZZ", slots=slots)
        page = client.get(_url(need))
        words = words_of(page)
        assert volunteer.person.full_name in words
        assert "5 km away" in words
        assert "Tuesday afternoon" in words
        assert "<svg" in page.content.decode()
        assert volunteer.person_id in disclosed("need")
        sent = client.post(
            _url(need, "need-offer"), {"volunteer": str(volunteer.pk), "slot": "4"}, follow=True
        )
        said = words_of(sent)
        assert "Offer sent. It lapses on" in said
        assert "All places are filled or offered." in said
        assert need.offers.get().slot == 4

    def test_the_map_stands_on_square_kilometres_only(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need(postcode=make_postcode("PR1 1AA", 353_123, 429_456))
        make_volunteer(postcode=make_postcode("PR1 2BB", 354_321, 430_987))
        source = client.get(_url(need)).content.decode()
        assert "<svg" in source
        for exact in ("353123", "429456", "354321", "430987", "353_123"):
            assert exact not in source

    def test_a_protected_place_is_neither_shown_nor_mapped(self, client: Client) -> None:
        sign_in(client)
        person = make_person(postcode="PR1 8RJ", shielded=True)
        need = make_ready_need(person=person, postcode=None)
        make_volunteer()
        response = client.get(_url(need))
        words = words_of(response)
        assert "Protected: not shown to anybody" in words
        assert "Not shown: an address is protected" in words
        assert " km" not in words
        source = response.content.decode()
        assert "PR1 8RJ" not in source
        assert "<svg" not in source.split('id="shortlist"')[1].split("Timeline")[0]

    def test_a_volunteer_whose_address_is_protected_is_on_no_map(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need()
        make_postcode("PR7 7ZZ", easting=370_500, northing=440_500)
        hidden = make_volunteer(make_person(postcode="PR7 7ZZ", shielded=True))
        response = client.get(_url(need))
        assert hidden.person.full_name in words_of(response)
        assert "Volunteer on the shortlist" not in response.content.decode()

    def test_people_named_are_in_the_read_log(self, client: Client) -> None:
        sign_in(client)
        person = make_person("Pat", "Plover")
        need = make_ready_need(places=2, person=person)
        placed = make_placement(need)
        words = words_of(client.get(_url(need)))
        assert "Pat Plover" in words
        assert placed.volunteer.person.full_name in words
        assert disclosed("need") == {person.pk, placed.volunteer.person_id}

    def test_a_volunteer_of_another_district_is_not_named(self, client: Client) -> None:
        need = make_ready_need()
        placed = make_placement(need, make_volunteer(district=OTHER_DISTRICT))
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        words = words_of(client.get(_url(need)))
        assert "A volunteer outside your districts" in words
        assert placed.volunteer.person.family_name not in words
        assert placed.volunteer.person_id not in disclosed("need")

    def test_a_person_of_another_district_is_not_named(self, client: Client) -> None:
        person = make_person("Pat", "Plover", district=OTHER_DISTRICT)
        need = make_need(person=person)
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        words = words_of(client.get(_url(need)))
        assert "Somebody whose record you may not see" in words
        assert "Plover" not in words
        assert disclosed("need") == set()

    def test_what_the_latest_plan_left_empty_is_explained(self, client: Client) -> None:
        user = sign_in(client)
        need = make_ready_need(credential_types=["dbs"])
        make_volunteer()
        plans.make(by=actor_of(user))
        words = words_of(client.get(_url(need)))
        assert "The plan leaves 1 place empty." in words
        assert "obtained Credential dbs, they could fill a place." in words

    def test_an_officer_sees_their_district_and_acts_on_their_caseload(
        self, client: Client
    ) -> None:
        officer = sign_in(client, RoleKey.OUTREACH_OFFICER, DISTRICT)
        theirs, other = make_ready_need(), make_ready_need("Not theirs")
        needs.assign(by=coordinator(), need=theirs, officer=officer)
        volunteer = make_volunteer()
        assert "Send offer" in words_of(client.get(_url(theirs)))
        words = words_of(client.get(_url(other)))
        assert volunteer.person.full_name in words
        assert "Send offer" not in words
        asked = {"volunteer": str(volunteer.pk), "slot": ""}
        refused = client.post(_url(other, "need-offer"), asked)
        assert refused.status_code == 403
        assert "You can do this only for needs that you look after." in words_of(refused)

    def test_its_queries_do_not_grow_with_who_is_on_it(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need(places=40)
        for _n in range(5):
            make_placement(need)
            make_offer(need)
            make_volunteer()
        few = queries_of(client, _url(need))
        for _n in range(10):
            make_placement(need)
            make_volunteer()
        assert queries_of(client, _url(need)) == few

    def test_the_timeline_tells_who_did_what_and_why(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need()
        offer = make_offer(need)
        offers.decline(by=volunteer_actor(offer.volunteer), offer=offer, reason="travel")
        words = words_of(client.get(_url(need)))
        assert "Offer declined by the volunteer, by the link in a message" in words
        assert "It is too far" in words


class TestMatchingByHand:
    def test_it_lists_every_rule_that_fails(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need(credential_types=["dbs"], slots=mask_of(["mon-am"]))
        make_volunteer(make_person("Wanda", "Whinchat", postcode="PR1 8RJ"), slots=0)
        make_volunteer(make_person("Olga", "Other"))
        answer = client.post(_url(need, "need-match"), {"name": "whin"})
        assert answer["Location"] == _url(need, "need-match")
        words = words_of(client.get(answer["Location"]))
        assert "They do not hold Credential dbs." in words
        assert "They offer none of the times asked for (Monday morning)." in words
        assert "Cannot be asked" in words
        assert "Olga Other" not in words
        assert len(disclosed("need-match")) == 1

    def test_one_who_could_be_asked_gets_a_button(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need()
        make_volunteer(make_person("Wanda", "Whinchat"))
        found = client.post(_url(need, "need-match"), {"name": "wanda"}, follow=True)
        assert "Send offer to Wanda Whinchat" in words_of(found)

    def test_one_who_takes_a_break_is_found_and_said_to(self, client: Client) -> None:
        sign_in(client)
        away = make_volunteer(make_person("Wanda", "Whinchat"))
        volunteers.pause(by=coordinator(), volunteer=away)
        need = make_ready_need()
        words = words_of(client.post(_url(need, "need-match"), {"name": "wanda"}, follow=True))
        assert "They are taking a break." in words
        assert "Send offer" not in words

    def test_a_name_is_needed(self, client: Client) -> None:
        sign_in(client)
        answer = client.post(_url(make_need(), "need-match"), {"name": ""})
        assert answer.status_code == 422
        assert "Enter name of the volunteer" in words_of(answer)

    def test_an_offer_that_a_rule_forbids_is_refused_with_the_rule(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need(credential_types=["dbs"])
        volunteer = make_volunteer()
        answer = client.post(_url(need, "need-offer"), {"volunteer": str(volunteer.pk)})
        assert answer.status_code == 403
        words = words_of(answer)
        assert "There is a problem They do not hold Credential dbs." in words
        assert not need.offers.exists()

    def test_a_volunteer_who_cannot_be_seen_cannot_be_asked(self, client: Client) -> None:
        need, far = make_ready_need(), make_volunteer(district=OTHER_DISTRICT)
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        address = _url(need, "need-offer")
        long = {"volunteer": str(make_volunteer().pk), "slot": "9" * 5000}
        assert client.post(address, long).status_code < 500
        assert client.post(address, {"volunteer": str(far.pk)}).status_code == 404
        assert client.post(address, {"volunteer": "nonsense"}).status_code == 404
