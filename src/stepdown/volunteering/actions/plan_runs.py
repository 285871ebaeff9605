"""Runs of the engine: asked for, carried out by the hub's jobs, cancelled, or lost with them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from threading import Event, Thread
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import ledger, transaction
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import plan_keeping
from stepdown.volunteering.models import Plan, PlanRun
from stepdown.volunteering.models.plan_run import PLAN_RUN_STATES, PlanRunEvent, PlanRunState
from stepdown.volunteering.queries import proposal, world
from stepdown.volunteering.queries.plan_run import is_lost
from stepdown.volunteering.queries.proposal import Progress

PLAN_ASKED = Verb("plan.asked", _("Plan asked for"))
PLAN_MADE = Verb("plan.made", _("Plan made"))
PLAN_CANCELLED = Verb("plan.cancelled", _("Plan cancelled; nothing of it was kept"))
PLAN_FAILED = Verb("plan.failed", _("Plan could not be made; nothing of it was kept"))
PLAN_LOST = Verb("plan.lost", _("Plan broken off with the hub's jobs; nothing of it was kept"))

PULSE_SECONDS = 30.0  # far below what makes a run count as lost
EVERY_SECONDS = 0.5  # how often a run says how far it is, and hears whether it is still wanted

Stop = Callable[[], bool]


class Stopped(Refused):
    """The run is no longer wanted: it was cancelled, or given up as lost."""


class PutBack(Exception):
    """The hub's jobs are being stopped: the run waits for them to start again."""


def never() -> bool:
    """Nothing asks for a stop."""
    return False


@transaction.atomic
def ask(*, by: Actor, seconds: int | None = None, most_changes: int | None = None) -> PlanRun:
    """Ask for a plan, which the hub's jobs then make. Refused while another is being made.

    ``seconds`` limits the engine's time, ``most_changes`` how many matches of the last plan that
    are still possible may change (None: no limit).
    """
    require(by, Permission.PLAN_RUN)
    before = PlanRun.objects.select_for_update().filter(current=1).first()
    if before is not None and is_lost(before):
        _end(Actor.hub(), before, PlanRunEvent.LOSE, PLAN_LOST)
    try:
        with transaction.atomic():
            run = PlanRun.objects.create(
                asked_at=clock.now(),
                asked_by_id=by.user,
                seconds=seconds,
                most_changes=most_changes,
            )
    except IntegrityError:
        raise Refused(gettext("A plan is being made already. Wait for it to finish.")) from None
    asked = {"seconds": seconds, "most_changes": most_changes}
    ledger.record(by=by, verb=PLAN_ASKED, about=("plan-run", run.pk), payload=asked)
    return run


@transaction.atomic
def cancel(*, by: Actor, run: PlanRun) -> PlanRun:
    """Give a plan up. The engine stops when it next says how far it is, and nothing is kept."""
    require(by, Permission.PLAN_RUN)
    return _end(by, _locked(run), PlanRunEvent.CANCEL, PLAN_CANCELLED)


def carry_out(
    *,
    by: Actor,
    run: PlanRun,
    on: date | None = None,
    progress: Progress | None = None,
    stop: Stop = never,
) -> Plan:
    """Make the plan that was asked for, as of a day (today), and keep it.

    The engine runs between short transactions, so that nobody waits for it; ``progress`` hears
    (phase, done, total). Whatever ends it early leaves no plan: ``Stopped`` when it was cancelled,
    ``PutBack`` when ``stop`` says so.
    """
    watch = _Watch(_begin(run), progress, stop)
    try:
        # Roles may have ended since it was asked for: then this run ends too, and is not tried on.
        require(by, Permission.PLAN_RUN)
        watch("read", 0, 0)
        here = world.build(on=on or clock.today())
        keeping = proposal.Keeping(run.most_changes, settings.STEPDOWN_PLAN_STICKY)
        found = proposal.propose(here, watch, time_limit=run.seconds, keeping=keeping)
        plan = plan_keeping.write(by, found, watch.writes, watch)
        return _finish(by, watch.run, plan)
    except BaseException as wrong:
        _give_up(by, watch.run, wrong)
        raise


def work(*, stop: Stop = never) -> int:
    """Carry out the plan that waits, if one does. How many were made."""
    run = PlanRun.objects.select_related("asked_by").filter(current=1).first()
    if run is None:
        return 0
    if run.state != PlanRunState.ASKED:
        _lose(run)
        return 0
    try:
        by = Actor.hub() if run.asked_by is None else actor_for_user(run.asked_by)
        with _pulse(run):
            carry_out(by=by, run=run, stop=stop)
    except (Stopped, PutBack):
        return 0
    return 1


