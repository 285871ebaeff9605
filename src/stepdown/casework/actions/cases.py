"""A case takes its course: steps, moves, closing, measuring. See also ``case_people``."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.case_forms import checked, keep
from stepdown.casework.actions.case_keeping import entered, locked, must_be_open, saved
from stepdown.casework.models import Case, CaseMeasure, CasePerson, CaseStage, CaseStep
from stepdown.casework.queries.case import asked_today, definition_of, readable, right_to_move
from stepdown.casework.queries.case_facts import endings_of, standing_of
from stepdown.casework.queries.case_page import people_of
from stepdown.casework.queries.case_words import said
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pathways.instruments import instrument, score
from stepdown.people.queries.restriction import Use, require_use
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission

SAVED = Verb("case.step-saved", gettext_lazy("Draft saved"))
DONE = Verb("case.step-done", gettext_lazy("Step done"))
MOVED = Verb("case.moved", gettext_lazy("Case moved on"))
CLOSED = Verb("case.closed", gettext_lazy("Case closed"))
REOPENED = Verb("case.reopened", gettext_lazy("Case opened again"))
MEASURED = Verb("case.measured", gettext_lazy("Measure recorded"))


@dataclass(frozen=True)
class Filled:
    """A step's form as somebody sends it. ``version`` is what they saw of the draft."""

    step: str
    number: int
    version: int
    answers: Mapping[str, Any]
    finish: bool


@transaction.atomic
def save_step(
    *,
    by: Actor,
    case: Case,
    step: str,
    number: int,
    version: int,
    answers: Mapping[str, Any],
    finish: bool,
) -> CaseStep:
    """Keep what a step's form says: as a draft, or done. ``version`` is what the actor saw of the
    draft, 0 for none: somebody else's later words are never written over unseen."""
    held = locked(by, case, Permission.CASE_WORK)
    read = {one.value for one in readable(by, held)}
    form = Filled(step, number, version, answers, finish)
    return keep_step(by=by, held=held, form=form, read=read)


def keep_step(*, by: Actor, held: Case, form: Filled, read: Collection[str]) -> CaseStep:
    """The same of a case that is locked, for somebody who reads these categories of it. Part of
    verbs: whether they may do it was asked before."""
    must_be_open(held)
    step, number, answers, finish = form.step, form.number, form.answers, form.finish
    todo = standing_of(held).todo(step)
    if todo is None:
        raise Refused(_("This is not to be done in the stage that the case is in."))
    if todo.number != number or not (todo.open or todo.waits_for):
        raise Refused(_("Somebody else has done this step meanwhile."))
    if todo.waits_for:
        raise Refused(" ".join(said(reason) for reason in todo.waits_for))
    if not {field.category for field in todo.step.fields} <= set(read):
        raise Refused(_not_read())
    found = checked(asked_today(held, todo.step), answers, whole=finish)
    row = CaseStep.objects.select_for_update().filter(case=held, step=step, number=number).first()
    if (row.version if row else 0) != form.version:
        raise Refused(_("Somebody else saved this form while you were writing. Look at theirs."))
    row = row or CaseStep(case=held, step=step, number=number, version=0)
    row.saved_by_id, row.saved_at = by.user, clock.now()
    row.done_on = clock.today() if finish else None
    row.version += 1
    row.save()
    keep(held, step, number, found)
    saved(held)
    entered(by, DONE if finish else SAVED, held, {"step": step, "number": number})
    return row


