"""Cases, brought where they stand by the hub's own verbs."""

from collections.abc import Mapping
from typing import Any

from stepdown.casework.actions import case_people, case_referrals, cases
from stepdown.casework.models import Case, CaseStep
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_facts import standing_of
from stepdown.casework.queries.definitions import definition
from stepdown.kernel import clock
from stepdown.pathways.schema import Field
from stepdown.people.actions import consents
from stepdown.people.models import Person
from stepdown.people.queries.consent import current_wording
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.people import make_person
from tests.factories.places import DISTRICT, make_place
from tests.factories.users import actor_of, make_user, somebody

STEP_DOWN = {"direction": "step-down", "reason": "Company", "level": "l3", "risk": "no",
             "told": "yes"}  # fmt: skip
EARLY_HELP = {"worry": ["home"], "story": "Rent", "significant-harm": "no", "family-agrees": "yes"}
RJ = {"harm": "A broken window", "kind": "theft", "asked-by": "harmed", "admits": "yes"}
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "community-step-down": STEP_DOWN,
    "early-help": EARLY_HELP,
    "restorative-justice": RJ,
    "volunteer-caseload": {"instead": "no"},
}


def answer_for(field: Field) -> Any:
    """The first thing that fits."""
    if field.kind == "choice":
        return field.options[0].key
    if field.kind == "several":
        return [field.options[0].key]
    plain: dict[str, Any] = {
        "yes-no": "yes",
        "date": clock.today().isoformat(),
        "number": field.low,
    }
    return plain.get(field.kind, "Words")


def make_draft(
    pathway: str = "community-step-down", *, by: Actor | None = None, district: str = DISTRICT
) -> Case:
    """A referral with every page answered, not sent yet."""
    by = by or somebody()
    make_place(district)
    case = case_referrals.start(by=by, pathway=pathway)
    case_referrals.say_who(
        by=by,
        case=case,
        given_name="Ivy",
        family_name="Sample",
        date_of_birth="1950-02-03",
        district=district,
        source=definition(pathway).sources[0].key,
    )
    given = ANSWERS.get(pathway, {})
    for screen in definition(pathway).screens:
        answers = {one.key: given.get(one.key, answer_for(one)) for one in screen.fields}
        answers = {
            one.key: answers[one.key]
            for one in screen.fields
            if one.shown_if is None or answers.get(one.shown_if[0]) == one.shown_if[1]
        }
        case_referrals.answer(by=by, case=case, screen=screen.key, answers=answers)
    return Case.objects.get(pk=case.pk)


def make_case(
    pathway: str = "community-step-down", *, by: Actor | None = None, district: str = DISTRICT
) -> Case:
    """A case in its first stage."""
    by = by or somebody()
    return case_referrals.send(by=by, case=make_draft(pathway, by=by, district=district))


def do_step(case: Case, step: str, *, by: Actor, **answers: Any) -> CaseStep:
    """Do a step, with these answers and otherwise the first that fit."""
    todo = standing_of(case).todo(step)
    assert todo is not None, step
    draft = CaseStep.objects.filter(case=case, step=step, number=todo.number).first()
    given = {one.key: answers.get(one.key.replace("-", "_"), answer_for(one))
             for one in todo.step.fields}  # fmt: skip
    opened = {
        one.key: given[one.key]
        for one in todo.step.fields
        if one.shown_if is None or given.get(one.shown_if[0]) == one.shown_if[1]
    }
    return cases.save_step(
        by=by,
        case=case,
        step=step,
        number=todo.number,
        version=draft.version if draft else 0,
        answers=opened,
        finish=True,
    )


def give_consent(person: Person, purpose: str, *, by: Actor) -> None:
    """They were asked, and said yes."""
    if current_wording(purpose) is None:
        officer = actor_of(make_user(RoleKey.DATA_PROTECTION_OFFICER))
        consents.word(by=officer, purpose=purpose, text="We share what is needed.")
    consents.say(
        by=by,
        person=person,
        purpose=purpose,
        yes=True,
        explained_by=str(by.user),
        explained_on=clock.today(),
    )


def name_all(case: Case, *, by: Actor, consent: bool = True) -> list[Person]:
    """Somebody in every role that must have somebody; they consent where they are asked."""
    found = []
    for role in definition_of(case).people:
        for _ in range(role.least):
            person = make_person(by=by)
            case_people.name_person(by=by, case=case, role=role.key, person=person)
            if consent and role.consent:
                give_consent(person, role.consent, by=by)
            found.append(person)
    return found


def now(case: Case) -> Case:
    """The case as it is stored now."""
    return Case.objects.get(pk=case.pk)
