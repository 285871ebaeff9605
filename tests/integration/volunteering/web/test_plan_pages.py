"""The plan as coordinators read it, and sending its offers after a check."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.models import Disclosure, LedgerEntry
from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import offers, plans
from stepdown.volunteering.models import Offer, Plan, PlanPair, PlanRun, Volunteer
from stepdown.volunteering.web import plan_send
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_need,
    make_person,
    make_place,
    make_ready_need,
    make_volunteer,
)
from tests.factories.offers import make_offer, volunteer_actor
from tests.support.reading import disclosed, queries_of, sign_in, words_of

PLAN, PAIRS, GAPS, SEND = (reverse(f"plan{name}") for name in ("", "-pairs", "-gaps", "-send"))
MAKE, SENT = reverse("plan-make"), reverse("plan-sent")
PAGES = (PLAN, PAIRS, GAPS)


def _pairs(many: int, **more: Any) -> list[Volunteer]:
    """As many needs as volunteers who can take them."""
    found = []
    for _ in range(many):
        make_ready_need(**more)
        found.append(make_volunteer())
    return found


def _plan() -> Plan:
    return plans.make(by=coordinator())


def _told(pairs: Sequence[PlanPair] = (), **more: str) -> dict[str, Any]:
    plan = Plan.objects.order_by("-id").first()
    return {"plan": str(plan.pk) if plan else "", "pair": [str(one.pk) for one in pairs], **more}


def test_before_the_first_plan_the_page_says_what_a_plan_is(client: Client) -> None:
    sign_in(client)
    words = words_of(client.get(PLAN))
    assert "There is no plan yet." in words
    assert "Make a new plan" in words
    for page in (PAIRS, GAPS):
        assert client.get(page)["Location"] == PLAN
    assert client.post(SEND, _told())["Location"] == PLAN


def test_a_plan_is_made_and_read_in_figures(client: Client) -> None:
    user = sign_in(client)
    _pairs(1, band=1)
    make_need(band=3, district=OTHER_DISTRICT, skills=["gardening"], postcode="LA1 1YN")
    waiting = client.post(MAKE)["Location"]
    jobs.make_plan()
    words = words_of(client.get(waiting, follow=True))
    assert "The plan is ready: 1 of 2 open places can be filled." in words
    assert f"by {user.display_name}. The engine took" in words
    assert "2 open places" in words
    assert "1 can be filled" in words
    assert "1 matches not sent yet" in words
    assert "1 places left empty" in words
    assert "Proven best. No other plan fills more places in the most urgent band" in words
    assert "1 Most urgent 1 0 100%" in words
    assert "2 High 0 0 –" in words
    assert "3 Standard 0 1 0%" in words
    assert "Lancaster 0 1 0%" in words
    assert "Preston 1 0 100%" in words
    assert "the gap is 0" in words
    for phase in ("finding who could help whom", "choosing the best plan", "proving it"):
        assert f"{phase}:" in words
    assert LedgerEntry.objects.filter(verb="plan.made", actor_user=user.pk).exists()


def test_a_plan_is_made_by_a_button_and_not_by_opening_an_address(client: Client) -> None:
    sign_in(client)
    assert client.get(MAKE).status_code == 405
    assert not Plan.objects.exists()


def test_a_second_plan_meanwhile_is_refused_in_words(client: Client) -> None:
    sign_in(client)
    PlanRun.objects.create(asked_at=clock.now())
    words = words_of(client.post(MAKE, follow=True))
    assert "A plan is being made already. Wait for it to finish." in words
    assert not Plan.objects.exists()


def test_a_plan_that_is_not_proven_does_not_say_it_is(client: Client) -> None:
    sign_in(client)
    _pairs(1)
    _plan()
    Plan.objects.update(proven=False)
    words = words_of(client.get(PLAN))
    assert "This plan could not be proven best." in words
    assert "Proven best" not in words


def test_a_match_says_what_who_why_and_how_it_stands(client: Client) -> None:
    sign_in(client)
    need = make_ready_need("Help with letters", band=2)
    volunteer = make_volunteer(make_person("Vera", "Wren", postcode="PR1 8RJ"))
    _plan()
    words = words_of(client.get(PAIRS))
    for told in ("Help with letters", need.reference, "Vera Wren", "Preston", "2 High"):
        assert told in words
    assert "has never been asked" in words
    assert re.search(r"quality \d+ of 1,000", words)
    assert "Ready to send" in words
    assert disclosed("plan-pairs") == {volunteer.person_id}


def test_what_has_become_of_the_plan_is_counted_and_shown(client: Client) -> None:
    sign_in(client)
    _pairs(4)
    plan = _plan()
    pairs = list(plan.pairs.order_by("band", "id"))
    sent = plans.send_offers(by=coordinator(), pairs=pairs[:2]).sent
    offers.accept(by=volunteer_actor(sent[0].volunteer), offer=sent[0])
    offers.decline(by=volunteer_actor(sent[1].volunteer), offer=sent[1], reason="times")
    make_offer(volunteer=pairs[2].volunteer)  # they have room for one, and it is not this need
    words = words_of(client.get(PLAN))
    assert (
        "Not sent yet 1 Waits for an answer 0 Placed 1 Asked, and not taken up 1 "
        "No longer possible 1"
    ) in words
    listed = words_of(client.get(PAIRS))
    for status in ("Ready to send", "Placed", "Asked, and not taken up", "No longer possible"):
        assert status in listed
    assert "Places they hold: 1; places they can hold: 1." in listed


def test_a_match_without_a_risk_assessment_says_what_it_waits_for(client: Client) -> None:
    sign_in(client)
    make_need(postcode="PR1 8RJ")
    make_volunteer()
    _plan()
    answer = client.get(PAIRS)
    words = words_of(answer)
    assert "Needs a risk assessment" in words
    assert "It needs an approved risk assessment before the offer can be sent" in words
    assert 'name="pair"' not in answer.content.decode(), "it cannot be ticked"
    checked = words_of(client.post(SEND, _told(all="1")))
    assert "Nothing can be sent" in checked
    assert "Needs a risk assessment" in checked


def test_filters_narrow_both_lists(client: Client) -> None:
    sign_in(client)
    make_ready_need("Near", band=1)
    make_ready_need("Far", band=2, district=OTHER_DISTRICT)
    make_volunteer()
    make_volunteer()
    make_need("Near gap", band=3, skills=["x"], postcode="PR1 8RJ")
    make_need("Far gap", band=4, skills=["x"], district=OTHER_DISTRICT)
    _plan()
    everything = words_of(client.get(PAIRS))
    assert "Near" in everything
    assert "Far" in everything
    there = words_of(client.get(PAIRS, {"district": OTHER_DISTRICT}))
    assert "Far" in there
    assert "Near" not in there
    assert "Remove this filter Lancaster" in there
    assert "Send the 1 under this filter not sent yet" in there
    urgent = words_of(client.get(PAIRS, {"band": "1"}))
    assert "Near" in urgent
    assert "Far" not in urgent
    both = words_of(client.get(PAIRS, {"band": "1", "district": OTHER_DISTRICT}))
    assert "No proposed matches under this filter." in both
    gap = words_of(client.get(GAPS, {"district": OTHER_DISTRICT}))
    assert "Far gap" in gap
    assert "Near gap" not in gap
    none = words_of(client.get(GAPS, {"band": "1"}))
    assert "Nothing is left empty under this filter." in none


@pytest.mark.parametrize(
    "query",
    ["band=99", "band=x", "district=nonsense", "after=nonsense", "band=&district=", "band=1%00"],
)
def test_a_filter_that_is_not_understood_is_left_out(client: Client, query: str) -> None:
    sign_in(client)
    make_ready_need("Near")
    make_volunteer()
    make_need("Near gap", band=3, skills=["x"])
    _plan()
    for page, title in ((PAIRS, "Near"), (GAPS, "Near gap")):
        words = words_of(client.get(f"{page}?{query}"))
        assert title in words
        assert "Remove this filter" not in words
        assert "Select an option" not in words


def test_one_good_filter_counts_beside_a_bad_one(client: Client) -> None:
    sign_in(client)
    make_ready_need("Near")
    make_ready_need("Far", district=OTHER_DISTRICT)
    make_volunteer()
    make_volunteer()
    _plan()
    words = words_of(client.get(PAIRS, {"district": OTHER_DISTRICT, "band": "99"}))
    assert "Far" in words
    assert "Near" not in words


def test_a_gap_says_why_and_the_cheapest_change(client: Client) -> None:
    sign_in(client)
    need = make_need("Gardening", band=2, skills=["gardening"], postcode="PR1 8RJ")
    volunteer = make_volunteer(make_person("Vera", "Wren", postcode="PR1 8RJ"))
    _plan()
    words = words_of(client.get(GAPS))
    assert need.reference in words
    assert "1 place empty" in words
    assert "No volunteer meets every rule." in words
    assert "Vera Wren" in words
    assert disclosed("plan-gaps") == {volunteer.person_id}


def test_nothing_left_empty_is_said(client: Client) -> None:
    sign_in(client)
    _pairs(1)
    _plan()
    assert "Nothing is left empty in your districts." in words_of(client.get(GAPS))


def test_sending_is_checked_first(client: Client) -> None:
    sign_in(client)
    _pairs(2)
    plan = _plan()
    [first, second] = plan.pairs.order_by("band", "id")
    answer = client.post(SEND, _told([first]))
    words = words_of(answer)
    assert "Check before you send" in words
    assert "1 offer to 1 volunteer" in words
    assert "Send 1 offer" in words
    assert first.need.reference in words
    assert second.need.reference not in words
    assert not Offer.objects.exists(), "nothing is sent yet"
    assert disclosed("plan-send") == {first.volunteer.person_id}
    again = _told([first], confirmed="1")
    assert client.post(SEND, again)["Location"] == SENT
    assert "1 offer sent" in words_of(client.get(SENT))
    assert [one.need for one in Offer.objects.all()] == [first.need]


def test_all_that_were_not_sent_are_sent_at_once(client: Client) -> None:
    sign_in(client)
    _pairs(3)
    plan = _plan()
    plans.send_offers(by=coordinator(), pairs=[plan.pairs.order_by("id")[0]])
    assert "Send all 2 not sent yet" in words_of(client.get(PAIRS))
    assert "2 offers to 2 volunteers" in words_of(client.post(SEND, _told(all="1")))
    words = words_of(client.post(SEND, _told(all="1", confirmed="1"), follow=True))
    assert "2 offers sent" in words
    assert Offer.objects.count() == 3


def test_what_was_asked_in_another_way_is_not_called_unsent(client: Client) -> None:
    sign_in(client)
    [_, volunteer] = _pairs(2)
    plan = _plan()
    make_offer(plan.pairs.get(volunteer=volunteer).need, volunteer)
    assert "Not sent yet 1 Waits for an answer 1" in words_of(client.get(PLAN))
    assert "Send the 1 not sent yet" in words_of(client.get(PAIRS))
    checked = words_of(client.post(SEND, _told(all="1")))
    assert "1 offer to 1 volunteer" in checked
    assert "cannot be sent" not in checked


def test_the_plan_made_last_is_the_one_shown_whatever_its_id(client: Client) -> None:
    """Ids never go back in time within a process, even where its clock does."""
    sign_in(client)
    _pairs(1)
    with clock.at(clock.now() - timedelta(hours=1)):
        _plan()
    last = _plan()
    with clock.at(clock.now() - timedelta(days=2)):
        assert _plan().pk > last.pk
    assert f'value="{last.pk}"' in client.get(PAIRS).content.decode()


def test_all_under_a_filter_are_all_under_that_filter(client: Client) -> None:
    sign_in(client)
    make_ready_need(band=1)
    there = make_ready_need(band=2, district=OTHER_DISTRICT)
    make_volunteer()
    make_volunteer()
    _plan()
    checked = client.post(SEND, _told(all="1", district=OTHER_DISTRICT, band="2"))
    html = checked.content.decode()
    assert "1 offer to 1 volunteer" in words_of(checked)
    assert f'name="district" value="{OTHER_DISTRICT}"' in html
    assert 'name="band" value="2"' in html
    client.post(SEND, _told(all="1", confirmed="1", district=OTHER_DISTRICT, band="2"))
    assert [one.need for one in Offer.objects.all()] == [there]


def test_what_cannot_be_sent_is_said_with_its_reason_and_the_rest_is_sent(client: Client) -> None:
    sign_in(client)
    ready = make_ready_need()
    unready = make_need(postcode="PR1 8RJ")
    make_volunteer()
    make_volunteer()
    _plan()
    checked = words_of(client.post(SEND, _told(all="1")))
    assert "1 offer to 1 volunteer" in checked
    assert "1 cannot be sent now" in checked
    words = words_of(client.post(SEND, _told(all="1", confirmed="1"), follow=True))
    assert "1 offer sent" in words
    assert "1 was not sent" in words
    assert f"{unready.reference}: This need has no current, approved risk assessment." in words
    assert [one.need for one in Offer.objects.all()] == [ready]


def test_what_changed_between_the_check_and_the_button_is_not_sent(client: Client) -> None:
    sign_in(client)
    [volunteer] = _pairs(1)
    plan = _plan()
    pair = plan.pairs.get()
    assert "1 offer to 1 volunteer" in words_of(client.post(SEND, _told([pair])))
    taken = make_offer(volunteer=volunteer)
    words = words_of(client.post(SEND, _told([pair], confirmed="1"), follow=True))
    assert "No offers were sent" in words
    assert "1 was not sent" in words
    assert [one.pk for one in Offer.objects.all()] == [taken.pk]


def test_nothing_is_sent_twice(client: Client) -> None:
    sign_in(client)
    _pairs(1)
    pair = _plan().pairs.get()
    for _ in range(2):
        client.post(SEND, _told([pair], confirmed="1"))
    assert Offer.objects.count() == 1
    assert "No offers were sent" in words_of(client.get(SENT))


@pytest.mark.parametrize("pairs", [[], ["nonsense"], ["00000000-0000-0000-0000-000000000000"]])
def test_nothing_chosen_is_said(client: Client, pairs: list[str]) -> None:
    sign_in(client)
    _pairs(1)
    _plan()
    answer = client.post(SEND, _told() | {"pair": pairs, "confirmed": "1"}, follow=True)
    assert "Select at least one match that has not been sent yet." in words_of(answer)
    assert not Offer.objects.exists()


def test_a_check_of_an_older_plan_sends_nothing_of_the_newer(client: Client) -> None:
    sign_in(client)
    _pairs(1)
    _plan()
    seen = _told(all="1", confirmed="1")
    _pairs(2)
    _plan()
    words = words_of(client.post(SEND, seen, follow=True))
    assert "A newer plan has been made. Look at it before you send." in words
    assert not Offer.objects.exists()


def test_very_many_are_sent_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_send, "AT_ONCE", 2)
    sign_in(client)
    _pairs(3)
    _plan()
    checked = words_of(client.post(SEND, _told(all="1")))
    assert "2 offers to 2 volunteers" in checked
    assert "1 more is left for the next time you send." in checked
    client.post(SEND, _told(all="1", confirmed="1"))
    assert Offer.objects.count() == 2
    client.post(SEND, _told(all="1", confirmed="1"))
    assert Offer.objects.count() == 3


def test_the_page_after_sending_leads_back_where_nothing_was_sent(client: Client) -> None:
    sign_in(client)
    assert client.get(SENT)["Location"] == PLAN
    assert client.get(SEND).status_code == 405


def test_a_coordinator_reads_and_sends_for_their_own_districts_only(client: Client) -> None:
    make_place(OTHER_DISTRICT)
    sign_in(client, RoleKey.COORDINATOR, DISTRICT)
    mine = make_ready_need("Near")
    make_ready_need("Far", district=OTHER_DISTRICT)
    make_volunteer()
    make_volunteer(district=OTHER_DISTRICT)
    make_need("Near gap", skills=["x"])
    make_need("Far gap", skills=["x"], district=OTHER_DISTRICT)
    plan = _plan()
    assert plan.filled == 2
    summary = words_of(client.get(PLAN))
    assert "2 can be filled" in summary, "the whole hub's figures are everybody's"
    assert "of 1 in your districts" in summary
    for page in PAGES:
        words = words_of(client.get(page))
        assert "Lancaster" not in words
        assert "Far" not in words
    theirs = plan.pairs.get(need__title="Far")
    client.post(SEND, _told([theirs], confirmed="1"))
    client.post(SEND, _told(all="1", confirmed="1"))
    assert [one.need for one in Offer.objects.all()] == [mine]


def test_a_volunteer_from_elsewhere_is_not_named(client: Client) -> None:
    make_place(OTHER_DISTRICT)
    sign_in(client, RoleKey.COORDINATOR, DISTRICT)
    make_ready_need()
    make_volunteer(make_person("Vera", "Wren", district=OTHER_DISTRICT, postcode="PR1 8RJ"))
    pair = _plan().pairs.get()
    shown = Disclosure.objects.count()
    for answer in (client.get(PAIRS), client.post(SEND, _told([pair]))):
        assert "volunteer outside your districts" in words_of(answer)
        assert "Wren" not in answer.content.decode()
    assert Disclosure.objects.count() == shown
    client.post(SEND, _told([pair], confirmed="1"))
    assert Offer.objects.count() == 1, "the plan is the hub's: its offer may be sent"


def test_nothing_tells_how_far_a_protected_place_is(client: Client) -> None:
    sign_in(client)
    make_ready_need(person=make_person(postcode="LA1 1YN", shielded=True), postcode=None)
    make_volunteer()
    _plan()
    words = words_of(client.get(PAIRS))
    assert "an address is kept secret" in words
    assert " km" not in words
    assert "quality" not in words


@pytest.mark.parametrize("role", [RoleKey.VOLUNTEER, RoleKey.REFERRER, RoleKey.ADMINISTRATOR])
def test_nobody_else_opens_makes_or_sends_a_plan(client: Client, role: RoleKey) -> None:
    _pairs(1)
    plan = _plan()
    sign_in(client, role)
    for page in PAGES:
        assert client.get(page).status_code == 403
    assert client.post(MAKE).status_code == 403
    assert client.post(SEND, _told(list(plan.pairs.all()), confirmed="1")).status_code == 403
    assert Plan.objects.count() == 1
    assert not Offer.objects.exists()


def test_a_page_takes_as_many_queries_for_many_lines_as_for_few(client: Client) -> None:
    sign_in(client)
    _pairs(5)
    for _ in range(5):
        make_need(skills=["x"], postcode="PR1 8RJ")
    _plan()
    few = {page: queries_of(client, page) for page in PAGES}
    _pairs(10)
    for _ in range(10):
        make_need(skills=["x"], postcode="PR1 8RJ")
    _plan()
    assert {page: queries_of(client, page) for page in PAGES} == few


def test_long_lists_come_in_pages(client: Client) -> None:
    sign_in(client)
    _pairs(27)
    _plan()
    first = client.get(PAIRS).content.decode()
    assert first.count('name="pair"') == 25
    following = re.search(r'href="(\?after=[^"]+)" rel="next"', first)
    assert following
    second = client.get(PAIRS + following[1].replace("&amp;", "&")).content.decode()
    assert second.count('name="pair"') == 2
    assert 'rel="prev"' in second
