"""Needs as coordinators and officers see them: the list, one need, adding, changing, closing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.queries.ledger import timeline
from stepdown.kernel import clock
from stepdown.kernel.slots import mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, offers, plans, volunteers
from stepdown.volunteering.models import Need
from stepdown.volunteering.queries.need import location_of
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_credential_type,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_skill,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement, volunteer_actor
from tests.support.reading import disclosed, queries_of, sign_in, words_of

LIST = reverse("needs")


def _url(need: Need, name: str = "need") -> str:
    return reverse(name, args=[need.pk])


def _answers(**changes: object) -> dict[str, Any]:
    """A whole form for a new need."""
    first = clock.today() + timedelta(days=7)
    return {
        "title": "Help with shopping",
        "scheme": make_scheme("community-support").pk,
        "band": "2",
        "places": "2",
        "starts-day": first.day,
        "starts-month": first.month,
        "starts-year": first.year,
        "weekly_hours": "1.5",
        "slots": ["mon-am", "tue-pm"],
        "district": make_place(DISTRICT).pk,
        "agency": str(make_agency("Hub council").pk),
        "gender": "",
        **changes,
    }


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
        assert "Your role includes this, but not for this record." in words_of(refused)

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
        assert client.post(address, {"volunteer": str(far.pk)}).status_code == 404
        assert client.post(address, {"volunteer": "nonsense"}).status_code == 404


class TestAdding:
    ADD = reverse("need-add")

    def test_a_need_is_added_with_all_that_it_asks(self, client: Client) -> None:
        sign_in(client)
        make_skill("listening")
        make_credential_type("first-aid")
        officer = make_user(RoleKey.OUTREACH_OFFICER)
        make_postcode("PR1 8RJ")
        answer = client.post(
            self.ADD,
            _answers(
                skills=["listening"], credential_types=["first-aid"], minimum_age="21",
                gender="female", reason_female="abuse", postcode="pr18rj", shielded="on",
                officer=str(officer.pk),
            ),
        )  # fmt: skip
        need = Need.objects.get()
        assert answer["Location"] == _url(need)
        assert (need.band, need.places, need.weekly_minutes, need.minimum_age) == (2, 2, 90, 21)
        assert need.slots == mask_of(["mon-am", "tue-pm"])
        assert (need.gender, need.gender_reason) == ("female", "abuse")
        assert need.officer == officer
        place = location_of(need)
        assert place is not None
        assert place.shielded

    def test_every_fault_is_told_beside_its_field(self, client: Client) -> None:
        sign_in(client)
        answer = client.post(
            self.ADD, _answers(title="", places="0", weekly_hours="x", gender="male")
        )
        assert answer.status_code == 422
        words = words_of(answer)
        for said in (
            "Enter an answer to “What help is needed?”",
            "Your answer must be 1 or more",
            "Hours a week must be a number, like 30",
            "Select lawful reason",
        ):
            assert words.count(said) >= 2, said
        assert not Need.objects.exists()

    def test_what_only_the_verb_knows_is_told_beside_its_field_too(self, client: Client) -> None:
        sign_in(client)
        past = clock.today() - timedelta(days=40)
        answer = client.post(
            self.ADD,
            _answers(
                postcode="ZZ1 1ZZ",
                **{"ends-day": past.day, "ends-month": past.month, "ends-year": past.year},
            ),
        )
        words = words_of(answer)
        assert answer.status_code == 422
        assert words.count("Enter a postcode that exists, like PR1 8RJ.") == 2
        assert words.count("The last day must be on or after the first day.") == 2

    def test_it_can_be_for_a_person_named_by_id_alone(self, client: Client) -> None:
        sign_in(client)
        person = make_person("Pat", "Plover", postcode="PR1 8RJ")
        address = f"{self.ADD}?person={person.pk}"
        assert "For Pat Plover." in words_of(client.get(address))
        assert disclosed("need-add") == {person.pk}
        answer = client.post(address, _answers())
        assert answer.status_code == 302, words_of(answer)
        assert Need.objects.get().person == person

    def test_it_cannot_be_for_somebody_out_of_sight(self, client: Client) -> None:
        person = make_person(district=OTHER_DISTRICT)
        sign_in(client, RoleKey.COORDINATOR, DISTRICT)
        assert client.get(f"{self.ADD}?person={person.pk}").status_code == 404
        assert client.get(f"{self.ADD}?person=nonsense").status_code == 404

    def test_an_officer_may_not_add(self, client: Client) -> None:
        sign_in(client, RoleKey.OUTREACH_OFFICER)
        assert client.get(self.ADD).status_code == 403


def _sent(client: Client, need: Need, **changes: object) -> dict[str, Any]:
    """What the change form holds when it is opened, with some answers changed."""
    form = client.get(_url(need, "need-change")).context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if bound.name in {"starts", "ends"}:
            data |= {f"{bound.name}-{part}": getattr(value, part) for part in value._fields}
        elif value not in (None, False):
            data[bound.name] = "on" if value is True else value
    return {**data, **changes}


class TestChanging:
    def test_only_what_differs_is_changed(self, client: Client) -> None:
        sign_in(client)
        need = make_need(slots=mask_of(["mon-am"]), skills=["listening"], postcode="PR1 8RJ")
        answer = client.post(
            _url(need, "need-change"), _sent(client, need, title="Help with letters"), follow=True
        )
        assert "Need changed." in words_of(answer)
        need.refresh_from_db()
        assert need.title == "Help with letters"
        assert need.skills.count() == 1
        assert timeline("need", need.pk)[0].details["changed"] == ["title"]

    def test_saving_nothing_new_writes_nothing(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        answer = client.post(_url(need, "need-change"), _sent(client, need), follow=True)
        assert "You changed nothing." in words_of(answer)
        assert Need.objects.get().version == 1

    def test_somebody_else_s_change_is_not_written_over_unseen(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        mine = _sent(client, need, title="What I wrote")
        other = make_user(display_name="Colin Curlew")
        needs.change(by=actor_of(other), need=need, version=1, places=3)
        answer = client.post(_url(need, "need-change"), mine)
        assert answer.status_code == 409
        words = words_of(answer)
        assert "Colin Curlew changed this need on" in words
        assert "What help is needed? and How many volunteers are needed?" in words or (
            "How many volunteers are needed? and What help is needed?" in words
        )
        assert Need.objects.get().title == need.title
        again = {**mine, "version": "2", "places": "3"}
        assert client.post(_url(need, "need-change"), again).status_code == 302
        assert Need.objects.get().title == "What I wrote"

    def test_a_protected_place_is_not_in_the_form_and_stays(self, client: Client) -> None:
        sign_in(client)
        need = make_need(postcode="PR1 8RJ", shielded=True)
        page = client.get(_url(need, "need-change"))
        assert "PR1 8RJ" not in page.content.decode()
        assert "The place is protected and is not shown here." in words_of(page)
        client.post(_url(need, "need-change"), _sent(client, need, title="Other words"))
        place = location_of(Need.objects.get())
        assert place is not None
        assert place.shielded

    def test_a_protected_place_comes_into_sight_only_when_written_anew(
        self, client: Client
    ) -> None:
        sign_in(client)
        need = make_need(postcode="PR1 8RJ", shielded=True)
        bare = _sent(client, need)
        bare.pop("shielded")
        answer = client.post(_url(need, "need-change"), bare)
        assert answer.status_code == 422
        assert "Enter the postcode again" in words_of(answer)
        place = location_of(need)
        assert place is not None
        assert place.shielded

    def test_a_closed_need_has_to_be_opened_first(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        data = _sent(client, need, title="Other words")
        needs.withdraw(by=coordinator(), need=need)
        need.refresh_from_db()
        answer = client.post(_url(need, "need-change"), {**data, "version": need.version})
        assert answer.status_code == 403
        assert "Open this need again before you change it." in words_of(answer)


class TestItsEnd:
    def test_it_is_closed_with_its_outcome(self, client: Client) -> None:
        sign_in(client)
        need = make_ready_need()
        placed = make_placement(need)
        page = _url(need, "need-close")
        assert "Placements end today" in words_of(client.get(page))
        unanswered = client.post(page, {})
        assert unanswered.status_code == 422
        assert "Select an answer to “How did it go?”" in words_of(unanswered)
        done = words_of(client.post(page, {"outcome": "stepped-down"}, follow=True))
        assert "Need closed." in done
        assert "Stepped down: statutory help ended or was not needed" in done
        placed.refresh_from_db()
        assert placed.state == "ended"

    def test_it_is_withdrawn_and_opened_again(self, client: Client) -> None:
        sign_in(client)
        need = make_need()
        assert client.post(_url(need, "need-withdraw")).status_code == 302
        assert "Open again" in words_of(client.get(_url(need)))
        again = client.post(_url(need, "need-withdraw"))
        assert again.status_code == 403
        assert "This need was withdrawn." in words_of(again)
        assert "Need opened again." in words_of(client.post(_url(need, "need-reopen"), follow=True))

    def test_it_is_given_to_an_officer_and_to_nobody(self, client: Client) -> None:
        sign_in(client)
        need, officer = make_need(), make_user(RoleKey.OUTREACH_OFFICER)
        client.post(_url(need, "need-assign"), {"officer": str(officer.pk)})
        need.refresh_from_db()
        assert need.officer == officer
        assert officer.display_name in words_of(client.get(_url(need)))
        client.post(_url(need, "need-assign"), {"officer": ""})
        need.refresh_from_db()
        assert need.officer is None
