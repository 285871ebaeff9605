"""Plans that keep to the last one: no more changes than allowed, and none for too few points."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import plan_runs, plans
from stepdown.volunteering.models import Plan, PlanRun, Volunteer
from stepdown.volunteering.queries import plan as reading
from stepdown.volunteering.queries import resident, world
from stepdown.volunteering.queries.proposal import Keeping, propose
from tests.factories import coordinator, make_postcode, make_ready_need, make_volunteer
from tests.factories.offers import make_offer
from tests.support.reading import sign_in, words_of

NEAR, FAR = "PR1 8RJ", "LA1 1YN"
PLAN, MAKE = reverse("plan"), reverse("plan-make")


@pytest.fixture(params=["records", "index"])
def hub(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    """A small hub, and one that keeps an index of its volunteers."""
    if request.param == "index":
        settings.STEPDOWN_INDEX = tmp_path / "index"
        settings.STEPDOWN_INDEX_FROM = 1
    return str(request.param)


def read(hub: str) -> None:
    if hub == "index":
        resident.rebuild()


def an_urgent_need_comes() -> None:
    """One volunteer, planned for a need that is not urgent; then one that is."""
    make_ready_need("Low", band=4, postcode=NEAR)
    make_volunteer()
    plans.make(by=coordinator())
    make_ready_need("Urgent", band=1, postcode=NEAR)


def somebody_nearer_comes() -> tuple[Volunteer, Volunteer]:
    """One need, planned for a volunteer far off; then one who lives where it is."""
    make_postcode(FAR, easting=347_000, northing=462_000)
    make_ready_need(band=2, postcode=NEAR)
    far = make_volunteer(postcode=FAR)
    plans.make(by=coordinator())
    return far, make_volunteer(postcode=NEAR)


def asked_in(plan: Plan) -> set[str]:
    return {one.need.title for one in plan.pairs.select_related("need")}


def test_no_more_matches_change_than_were_allowed(hub: str) -> None:
    by = coordinator()
    an_urgent_need_comes()
    read(hub)
    kept = plans.make(by=by, most_changes=0)
    assert asked_in(kept) == {"Low"}
    assert (kept.filled, kept.facts["changed"]) == (1, 0)
    assert not kept.proven
    assert kept.facts["finished"] is True
    assert kept.facts["filled_by_band"] == [0, 0, 0, 1]
    assert kept.facts["optimum_by_band"][0] == 1
    assert kept.facts["kept"] == {
        "most": 0,
        "sticky": 0,
        "possible": 1,
        "changed": 0,
        "held_back": 1,
        "sound": True,
    }
    [gap] = reading.gaps(by, kept).items
    assert gap.why.startswith("Volunteers who meet every rule: 1. Their time goes to other needs")
    assert gap.change.startswith("Changes to the last plan were held back: a plan without that")
    read(hub)
    freer = plans.make(by=by, most_changes=1)
    assert asked_in(freer) == {"Urgent"}
    assert freer.proven
    assert freer.facts["changed"] == 1
    assert (freer.facts["kept"]["changed"], freer.facts["kept"]["held_back"]) == (1, 0)


def test_a_change_must_earn_the_points_that_are_asked_of_it(hub: str, settings: Any) -> None:
    by = coordinator()
    far, near = somebody_nearer_comes()
    settings.STEPDOWN_PLAN_STICKY = 1000
    read(hub)
    kept = plans.make(by=by)
    assert [one.volunteer for one in kept.pairs.all()] == [far]
    assert not kept.proven
    assert kept.facts["optimum_by_band"] == kept.facts["filled_by_band"] == [0, 1, 0, 0]
    assert kept.upper_bound > kept.quality
    settings.STEPDOWN_PLAN_STICKY = kept.upper_bound - kept.quality
    read(hub)
    assert [one.volunteer for one in plans.make(by=by).pairs.all()] == [far], "it must earn more"
    settings.STEPDOWN_PLAN_STICKY -= 1
    read(hub)
    best = plans.make(by=by)
    assert [one.volunteer for one in best.pairs.all()] == [near]
    assert best.proven
    assert best.quality == kept.upper_bound, "what was held back is what the bound says"


def test_a_change_that_fills_more_places_need_not_earn_points(settings: Any) -> None:
    settings.STEPDOWN_PLAN_STICKY = 1000
    an_urgent_need_comes()
    plan = plans.make(by=coordinator())
    assert asked_in(plan) == {"Urgent"}
    assert plan.proven


def test_matches_are_only_added_where_none_may_change() -> None:
    by = coordinator()
    make_ready_need("Low", band=4, postcode=NEAR)
    first = make_volunteer(postcode=NEAR)
    plans.make(by=by)
    make_ready_need("Urgent", band=1, postcode=NEAR)
    make_volunteer(postcode=NEAR)
    plan = plans.make(by=by, most_changes=0)
    assert asked_in(plan) == {"Low", "Urgent"}
    assert plan.pairs.get(volunteer=first).need.title == "Low"
    assert plan.facts["changed"] == 0


def test_what_cannot_stay_or_was_asked_is_no_match_to_keep() -> None:
    by = coordinator()
    paused, asked = make_volunteer(), make_volunteer()
    for _ in range(2):
        make_ready_need()
    before = plans.make(by=by)
    paused.state = "paused"
    paused.save()
    make_offer(before.pairs.get(volunteer=asked).need, asked)
    plan = plans.make(by=by, most_changes=0)
    assert plan.facts["kept"]["possible"] == 0
    assert plan.proven


def test_matches_of_a_volunteer_with_less_time_are_none_to_keep() -> None:
    by = coordinator()
    volunteer = make_volunteer(capacity=2)
    for _ in range(2):
        make_ready_need()
    assert plans.make(by=by).filled == 2
    volunteer.capacity = 1
    volunteer.save()
    plan = plans.make(by=by, most_changes=0)
    assert plan.filled == 1
    assert plan.proven
    assert plan.facts["kept"]["possible"] == 0


def test_a_first_plan_has_nothing_to_keep() -> None:
    make_ready_need()
    make_volunteer()
    plan = plans.make(by=coordinator(), most_changes=0)
    assert plan.proven
    assert plan.facts["kept"] is None


def test_without_a_limit_or_points_the_best_plan_is_made_and_nothing_kept() -> None:
    an_urgent_need_comes()
    plan = plans.make(by=coordinator())
    assert asked_in(plan) == {"Urgent"}
    assert plan.facts["kept"] is None


def test_a_plan_that_its_time_limit_stopped_keeps_the_last_one() -> None:
    an_urgent_need_comes()
    plan = plans.make(by=coordinator(), seconds=0, most_changes=0)
    assert asked_in(plan) == {"Low"}
    assert plan.facts["finished"] is False


def test_how_far_it_is_is_told_while_the_last_plan_is_read() -> None:
    an_urgent_need_comes()
    told = []
    here = world.build(on=clock.today())
    propose(here, lambda *now: told.append(now), keeping=Keeping(most=0))
    assert ("keep", 0, 1) in told


def test_how_many_may_change_is_chosen_on_the_page(client: Client) -> None:
    sign_in(client)
    label = "Change no more than this many matches of the last plan"
    assert label not in words_of(client.get(PLAN)), "there is no last plan"
    an_urgent_need_comes()
    assert label in words_of(client.get(PLAN))
    waiting = client.post(MAKE, {"most_changes": "0"})["Location"]
    assert "no more than 0 matches change" in words_of(client.get(waiting))
    run = PlanRun.objects.get(current=1)
    assert run.most_changes == 0
    entry = LedgerEntry.objects.filter(verb="plan.asked").latest("id")
    assert json.loads(entry.payload.body) == {"seconds": None, "most_changes": 0}
    jobs.make_plan()
    words = words_of(client.get(PLAN))
    assert "Changes to the last plan were held back, so this is not the best plan" in words
    assert "No plan fills more than 1 Most urgent 0 1 2 High and all above 0 1" in words
    assert "No plan that fills as many places in each band has more than 1,000" in words
    assert "Of 1 match of the last plan that could stay, this plan changes 0." in words
    assert "No more than 0 were to change. 1 set of changes" in words
    for wrong in ("could not be proven", "Proven best", "time limit"):
        assert wrong not in words
    client.post(MAKE, {"most_changes": ""})
    assert PlanRun.objects.get(current=1).most_changes is None


@pytest.mark.parametrize("wrong", ["-1", "some", "1.5", "10000000000"])
def test_what_is_no_number_of_matches_is_not_taken(client: Client, wrong: str) -> None:
    sign_in(client)
    an_urgent_need_comes()
    answer = client.post(MAKE, {"most_changes": wrong})
    assert answer.status_code == 422
    words = words_of(answer)
    assert "There is a problem" in words
    assert "Change no more than this many matches of the last plan" in words
    assert "Proven best" in words, "the plan is still there to read"
    assert not PlanRun.objects.filter(current=1).exists()


def test_the_page_tells_what_a_change_had_to_earn(client: Client, settings: Any) -> None:
    sign_in(client)
    somebody_nearer_comes()
    settings.STEPDOWN_PLAN_STICKY = 1000
    plan_runs.carry_out(by=coordinator(), run=plan_runs.ask(by=coordinator()))
    words = words_of(client.get(PLAN))
    assert "had to earn more than 1,000 points for each match it changes" in words
    assert "Changes to the last plan were held back" in words
