"""What programs read and write passes through what pages pass through, field by field."""

from datetime import timedelta
from typing import Any, get_args

from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.casework.actions import referrals
from stepdown.casework.api.referrals import State
from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.models import DisclosedPerson, Disclosure
from stepdown.kernel import clock
from stepdown.people.actions import consents
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import rights_requests, rights_statements
from stepdown.sharing.actions import agreements
from stepdown.volunteering.actions import placements
from stepdown.volunteering.api.needs import Standing
from stepdown.volunteering.models.need import NeedState
from tests.factories import (
    actor_of,
    make_agency,
    make_agreement,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_ready_need,
    make_referral,
    make_scheme,
    make_skill,
    make_user,
)
from tests.factories.cases import give_consent, make_case
from tests.factories.places import DISTRICT
from tests.factories.rights import make_office, make_rights_request
from tests.integration.hub.test_disclosure import unwritable
from tests.support.program_world import SECRET, make_records, program_world
from tests.support.programs import Program
from tests.support.secured import by_hand

WHOLE = {
    "referrer_kind": "professional", "referrer_name": "Rita Wren", "organisation": "Trust, nurse",
    "referrer_phone": "01632 960 001", "consent": "yes", "given_name": "Ada",
    "family_name": "Specimen", "secret": False, "postcode": "pr18rj", "safe": "yes",
    "help": "Shopping", "risk": "no", "soon": "week", "slots": ["mon-am", "sun-eve"],
}  # fmt: skip


def test_what_may_be_seen_is_answered_and_written_down() -> None:
    world = program_world()
    program = Program.of(world.ours)
    last = Disclosure.objects.count()
    need = program.get(f"/needs/{world.need.pk}").json()
    assert need["person"] == {"id": str(world.person.pk), "name": world.person.full_name}
    assert (need["placed"], need["places"], need["withheld"]) == (1, 2, [])
    look = Disclosure.objects.order_by("id").last()
    assert look is not None
    assert (look.purpose, look.page[:9], look.actor_user) == (
        "matching",
        "api need ",
        world.ours.pk,
    )
    [shown] = DisclosedPerson.objects.filter(disclosure=look)
    assert shown.person_id == world.person.pk
    assert "support" in shown.categories
    [placed] = program.get(f"/needs/{world.need.pk}/placements").json()
    volunteer = world.placement.volunteer.person
    assert placed["volunteer"] == {"id": str(volunteer.pk), "name": volunteer.full_name}
    assert placed == program.get(f"/placements/{world.placement.pk}").json()
    assert program.get(f"/placements/{world.placement.pk}/hours").json()[0]["minutes"] == 90
    referral = program.get(f"/referrals/{world.referral.pk}").json()
    assert referral["answers"]["identity"]["given_name"] == "Ada"
    assert "name_key" not in referral["answers"]["identity"]
    assert referral["answers"]["location"] == {"secret": True}
    assert referral["answers"]["health"] == {"health": "Tires easily"}
    case = program.get(f"/cases/{world.case.pk}").json()
    assert case["typed_name"] == "Ivy Sample"
    assert case["forms"][-1]["step"] == "referral"
    assert case["todo"]
    searched = program.post("/people/search", {"name": world.person.family_name}).json()
    assert str(world.person.pk) in {one["id"] for one in searched["items"]}
    lists = {one: program.get(one).json()["items"] for one in ("/needs", "/referrals", "/cases")}
    assert [len(some) for some in lists.values()] == [1, 1, 1]
    assert lists["/referrals"][0]["name"] == "Ada Specimen"
    # Each of these showed somebody, and each is one line in the read log.
    assert Disclosure.objects.count() - last == 8
    assert SECRET not in "".join(str(one) for one in (need, referral, case, searched, lists))
    # A page of one, and the next by its cursor.
    make_records()
    first = program.get("/needs", size=1).json()
    second = program.get("/needs", size=1, after=first["next"]).json()
    assert first["items"] != second["items"]
    assert second["previous"]
    assert set(get_args(State)) == {s.value for s in ReferralState} - {"draft"}
    assert set(get_args(Standing)) == {s.value for s in NeedState}


