"""Ranked callers: kept out of a call log, referred into the pathway, or set aside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions import case_referrals
from stepdown.casework.models import Caller, CallerDay, CallerRank, CallLog, Case
from stepdown.casework.queries import caller as queries
from stepdown.casework.queries import case as cases
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Agency
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

KEPT = Verb("call-log.kept", gettext_lazy("Ranked callers kept"))
REFERRED = Verb("caller.referred", gettext_lazy("Caller referred"))
LINKED = Verb("caller.linked", gettext_lazy("Caller found to have a case"))
SET_ASIDE = Verb("caller.set-aside", gettext_lazy("Caller set aside"))
TAKEN_UP = Verb("caller.taken-up", gettext_lazy("Caller looked at again"))
FORGOTTEN = Verb("caller.forgotten", gettext_lazy("Caller forgotten"))

PATHWAY = "vulnerable-callers"
MOST = 500

# Number, day, calls, of them to 999.
Day = tuple[str, date, int, int]


@dataclass(frozen=True)
class Read:
    """What a log was found to hold. ``ranked``: number and calls, most first."""

    since: date
    until: date
    rows: int
    counted: int
    numbers: int
    excluded: Mapping[str, int]
    ranked: tuple[tuple[str, int], ...]


@transaction.atomic
def keep(*, by: Actor, agency: Agency, read: Read, days: Iterable[Day]) -> CallLog:
    """Keep the ranked callers of a log, and the days of all callers that the agency knows.

    The days of the log's span are written anew: reading a log twice changes nothing.
    """
    require(by, Permission.CALLER_KEEP, {"agency": agency.pk})
    if read.since >= read.until:
        raise InvalidInput({"until": _("The last day must come after the first.")})
    log = CallLog.objects.create(
        agency=agency,
        since=read.since,
        until=read.until,
        rows=read.rows,
        counted=read.counted,
        numbers=read.numbers,
        excluded=dict(read.excluded),
        read_at=clock.now(),
    )
    known = queries.by_number(agency)
    fresh = [
        Caller(agency=agency, number=number, found_on=read.until)
        for number, _calls in read.ranked
        if number not in known
    ]
    known |= {one.number: one for one in Caller.objects.bulk_create(fresh)}
    CallerRank.objects.bulk_create(
        CallerRank(log=log, caller=known[number], place=place, calls=calls)
        for place, (number, calls) in enumerate(read.ranked, start=1)
    )
    held = CallerDay.objects.filter(caller__agency=agency)
    held.filter(day__gte=read.since, day__lt=read.until).delete()
    CallerDay.objects.bulk_create(
        (
            CallerDay(caller=known[number], day=day, calls=calls, emergency=emergency)
            for number, day, calls, emergency in days
            if number in known and read.since <= day < read.until
        ),
        batch_size=1_000,
    )
    payload = {"since": str(read.since), "until": str(read.until), "kept": len(read.ranked)}
    record(by=by, verb=KEPT, about=("call-log", log.pk), payload=payload)
    return log


@transaction.atomic
def refer(*, by: Actor, caller: Caller) -> Case:
    """Begin a referral of whoever calls, with what the log says; who it is, is found out next."""
    held = _locked(by, caller)
    if held.state != Caller.State.NEW:
        raise Refused(_("Somebody has dealt with this caller already."))
    case = case_referrals.start(by=by, pathway=PATHWAY)
    found = queries.last_rank(held)
    answers = {"identified-on": held.found_on.isoformat(), "number": found.calls if found else None}
    case_referrals.answer(by=by, case=case, screen="calls", answers={**answers, "from-home": "yes"})
    held.state, held.case = Caller.State.REFERRED, case
    held.save()
    record(by=by, verb=REFERRED, about=("caller", held.pk), subjects=[("case", case.pk)])
    return case


@transaction.atomic
def link(*, by: Actor, caller: Caller, reference: str) -> Case:
    """Say that whoever calls has a case of this pathway already, by the reference on it."""
    held = _locked(by, caller)
    if held.state != Caller.State.NEW:
        raise Refused(_("Somebody has dealt with this caller already."))
    case = (
        cases.visible_to(by)
        .filter(pathway=PATHWAY, reference=cases.with_reference(reference))
        .exclude(stage="")
        .first()
    )
    if case is None:
        words = _("There is no case of a caller with this reference that you may see.")
        raise InvalidInput({"reference": words})
    held.state, held.case = Caller.State.REFERRED, case
    held.save()
    record(by=by, verb=LINKED, about=("caller", held.pk), subjects=[("case", case.pk)])
    return case


@transaction.atomic
def set_aside(*, by: Actor, caller: Caller, reason: str) -> Caller:
    """Do nothing about a caller, and say why."""
    held = _locked(by, caller)
    if held.state != Caller.State.NEW:
        raise Refused(_("Somebody has dealt with this caller already."))
    check = Check()
    held.reason = check.choice("reason", reason, Caller.Reason.values, _("Select why."))
    check.done()
    held.state = Caller.State.ASIDE
    held.save()
    record(by=by, verb=SET_ASIDE, about=("caller", held.pk), payload={"reason": held.reason})
    return held


@transaction.atomic
def take_up(*, by: Actor, caller: Caller) -> Caller:
    """Look again at a caller who was set aside, or whose referral was discarded."""
    held = _locked(by, caller)
    discarded = held.state == Caller.State.REFERRED and held.case_id is None
    if held.state != Caller.State.ASIDE and not discarded:
        raise Refused(_("This caller waits already, or has a case."))
    held.state, held.reason = Caller.State.NEW, ""
    held.save()
    record(by=by, verb=TAKEN_UP, about=("caller", held.pk))
    return held


@transaction.atomic
def forget_old(*, by: Actor) -> int:
    """Forget callers who have no case and were in no log for as long as the settings say: how many,
    some hundreds at a time."""
    before = clock.today() - timedelta(days=settings.STEPDOWN_CALLERS_KEPT_DAYS)
    idle = list(queries.idle_since(before)[:MOST])
    for one in idle:
        require(by, Permission.CALLER_KEEP, {"agency": one.agency_id})
        record(by=by, verb=FORGOTTEN, about=("caller", one.pk))
        one.delete()
    CallLog.objects.filter(until__lt=before, ranks=None).delete()
    return len(idle)


def _locked(by: Actor, caller: Caller) -> Caller:
    found = Caller.objects.select_for_update().filter(pk=caller.pk).first()
    if found is None or not queries.is_visible(by, found):
        raise NotVisible("No such caller.")
    require(by, Permission.CALLER_DECIDE, queries.facts(found))
    return found