@contextmanager
def _pulse(run: PlanRun) -> Iterator[None]:
    """Say now and then that the run is being worked on: its engine may be silent for minutes."""
    over = Event()

    def beat() -> None:
        while not over.wait(PULSE_SECONDS):
            with suppress(DatabaseError):  # it was busy: the next beat will do
                _beat(run)
        connection.close()

    heart = Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


def _beat(run: PlanRun) -> None:
    working = PlanRun.objects.filter(pk=run.pk, state=PlanRunState.RUNNING)
    working.update(heard_at=clock.now())


class _Watch:
    """Writes down how far a run is, and stops it where it is no longer wanted."""

    def __init__(self, run: PlanRun, progress: Progress | None, stop: Stop) -> None:
        self.run, self.progress, self.stop = run, progress, stop
        self.phase, self.due = "", 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(phase, done, total)
        now = monotonic()
        if phase == self.phase and now < self.due:
            return
        self.phase, self.due = phase, now + EVERY_SECONDS
        if self.stop():
            raise PutBack
        self._tell(phase=phase, done=done, total=total)

    def writes(self, plan: Plan) -> None:
        """Say which plan is being written, so that it is found again whatever happens."""
        self._tell(plan=plan)
        self.run.plan = plan

    def _tell(self, **news: object) -> None:
        if not _mine(self.run).update(heard_at=clock.now(), **news):
            raise Stopped(gettext("This plan was cancelled."))


def _mine(run: PlanRun) -> QuerySet[PlanRun]:
    """The run as long as it is this process that carries it out."""
    return PlanRun.objects.filter(pk=run.pk, state=PlanRunState.RUNNING, began_at=run.began_at)


def _locked(run: PlanRun) -> PlanRun:
    found = PlanRun.objects.select_for_update().filter(pk=run.pk).first()
    if found is None:
        raise NotVisible("No such run.")
    return found


@transaction.atomic
def _begin(run: PlanRun) -> PlanRun:
    run = _locked(run)
    run.state = PLAN_RUN_STATES.next(run.state, PlanRunEvent.BEGIN)
    run.began_at = run.heard_at = clock.now()
    run.save()
    for left in Plan.objects.filter(complete=False):
        plan_keeping.discard(left)  # of a run that was lost
    return run


@transaction.atomic
def _finish(by: Actor, run: PlanRun, plan: Plan) -> Plan:
    if not _mine(run).select_for_update().exists():
        raise Stopped(gettext("This plan was cancelled."))
    plan.made_at, plan.complete = clock.now(), True
    plan.save()
    _mine(run).update(state=PlanRunState.MADE, current=None, ended_at=clock.now())
    ledger.record(
        by=by,
        verb=PLAN_MADE,
        about=("plan", plan.pk),
        subjects=[("plan-run", run.pk)],
        payload={
            "volunteers": plan.volunteers,
            "needs": plan.needs,
            "places": plan.places,
            "filled": plan.filled,
            "proven": plan.proven,
        },
    )
    return plan


def _give_up(by: Actor, run: PlanRun, wrong: BaseException) -> None:
    """Keep nothing, and say how the run ended where nobody has said so yet."""
    if run.plan is not None:
        plan_keeping.discard(run.plan)
    with transaction.atomic():
        held = _mine(run).select_for_update().first()
        if held is None:
            return
        if isinstance(wrong, PutBack):
            held.state = PLAN_RUN_STATES.next(held.state, PlanRunEvent.PUT_BACK)
            held.began_at = held.heard_at = None
            held.save()
        else:
            _end(by, held, PlanRunEvent.FAIL, PLAN_FAILED)


@transaction.atomic
def _lose(run: PlanRun) -> None:
    """Write down that a run is lost, once it is."""
    held = _locked(run)
    if is_lost(held):
        _end(Actor.hub(), held, PlanRunEvent.LOSE, PLAN_LOST)


def _end(by: Actor, run: PlanRun, event: PlanRunEvent, verb: Verb) -> PlanRun:
    """End a run that is locked without a plan."""
    run.state = PLAN_RUN_STATES.next(run.state, event)
    run.current, run.ended_at, run.ended_by_id = None, clock.now(), by.user
    run.save()
    ledger.record(by=by, verb=verb, about=("plan-run", run.pk))
    return run
