"""Adding, changing and ending a need: the forms as staff meet them."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from stepdown.hub.queries.ledger import timeline
from stepdown.kernel import clock
from stepdown.kernel.slots import mask_of
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs
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
)
from tests.factories.offers import make_placement
from tests.support.reading import disclosed, sign_in, words_of

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
