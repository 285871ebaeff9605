"""Making a referral, page by page, as a visitor without scripts would."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import referrals
from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.models import DisclosedPerson, LedgerPayload
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_language,
    make_place,
    make_postcode,
    make_skill,
    make_user,
)
from tests.support.shielded import inside

FOR_ANOTHER: dict[str, dict[str, Any]] = {
    "who": {"referrer_kind": "professional"},
    "you": {"referrer_name": "Rita Wren", "organisation": "Example Trust, nurse",
            "referrer_phone": "01632 960 001"},
    "consent": {"consent": "yes"},
    "name": {"given_name": "Ada", "family_name": "Specimen", "known_as": "Addie"},
    "age": {"date_of_birth-day": "31", "date_of_birth-month": "3",
            "date_of_birth-year": "1947"},
    "secret": {"secret": "no"},
    "where": {"lines": "1 Example Row", "postcode": "pr18rj", "area": ""},
    "safe": {"safe": "care", "safe_note": "After 6pm"},
    "reach": {"phone": "07700 900 982", "email": ""},
    "help": {"skills": ["shopping"], "help": "Cannot carry bags"},
    "health": {"health": "Walks with a stick"},
    "risk": {"risk": "yes", "risk_note": "A large dog"},
    "language": {"languages": ["ur"], "communication": ""},
    "soon": {"soon": "week"},
    "times": {"slots": ["mon-am", "tue-pm"]},
}  # fmt: skip
FOR_SELF = {key: value for key, value in FOR_ANOTHER.items() if key not in {"you", "consent"}} | {
    "who": {"referrer_kind": "self"}
}
SECRET = {"secret": {"secret": "yes"},
          "where": {"lines": "7 Hidden Row", "postcode": "LA9 9ZZ", "area": DISTRICT}}  # fmt: skip


@pytest.fixture(autouse=True)
def _world() -> None:
    make_place(DISTRICT)
    make_postcode("PR1 8RJ")
    make_postcode("LA9 9ZZ", 351_237, 492_381, OTHER_DISTRICT)
    make_skill("shopping")
    make_language("ur")


def _address(step: str, query: str = "") -> str:
    return reverse("refer-step", args=[step]) + query


def _page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _codes(html: str) -> tuple[str, str]:
    reference = re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}", html)
    code = re.search(r">([0-9A-Z]{4}-[0-9A-Z]{4})<", html)
    assert reference
    assert code
    return reference[0], code[1]


def _fill(client: Client, answers: Mapping[str, Mapping[str, Any]], *, until: str = "") -> None:
    """Start, and answer page by page, each reached from the one before."""
    client.post(reverse("refer"))
    address = _address("who")
    for step, given in answers.items():
        assert address == _address(step)
        if step == until:
            return
        html = _page(client, address)
        assert html.count("<h1") == 1
        answer = client.post(address, given)
        assert answer.status_code == 302, answer.content.decode()
        address = answer.headers["Location"]
    assert address == reverse("refer-check")


def test_a_referral_is_made_from_start_to_reference(client: Client) -> None:
    assert "call 999" in _page(client, reverse("refer"))
    _fill(client, FOR_ANOTHER)
    html = _page(client, reverse("refer-check"))
    for words in (
        "Rita Wren", "Example Trust, nurse", "Addie", "31 March 1947", "1 Example Row",
        "PR1 8RJ", "After 6pm", "Shopping", "Cannot carry bags", "Walks with a stick",
        "A large dog", "Language ur", "This week", "Monday mornings and Tuesday afternoons",
    ):  # fmt: skip
        assert words in html
    sent = client.post(reverse("refer-check"), follow=True).content.decode()
    referral = Referral.objects.get()
    assert referral.reference in sent
    assert "What happens next" in sent
    assert referral.state == ReferralState.RECEIVED
    assert (referral.band, referral.district_id) == (2, DISTRICT)


def test_somebody_who_asks_for_themself_is_asked_as_you(client: Client) -> None:
    _fill(client, FOR_SELF, until="health")
    assert "your health" in _page(client, _address("health"))
    assert "Is it safe for us to contact you?" in _page(client, _address("safe"))
    assert "contact me instead" not in _page(client, _address("safe"))
    assert client.get(_address("you")).status_code == 302


def test_whoever_asks_for_themself_must_be_reachable(client: Client) -> None:
    _fill(client, FOR_SELF, until="reach")
    answer = client.post(_address("reach"), {"phone": "", "email": ""}).content.decode()
    assert "Enter a telephone number or an email address" in answer


def test_safety_of_contact_is_asked_before_any_contact_detail_of_the_person(
    client: Client,
) -> None:
    _fill(client, FOR_ANOTHER, until="safe")
    answer = client.get(_address("reach"))
    assert answer.headers["Location"] == _address("safe")
    answer = client.post(_address("safe"), {"safe": "no"})
    assert answer.headers["Location"] == _address("help")


@pytest.mark.parametrize(
    ("step", "given", "words"),
    [
        ("who", {}, "Select who is making this referral"),
        ("you", {"referrer_name": "", "organisation": "x", "referrer_phone": "01632 960 001"},
         "Enter your full name"),
        ("you", {"referrer_name": "R", "organisation": "x"},
         "Enter a telephone number or an email address"),
        ("you", {"referrer_name": "R", "organisation": "x", "referrer_phone": "next door"},
         "Enter a telephone number, like"),
        ("you", {"referrer_name": "R", "organisation": "x", "referrer_email": "r@"},
         "Enter an email address in the correct format"),
        ("consent", {"consent": "no", "consent_note": ""}, "Say why the person does not know"),
        ("name", {"given_name": "Ada"}, "Enter last name"),
        ("age", {"date_of_birth-day": "31"}, "Date of birth must include a month and year"),
        ("age", {"date_of_birth-day": "1", "date_of_birth-month": "1",
                 "date_of_birth-year": "1700"}, "Check the year of the date of birth"),
        ("secret", {}, "Select yes if the address must be kept secret"),
        ("where", {"postcode": "ZZ1 1ZZ"}, "We do not know this postcode."),
        ("where", {"postcode": ""}, "Enter a postcode, or choose the area"),
        ("safe", {"safe": "care"}, "Say how and when it is safe"),
        ("help", {}, "Select a kind of help, or tell us in your own words"),
        ("risk", {"risk": "yes"}, "Say what the risk is"),
        ("soon", {}, "Select how soon help is needed"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_the_top_and_beside_the_field(
    client: Client, step: str, given: dict[str, str], words: str
) -> None:
    _fill(client, FOR_ANOTHER, until=step)
    html = client.post(_address(step), given).content.decode()
    assert "There is a problem" in html
    assert html.count(words) == 2
    assert "<title>Error: " in html


def test_pages_cannot_be_skipped(client: Client) -> None:
    _fill(client, FOR_ANOTHER, until="consent")
    for later in (_address("soon"), reverse("refer-check")):
        assert client.get(later).headers["Location"] == _address("consent")
    assert client.post(_address("soon"), {"soon": "days"}).headers["Location"] == _address(
        "consent"
    )
    assert not ReferralAnswers.objects.filter(answers__soon="days").exists()
    assert client.get(_address("no-such-page")).status_code == 404


def test_an_answer_is_changed_and_the_answers_come_back(client: Client) -> None:
    _fill(client, FOR_ANOTHER)
    change = _address("soon", "?from=check")
    assert change in _page(client, reverse("refer-check"))
    assert 'value="week" checked' in _page(client, change)
    answer = client.post(change, {"soon": "days"})
    assert answer.headers["Location"] == reverse("refer-check")
    assert "Today or tomorrow" in _page(client, reverse("refer-check"))


def test_a_change_that_opens_questions_asks_them(client: Client) -> None:
    _fill(client, FOR_SELF)
    answer = client.post(_address("who", "?from=check"), {"referrer_kind": "friend"})
    assert answer.headers["Location"] == _address("you")
    assert "Organisation" not in _page(client, _address("you"))


def test_a_secret_address_is_never_shown_again(client: Client) -> None:
    _fill(client, FOR_ANOTHER | SECRET)
    seen = "".join(
        _page(client, address)
        for address in (
            reverse("refer-check"), _address("where", "?from=check"), _address("where"),
        )
    )  # fmt: skip
    assert "Kept secret, and not shown here" in seen
    assert "it is not shown here" in seen
    client.post(reverse("refer-check"))
    seen += _page(client, reverse("refer-sent"))
    seen += "".join(LedgerPayload.objects.values_list("body", flat=True))
    assert "Hidden Row" not in seen
    assert "LA9" not in seen
    assert Referral.objects.get().district_id == DISTRICT


def test_a_secret_address_left_empty_is_kept(client: Client) -> None:
    _fill(client, FOR_ANOTHER | SECRET)
    given = {"lines": "", "postcode": "", "area": DISTRICT}
    answer = client.post(_address("where", "?from=check"), given)
    assert answer.headers["Location"] == reverse("refer-check")
    row = ReferralAnswers.objects.get(category="shielded-location")
    assert inside(row)["postcode"] == "LA9 9ZZ"


@pytest.mark.parametrize("first", ["yes", "no"])
def test_where_is_asked_again_when_secrecy_changes(client: Client, first: str) -> None:
    _fill(client, FOR_ANOTHER | (SECRET if first == "yes" else {}))
    other = {"yes": "no", "no": "yes"}[first]
    answer = client.post(_address("secret", "?from=check"), {"secret": other})
    assert answer.headers["Location"] == _address("where", "?from=check")
    html = _page(client, answer.headers["Location"])
    assert "Hidden Row" not in html
    assert "Example Row" not in html


def test_nothing_personal_stands_in_an_address_or_in_the_session(client: Client) -> None:
    _fill(client, FOR_ANOTHER)
    assert set(client.session.keys()) == {"referral"}
    assert client.session["referral"] == str(Referral.objects.get().pk)


def test_every_page_that_shows_answers_is_disclosed(client: Client) -> None:
    _fill(client, FOR_ANOTHER, until="help")
    before = set(DisclosedPerson.objects.values_list("pk", flat=True))
    client.get(_address("help"))
    since = DisclosedPerson.objects.exclude(pk__in=before)
    assert not since.exists()
    client.get(_address("name"))
    shown = since.get()
    assert (shown.person_id, shown.categories) == (Referral.objects.get().pk, "identity")


def test_save_and_come_back_on_another_machine(client: Client) -> None:
    _fill(client, FOR_ANOTHER, until="name")
    given = FOR_ANOTHER["name"] | {"then": "save"}
    reference, code = _codes(client.post(_address("name"), given).content.decode())
    other = Client()
    answer = other.post(
        reverse("refer-return"), {"reference": reference, "code": code}, follow=True
    )
    assert answer.redirect_chain[-1][0] == _address("age")
    assert "Ada" in _page(other, _address("name"))


def test_the_code_shown_at_the_start_works_and_is_shown_once(client: Client) -> None:
    reference, code = _codes(client.post(reverse("refer")).content.decode())
    assert code not in _page(client, _address("who"))
    other = Client()
    answer = other.post(reverse("refer-return"), {"reference": reference, "code": code})
    assert answer.headers["Location"] == _address("who")


def test_saving_with_a_mistake_on_the_page_keeps_what_came_before(client: Client) -> None:
    _fill(client, FOR_ANOTHER, until="consent")
    answer = client.post(_address("consent"), {"then": "save"})
    assert "Your answers so far are saved" in answer.content.decode()
    assert ReferralAnswers.objects.get(category="identity").answers["referrer_name"]


def test_wrong_reference_and_wrong_code_read_the_same(client: Client) -> None:
    reference, _code = _codes(client.post(reverse("refer")).content.decode())
    pages = [
        client.post(reverse("refer-return"), {"reference": given, "code": "0000-0000"})
        for given in (reference, "R-0000-0000")
    ]
    words = [re.sub(r'value="[^"]*"', "", page.content.decode()) for page in pages]
    assert "We cannot open a referral with this reference and code" in words[0]
    assert words[0] == words[1]


def test_whoever_comes_back_after_sending_reads_what_became_of_it(client: Client) -> None:
    reference, code = _codes(client.post(reverse("refer")).content.decode())
    for step, given in FOR_ANOTHER.items():
        client.post(_address(step), given)
    client.post(reverse("refer-check"))
    referrals.reject(by=coordinator(), referral=Referral.objects.get(), reason="out-of-area")
    other = Client()
    answer = other.post(
        reverse("refer-return"), {"reference": reference, "code": code}, follow=True
    )
    html = answer.content.decode()
    assert "lives outside the area" in html
    assert "Specimen" not in html
    assert other.get(_address("name")).headers["Location"] == reverse("refer-sent")


def test_a_draft_is_deleted_after_asking(client: Client) -> None:
    _fill(client, FOR_ANOTHER)
    assert "Delete this referral?" in _page(client, reverse("refer-stop"))
    assert "is deleted" in client.post(reverse("refer-stop")).content.decode()
    assert not ReferralAnswers.objects.exists()
    assert client.get(reverse("refer-check")).headers["Location"] == reverse("refer")


def test_an_expired_draft_starts_again(client: Client) -> None:
    _fill(client, FOR_ANOTHER)
    with clock.at(clock.now() + timedelta(days=15)):
        assert client.get(reverse("refer-check")).headers["Location"] == reverse("refer")


def test_without_a_draft_every_page_leads_to_the_start(client: Client) -> None:
    for name in ("refer-check", "refer-sent", "refer-stop", "refer-carry-on"):
        assert client.get(reverse(name)).headers["Location"] == reverse("refer")
    assert client.get(_address("name")).headers["Location"] == reverse("refer")


def test_a_referrer_who_is_signed_in_is_known_already(client: Client) -> None:
    user = make_user(RoleKey.REFERRER, display_name="Rita Wren", email="rita@example.org")
    client.force_login(user)
    html = client.post(reverse("refer")).content.decode()
    assert "Code" not in html
    assert 'value="professional" checked' in html
    client.post(_address("who"), FOR_ANOTHER["who"])
    html = _page(client, _address("you"))
    assert 'value="Rita Wren"' in html
    assert 'value="rita@example.org"' in html


def test_a_signed_in_draft_is_gone_on_with_by_its_maker_alone(client: Client) -> None:
    client.force_login(make_user(RoleKey.REFERRER))
    client.post(reverse("refer"))
    draft = Referral.objects.get()
    resume = reverse("refer-resume", args=[draft.pk])
    assert draft.reference in _page(client, reverse("referrals"))
    other = Client()
    assert other.post(resume).status_code == 404
    other.force_login(make_user(RoleKey.COORDINATOR))
    assert other.post(resume).status_code == 404
    assert draft.reference not in _page(other, reverse("referrals"))
    del client.session["referral"]
    assert client.post(resume).headers["Location"] == _address("who")
