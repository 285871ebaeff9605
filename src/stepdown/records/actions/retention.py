"""Reviews of records whose time is up, holds that stop disposal, and the schedules themselves."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.kernel.retention import Then
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.records.actions.disposals import dispose_of, dispose_of_part
from stepdown.records.actions.rights_row import account
from stepdown.records.models import Disposal, LegalHold, RetentionReview, RetentionRule
from stepdown.records.queries.keepers import facts, keepers
from stepdown.records.queries.retention import due_one
from stepdown.records.queries.schedules import DEFAULTS, TWO_PEOPLE

REVIEWED = Verb("retention.reviewed", _("Records reviewed"))
AGREED = Verb("retention.agreed", _("Review agreed to"))
SENT_BACK = Verb("retention.sent-back", _("Review sent back"))
HELD = Verb("retention.held", _("Records held from disposal"))
LIFTED = Verb("retention.lifted", _("Hold lifted"))
RULE_SET = Verb("retention.rule-set", _("Retention schedule changed"))

# The questions of the national retention assessment, as generally described. Each is answered.
QUESTIONS = ("harm", "children", "trust", "links", "substances", "mental-state")


@transaction.atomic
def review(
    *, by: Actor, person: UUID, answers: Mapping[str, str], reason: str, decision: str
) -> RetentionReview:
    """Somebody looked at records that are due. Disposal always waits for a second person; so does
    whatever is decided about the most serious police groups."""
    held, line = due_one(by, person, Permission.RETENTION_REVIEW)
    require(by, Permission.RETENTION_REVIEW, facts(held))
    if line is None:
        raise Refused(gettext("Something about this person is still open."))
    if line.on > clock.today():
        raise Refused(gettext("These records are not due yet."))
    if line.proposed is not None:
        raise Refused(gettext("A review waits for a second person already."))
    check = Check()
    for key in QUESTIONS:
        check.choice(key, answers.get(key, ""), ("yes", "no"), gettext("Select yes or no."))
    check.choice(
        "decision",
        decision,
        RetentionReview.Decision.values,
        gettext("Select what is to become of the records."),
    )
    reason = check.words("reason", reason, most=500, missing=gettext("Say why."))
    risky = decision == RetentionReview.Decision.DISPOSE and "yes" in answers.values()
    check.that(
        not risky,
        "decision",
        gettext("A yes means that the records are kept and reviewed again."),
    )
    check.done()
    if decision == RetentionReview.Decision.DISPOSE and line.held:
        raise Refused(gettext("These records are held: nothing of them is disposed of."))
    alone = decision == RetentionReview.Decision.KEEP and line.schedule not in TWO_PEOPLE
    agency = _holding(by, person)
    if decision == RetentionReview.Decision.DISPOSE and agency is None and keepers(person):
        raise Refused(gettext("Agencies hold these records: one of them disposes of its own."))
    made = RetentionReview.objects.create(
        person=held,
        agency_id=agency,
        schedule=line.schedule,
        answers={key: answers[key] for key in QUESTIONS},
        reason=reason,
        decision=decision,
        state=RetentionReview.State.DECIDED if alone else RetentionReview.State.PROPOSED,
        made_by_id=account(by),
        made_at=clock.now(),
    )
    _record(by, REVIEWED, held, {"decision": decision, "schedule": line.schedule})
    return made


@transaction.atomic
def agree(*, by: Actor, review: UUID) -> Disposal | None:
    """A second person agrees; what was to be disposed of is gone when this returns.

    Where other agencies hold records about the same person, what the agency that reviewed holds
    goes, and somebody who works for it must agree.
    """
    held = _proposed(by, review)
    if held.made_by_id == by.user:
        raise Refused(gettext("Somebody else must agree to your review."))
    others = keepers(held.person_id, besides=held.agency_id)
    if others and held.agency_id not in {grant.agency for grant in by.grants}:
        raise Refused(gettext("Somebody of the agency that reviewed these records must agree."))
    held.state, held.agreed_at = RetentionReview.State.DECIDED, clock.now()
    held.agreed_by_id = account(by)
    held.save(update_fields=["state", "agreed_at", "agreed_by"])
    _record(by, AGREED, held.person, {"decision": held.decision})
    if held.decision == RetentionReview.Decision.KEEP:
        return None
    _, line = due_one(by, held.person_id, Permission.RETENTION_AGREE)
    if line is None or line.on > clock.today():
        raise Refused(gettext("Something new is known about this person: the records stay."))
    ground, schedule = Disposal.Ground.REVIEW, held.schedule
    if others and held.agency_id:
        return dispose_of_part(
            by=by, person=held.person_id, agency=held.agency_id, ground=ground, schedule=schedule
        )
    return dispose_of(by=by, person=held.person_id, ground=ground, schedule=schedule)


def _holding(by: Actor, person: UUID) -> UUID | None:
    """The agency of the actor's that holds something about somebody; None where none does."""
    mine = {grant.agency for grant in by.grants if grant.agency}
    return min(mine & keepers(person), default=None)