def test_a_foreign_record_is_no_record_and_changes_no_byte() -> None:
    world = program_world()
    program, admin = Program.of(world.theirs), Program.of(world.admin)

    def everything() -> dict[str, bytes]:
        asked = ("/needs", "/needs?state=closed", "/referrals", "/cases", "/cases?standing=queue",
                 "/schemes", f"/cases?reference={world.case.reference}")  # fmt: skip
        found = {one: program.get(one).content for one in asked}
        found["people"] = program.post("/people/search", {}).content
        found["named"] = program.post("/people/search", {"name": "Specimen"}).content
        return found

    before = everything()
    for ours, made_up in zip(world.addresses(), world.addresses(made_up=True), strict=True):
        answers = [program.get(ours), program.get(made_up)]
        assert [one.status_code for one in answers] == [404, 404], ours
        assert answers[0].content == answers[1].content
        assert answers[0].headers == answers[1].headers
        assert admin.get(ours).content == admin.get(made_up).content
    day = {"on": clock.today().isoformat(), "minutes": 30}
    tries = [program.post(f"/placements/{world.placement.pk}/hours", day),
             program.post(world.addresses(made_up=True)[3], day)]  # fmt: skip
    assert [one.status_code for one in tries] == [404, 404]
    assert tries[0].content == tries[1].content
    us = actor_of(world.ours)
    make_ready_need(person=make_person(family_name="Specimen"))
    make_referral(us, family_name="Unseen")
    make_case(by=us)
    assert everything() == before


def test_what_the_reader_may_not_read_is_absent_with_its_reason() -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    shared = [Category.IDENTITY, Category.SUPPORT]
    agreement = make_agreement(trust, council, categories=shared)
    referral = make_referral(
        actor_of(make_user(RoleKey.REFERRER, agency=trust)), health="Tires easily"
    )
    program = Program.of(make_user(agency=council))
    found = program.get(f"/referrals/{referral.pk}").json()
    assert found["answers"].keys() == {"identity", "support"}
    assert {one["category"] for one in found["withheld"]} == {
        "contact", "location", "health", "safeguarding",
    }  # fmt: skip
    assert all("does not include" in one["reason"] for one in found["withheld"])
    assert {one["category"] for one in found["shown_by"]} == {"identity", "support"}
    assert all(one["clause"].startswith("ISA-") for one in found["shown_by"])
    look = DisclosedPerson.objects.order_by("disclosure_id").last()
    assert look is not None
    assert f"identity@{found['shown_by'][0]['clause']}" in look.categories
    assert "health" not in look.categories
    # The very next read after the agreement ends.
    signatory = actor_of(make_user(RoleKey.SIGNATORY, agency=council))
    agreements.withdraw(by=signatory, agreement=agreement, agency=council, reason="It is over.")
    assert program.get(f"/referrals/{referral.pk}").status_code == 404
    assert program.get("/referrals").json()["items"] == []


def test_withdrawn_consent_shuts_the_next_read() -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    make_agreement(trust, council, consent=True)
    staff = actor_of(make_user(agency=trust))
    referral = make_referral(actor_of(make_user(RoleKey.REFERRER, agency=trust)))
    need = referrals.make_need(
        by=staff, referral=referral, title="Shopping", scheme=make_scheme(), places=1,
        weekly_minutes=60,
    )  # fmt: skip
    assert need.person is not None
    give_consent(need.person, "support", by=staff)
    program = Program.of(make_user(agency=council))
    for path in (f"/needs/{need.pk}", f"/referrals/{referral.pk}"):
        assert program.get(path).status_code == 200, path
    consents.withdraw(by=staff, person=need.person, purpose="support")
    for path in (f"/needs/{need.pk}", f"/referrals/{referral.pk}"):
        assert program.get(path).status_code == 404, path
    assert program.get("/needs").json()["items"] == []


