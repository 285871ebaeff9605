"""Break-glass: one record, for a reason, for some hours, told at once and reviewed later."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection  # noqa: F401  the mark below asks it
from django.test import Client
from django.urls import reverse

from stepdown.casework.models import Referral
from stepdown.casework.queries.referral import categories, facts, get, is_visible, visible_to
from stepdown.hub.models import (
    Agency,
    DisclosedPerson,
    LedgerEntry,
    LedgerPayload,
    OutboxMessage,
    User,
)
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.overrides import OPENED
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import overrides
from stepdown.sharing.models import Override
from stepdown.sharing.queries import override as queries
from tests.factories import actor_of, make_agency, make_referral, make_user
from tests.factories.needs import make_need
from tests.factories.places import OTHER_DISTRICT, make_place
from tests.support.secured import as_application, needs_postgresql, raise_wall, raw

pytestmark = pytest.mark.django_db
SAID = "She rang and the line went dead"


@pytest.fixture
def trust() -> Agency:
    return make_agency("A trust", "nhs")


@pytest.fixture
def council() -> Agency:
    return make_agency("B council")


@pytest.fixture
def carol(council: Agency) -> User:
    make_place(OTHER_DISTRICT)
    # Of another agency, and of another district: neither would show her the record.
    return make_user(RoleKey.COORDINATOR, districts=[OTHER_DISTRICT], agency=council)


@pytest.fixture
def foreign(trust: Agency) -> Referral:
    return make_referral(actor_of(make_user(RoleKey.REFERRER, agency=trust)))


def opened(user: User, referral: Referral, **more: str) -> Override:
    asked = {"reason": "danger", "words": SAID, "reference": referral.reference, **more}
    return overrides.open_record(by=actor_for_user(user), **asked)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_record_is_open_to_one_account_to_be_read_for_some_hours(
    carol: User, foreign: Referral, council: Agency
) -> None:
    other = make_user(RoleKey.COORDINATOR, agency=council)
    assert not is_visible(actor_for_user(carol), foreign)
    one = opened(carol, foreign, reference=foreign.reference.lower().replace("-", " "))
    by = actor_for_user(carol)
    assert get(by=by, id=foreign.pk) == foreign
    assert list(visible_to(by)) == [foreign]
    said = decide(by, Permission.REFERRAL_VIEW, facts(foreign))
    assert (said.allowed, said.clause) == (True, f"override {one.reference}")
    read = categories(by, foreign)
    assert read == OPENED
    for permission in (Permission.REFERRAL_TRIAGE, Permission.REFERRAL_WITHDRAW):
        assert not decide(by, permission, facts(foreign)).allowed
        assert not visible_to(by, permission).exists()
    assert not is_visible(actor_for_user(other), foreign)
    with clock.at(one.until - timedelta(seconds=1)):
        assert is_visible(actor_for_user(carol), foreign)
    with clock.at(one.until):
        assert not is_visible(actor_for_user(carol), foreign)
        with pytest.raises(NotVisible):
            get(by=actor_for_user(carol), id=foreign.pk)


def test_pages_open_and_shut_with_it_and_the_look_is_written_down(
    carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    officers = [make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=a) for a in (trust, council)]
    make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=make_agency("C charity"))
    client, page = browser(carol), reverse("referral", args=[foreign.pk])
    assert client.get(page).status_code == 404
    asked = {"reference": foreign.reference, "reason": "missing", "words": SAID}
    assert "There is a problem" in client.post(reverse("override-open"), {}).content.decode()
    answer = client.post(reverse("override-open"), asked)
    assert answer["Location"] == page
    one = Override.objects.get()
    assert "Opened in an emergency" in client.get(page).content.decode()
    look = DisclosedPerson.objects.filter(categories__contains=f"@override {one.reference}")
    assert look.filter(disclosure__page="referral").exists()
    told = OutboxMessage.objects.filter(template="override-opened")
    assert set(told.values_list("to_user", flat=True)) == {user.pk for user in officers}
    # The reason is in the ledger; what was said, and whom it is about, is not.
    written = str(list(LedgerPayload.objects.values())) + str(list(LedgerEntry.objects.values()))
    assert "missing" in written
    assert SAID not in written
    theirs = browser(officers[0])
    assert SAID in theirs.get(reverse("override", args=[one.pk])).content.decode()
    assert theirs.post(reverse("override-end", args=[one.pk])).status_code == 302
    assert client.get(page).status_code == 404


def test_nothing_is_told_of_records_that_are_not_there(carol: User, foreign: Referral) -> None:
    client = browser(carol)

    def asked(reference: str) -> Any:
        data = {"reference": reference, "reason": "danger", "words": SAID}
        return client.post(reverse("override-open"), data)

    words = "No record with this reference can be opened."
    assert words in asked("R-0000-0000").content.decode()
    assert words in asked(str(foreign.pk)[:18]).content.decode()
    assert LedgerEntry.objects.filter(verb="override.not-found").count() == 2
    for _ in range(queries.ATTEMPTS - 2):
        asked("R-0000-0001")
    assert "too many references" in asked(foreign.reference).content.decode()
    assert not Override.objects.exists()
    with clock.at(clock.now() + queries.WITHIN + timedelta(minutes=1)):
        assert asked(foreign.reference).status_code == 302


def test_need_is_opened_and_nothing_that_hangs_on_it(carol: User, trust: Agency) -> None:
    theirs = actor_of(make_user(RoleKey.COORDINATOR, agency=trust))
    need = make_need(by=theirs, agency=trust)
    one = overrides.open_record(
        by=actor_for_user(carol), reference=need.reference, reason="child", words=SAID
    )
    assert (one.kind, one.record_id, one.holder) == ("need", need.pk, trust)
    client = browser(carol)
    assert client.get(reverse("need", args=[need.pk])).status_code == 200
    assert client.get(reverse("need-change", args=[need.pk])).status_code in {403, 404}


def test_only_some_roles_open_and_only_another_reviews(
    carol: User, foreign: Referral, trust: Agency, council: Agency
) -> None:
    for role in (RoleKey.REFERRER, RoleKey.VOLUNTEER, RoleKey.ADMINISTRATOR, RoleKey.SIGNATORY):
        with pytest.raises(Refused):
            opened(make_user(role, agency=council), foreign)
    one = opened(carol, foreign)
    stranger = make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=make_agency("C charity"))
    assert browser(stranger).get(reverse("override", args=[one.pk])).status_code == 404
    officer = make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=council)
    by = actor_for_user(officer)
    with pytest.raises(InvalidInput):
        overrides.review(by=by, override=one, outcome="", words="")
    client = browser(officer)
    assert one.reference in client.get(reverse("overrides")).content.decode()
    with clock.at(clock.now() + timedelta(days=8)):
        assert queries.is_overdue(one)
        late = browser(officer).get(reverse("today")).content.decode()
        assert one.reference in late
        assert one.reference not in browser(stranger).get(reverse("today")).content.decode()
    page = reverse("override", args=[one.pk])
    client.post(page, {"outcome": "justified", "words": "She was found."})
    one.refresh_from_db()
    assert (one.outcome, one.reviewed_by) == ("justified", officer)
    with pytest.raises(Refused):
        overrides.review(by=by, override=one, outcome="not-justified", words="Again")
    # Nobody reviews what they opened, whatever other role they hold.
    mine = opened(carol, foreign)
    Override.objects.filter(pk=mine.pk).update(opened_by=officer)
    with pytest.raises(Refused):
        overrides.review(by=by, override=mine, outcome="justified", words="Fine")


def test_coordinators_stand_in_where_neither_agency_has_an_officer(
    carol: User, foreign: Referral, trust: Agency, council: Agency, settings: Any
) -> None:
    stands_in = make_user(RoleKey.COORDINATOR, agency=trust)
    stranger = make_user(RoleKey.COORDINATOR, agency=make_agency("C charity"))
    elsewhere = make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=make_agency("D trust"))
    one = opened(carol, foreign)
    told = OutboxMessage.objects.filter(template="override-opened", about_id=one.pk)
    assert set(told.values_list("to_user", flat=True)) == {stands_in.pk}
    page = reverse("override", args=[one.pk])
    assert SAID in browser(stands_in).get(page).content.decode()
    assert browser(stranger).get(page).status_code == 404
    assert browser(elsewhere).get(page).status_code == 404
    with clock.at(clock.now() + timedelta(days=8)):
        assert one.reference in browser(stands_in).get(reverse("today")).content.decode()
        assert one.reference not in browser(carol).get(reverse("today")).content.decode()
    with pytest.raises(Refused):
        overrides.review(
            by=actor_for_user(carol), override=one, outcome="justified", words="I say so."
        )
    # Whoever opened it reviews nothing; and nobody stands in where the hub does not want it.
    settings.STEPDOWN_OVERRIDE_STAND_IN = False
    assert browser(stands_in).get(page).status_code == 404
    settings.STEPDOWN_OVERRIDE_STAND_IN = True
    done = browser(stands_in).post(page, {"outcome": "justified", "words": "She was found."})
    assert done.status_code == 302
    one.refresh_from_db()
    assert one.reviewed_by == stands_in
    # As soon as one of the two has an officer, it is theirs alone.
    second = opened(carol, foreign)
    make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=council)
    address = reverse("override", args=[second.pk])
    assert browser(stands_in).get(address).status_code == 404
    with pytest.raises(NotVisible):
        overrides.review(
            by=actor_for_user(stands_in), override=second, outcome="justified", words="Fine."
        )


def test_shielded_address_is_never_opened(carol: User, foreign: Referral) -> None:
    opened(carol, foreign)
    by = actor_for_user(carol)
    read = categories(by, foreign)
    assert read.isdisjoint({Category.SHIELDED_LOCATION, Category.OFFENCE, Category.EQUALITY})
    assert {override.kind for override in by.overrides} == {Kind.REFERRAL}


@needs_postgresql
def test_second_wall_opens_the_same_record_for_as_long(carol: User, foreign: Referral) -> None:
    raw("SET CONSTRAINTS ALL IMMEDIATE")
    raise_wall()
    asked = "SELECT id FROM casework_referral"
    with as_application(actor_for_user(carol)):
        assert raw(asked) == []
    one = opened(carol, foreign)
    with as_application(actor_for_user(carol)):
        assert raw(asked) == [(foreign.pk,)]
        found = raw("SELECT DISTINCT category FROM casework_referralanswers")
        assert {category for (category,) in found} <= {category.value for category in OPENED}
        assert found
    with clock.at(one.until), as_application(actor_for_user(carol)):
        assert raw(asked) == []
