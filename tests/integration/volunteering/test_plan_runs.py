"""Plans as the hub's jobs make them: asked for, seen as they go, cancelled, lost, begun again."""

from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest

from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.roles import RoleKey
from stepdown.volunteering import jobs
from stepdown.volunteering.actions import plan_keeping, plan_runs, plans
from stepdown.volunteering.models import Plan, PlanGap, PlanPair, PlanRun
from stepdown.volunteering.queries import plan as reading
from stepdown.volunteering.queries import plan_run as runs
from tests.factories import (
    actor_of,
    coordinator,
    make_need,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer

NOON = datetime(2026, 6, 1, 12, tzinfo=clock.LONDON)


def verbs(run: PlanRun) -> list[str]:
    entries = LedgerEntry.objects.filter(subjects__kind="plan-run", subjects__subject_id=run.pk)
    return list(entries.order_by("id").values_list("verb", flat=True))


def nothing_kept() -> bool:
    return not (Plan.objects.exists() or PlanPair.objects.exists() or PlanGap.objects.exists())


def some_work() -> None:
    make_ready_need()
    make_need(skills=["gardening"], postcode="PR1 8RJ")
    make_volunteer()


def test_a_plan_is_asked_for_at_once_and_made_by_the_jobs() -> None:
    user = make_user(RoleKey.COORDINATOR)
    some_work()
    run = plan_runs.ask(by=actor_of(user), seconds=60)
    assert (run.state, run.seconds) == ("asked", 60)
    assert nothing_kept()
    assert jobs.make_plan() == 1
    run.refresh_from_db()
    plan = Plan.objects.get()
    assert (run.state, run.plan, run.current) == ("made", plan, None)
    assert (plan.complete, plan.filled, plan.made_by) == (True, 1, user)
    assert verbs(run) == ["plan.asked", "plan.made"]
    assert jobs.make_plan() == 0, "once"


def test_nothing_is_made_that_nobody_asked_for() -> None:
    some_work()
    assert jobs.make_plan() == 0
    assert nothing_kept()


def test_a_run_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_runs, "EVERY_SECONDS", 0)
    some_work()
    by = coordinator()
    told = []

    def hear(phase: str, done: int, total: int) -> None:
        run = PlanRun.objects.get()
        told.append((run.phase, run.done, run.total))
        assert run.state == "running"

    plans.make(by=by, progress=hear)
    phases = list(dict.fromkeys(phase for phase, _, _ in told if phase))
    assert phases == ["read", "candidates", "solve", "certify", "write", "explain"]
    assert ("write", 1, 2) in told


@pytest.mark.parametrize("phase", ["read", "candidates", "certify", "explain", "write"])
@pytest.mark.parametrize("size", [1, 10_000_000], ids=["large", "small"])
def test_a_cancelled_plan_stops_where_it_is_and_leaves_nothing(
    settings: Any, monkeypatch: pytest.MonkeyPatch, phase: str, size: int
) -> None:
    settings.STEPDOWN_INDEX_FROM = size
    monkeypatch.setattr(plan_runs, "EVERY_SECONDS", 0)
    some_work()
    by = coordinator()
    run = plan_runs.ask(by=by)
    heard = []

    def cancel(at: str, done: int, total: int) -> None:
        heard.append(at)
        if at == phase and PlanRun.objects.get().state == "running":
            plan_runs.cancel(by=by, run=run)

    with pytest.raises(plan_runs.Stopped):
        plan_runs.carry_out(by=by, run=run, progress=cancel)
    assert heard[-1] == phase, "it went no further"
    run.refresh_from_db()
    assert (run.state, run.ended_by_id) == ("cancelled", by.user)
    assert nothing_kept()
    assert verbs(run) == ["plan.asked", "plan.cancelled"]
    assert plans.make(by=by).filled == 1


def test_a_plan_that_waits_is_cancelled_too() -> None:
    by = coordinator()
    some_work()
    run = plan_runs.ask(by=by)
    plan_runs.cancel(by=by, run=run)
    assert jobs.make_plan() == 0
    assert nothing_kept()
    with pytest.raises(Refused, match="was cancelled"):
        plan_runs.cancel(by=by, run=run)


def test_a_plan_cancelled_at_its_last_moment_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    by = coordinator()
    some_work()
    run = plan_runs.ask(by=by)
    write = plan_keeping.write

    def and_cancel(*args: Any) -> Plan:
        plan = write(*args)
        plan_runs.cancel(by=by, run=run)
        return plan

    monkeypatch.setattr(plan_keeping, "write", and_cancel)
    with pytest.raises(plan_runs.Stopped):
        plan_runs.carry_out(by=by, run=run)
    assert nothing_kept()


def test_only_who_may_plan_asks_and_cancels() -> None:
    run = plan_runs.ask(by=coordinator())
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER))
    with pytest.raises(Refused):
        plan_runs.ask(by=officer)
    with pytest.raises(Refused):
        plan_runs.cancel(by=officer, run=run)
    assert runs.get(officer, run.pk) == run
    with pytest.raises(Refused):
        runs.get(actor_of(make_user(RoleKey.REFERRER)), run.pk)
    with pytest.raises(NotVisible):
        runs.get(officer, make_need().pk)


def test_a_plan_asked_for_by_somebody_whose_role_has_ended_is_not_made() -> None:
    user = make_user(RoleKey.COORDINATOR)
    some_work()
    run = plan_runs.ask(by=actor_of(user))
    user.memberships.all().delete()
    with pytest.raises(Refused):
        jobs.make_plan()
    run.refresh_from_db()
    assert run.state == "failed"
    assert nothing_kept()


