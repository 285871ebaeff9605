"""Ranked callers: which an actor may see, and their calls before and after help began."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from stepdown.casework.models import Caller, CallerDay, CallerRank, CallLog, Case, CaseAnswers
from stepdown.casework.queries import case as cases
from stepdown.evidence.before_after import Comparison, History, Observed, compare
from stepdown.hub.models import Agency
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for, visible
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

REASONS = tuple((str(value), str(label)) for value, label in Caller.Reason.choices)
COLUMNS: Columns = {"agency": "agency"}
# Where the day on which help began is answered (see the definition of the pathway).
BEGAN = ("plan", "began-on")


@dataclass(frozen=True)
class Ranked:
    """One caller in one log."""

    id: UUID
    place: int
    number: str = field(repr=False)
    calls: int
    state: str
    case: UUID | None


def facts(caller: Caller) -> Facts:
    """What the policy is told of a caller."""
    return {"agency": caller.agency_id}


def visible_to(by: Actor) -> QuerySet[Caller]:
    """The callers of the actor's agency."""
    return Caller.objects.filter(compile_scope(scope_for(by, Permission.CALLER_VIEW), COLUMNS))


def is_visible(by: Actor, caller: Caller) -> bool:
    """The same truth as ``visible_to``, of a caller in hand."""
    return visible(by, Permission.CALLER_VIEW, facts(caller))


def get(*, by: Actor, id: UUID) -> Caller:
    """One caller that exists for the actor."""
    found = visible_to(by).filter(pk=id).first()
    if found is None:
        raise NotVisible("No such caller.")
    return found


def logs(by: Actor) -> list[CallLog]:
    """The logs that were read for the actor's agency, the last first."""
    scope = compile_scope(scope_for(by, Permission.CALLER_VIEW), COLUMNS)
    return list(CallLog.objects.filter(scope))


def last_day(log: CallLog) -> date:
    """The last day that the log covers."""
    return log.until - timedelta(days=1)


def case_seen(by: Actor, caller: Caller) -> Case | None:
    """The caller's case, if the actor may see it. An unsent referral is none yet."""
    if caller.case_id is None:
        return None
    return cases.visible_to(by).exclude(stage="").filter(pk=caller.case_id).first()


def ranked(by: Actor, log: CallLog) -> list[Ranked]:
    """The callers of a log, most calls first. One query."""
    wanted = CallerRank.objects.filter(log=log, caller__in=visible_to(by))
    return [
        Ranked(
            one.caller_id, one.place, one.caller.number, one.calls, one.caller.state,
            one.caller.case_id,
        )
        for one in wanted.select_related("caller")
    ]  # fmt: skip


def last_rank(caller: Caller) -> CallerRank | None:
    """The caller's place in the last log."""
    return CallerRank.objects.filter(caller=caller).order_by("-log__until", "-log_id").first()


def by_number(agency: Agency) -> dict[str, Caller]:
    """Every caller that an agency knows, for reading a log."""
    return {one.number: one for one in Caller.objects.filter(agency=agency)}


def numbers_known(agency: Agency) -> set[str]:
    """Their numbers: the days of all of them are kept, also of those who are ranked no longer."""
    return set(by_number(agency))


def idle_since(day: date) -> QuerySet[Caller]:
    """Callers without a case who were in no log that reaches beyond a day."""
    idle = Caller.objects.filter(case=None).annotate(last=Max("ranks__log__until"))
    return idle.filter(Q(last__lt=day) | Q(last=None)).order_by("id")


def months_of(caller: Caller) -> list[tuple[date, int]]:
    """Calls by month, every month from the first to the last. One query."""
    found: dict[date, int] = defaultdict(int)
    for day, calls in CallerDay.objects.filter(caller=caller).values_list("day", "calls"):
        found[day.replace(day=1)] += calls
    if not found:
        return []
    month, last, all_months = min(found), max(found), []
    while month <= last:
        all_months.append((month, found[month]))
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return all_months


def observed(by: Actor) -> Observed | None:
    """The days of which all calls are known: logs that meet one another, back from the last."""
    since = until = None
    for log in logs(by):
        if since is None or until is None:
            since, until = log.since, log.until
        elif log.since < since <= log.until:
            since = log.since
    return Observed(since, until - timedelta(days=1)) if since and until else None


@as_hub("counts of callers whom the actor sees, by a day that their case names")
def before_and_after(by: Actor, caller: Caller | None = None) -> Comparison | None:
    """Calls in the three months before and after help began: of one caller, or of everybody.

    Set against callers who were found the same way and have no case; for them the day is the one
    on which they were found. None where no log was read.
    """
    span = observed(by)
    if span is None:
        return None
    mine = list(visible_to(by))
    days: dict[UUID, list[date]] = defaultdict(list)
    held = CallerDay.objects.filter(caller__in=[one.pk for one in mine])
    for pk, day, calls in held.values_list("caller", "day", "calls"):
        days[pk] += [day] * calls
    began = _began(one.case_id for one in mine if one.case_id)
    helped = [
        History(began[one.case_id], tuple(days[one.pk]))
        for one in mine
        if one.case_id in began and (caller is None or one.pk == caller.pk)
    ]
    others = [History(one.found_on, tuple(days[one.pk])) for one in mine if one.case_id is None]
    return compare(helped, span, others)


def _began(cases: Iterable[UUID]) -> dict[UUID | None, date]:
    """The day that each case's plan names, if it does. Drafts of the plan say nothing yet."""
    done = Case.objects.filter(
        pk__in=list(cases), steps__step=BEGAN[0], steps__done_on__isnull=False
    )
    rows = CaseAnswers.objects.filter(case__in=done, step=BEGAN[0]).order_by("number")
    found: dict[UUID | None, date] = {}
    for row in rows:
        if BEGAN[1] in row.answers:
            found[row.case_id] = date.fromisoformat(row.answers[BEGAN[1]])
    return found