def test_a_referral_is_sent_as_by_the_pages() -> None:
    make_place(DISTRICT)
    make_postcode("PR1 8RJ", district=DISTRICT)
    make_skill("shopping")
    user = make_user(RoleKey.REFERRER)
    program = Program.of(user)
    made = program.post("/referrals", {**WHOLE, "skills": ["shopping"]})
    assert made.status_code == 201
    referral = Referral.objects.get(pk=made.json()["id"])
    assert (referral.made_by_id, referral.band, referral.district_id) == (user.pk, 2, DISTRICT)
    assert referral.agency_id == user.memberships.get().agency_id
    assert referral.received_at is not None
    seen = program.get(f"/referrals/{referral.pk}").json()["answers"]
    assert seen["location"] == {"postcode": "PR1 8RJ", "secret": False}
    assert seen["support"]["slots"] == ["mon-am", "sun-eve"]
    hidden = program.post(
        "/referrals", {**WHOLE, "secret": True, "lines": SECRET, "area": DISTRICT}
    ).json()["id"]
    rows = ReferralAnswers.objects.filter(referral=hidden)
    assert rows.get(category="location").answers == {"secret": True}
    assert rows.get(category="shielded-location").answers == {}
    assert SECRET not in program.get(f"/referrals/{hidden}").content.decode()
    many = Referral.objects.count()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"skills": ["flying"]}, "skills"), ({"languages": ["xx"]}, "languages"),
        ({"postcode": "ZZ9 9ZZ"}, "postcode"), ({"postcode": "", "area": "E0"}, "area"),
        ({"postcode": ""}, "area"), ({"safe": "care"}, "safe_note"), ({"risk": "yes"}, "risk_note"),
        ({"consent": "no"}, "consent_note"), ({"consent": ""}, "consent"),
        ({"organisation": " "}, "organisation"), ({"referrer_phone": ""}, "referrer_phone"),
        ({"referrer_phone": "twelve"}, "referrer_phone"), ({"help": ""}, "help"),
        ({"date_of_birth": "2999-01-01"}, "date_of_birth"), ({"soon": "later"}, "soon"),
        ({"referrer_kind": "self", "safe": "no"}, "safe"), ({"name_key": "x"}, "name_key"),
        ({"given_name": " "}, "given_name"), ({"secret": True}, "area"),
    ]  # fmt: skip
    for changed, field in wrong:
        answer = program.post("/referrals", {**WHOLE, **changed})
        assert answer.status_code == 422, changed
        assert any(field in name for name in answer.json()["errors"]), (changed, answer.json())
    assert Referral.objects.count() == many


def test_hours_are_logged_as_on_the_page_and_refusals_say_why() -> None:
    world = program_world()
    program = Program.of(world.ours)
    path = f"/placements/{world.placement.pk}/hours"
    day = (clock.today() - timedelta(days=8)).isoformat()
    assert program.post(path, {"on": day, "minutes": 45}).json()["state"] == "logged"
    twice = program.post(path, {"on": day, "minutes": 45})
    assert (twice.status_code, twice.json()["errors"].keys()) == (422, {"on"})
    late = (clock.today() + timedelta(days=1)).isoformat()
    assert program.post(path, {"on": late, "minutes": 45}).status_code == 422
    placements.suspend(by=actor_of(world.ours), placement=world.placement, reason="A break")
    stopped = program.post(path, {"on": clock.today().isoformat(), "minutes": 45})
    assert stopped.status_code == 409
    assert "suspended" in stopped.json()["detail"]
    assert Program.of(world.admin).post(path, {"on": day, "minutes": 45}).status_code == 403


def test_lists_cost_the_same_however_long_they_are() -> None:
    world = program_world()
    program = Program.of(world.ours)

    def cost(path: str) -> int:
        program.get(path)
        with CaptureQueriesContext(connection) as asked:
            program.get(path)
        return len(asked)

    paths = ("/needs", "/referrals", "/cases")
    few = [cost(path) for path in paths]
    make_records()
    make_records()
    assert [cost(path) for path in paths] == few


def test_nothing_is_shown_while_the_read_log_cannot_be_written() -> None:
    world = program_world()
    program = Program.of(world.ours)
    full = unwritable()
    with by_hand():
        full.__enter__()
    answer = program.get(f"/needs/{world.need.pk}")
    with by_hand():
        full.__exit__(None, None, None)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert world.person.family_name not in answer.content.decode()


def test_what_somebody_says_of_their_record_goes_with_it() -> None:
    office, person = make_office(), make_person("Ivy", "Kay")
    user = make_user(agency=office.agency)
    need = make_need(by=actor_of(user), agency=office.agency, person=person)
    made = make_rights_request(office, kind="rectification", person=person)
    made = rights_requests.refuse(
        by=office.first, request=made, refusal="not-applicable", outcome="The note is right."
    )
    rights_statements.keep(
        by=office.first, request=made, category="support", about="A note", words="Never asked."
    )
    found = Program.of(user).get(f"/needs/{need.pk}").json()
    assert [(one["about"], one["words"]) for one in found["statements"]] == [
        ("A note", "Never asked.")
    ]