def test_a_run_of_a_worker_that_was_killed_is_lost_and_another_begins() -> None:
    by = coordinator()
    some_work()
    with clock.at(NOON):
        run = plan_runs.ask(by=by)

        def killed(phase: str, done: int, total: int) -> None:
            if phase == "write":
                raise SystemExit

        kept = plan_runs._give_up
        plan_runs._give_up = lambda *_: None  # a killed process tidies nothing up
        try:
            with pytest.raises(SystemExit):
                plan_runs.carry_out(by=by, run=run, progress=killed)
        finally:
            plan_runs._give_up = kept
    assert Plan.objects.filter(complete=False).count() == 1
    assert reading.latest(by) is None, "nobody is shown it"
    with clock.at(NOON + timedelta(minutes=4)):
        run.refresh_from_db()
        assert runs.is_under_way(run)
        with pytest.raises(Refused, match="being made already"):
            plan_runs.ask(by=by)
    with clock.at(NOON + timedelta(minutes=6)):
        assert runs.is_lost(run)
        assert not runs.is_under_way(run)
        again = plan_runs.ask(by=by)
        run.refresh_from_db()
        assert run.state == "lost"
        assert verbs(run)[-1] == "plan.lost"
        assert jobs.make_plan() == 1
        again.refresh_from_db()
        assert Plan.objects.get() == again.plan, "and nothing is left of the other"


def test_the_jobs_write_down_that_a_run_is_lost() -> None:
    with clock.at(NOON):
        run = plan_runs.ask(by=coordinator())
        PlanRun.objects.update(state="running", began_at=NOON, heard_at=NOON)
        assert jobs.make_plan() == 0
        run.refresh_from_db()
        assert run.state == "running"
    with clock.at(NOON + timedelta(minutes=6)):
        assert jobs.make_plan() == 0
        run.refresh_from_db()
        assert run.state == "lost"


def test_a_worker_that_was_given_up_and_comes_back_keeps_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan_runs, "EVERY_SECONDS", 0)
    by = coordinator()
    some_work()
    with clock.at(NOON):
        run = plan_runs.ask(by=by)
        asleep: list[str] = []

        def nod_off(phase: str, done: int, total: int) -> None:
            if phase == "certify" and not asleep:
                asleep.append(phase)
                with clock.at(NOON + timedelta(minutes=6)):
                    assert plans.make(by=by).complete

        with pytest.raises(plan_runs.Stopped):
            plan_runs.carry_out(by=by, run=run, progress=nod_off)
    assert Plan.objects.count() == 1


def test_a_worker_whose_engine_is_silent_for_long_says_that_it_lives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The beat comes from a thread of its own; the test's database is not another thread's."""
    by = coordinator()
    run = plan_runs.ask(by=by)
    beats: list[dict[str, Any]] = []
    monkeypatch.setattr(plan_runs, "PULSE_SECONDS", 0.01)
    monkeypatch.setattr(plan_runs, "_beat", lambda run: beats.append({"run": run.pk}))
    with plan_runs._pulse(run):
        until = monotonic() + 10
        while len(beats) < 2 and monotonic() < until:
            sleep(0.01)
    counted = len(beats)
    assert counted >= 2
    sleep(0.05)
    assert len(beats) == counted, "and no longer than it works"


def test_a_beat_keeps_a_run_from_being_lost() -> None:
    with clock.at(NOON):
        run = plan_runs.ask(by=coordinator())
        PlanRun.objects.update(state="running", began_at=NOON, heard_at=NOON)
    with clock.at(NOON + timedelta(minutes=6)):
        plan_runs._beat(run)
        run.refresh_from_db()
        assert not runs.is_lost(run)
        plan_runs.cancel(by=coordinator(), run=run)
    with clock.at(NOON + timedelta(minutes=7)):
        plan_runs._beat(run)
        run.refresh_from_db()
        assert run.heard_at == NOON + timedelta(minutes=6), "one that is over has none"


def test_jobs_that_are_stopped_put_the_plan_back() -> None:
    by = coordinator()
    some_work()
    run = plan_runs.ask(by=by)
    assert jobs.make_plan(stop=lambda: True) == 0
    run.refresh_from_db()
    assert (run.state, run.began_at) == ("asked", None)
    assert nothing_kept()
    assert jobs.make_plan() == 1


def test_what_a_plan_makes_otherwise_is_counted_and_listed() -> None:
    by = coordinator()
    low = make_ready_need("Low", band=4)
    first = make_volunteer()
    before = plans.make(by=by)
    assert before.facts["changed"] == 0
    urgent = make_ready_need("Urgent", band=1)
    plan = plans.make(by=by)
    assert plan.facts["changed"] == 1
    assert reading.count_changes(by, plan) == 1
    [row] = reading.changes(by, plan).items
    assert (row.need_id, row.instead, row.elsewhere) == (low.pk, [], [urgent.reference])
    assert row.people == {first.person_id}
    second = make_volunteer()
    after = plans.make(by=by)
    assert after.facts["changed"] == 0 or reading.count_changes(by, after) == 1
    assert {one.volunteer_id for one in after.pairs.all()} == {first.pk, second.pk}


def test_what_was_asked_or_is_impossible_is_not_called_changed() -> None:
    by = coordinator()
    asked, closed = make_ready_need(band=4), make_ready_need(band=3)
    make_volunteer()
    make_volunteer()
    before = plans.make(by=by)
    pair = before.pairs.get(need=asked)
    make_offer(asked, pair.volunteer)
    other = before.pairs.get(need=closed)
    other.volunteer.state = "paused"
    other.volunteer.save()
    assert plans.make(by=by).facts["changed"] == 0
