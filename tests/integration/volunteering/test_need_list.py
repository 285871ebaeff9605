"""The list of needs: narrowed, paged, and costing the same whatever its length."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import needs, offers
from stepdown.volunteering.queries.need import NeedFilters, list_needs
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    actor_of,
    coordinator,
    make_need,
    make_person,
    make_ready_need,
    make_user,
    make_volunteer,
)


def _titles(filters: NeedFilters) -> set[str]:
    return {row.title for row in list_needs(coordinator(), filters=filters).items}


def test_needs_are_narrowed_by_what_they_say() -> None:
    officer = make_user(RoleKey.OUTREACH_OFFICER)
    make_need("Shopping", band=1, officer=officer)
    make_need("Company", band=2, scheme="befriending")
    make_need("Gardening", band=2, district=OTHER_DISTRICT)
    needs.withdraw(by=coordinator(), need=make_need("Driving", band=4))
    assert _titles(NeedFilters()) == {"Shopping", "Company", "Gardening", "Driving"}
    assert _titles(NeedFilters(bands=(2, 4))) == {"Company", "Gardening", "Driving"}
    assert _titles(NeedFilters(districts=(OTHER_DISTRICT,))) == {"Gardening"}
    assert _titles(NeedFilters(schemes=("befriending",))) == {"Company"}
    assert _titles(NeedFilters(states=("withdrawn",))) == {"Driving"}
    assert _titles(NeedFilters(officers=(officer.pk,))) == {"Shopping"}
    assert _titles(NeedFilters(unassigned=True)) == {"Company", "Gardening", "Driving"}
    assert _titles(NeedFilters(text="garden")) == {"Gardening"}


def test_a_need_is_found_by_its_reference_however_it_is_typed() -> None:
    need = make_need("Wanted")
    make_need("Other")
    assert _titles(NeedFilters(text=need.reference.lower())) == {"Wanted"}


def test_a_need_is_filled_when_placements_stand_in_all_its_places() -> None:
    by, account = coordinator(), make_user(RoleKey.VOLUNTEER)
    full, half = make_ready_need("Full"), make_ready_need("Half", places=2)
    helper = make_volunteer(make_person(user=account, postcode="PR1 8RJ"), capacity=2)
    for need in (full, half):
        offers.accept(by=actor_of(account), offer=offers.send(by=by, need=need, volunteer=helper))
    offers.send(by=by, need=half, volunteer=make_volunteer())
    assert _titles(NeedFilters(filled=True)) == {"Full"}
    assert _titles(NeedFilters(filled=False)) == {"Half"}
    [row] = list_needs(by, filters=NeedFilters(filled=False)).items
    assert (row.places, row.placed, row.offered, row.unfilled, row.risk_current) == (
        2,
        1,
        1,
        0,
        True,
    )


def test_pages_walk_the_whole_list_once_most_urgent_first_and_back_again() -> None:
    made = [make_need(f"Need {number}", band=1 + number % 4) for number in range(11)]
    by = coordinator()
    expected = [need.pk for need in sorted(made, key=lambda need: (need.band, need.pk))]
    seen, pages, after = [], [], None
    while True:
        page = list_needs(by, after=after, size=4)
        seen += [row.id for row in page.items]
        pages.append(page)
        if page.next is None:
            break
        after = page.next
    assert seen == expected
    assert [len(page.items) for page in pages] == [4, 4, 3]
    assert pages[0].previous is None
    back = list_needs(by, after=pages[2].previous, size=4)
    assert back.items == pages[1].items
    first = list_needs(by, after=back.previous, size=4)
    assert first.items == pages[0].items
    assert first.previous is None
    assert first.next is not None


def test_a_need_closed_meanwhile_still_marks_its_place() -> None:
    made = [make_need(f"Need {number}") for number in range(4)]
    by, opened = coordinator(), NeedFilters(states=("open",))
    page = list_needs(by, filters=opened, size=2)
    needs.withdraw(by=by, need=made[1])
    following = list_needs(by, filters=opened, after=page.next, size=2)
    assert [row.id for row in following.items] == [made[2].pk, made[3].pk]


@pytest.mark.parametrize("cursor", ["", "n", "nonsense", "n0123:abc", "💥", "n" * 500])
def test_a_cursor_nobody_gave_out_leads_to_the_first_page(cursor: str) -> None:
    need = make_need()
    assert [row.id for row in list_needs(coordinator(), after=cursor).items] == [need.pk]


def test_a_list_shows_only_what_the_actor_may_see() -> None:
    mine = make_need(district=DISTRICT)
    make_need(district=OTHER_DISTRICT)
    assert [row.id for row in list_needs(coordinator(DISTRICT)).items] == [mine.pk]
    assert list_needs(actor_of(make_user(RoleKey.ADMINISTRATOR))).items == []


def test_more_rows_take_no_more_queries() -> None:
    by, officer = coordinator(), make_user(RoleKey.OUTREACH_OFFICER)
    counts = []
    for more in (5, 20):
        for _ in range(more):
            make_need(officer=officer, person=make_person())
        with CaptureQueriesContext(connection) as caught:
            page = list_needs(by, filters=NeedFilters(filled=False), size=100, count=True)
        counts.append(len(caught))
        assert page.total == len(page.items)
    assert counts == [3, 3]
