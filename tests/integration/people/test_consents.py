"""What people consent to: asked in written words, given, refused, withdrawn, and read when used."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral
from stepdown.casework.queries.referral import is_visible
from stepdown.hub.models import Agency, LedgerEntry, User
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import consents
from stepdown.people.models import Person
from stepdown.people.queries.consent import statements
from stepdown.people.queries.person import facts
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_agreement,
    make_need,
    make_person,
    make_referral,
    make_scheme,
    make_user,
)
from tests.factories.agreements import protection_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words() -> None:
    officer = protection_officer(make_agency("Wording council"))
    consents.word(by=officer, purpose="support", text="Only coordinators see it.")


def _say(by: Actor, person: Person, yes: bool = True) -> None:
    said = consents.say(
        by=by,
        person=person,
        purpose="support",
        yes=yes,
        explained_by=str(by.user),
        explained_on=clock.today(),
    )
    assert (said.person, said.answer) == (person, "given" if yes else "refused")


def test_a_statement_keeps_who_explained_what_and_when() -> None:
    by, person = coordinator(), make_person()
    _say(by, person)
    (said,) = statements(person)
    assert (said.answer, said.wording, said.explained_on) == ("given", 1, clock.today())
    assert said.explained_by
    assert LedgerEntry.objects.filter(verb="consent.given", object_id=person.pk).exists()


def test_statements_are_added_and_never_changed() -> None:
    by, person = coordinator(), make_person()
    _say(by, person)
    consents.withdraw(by=by, person=person, purpose="support")
    _say(by, person, yes=False)
    assert [s.answer for s in statements(person)] == ["refused", "withdrawn", "given"]


def test_only_what_was_given_can_be_withdrawn() -> None:
    by, person = coordinator(), make_person()
    with pytest.raises(Refused):
        consents.withdraw(by=by, person=person, purpose="support")
    _say(by, person, yes=False)
    with pytest.raises(Refused):
        consents.withdraw(by=by, person=person, purpose="support")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": "prevention"}, "purpose"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"explained_by": None}, "explained_by"),
        ({"explained_on": None}, "explained_on"),
        ({"explained_on": clock.today() + timedelta(days=1)}, "explained_on"),
        ({"explained_on": clock.today() - timedelta(days=1)}, "explained_on"),
    ],
)
def test_a_statement_without_an_explanation_is_refused(
    change: dict[str, object], field: str
) -> None:
    by, person = coordinator(), make_person()
    given = {
        "purpose": "support", "yes": True, "explained_by": str(by.user),
        "explained_on": clock.today(),
    } | change  # fmt: skip
    with pytest.raises(InvalidInput) as wrong:
        consents.say(by=by, person=person, **given)  # type: ignore[arg-type]
    assert set(wrong.value.errors) == {field}


def test_it_is_recorded_by_those_who_may_see_the_person() -> None:
    person = make_person(district=DISTRICT)
    with pytest.raises(NotVisible):
        _say(coordinator(OTHER_DISTRICT), person)
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT]))
    _say(officer, person)
    with pytest.raises(NotVisible):
        _say(actor_of(make_user(RoleKey.REFERRER)), person)


def test_words_are_written_by_the_data_protection_officer_alone() -> None:
    with pytest.raises(Refused):
        consents.word(by=coordinator(), purpose="support", text="Other words")


def test_words_stand_in_the_ledger_and_every_fault_of_theirs_beside_its_field() -> None:
    officer = protection_officer(make_agency("Wording council"))
    made = consents.word(by=officer, purpose="support", text="w" * 2000)
    assert (made.number, made.text) == (2, "w" * 2000)
    entry = LedgerEntry.objects.get(verb="consent.worded", object_id=made.pk)
    assert json.loads(entry.payload.body) == {
        "purpose": "support", "number": 2, "text": "w" * 2000
    }  # fmt: skip
    for purpose, text, field in (
        ("curiosity", "Words", "purpose"), ("support", " ", "text"), ("support", "w" * 2001, "text")
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as wrong:
            consents.word(by=officer, purpose=purpose, text=text)
        assert set(wrong.value.errors) == {field}
    assert wrong.value.errors["text"] != "Enter the words."
    with pytest.raises(InvalidInput) as wrong:
        consents.word(by=officer, purpose="support", text="")
    assert wrong.value.errors["text"] == "Enter the words."


def test_the_ledger_says_of_which_words_somebody_spoke() -> None:
    by, person = coordinator(), make_person()
    _say(by, person)
    _say(by, person, yes=False)
    told = [
        json.loads(entry.payload.body)
        for entry in LedgerEntry.objects.filter(object_id=person.pk, verb__startswith="consent.")
    ]
    assert told == [{"purpose": "support", "wording": 1}] * 2


def test_what_is_withdrawn_is_what_this_person_gave_for_this_purpose() -> None:
    by, one, other = coordinator(), make_person(), make_person()
    officer = protection_officer(make_agency("Wording council"))
    consents.word(by=officer, purpose="prevention", text="Only who prevents.")
    _say(by, one)
    for person, purpose in ((other, "support"), (one, "prevention")):
        with pytest.raises(Refused, match="no consent to withdraw"):
            consents.withdraw(by=by, person=person, purpose=purpose)
    _say(by, other, yes=False)
    taken_back = consents.withdraw(by=by, person=one, purpose="support")
    assert (taken_back.person, taken_back.answer) == (one, "withdrawn")
    told = LedgerEntry.objects.filter(verb__startswith="consent.", object_kind="person")
    assert list(told.order_by("id").values_list("verb", "object_id")) == [
        ("consent.given", one.pk), ("consent.refused", other.pk), ("consent.withdrawn", one.pk)
    ]  # fmt: skip


def test_whoever_reads_a_record_does_not_write_down_consent_by_that() -> None:
    person = make_person()
    for by in (protection_officer(make_agency("Hub council")), Actor.public()):
        with pytest.raises((Refused, NotVisible)):
            consents.withdraw(by=by, person=person, purpose="support")
    own = make_user(RoleKey.VOLUNTEER)
    mine = make_person(user=own)
    reads = actor_of(own)
    assert decide(reads, Permission.PERSON_VIEW, facts(mine)).allowed
    with pytest.raises((Refused, NotVisible)):
        _say(reads, mine)


def test_consent_that_opens_a_record_to_whoever_asks_is_written_down_by_its_keeper() -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    keeper = actor_of(make_user(RoleKey.COORDINATOR, agency=trust))
    reader = actor_of(make_user(RoleKey.COORDINATOR, agency=council))
    person = make_person(by=keeper)
    make_need(by=keeper, agency=trust, person=person)
    shown = [Category.IDENTITY, Category.CONTACT, Category.SUPPORT, Category.LOCATION]
    make_agreement(trust, council, categories=shown[:1])
    make_agreement(trust, council, categories=shown, consent=True)
    with pytest.raises(Refused, match="Ask the partner that keeps the record"):
        _say(reader, person)
    _say(reader, person, yes=False)  # what opens nothing is written down by whoever hears it
    _say(keeper, person)


class TestAgreementThatRestsOnConsent:
    @pytest.fixture
    def trust(self) -> Agency:
        return make_agency("A trust", "nhs")

    @pytest.fixture
    def council(self) -> Agency:
        return make_agency("B council")

    @pytest.fixture
    def reader(self, client: Client, trust: Agency, council: Agency) -> Client:
        make_agreement(trust, council, consent=True)
        client.force_login(make_user(RoleKey.COORDINATOR, agency=council))
        return client

    @pytest.fixture
    def nurse(self, trust: Agency) -> User:
        return make_user(RoleKey.REFERRER, agency=trust)

    def _status(self, reader: Client, referral: Referral) -> int:
        shown = (
            referral.reference in reader.get(f"/referrals/?state={referral.state}").content.decode()
        )
        status = reader.get(f"/referrals/{referral.pk}/").status_code
        assert shown == (status == 200)
        user = User.objects.get(pk=reader.session["_auth_user_id"])
        assert is_visible(actor_of(user), referral) == shown
        return status

    @pytest.mark.parametrize(("answer", "status"), [("yes", 200), ("unsure", 404)])
    def test_until_something_is_recorded_the_referrals_own_answer_holds(
        self, reader: Client, nurse: User, answer: str, status: int
    ) -> None:
        assert self._status(reader, make_referral(actor_of(nurse), consent=answer)) == status

    def test_withdrawal_and_refusal_cut_the_next_read_and_consent_opens_it(
        self, reader: Client, nurse: User, trust: Agency
    ) -> None:
        by = actor_of(make_user(RoleKey.COORDINATOR, agency=trust))
        referral = make_referral(actor_of(nurse))
        scheme = make_scheme().pk
        need = referrals.make_need(by=by, referral=referral, title="Help", scheme=scheme)
        assert need.person is not None
        referral.refresh_from_db()
        assert self._status(reader, referral) == 200
        _say(by, need.person, yes=False)
        assert self._status(reader, referral) == 404
        _say(by, need.person)
        assert self._status(reader, referral) == 200
        consents.withdraw(by=by, person=need.person, purpose="support")
        assert self._status(reader, referral) == 404

    def test_an_agreement_on_another_basis_does_not_ask_for_it(
        self, reader: Client, nurse: User, trust: Agency, council: Agency
    ) -> None:
        referral = make_referral(actor_of(nurse), consent="unsure")
        assert self._status(reader, referral) == 404
        make_agreement(trust, council)
        assert self._status(reader, referral) == 200


def test_the_number_of_queries_does_not_grow_with_consents(
    client: Client,
) -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    make_agreement(trust, council, consent=True)
    client.force_login(make_user(RoleKey.COORDINATOR, agency=council))
    nurse = actor_of(make_user(RoleKey.REFERRER, agency=trust))
    client.get("/referrals/")
    counts = []
    for _ in range(2):
        for _n in range(3):
            make_referral(nurse)
        with CaptureQueriesContext(connection) as seen:
            client.get("/referrals/")
        counts.append(len(seen))
    assert counts[0] == counts[1]
