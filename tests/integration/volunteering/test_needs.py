"""Needs: what may be asked, where, by whom, and what ends with them."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from stepdown.hub.models import LedgerPayload, LedgerSubject
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.people.actions import addresses
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, offers
from stepdown.volunteering.models import (
    Hold,
    Need,
    NeedLocation,
    NeedShieldedLocation,
    Offer,
    Placement,
)
from stepdown.volunteering.queries import need as queries
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_agency,
    make_need,
    make_person,
    make_place,
    make_postcode,
    make_ready_need,
    make_scheme,
    make_user,
    make_volunteer,
)
from tests.support.shielded import inside


def test_a_need_has_a_reference_and_shows_on_its_persons_timeline() -> None:
    person = make_person()
    need = make_need(person=person)
    assert need.reference.startswith("N-")
    assert need.state == "open"
    assert LedgerSubject.objects.filter(
        entry__verb="need.added", kind="person", subject_id=person.pk
    ).exists()


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as caught:
        needs.add(
            by=coordinator(),
            title=" ",
            scheme="unheard-of",
            agency=uuid4(),
            starts=date(2026, 5, 2),
            ends=date(2026, 5, 1),
            band=5,
            places=0,
            slots=2**21,
            weekly_minutes=-1,
            postcode="ZZ1 1ZZ",
            skills=["unheard-of"],
            languages=["xx"],
            credential_types=["unheard-of"],
            gender="female",
            minimum_age=0,
            district="nowhere",
            officer="not an id",
        )
    assert set(caught.value.errors) == {
        "title",
        "scheme",
        "agency",
        "ends",
        "band",
        "places",
        "slots",
        "weekly_minutes",
        "postcode",
        "skills",
        "languages",
        "credential_types",
        "gender_reason",
        "minimum_age",
        "district",
        "officer",
    }


def test_a_gender_is_asked_for_with_a_lawful_reason_only() -> None:
    with pytest.raises(InvalidInput, match="lawful reason"):
        make_need(gender="female")
    with pytest.raises(InvalidInput):
        make_need(gender_reason="abuse")
    with pytest.raises(InvalidInput):
        make_need(gender="female", gender_reason="preference")
    assert make_need(gender="female", gender_reason="abuse").gender == "female"


def test_records_may_be_given_by_their_keys() -> None:
    make_scheme("befriending")
    officer = make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT])
    need = needs.add(
        by=coordinator(),
        title="Company",
        scheme="befriending",
        agency=str(make_agency("Hub council").pk),
        starts=clock.today(),
        officer=str(officer.pk),
        district=DISTRICT,
    )
    assert (need.scheme_id, need.officer, need.district_id) == ("befriending", officer, DISTRICT)


def test_a_need_lies_where_its_person_lives_unless_another_place_is_named() -> None:
    person = make_person(postcode="PR1 8RJ")
    assert NeedLocation.objects.get(need=make_need(person=person)).postcode == "PR1 8RJ"
    make_postcode("PR2 2AA", 354_000, 430_000)
    elsewhere = make_need(person=person, postcode="PR2 2AA")
    assert NeedLocation.objects.get(need=elsewhere).easting == 354_000


def test_a_need_without_person_or_postcode_is_nowhere_in_particular() -> None:
    assert queries.location_of(make_need()) is None


def test_a_need_of_somebody_with_a_shielded_address_is_shielded_whatever_is_asked() -> None:
    person = make_person(postcode="PR1 8RJ", shielded=True)
    make_postcode("PR2 2AA", 354_000, 430_000)
    for need in (
        make_need(person=person),
        make_need(person=person, shielded=False),
        make_need(person=person, postcode="PR2 2AA"),
    ):
        assert NeedShieldedLocation.objects.filter(need=need).exists()
        assert not NeedLocation.objects.filter(need=need).exists()
        assert queries.location_of(need) == queries.NeedPlace(shielded=True)


def test_a_shielded_need_stays_shielded_when_its_place_changes() -> None:
    by = coordinator()
    need = make_need(postcode="PR1 8RJ", shielded=True)
    make_postcode("PR2 2AA", 354_000, 430_000)
    needs.change(by=by, need=need, version=1, postcode="PR2 2AA")
    assert inside(NeedShieldedLocation.objects.get(need=need))["easting"] == 354_000
    needs.change(by=by, need=need, version=2, shielded=False, postcode="PR2 2AA")
    assert NeedLocation.objects.get(need=need).easting == 354_000
    assert not NeedShieldedLocation.objects.exists()


def test_a_shielded_place_comes_into_sight_only_where_its_postcode_is_written_anew() -> None:
    need = make_need(person=make_person(postcode="PR1 8RJ", shielded=True))
    # Without its person, the need alone remembers where they live.
    for fields in ({"person": None}, {"person": make_person()}, {"postcode": None}):
        with pytest.raises(InvalidInput) as wrong:
            needs.change(by=coordinator(), need=need, version=1, shielded=False, **fields)
        assert set(wrong.value.errors) == {"postcode"}
        assert "PR1" not in str(wrong.value)
    needs.change(by=coordinator(), need=need, version=1, person=None)
    assert NeedShieldedLocation.objects.filter(need=need).exists()
    assert queries.location_of(need) == queries.NeedPlace(shielded=True)


def test_a_change_of_words_leaves_the_place_alone() -> None:
    need = make_need(postcode="PR1 8RJ", shielded=True)
    needs.change(by=coordinator(), need=need, version=1, title="Another title")
    assert NeedShieldedLocation.objects.filter(need=need).exists()


def test_the_district_is_the_persons_else_the_places_but_never_that_of_a_shielded_place() -> None:
    make_place(OTHER_DISTRICT)
    make_postcode("LA1 1AA", 347_000, 461_000, OTHER_DISTRICT)
    person = make_person(district=DISTRICT)
    assert make_need(person=person, postcode="LA1 1AA", district=None).district_id == DISTRICT
    assert make_need(postcode="LA1 1AA", district=None).district_id == OTHER_DISTRICT
    assert make_need(postcode="LA1 1AA", shielded=True, district=None).district_id is None


def test_a_need_is_not_made_for_somebody_the_actor_cannot_see() -> None:
    person = make_person(district=OTHER_DISTRICT)
    with pytest.raises(NotVisible):
        make_need(by=coordinator(DISTRICT), person=person)


def test_a_coordinator_adds_needs_in_their_own_districts_only() -> None:
    make_place(OTHER_DISTRICT)
    with pytest.raises(Refused):
        make_need(by=coordinator(DISTRICT), district=OTHER_DISTRICT)
    with pytest.raises(Refused):
        make_need(by=actor_of(make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT])))


def test_a_stale_change_is_refused() -> None:
    by, need = coordinator(), make_need()
    needs.change(by=by, need=need, version=1, band=1)
    with pytest.raises(Refused, match="Somebody else"):
        needs.change(by=by, need=need, version=1, band=2)
    assert Need.objects.get(pk=need.pk).band == 1


def test_places_that_are_held_cannot_be_taken_away_and_the_rest_close_up() -> None:
    by, need = coordinator(), make_ready_need(places=3)
    sent = [offers.send(by=by, need=need, volunteer=make_volunteer()) for _ in range(3)]
    offers.withdraw(by=by, offer=sent[0])
    with pytest.raises(InvalidInput, match="2 are held"):
        needs.change(by=by, need=need, version=1, places=1)
    needs.change(by=by, need=need, version=1, places=2)
    assert sorted(Hold.objects.values_list("place", flat=True)) == [1, 2]
    with pytest.raises(Refused):
        offers.send(by=by, need=need, volunteer=make_volunteer())


def test_a_need_is_given_to_somebody_who_looks_after_needs() -> None:
    by, need = coordinator(), make_need()
    officer = make_user(RoleKey.OUTREACH_OFFICER, [OTHER_DISTRICT])
    needs.assign(by=by, need=need, officer=officer)
    # It is theirs now, in whichever district.
    assert queries.get(by=actor_of(officer), id=need.pk) == need
    for nobody in (make_user(RoleKey.REFERRER), make_user(None)):
        with pytest.raises(InvalidInput):
            needs.assign(by=by, need=need, officer=nobody)
    needs.assign(by=by, need=need, officer=None)
    with pytest.raises(NotVisible):
        queries.get(by=actor_of(officer), id=need.pk)


def _helped(places: int = 2) -> tuple[Need, Offer, Placement]:
    """A need with one open offer and one live placement."""
    by, account = coordinator(), make_user(RoleKey.VOLUNTEER)
    need = make_ready_need(places=places)
    helper = make_volunteer(make_person(user=account, postcode="PR1 8RJ"))
    accepted = offers.send(by=by, need=need, volunteer=helper)
    placement = offers.accept(by=actor_of(account), offer=accepted)
    return need, offers.send(by=by, need=need, volunteer=make_volunteer()), placement


def test_placements_end_and_offers_are_withdrawn_when_a_need_closes() -> None:
    need, offer, placement = _helped()
    closed = needs.close(by=coordinator(), need=need, outcome="stepped-down")
    assert (closed.state, closed.outcome) == ("closed", "stepped-down")
    assert closed.closed_at is not None
    assert Offer.objects.get(pk=offer.pk).state == "withdrawn"
    ended = Placement.objects.get(pk=placement.pk)
    assert (ended.state, ended.end_reason) == ("ended", "need-closed")
    assert not Hold.objects.exists()


def test_the_same_ends_with_a_need_that_is_withdrawn() -> None:
    need, offer, placement = _helped()
    needs.withdraw(by=coordinator(), need=need)
    assert Offer.objects.get(pk=offer.pk).state == "withdrawn"
    assert Placement.objects.get(pk=placement.pk).state == "ended"


def test_a_need_closes_with_an_outcome() -> None:
    need = make_need()
    with pytest.raises(InvalidInput, match="how it went"):
        needs.close(by=coordinator(), need=need, outcome="")
    assert Need.objects.get(pk=need.pk).state == "open"


def test_a_closed_need_is_changed_only_after_it_is_opened_again() -> None:
    by, need = coordinator(), make_need()
    needs.close(by=by, need=need, outcome="partly")
    with pytest.raises(Refused, match="closed"):
        needs.close(by=by, need=need, outcome="partly")
    with pytest.raises(Refused, match="Open this need again"):
        needs.change(by=by, need=need, version=2, band=1)
    opened = needs.reopen(by=by, need=need)
    assert (opened.state, opened.outcome, opened.closed_at) == ("open", "", None)
    with pytest.raises(Refused, match="already open"):
        needs.reopen(by=by, need=need)


def test_an_officer_changes_and_closes_their_caseload_and_nothing_else() -> None:
    account = make_user(RoleKey.OUTREACH_OFFICER, [DISTRICT])
    officer = actor_of(account)
    mine, other = make_need(officer=account), make_need()
    needs.change(by=officer, need=mine, version=1, band=1)
    needs.close(by=officer, need=mine, outcome="partly")
    with pytest.raises(Refused):
        needs.change(by=officer, need=other, version=1, band=1)
    with pytest.raises(Refused):
        needs.close(by=officer, need=other, outcome="partly")


def test_a_need_elsewhere_does_not_exist_for_a_coordinator() -> None:
    need = make_need(district=OTHER_DISTRICT, by=coordinator())
    theirs = coordinator(DISTRICT)
    with pytest.raises(NotVisible):
        queries.get(by=theirs, id=need.pk)
    with pytest.raises(NotVisible):
        needs.withdraw(by=theirs, need=need)


def test_no_postcode_of_a_need_is_in_the_ledger_or_in_an_error() -> None:
    by = coordinator()
    need = make_need(postcode="PR1 8RJ", shielded=True)
    needs.change(by=by, need=need, version=1, title="Company")
    with pytest.raises(InvalidInput) as caught:
        needs.change(by=by, need=need, version=2, postcode="LA9 9QQ")
    told = " ".join(LedgerPayload.objects.values_list("body", flat=True))
    assert "LA9 9QQ" not in str(caught.value)
    assert "PR1 8RJ" not in told


def test_shielding_an_address_leaves_other_peoples_needs_alone() -> None:
    hidden, other = make_person(postcode="PR1 8RJ"), make_person(postcode="PR1 8RJ")
    need = make_need(person=other)
    addresses.set_address(by=coordinator(), person=hidden, postcode="PR1 8RJ", shielded=True)
    assert NeedLocation.objects.filter(need=need).exists()


def test_a_need_that_starts_and_ends_on_one_day_is_whole() -> None:
    day = clock.today() + timedelta(days=3)
    assert make_need(starts=day, ends=day).ends == day