@transaction.atomic
def send_back(*, by: Actor, review: UUID) -> None:
    """The second person does not agree. The records stay due."""
    held = _proposed(by, review)
    held.state = RetentionReview.State.SENT_BACK
    held.save(update_fields=["state"])
    _record(by, SENT_BACK, held.person, {})


@transaction.atomic
def hold(*, by: Actor, person: UUID, reason: str, until: date | None = None) -> LegalHold:
    """Keep everything about somebody, whatever falls due: for a court, an inquiry, a complaint."""
    held = _person(person)
    require(by, Permission.RETENTION_HOLD, facts(held))
    check = Check()
    reason = check.words("reason", reason, most=300, missing=gettext("Say why."))
    check.that(
        until is None or until >= clock.today(),
        "until",
        gettext("The last day must be today or in the future."),
    )
    check.done()
    made = LegalHold.objects.create(
        person=held, reason=reason, until=until, placed_by_id=account(by), placed_at=clock.now()
    )
    _record(by, HELD, held, {})
    return made


@transaction.atomic
def lift(*, by: Actor, hold: UUID) -> None:
    """The hold stands no longer."""
    found = LegalHold.objects.select_for_update().filter(pk=hold, lifted_at__isnull=True).first()
    if found is None:
        raise NotVisible("No such hold.")
    require(by, Permission.RETENTION_HOLD, facts(found.person))
    found.lifted_at, found.lifted_by_id = clock.now(), account(by)
    found.save(update_fields=["lifted_at", "lifted_by"])
    _record(by, LIFTED, found.person, {})


@transaction.atomic
def set_rule(
    *,
    by: Actor,
    key: str,
    valid_from: date | None,
    clear_years: int,
    then: str,
    again_years: int,
    until_age: int,
    source: str,
    verified: bool,
) -> RetentionRule:
    """A new version of a schedule from a day on. What held before is kept, and held until then."""
    require(by, Permission.RETENTION_RULE)
    if key not in DEFAULTS:
        raise NotVisible("No such schedule.")
    check = Check()
    check.that(
        valid_from is not None and valid_from >= clock.today(),
        "valid_from",
        gettext("The first day must be today or in the future."),
    )
    check.that(1 <= clear_years <= 100, "clear_years", gettext("Enter from 1 to 100 years."))
    check.that(0 <= again_years <= 100, "again_years", gettext("Enter from 0 to 100 years."))
    check.that(0 <= until_age <= 150, "until_age", gettext("Enter an age up to 150, or 0."))
    check.choice("then", then, list(Then), gettext("Select what happens then."))
    # The hub disposes by itself of nothing but referrals that never became anything.
    alone = then != Then.DISPOSE or key == "not-taken-on"
    check.that(alone, "then", gettext("Records of this kind are always reviewed by somebody."))
    source = check.words("source", source, most=300, missing=gettext("Say where it comes from."))
    first = valid_from or clock.today()
    taken = RetentionRule.objects.filter(key=key, valid_from=first).exists()
    check.that(not taken, "valid_from", gettext("There is a version from this day already."))
    check.done()
    made = RetentionRule.objects.create(
        key=key,
        valid_from=first,
        clear_years=clear_years,
        then=then,
        again_years=again_years,
        until_age=until_age,
        source=source,
        verified=verified,
        made_by_id=account(by),
        made_at=clock.now(),
    )
    payload = {"schedule": key, "from": made.valid_from.isoformat(), "years": clear_years}
    record(by=by, verb=RULE_SET, about=("retention-rule", made.pk), payload=payload)
    return made


def _proposed(by: Actor, review: UUID) -> RetentionReview:
    whole = RetentionReview.objects.select_for_update(of=("self",)).select_related("person")
    found = whole.filter(pk=review, state=RetentionReview.State.PROPOSED).first()
    if found is None:
        raise NotVisible("No such review.")
    require(by, Permission.RETENTION_AGREE, facts(found.person))
    return found


def _person(person: UUID) -> Person:
    found = Person.objects.select_for_update().filter(pk=person).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def _record(by: Actor, verb: Verb, person: Person, payload: dict[str, str]) -> None:
    record(by=by, verb=verb, about=("person", person.pk), payload=payload)
    Person.objects.filter(pk=person.pk).update(version=F("version") + 1)
