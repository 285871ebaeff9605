"""The passport: good to the end of its last day, by the clock on the wall in London."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from stepdown.hub.models import LedgerEntry, LedgerSubject
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import credentials
from stepdown.volunteering.models import Credential
from stepdown.volunteering.queries import credential as queries
from stepdown.volunteering.queries.credential import Standing
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_credential,
    make_credential_type,
    make_person,
    make_user,
    make_volunteer,
)

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize("last_day", [date(2026, 1, 15), date(2026, 7, 15), date(2026, 3, 28)])
def test_a_credential_holds_to_the_end_of_its_last_day(last_day: date) -> None:
    """In winter, in summer time, and on the eve of the change between them."""
    person = make_person()
    make_credential(person, "dbs", valid_from=date(2025, 1, 1), valid_to=last_day)
    with clock.at(
        datetime.combine(last_day, datetime.min.time(), LONDON).replace(hour=23, minute=59)
    ):
        assert queries.held_on([person.pk], clock.today()) == {person.pk: frozenset({"dbs"})}
        [line] = queries.passport(coordinator(), person)
        assert (line.standing, line.days_left) == (Standing.SOON, 0)
    after = date.fromordinal(last_day.toordinal() + 1)
    with clock.at(datetime(after.year, after.month, after.day, 0, 1, tzinfo=LONDON)):
        assert queries.held_on([person.pk], clock.today()) == {}
        [line] = queries.passport(coordinator(), person)
        assert (line.standing, line.days_left) == (Standing.LAPSED, None)


def test_midnight_in_summer_is_londons_and_not_that_of_utc() -> None:
    person = make_person()
    make_credential(person, "dbs", valid_from=date(2025, 1, 1), valid_to=date(2026, 7, 15))
    # Half past midnight on the 16th in London is still the 15th in UTC.
    with clock.at(datetime(2026, 7, 15, 23, 30, tzinfo=ZoneInfo("UTC"))):
        assert queries.held_on([person.pk], clock.today()) == {}


def test_a_credential_does_not_hold_before_its_first_day() -> None:
    person = make_person()
    make_credential(person, "dbs", valid_from=date(2026, 5, 2))
    assert queries.held_on([person.pk], date(2026, 5, 1)) == {}
    assert queries.held_on([person.pk], date(2026, 5, 2)) == {person.pk: frozenset({"dbs"})}


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2024, 3, 15), 36, date(2027, 3, 14)),
        (date(2024, 1, 31), 1, date(2024, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2024, 12, 1), 1, date(2024, 12, 31)),
    ],
)
def test_a_type_says_how_long_its_credentials_are_good_for(
    first: date, months: int, last: date
) -> None:
    make_credential_type("first-aid", good_for_months=months)
    assert make_credential(make_person(), "first-aid", valid_from=first).valid_to == last


def test_a_type_that_says_nothing_is_good_without_end() -> None:
    assert make_credential(make_person(), "dbs").valid_to is None


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        make_credential(make_person(), valid_from=date(2026, 2, 2), valid_to=date(2026, 2, 1))
    assert set(caught.value.errors) == {"valid_to"}


def test_a_revoked_credential_holds_no_longer_and_stays_on_record() -> None:
    volunteer = make_volunteer(credentials=["dbs"])
    held = Credential.objects.get()
    by = coordinator()
    credentials.revoke(by=by, credential=held)
    assert queries.held_on([volunteer.person_id], clock.today()) == {}
    assert [line.standing for line in queries.passport(by, volunteer.person)] == [Standing.REVOKED]
    with pytest.raises(Refused, match="already been revoked"):
        credentials.revoke(by=by, credential=held)
    shown = LedgerSubject.objects.filter(entry__verb="credential.revoked")
    assert {kind for (kind,) in shown.values_list("kind")} == {"credential", "person", "volunteer"}


def test_nobody_records_their_own_credential() -> None:
    account = make_user(RoleKey.COORDINATOR)
    person = make_person(user=account)
    with pytest.raises(Refused, match="Somebody else"):
        make_credential(person, by=actor_of(account))


@pytest.mark.parametrize("role", [RoleKey.OUTREACH_OFFICER, RoleKey.VOLUNTEER])
def test_only_coordinators_record_credentials(role: RoleKey) -> None:
    person = make_person()
    with pytest.raises((Refused, NotVisible)):
        make_credential(person, by=actor_of(make_user(role)))


def test_a_volunteer_reads_their_own_passport_and_no_other() -> None:
    account = make_user(RoleKey.VOLUNTEER)
    mine, other = make_person(user=account), make_person()
    make_credential(mine)
    make_credential(other)
    assert len(queries.passport(actor_of(account), mine)) == 1
    assert queries.passport(actor_of(account), other) == []


def test_what_lapses_soon_and_is_not_renewed_is_listed_for_those_who_may_see_it() -> None:
    with clock.at(datetime(2026, 6, 1, 12, tzinfo=LONDON)):
        soon = make_credential(make_person(), valid_to=date(2026, 6, 20))
        renewed = make_person()
        make_credential(renewed, valid_to=date(2026, 6, 20))
        make_credential(renewed, valid_from=date(2026, 6, 1), valid_to=date(2029, 6, 1))
        make_credential(make_person(), valid_to=date(2026, 12, 1))
        make_credential(make_person(), valid_to=date(2026, 5, 31))
        make_credential(make_person(district=OTHER_DISTRICT), valid_to=date(2026, 6, 10))
        assert list(queries.lapsing(coordinator(DISTRICT), 30)) == [soon]


def test_a_credential_is_recorded_for_any_partner() -> None:
    agency = make_agency("Fire service")
    person = make_person()
    made = credentials.record(
        by=coordinator(),
        person=person,
        type=make_credential_type().pk,
        valid_from=date(2026, 1, 1),
        verified_by=agency,
        reference="001",
    )
    assert (made.verified_by, made.reference) == (agency, "001")


def test_a_credential_is_found_by_those_whose_district_it_is_of() -> None:
    here, there = make_person(district=DISTRICT), make_person(district=OTHER_DISTRICT)
    held, other = make_credential(here, "dbs"), make_credential(there, "dbs")
    by = coordinator(DISTRICT)
    assert queries.get(by=by, id=held.pk) == held
    with pytest.raises(NotVisible):
        queries.get(by=by, id=other.pk)
    with pytest.raises((Refused, NotVisible)):
        credentials.revoke(by=by, credential=other)
    with pytest.raises((Refused, NotVisible)):
        make_credential(there, by=by)
    credentials.revoke(by=by, credential=held)
    # Of whose credentials it is asked, and of nobody else's.
    assert queries.held_on([here.pk], clock.today()) == {}
    assert queries.held_on([there.pk], clock.today()) == {there.pk: frozenset({"dbs"})}


@pytest.mark.parametrize(("days", "soon"), [(42, True), (43, False)])
def test_six_weeks_before_its_end_a_credential_ends_soon(days: int, soon: bool) -> None:
    today = clock.today()
    person = make_person()
    held = make_credential(
        person, valid_from=today - timedelta(days=100), valid_to=today + timedelta(days=days)
    )
    assert queries.standing(held, today) == (Standing.SOON if soon else Standing.CURRENT)
    assert list(queries.lapsing(coordinator())) == ([held] if soon else [])
    assert list(queries.lapsing(coordinator(), within_days=days)) == [held]
    assert list(queries.lapsing(coordinator(), within_days=days - 1)) == []


def test_how_a_credential_stands_on_a_day_and_which_come_first() -> None:
    today, person, by = clock.today(), make_person(), coordinator()
    day = timedelta(days=1)
    first = make_credential(person, "dbs", valid_from=today, valid_to=today + 300 * day)
    later = make_credential(person, "dbs", valid_from=today + day)
    other = make_credential(person, "a-first", valid_from=today - day)
    assert queries.standing(first, today) is Standing.CURRENT
    assert queries.standing(first, today - day) is Standing.FUTURE
    assert queries.standing(later, today + day) is Standing.CURRENT
    lines = queries.passport(by, person, on=today - day)
    names = [line.type_name for line in lines]
    assert names == sorted(names)
    assert [line.id for line in lines if line.type_key == "dbs"] == [later.pk, first.pk]
    same_day = make_credential(person, "dbs", valid_from=today + day)
    newest = [line.id for line in queries.passport(by, person) if line.type_key == "dbs"]
    assert newest == [same_day.pk, later.pk, first.pk]
    begun_before = make_credential(person, "dbs", valid_from=today - 50 * day)
    lines_now = queries.passport(by, person)
    assert [line.id for line in lines_now if line.type_key == "dbs"][-1] == begun_before.pk
    standings = {line.id: line.standing for line in lines}
    assert standings == {
        first.pk: Standing.FUTURE, later.pk: Standing.FUTURE, other.pk: Standing.CURRENT
    }  # fmt: skip


def test_only_a_later_one_of_the_type_that_holds_stands_for_what_ends_soon() -> None:
    today, by = clock.today(), coordinator()
    soon, far = today + timedelta(days=10), today + timedelta(days=400)
    person = make_person()
    ending = make_credential(person, "dbs", valid_from=today, valid_to=soon)
    make_credential(person, "first-aid", valid_from=today, valid_to=far)
    taken_back = make_credential(person, "dbs", valid_from=today, valid_to=far)
    assert list(queries.lapsing(by)) == []
    assert credentials.revoke(by=by, credential=taken_back).state == "revoked"
    sooner = make_credential(
        make_person(), "dbs", valid_from=today, valid_to=soon - timedelta(days=1)
    )
    make_credential(
        make_person(), "dbs", valid_from=date(2020, 1, 1), valid_to=today - timedelta(days=1)
    )
    assert list(queries.lapsing(by)) == [sooner, ending]


def test_what_is_recorded_of_a_credential_and_told_the_ledger() -> None:
    make_credential_type("first-aid", good_for_months=12)
    make_volunteer()
    volunteer, by, day = make_volunteer(), coordinator(), date(2026, 2, 3)
    held = credentials.record(
        by=by, person=volunteer.person, type="first-aid", valid_from=day, valid_to=day,
        verified_by=make_agency("A college"), reference="r" * 60,
    )  # fmt: skip
    assert (held.valid_to, held.reference) == (day, "r" * 60)
    with pytest.raises(InvalidInput) as wrong:
        credentials.record(
            by=by, person=volunteer.person, type="dbs", valid_from=day,
            verified_by=make_agency("A college"), reference="r" * 61,
        )  # fmt: skip
    assert "reference" in wrong.value.errors
    entry = LedgerEntry.objects.get(verb="credential.recorded", object_id=held.pk)
    told = {"type": "first-aid", "valid_from": "2026-02-03", "valid_to": "2026-02-03"}
    assert json.loads(entry.payload.body) == told
    assert set(entry.subjects.values_list("kind", "subject_id")) == {
        ("credential", held.pk), ("person", volunteer.person_id), ("volunteer", volunteer.pk)
    }  # fmt: skip
    credentials.revoke(by=by, credential=held)
    entry = LedgerEntry.objects.get(verb="credential.revoked", object_id=held.pk)
    assert json.loads(entry.payload.body) == {"type": "first-aid"}
