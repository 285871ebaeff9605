"""The risk assessment of a need: written by one, approved by another."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import Subject, record
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions.guards import require_open
from stepdown.volunteering.models import Need, RiskAssessment
from stepdown.volunteering.models.risk import RISK_STATES, RiskEvent, RiskState
from stepdown.volunteering.queries.risk import facts_for

RISK_WRITTEN = Verb("risk.written", _("Risk assessment written"))
RISK_SUBMITTED = Verb("risk.submitted", _("Risk assessment sent for approval"))
RISK_APPROVED = Verb("risk.approved", _("Risk assessment approved"))
RISK_RETURNED = Verb("risk.returned", _("Risk assessment sent back to be changed"))

MOST_HAZARDS = 30
_TEXTS = {"hazard": 200, "who": 120, "control": 500}
_SCORES = ("likelihood", "impact")
_UNFINISHED = (RiskState.DRAFT.value, RiskState.RETURNED.value, RiskState.SUBMITTED.value)


@transaction.atomic
def write(
    *,
    by: Actor,
    need: Need,
    hazards: Iterable[Mapping[str, object]],
    lone_working: bool,
    review_on: date,
) -> RiskAssessment:
    """Write the need's next version, or revise the one that is open. What is approved stands on.

    ``hazards`` are mappings of hazard, who, control, likelihood and impact (1 to 5 each).
    """
    held = _need(by, need, Permission.RISK_WRITE)
    require_open(held)
    writer = _writer(by)
    told = _hazards(hazards)
    if review_on <= clock.today():
        raise InvalidInput({"review_on": gettext("The review date must be in the future.")})
    versions = RiskAssessment.objects.select_for_update().filter(need=held)
    assessment = versions.filter(state__in=_UNFINISHED).first()
    if assessment is None:
        last = versions.order_by("-version").values_list("version", flat=True).first() or 0
        assessment = RiskAssessment(need=held, version=last + 1)
    else:
        assessment.state = RISK_STATES.next(assessment.state, RiskEvent.REVISE)
    assessment.hazards, assessment.lone_working = told, lone_working
    assessment.review_on, assessment.written_by_id = review_on, writer
    assessment.save()
    _enter(
        by,
        RISK_WRITTEN,
        assessment,
        hazards=len(told),
        highest=max(one["likelihood"] * one["impact"] for one in told),
    )
    return assessment


@transaction.atomic
def submit(*, by: Actor, assessment: RiskAssessment) -> RiskAssessment:
    """Send it for approval."""
    held = _locked(by, assessment, Permission.RISK_WRITE)
    held.state = RISK_STATES.next(held.state, RiskEvent.SUBMIT)
    held.save(update_fields=["state"])
    _enter(by, RISK_SUBMITTED, held)
    return held


@transaction.atomic
def approve(*, by: Actor, assessment: RiskAssessment, note: str = "") -> RiskAssessment:
    """It holds from now to the end of its review day, in place of the one approved before."""
    held = _locked(by, assessment, Permission.RISK_APPROVE)
    state = RISK_STATES.next(held.state, RiskEvent.APPROVE)
    _not_own(by, held)
    if held.review_on < clock.today():
        raise Refused(gettext("Its review date has passed. Send it back to be changed."))
    before = RiskAssessment.objects.select_for_update().filter(
        need=held.need, state=RiskState.APPROVED.value
    )
    for old in before:
        old.state = RISK_STATES.next(old.state, RiskEvent.SUPERSEDE)
        old.save(update_fields=["state"])
    return _decide(by, held, state, note, RISK_APPROVED, missing="")


@transaction.atomic
def send_back(*, by: Actor, assessment: RiskAssessment, note: str) -> RiskAssessment:
    """It is not good enough yet; ``note`` says what is to be changed."""
    held = _locked(by, assessment, Permission.RISK_APPROVE)
    state = RISK_STATES.next(held.state, RiskEvent.RETURN)
    _not_own(by, held)
    missing = gettext("Say what has to be changed.")
    return _decide(by, held, state, note, RISK_RETURNED, missing=missing)


def _decide(
    by: Actor, held: RiskAssessment, state: RiskState, note: str, verb: Verb, *, missing: str
) -> RiskAssessment:
    check = Check()
    held.decision_note = check.words("note", note, most=500, missing=missing)
    check.done()
    held.state, held.decided_by_id, held.decided_at = state, _writer(by), clock.now()
    held.save(update_fields=["state", "decided_by", "decided_at", "decision_note"])
    _enter(by, verb, held)
    return held


def _need(by: Actor, need: Need, permission: Permission) -> Need:
    held = Need.objects.select_for_update().get(pk=need.pk)
    require(by, permission, facts_for(held))
    return held


def _locked(by: Actor, assessment: RiskAssessment, permission: Permission) -> RiskAssessment:
    """The need is locked first, so that two decisions on its versions never cross."""
    need = _need(by, Need(pk=assessment.need_id), permission)
    held = RiskAssessment.objects.select_for_update().get(pk=assessment.pk)
    held.need = need
    return held


def _writer(by: Actor) -> Any:
    if by.user is None:
        raise Refused(gettext("Sign in to do this."))
    return by.user


def _not_own(by: Actor, held: RiskAssessment) -> None:
    if held.written_by_id == by.user:
        raise Refused(gettext("Somebody else must decide on an assessment that you wrote."))


def _hazards(given: Iterable[Mapping[str, object]]) -> list[dict[str, Any]]:
    """The hazards as stored. Faults are told for ``hazards``, with the number of the hazard."""
    told, faults = [], []
    for number, one in enumerate(given, start=1):
        check = Check()
        clean: dict[str, Any] = {
            name: check.words(name, one.get(name), most=most, missing=gettext("Enter it."))
            for name, most in _TEXTS.items()
        }
        for name in _SCORES:
            clean[name] = check.whole(name, one.get(name), 1, 5)
        if check.errors:
            names = ", ".join(_names()[name] for name in check.errors)
            words = gettext("Hazard %(number)d: check %(names)s.")
            faults.append(words % {"number": number, "names": names})
        told.append(clean)
    if not told:
        faults.append(gettext("Enter at least one hazard."))
    if len(told) > MOST_HAZARDS:
        faults.append(gettext("Enter %(most)d hazards or fewer.") % {"most": MOST_HAZARDS})
    if faults:
        raise InvalidInput({"hazards": " ".join(faults)})
    return told


def _names() -> dict[str, str]:
    return {
        "hazard": gettext("what could go wrong"),
        "who": gettext("who could be harmed"),
        "control": gettext("what is done about it"),
        "likelihood": gettext("how likely it is (1 to 5)"),
        "impact": gettext("how bad it would be (1 to 5)"),
    }


def _enter(by: Actor, verb: Verb, assessment: RiskAssessment, **payload: object) -> None:
    need = assessment.need
    subjects: list[Subject] = [("need", need.pk)]
    if need.person_id:
        subjects.append(("person", need.person_id))
    record(
        by=by,
        verb=verb,
        about=("risk", assessment.pk),
        subjects=subjects,
        payload={"need": need.reference, "version": assessment.version, **payload},
    )