@transaction.atomic
def move(*, by: Actor, case: Case, to: str, outcome: str = "", reason: str = "") -> Case:
    """Take the case to another stage: on, back, to its end, or from its end to be open again.

    Every guard that refuses says so. An end asks for an outcome, a failure for its reason.
    """
    one = definition_of(case)
    known = {stage.key: stage for stage in one.stages}
    if to not in known:
        raise InvalidInput({"to": _("Select where the case goes.")})
    ends, ended = known[to].ends, case.closed_on is not None
    verb = REOPENED if ended else CLOSED if ends else MOVED
    held = locked(by, case, right_to_move(case, ends=ends))
    if (held.stage, held.version) != (case.stage, case.version):
        raise Refused(_("Somebody else changed this case meanwhile. Look at it again."))
    way = standing_of(held).way_to(to)
    if way is None:
        raise Refused(_("A case in this stage does not go there."))
    if way.refused:
        raise Refused(" ".join(said(why) for why in way.refused))
    if not ends:
        require_use(Use.SHARE, people_of(held))
    before, today = held.stage, clock.today()
    held.outcome, held.reason = _ending(held, to, outcome, reason) if ends else ("", "")
    held.stage, held.stage_since = to, today
    held.closed_on = today if ends else None
    CaseStage.objects.create(case=held, stage=to, entered_on=today)
    saved(held)
    payload = {"from": before, "to": to, "outcome": held.outcome, "reason": held.reason}
    entered(by, verb, held, payload)
    return held


def _not_read() -> str:
    return _("Your role does not include the kind of information this form asks for.")


def _must_read(by: Actor, case: Case, categories: Iterable[str]) -> None:
    """Nobody writes what they may not read: it would stand in the case unseen by its writer."""
    if not set(categories) <= {one.value for one in readable(by, case)}:
        raise Refused(_not_read())


def _ending(case: Case, to: str, outcome: str, reason: str) -> tuple[str, str]:
    allowed = {one.key: (one, refused) for one, refused in endings_of(case, to)}
    if outcome not in allowed:
        raise InvalidInput({"outcome": _("Select how the case ended.")})
    chosen, refused = allowed[outcome]
    if refused:
        raise Refused(" ".join(said(why) for why in refused))
    reasons = {one.key for one in chosen.reasons}
    if reasons and reason not in reasons:
        raise InvalidInput({"reason": _("Select why.")})
    return outcome, reason if reasons else ""


@transaction.atomic
def measure(
    *,
    by: Actor,
    case: Case,
    measure: str,
    occasion: str,
    named: CasePerson,
    answers: Mapping[str, int | None] | None = None,
    missing: str = "",
) -> CaseMeasure:
    """Record what somebody answered on one occasion, or why nothing was."""
    held = locked(by, case, Permission.CASE_WORK)
    must_be_open(held)
    asked = next((one for one in definition_of(held).measures if one.key == measure), None)
    if asked is None or occasion not in {one.key for one in asked.occasions}:
        raise InvalidInput({"measure": _("There is no such measure.")})
    person = CasePerson.objects.filter(pk=named.pk, case=held, role=asked.about).first()
    if person is None:
        raise NotVisible("No such person.")
    _must_read(by, held, [asked.category])
    kind = instrument(asked.instrument, clock.today())
    if kind is None:
        raise Refused(_("This instrument is not in use on this day."))
    given = {key: value for key, value in (answers or {}).items() if value is not None}
    check = Check()
    if not given:
        reasons = CaseMeasure.Missing.values
        check.choice("missing", missing, reasons, _("Select why there are no answers."))
    check.done()
    try:
        found = score(kind, given)
    except ValueError as wrong:
        raise InvalidInput({"": _("An answer is outside the scale.")}) from wrong
    if CaseMeasure.objects.filter(
        case=held, person_id=person.person_id, measure=measure, occasion=occasion
    ).exists():
        raise Refused(_("This has been recorded for that occasion already."))
    row = CaseMeasure.objects.create(
        case=held,
        person_id=person.person_id,
        measure=measure,
        occasion=occasion,
        instrument=kind.key,
        category=asked.category,
        taken_on=clock.today(),
        answers=given,
        total=found.total,
        missing="" if given else missing,
        recorded_by_id=by.user,
    )
    saved(held)
    entered(by, MEASURED, held, {"measure": measure, "occasion": occasion})
    return row
