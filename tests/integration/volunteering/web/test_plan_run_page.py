"""The page that waits for a plan: how far it is, cancelling it, and how it ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.policy.roles import RoleKey
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import plan_runs, plans
from stepdown.volunteering.models import Plan, PlanRun
from stepdown.volunteering.queries import plan as reading
from tests.factories import (
    DISTRICT,
    OTHER_DISTRICT,
    coordinator,
    make_person,
    make_place,
    make_ready_need,
    make_volunteer,
)
from tests.support.reading import disclosed, queries_of, sign_in, words_of

PLAN, MAKE, CHANGED = reverse("plan"), reverse("plan-make"), reverse("plan-changed")


def asked(client: Client, **more: Any) -> str:
    """Press the button; the address it leads to."""
    return str(client.post(MAKE, more)["Location"])


def test_pressing_the_button_returns_at_once_and_the_page_says_what_it_waits_for(
    client: Client,
) -> None:
    user = sign_in(client)
    make_ready_need()
    make_volunteer()
    waiting = asked(client)
    assert not Plan.objects.exists()
    words = words_of(client.get(waiting))
    assert "Making a plan Waiting to begin" in words
    assert f"by {user.display_name}" in words
    assert "See how far it is now" in words
    assert "Cancel this plan" in words
    told = words_of(client.get(PLAN))
    assert "A new plan is being made. It was asked for on" in told
    assert "See how far it is" in told
    assert "Make a new plan" not in told
    jobs.make_plan()
    assert "The plan is ready: 1 of 1 open places can be filled." in words_of(
        client.get(waiting, follow=True)
    )


def test_a_run_shows_its_phase_and_count(client: Client) -> None:
    sign_in(client)
    waiting = asked(client)
    now = clock.now()
    PlanRun.objects.update(
        state="running", began_at=now, heard_at=now, phase="solve", done=1500, total=6000
    )
    answer = client.get(waiting)
    words = words_of(answer)
    assert "Choosing the best plan" in words
    assert "1,500 of 6,000" in words
    assert '<progress class="app-progress" max="6000" value="1500"' in answer.content.decode()


def test_a_script_that_asks_is_told_to_open_the_page_when_it_is_over(client: Client) -> None:
    sign_in(client)
    waiting = asked(client)
    assert client.get(waiting, {"poll": "1"}).status_code == 200
    jobs.make_plan()
    assert client.get(waiting, {"poll": "1"}).status_code == 204
    assert "The plan is ready" in words_of(client.get(waiting, follow=True))


def test_what_nothing_takes_up_is_said(client: Client) -> None:
    sign_in(client)
    waiting = asked(client)
    assert "may not be running" not in words_of(client.get(waiting))
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert "The hub’s jobs may not be running" in words_of(client.get(waiting))


def test_a_plan_is_cancelled_and_the_pages_say_so(client: Client) -> None:
    user = sign_in(client)
    waiting = asked(client)
    words = words_of(client.post(waiting + "cancel/", follow=True))
    said = f"The plan was cancelled by {user.display_name}. Nothing of it was kept."
    assert said in words
    told = words_of(client.get(PLAN))
    assert said in told
    assert "Make a new plan" in told
    assert "This plan was cancelled." in words_of(client.post(waiting + "cancel/", follow=True))
    assert jobs.make_plan() == 0
    plans.make(by=coordinator())
    assert said not in words_of(client.get(PLAN)), "a newer one is there"


@pytest.mark.parametrize(
    ("state", "words"),
    [("failed", "something went wrong"), ("lost", "jobs were stopped while it was made")],
)
def test_how_a_run_ended_is_said(client: Client, state: str, words: str) -> None:
    sign_in(client)
    waiting = asked(client)
    PlanRun.objects.update(state=state, current=None, ended_at=clock.now())
    assert words in words_of(client.get(waiting))
    assert words in words_of(client.get(PLAN))


def test_a_run_that_is_silent_for_long_may_be_begun_again(client: Client) -> None:
    sign_in(client)
    waiting = asked(client)
    then = clock.now() - timedelta(minutes=6)
    PlanRun.objects.update(state="running", began_at=then, heard_at=then)
    assert "You can make it again." in words_of(client.get(waiting))
    assert "Make a new plan" in words_of(client.get(PLAN))
    assert asked(client) != waiting


def test_an_officer_sees_how_far_a_plan_is_and_cannot_cancel_it(client: Client) -> None:
    run = plan_runs.ask(by=coordinator())
    sign_in(client, RoleKey.OUTREACH_OFFICER)
    page = reverse("plan-run", args=[run.pk])
    words = words_of(client.get(page))
    assert "Making a plan" in words
    assert "Cancel" not in words
    assert client.post(page + "cancel/").status_code == 403
    assert client.get(reverse("plan-run", args=[make_ready_need().pk])).status_code == 404


def test_a_large_hub_chooses_how_long_its_plan_may_take(client: Client, settings: Any) -> None:
    sign_in(client)
    assert "Stop after" not in words_of(client.get(PLAN))
    settings.STEPDOWN_INDEX_FROM = 1
    make_volunteer()
    assert "Stop after" in words_of(client.get(PLAN))
    for given, kept in (("60", 60), ("0", None), ("", 600), ("7", 600)):
        words = words_of(client.get(asked(client, seconds=given)))
        assert ("with the best plan so far" in words) == (kept is not None)
        run = PlanRun.objects.get(current=1)
        assert run.seconds == kept
        plan_runs.cancel(by=coordinator(), run=run)


def test_a_plan_that_its_limit_stopped_says_how_good_it_could_have_been(
    client: Client, settings: Any
) -> None:
    sign_in(client)
    settings.STEPDOWN_INDEX_FROM = 1
    make_ready_need(band=1)
    make_volunteer()
    plans.make(by=coordinator(), seconds=0)
    words = words_of(client.get(PLAN))
    assert "The time limit stopped this plan" in words
    assert "No plan fills more than 1 Most urgent 0 1" in words
    assert "2 High and all above 0 1" in words
    assert "Proven best" not in words


def test_how_evenly_volunteers_are_asked_is_shown_and_stands_outside_the_score(
    client: Client,
) -> None:
    sign_in(client)
    make_ready_need()
    make_volunteer(capacity=2)
    make_volunteer(capacity=1)
    plans.make(by=coordinator())
    words = words_of(client.get(PLAN))
    assert "These figures stand outside the score" in words
    assert "Never asked before 1 2 Asked once 0 0" in words
    assert "Places taken, of those they can take In the plan All volunteers None 0 1" in words
    assert "Places filled by group, such as by gender or age, are not shown" in words


def test_what_the_plan_makes_otherwise_is_linked_and_listed(client: Client) -> None:
    sign_in(client)
    assert client.get(CHANGED)["Location"] == PLAN
    low = make_ready_need("Low", band=4)
    volunteer = make_volunteer(make_person("Vera", "Wren", postcode="PR1 8RJ"))
    plans.make(by=coordinator())
    assert "made otherwise" not in words_of(client.get(PLAN))
    assert "makes no match in your districts otherwise" in words_of(client.get(CHANGED))
    urgent = make_ready_need("Urgent", band=1)
    plans.make(by=coordinator())
    assert "1 match that the plan before proposed is made otherwise" in words_of(client.get(PLAN))
    words = words_of(client.get(CHANGED))
    assert low.reference in words
    assert "Was proposed Vera Wren" in words
    assert "Proposed instead Nobody new" in words
    assert f"now proposed for {urgent.reference}" in words
    assert disclosed("plan-changed") == {volunteer.person_id}


def test_changes_are_seen_of_ones_own_districts_only(client: Client) -> None:
    make_place(OTHER_DISTRICT)
    make_ready_need("Far", band=4, district=OTHER_DISTRICT)
    make_volunteer(make_person("Vera", "Wren", district=OTHER_DISTRICT, postcode="PR1 8RJ"))
    plans.make(by=coordinator())
    make_ready_need("Near", band=1)
    assert plans.make(by=coordinator()).facts["changed"] == 1
    sign_in(client, RoleKey.COORDINATOR, DISTRICT)
    words = words_of(client.get(CHANGED))
    assert "Far" not in words
    assert "Wren" not in words


def test_the_list_of_changes_takes_as_many_queries_for_many_as_for_few(client: Client) -> None:
    sign_in(client)
    counted = []
    for many in (2, 12):
        for _ in range(many):
            make_ready_need(band=4)
            make_volunteer()
        plans.make(by=coordinator())
        for _ in range(many):
            make_ready_need(band=1)
        plan = plans.make(by=coordinator())
        assert reading.count_changes(coordinator(), plan) >= many
        counted.append(queries_of(client, CHANGED))
    assert counted[0] == counted[1]


def test_a_long_plan_is_counted_by_the_database_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client)
    for _ in range(4):
        make_ready_need()
        make_volunteer()
    plan = plans.make(by=coordinator())
    pairs = list(plan.pairs.order_by("band", "id"))
    plans.send_offers(by=coordinator(), pairs=pairs[:1])
    short = reading.count_unsent(coordinator(), plan), reading.unsent(coordinator(), plan, most=2)
    told = words_of(client.get(PLAN))
    monkeypatch.setattr(reading, "LONG", 3)
    assert short == (
        reading.count_unsent(coordinator(), plan),
        reading.unsent(coordinator(), plan, most=2),
    )
    assert "Not sent yet 3 Waits for an answer 1 Placed 0" in told
    words = words_of(client.get(PLAN))
    assert "Not sent yet 3 Waits for an answer 1 Placed 0" in words
    assert "is asked when it is sent" in words
    monkeypatch.setattr(reading, "AT_ONCE", 2)
    assert len(reading.unsent(coordinator(), plan, most=3)) == 3
