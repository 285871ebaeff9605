"""Cases: the list, and one with where it stands and what was written in it."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from stepdown.casework.queries import case as queries
from stepdown.casework.queries import case_list as lists
from stepdown.casework.queries.case_facts import readable_answers, standing_of
from stepdown.casework.queries.case_page import (
    Named,
    done_steps,
    named_people,
    people_of,
    shown_on,
    typed_name,
)
from stepdown.casework.queries.case_words import in_words
from stepdown.hub.api.door import ApiRequest, operation, show
from stepdown.hub.api.problem import DECLARED
from stepdown.hub.api.shapes import (
    Key,
    Listed,
    Paging,
    Shown,
    Withheld,
    listed,
    shown_by,
    withheld,
)
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.schema import Field as Question
from stepdown.people.api.statements import Statement, statements
from stepdown.people.queries.restriction import restricted_since
from stepdown.people.queries.statement import said_by
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission

if TYPE_CHECKING:
    from stepdown.casework.models import Case as CaseRecord

router = Router(tags=["cases"])


class CaseFilters(Paging):
    """What the list is narrowed to. Several values of one name mean any of them."""

    standing: list[Literal["open", "closed", "queue"]] = Field(default=["open"], max_length=3)
    pathway: list[Key] = Field(default=[], max_length=40)
    district: list[Key] = Field(default=[], max_length=40)
    officer: UUID | None = Field(default=None, description="The account that looks after it.")
    unassigned: bool = False
    overdue: bool = False
    reference: Annotated[str, StringConstraints(max_length=20)] = ""


class CaseLine(Schema):
    """A case as it stands in the list."""

    id: UUID
    reference: str
    pathway: str
    stage: str
    name: str = Field(description="Empty where you may not read it.")
    district: str
    officer: str
    opened_on: date | None
    next_due: date | None
    overdue: bool
    closed: bool


class Concerned(Schema):
    """Somebody the case is about."""

    role: str
    person: UUID | None
    name: str
    withheld: str = Field(description="Why there is no name.")
    consents: bool | None = Field(description="null where they are not asked.")


class Todo(Schema):
    """A step of the stage that it is in."""

    step: str
    name: str
    number: int
    status: str
    due: date | None


class Answer(Schema):
    """One question of a form. What you may not read has its reason in the place of a value."""

    question: str
    name: str
    category: str
    value: Any = None
    withheld: str = ""


class Form(Schema):
    """A form that was filled in."""

    step: str
    name: str
    number: int
    done_on: date | None
    answers: list[Answer]


class Case(CaseLine):
    """One case."""

    pathway_key: str
    pathway_version: int
    stage_key: str
    agency: str
    outcome: str
    people: list[Concerned]
    typed_name: str = Field(description="Whom the referral names, while nobody is named yet.")
    todo: list[Todo]
    forms: list[Form] = Field(description="The newest first, the referral last.")
    restricted_since: date | None = Field(
        description="Since when data of somebody here may be kept and not used."
    )
    statements: list[Statement]
    shown_by: list[Shown]
    withheld: list[Withheld]


@router.get("/cases", response={200: Listed[CaseLine], **DECLARED}, url_name="api-cases",
            operation_id="cases", summary="Cases")  # fmt: skip
@operation(Permission.CASE_VIEW)
def cases(request: ApiRequest, filters: Query[CaseFilters]) -> Listed[CaseLine]:
    """The cases you may see: open ones unless it is asked otherwise; the newest first."""
    officers = (str(filters.officer),) if filters.officer else ()
    wanted = lists.CaseFilters(
        standing=tuple(filters.standing),
        pathways=tuple(filters.pathway),
        districts=tuple(filters.district),
        officers=(*officers, "nobody") if filters.unassigned else officers,
        overdue=filters.overdue,
        reference=filters.reference.strip(),
    )
    page = lists.list_cases(request.actor, wanted, after=filters.after, size=filters.size)
    shown = {one.person: {Category.IDENTITY: one.clause} for one in page.items if one.person}
    show(request, shown, purpose="case", page="cases")
    return listed(page, [CaseLine(**_line(one)) for one in page.items])


@router.get("/cases/{uuid:id}", response={200: Case, **DECLARED}, url_name="api-case",
            operation_id="case", summary="One case")  # fmt: skip
@operation(Permission.CASE_VIEW)
def case(request: ApiRequest, id: UUID) -> Case:
    """One case: where it stands, who is in it, and its forms as far as you may read them."""
    by = request.actor
    found = queries.get(by=by, id=id)
    read = queries.readable(by, found)
    knows = Category.IDENTITY in read
    people = named_people(by, found) if knows else []
    show(request, shown_on(found, read, people), purpose="case", page="case")
    definition = queries.definition_of(found)
    [line] = lists.lines_of(by, [found.pk]).values()
    roles = {one.key: in_words(one.name) for one in definition.people}
    asked = {Category(f.category) for step in definition.steps for f in step.fields}
    asked |= {Category(f.category) for f in definition.referral_fields()} | {Category.IDENTITY}
    return Case(
        **_line(line),
        pathway_key=found.pathway,
        pathway_version=found.pathway_version,
        stage_key=found.stage,
        agency=found.agency.name if found.agency else "",
        outcome=in_words(definition.outcome(found.outcome).name) if found.outcome else "",
        people=[_concerned(one, roles) for one in people],
        typed_name=typed_name(found) if knows and not people else "",
        todo=[
            Todo(
                step=one.step.key,
                name=in_words(one.step.name),
                number=one.number,
                status=one.status.value,
                due=one.due,
            )
            for one in standing_of(found).todos
        ],
        forms=_forms(found, {one.value for one in read}),
        restricted_since=restricted_since(people_of(found)),
        statements=statements(said_by(by, [one.person for one in people if one.name], read)),
        shown_by=shown_by(read),
        withheld=withheld(sorted(asked), read),
    )


def _line(line: lists.CaseLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in CaseLine.model_fields}


def _concerned(one: Named, roles: dict[str, str]) -> Concerned:
    return Concerned(
        role=roles.get(one.role, one.role),
        person=one.person,
        name=one.name,
        withheld="" if one.name else _("Somebody whose record you may not see"),
        consents=one.consents,
    )


def _forms(found: "CaseRecord", readable: set[str]) -> list[Form]:
    definition = queries.definition_of(found)
    held = readable_answers(found, [Category(one) for one in readable])
    steps = {one.key: one for one in definition.steps}
    forms = [
        Form(
            step=row.step,
            name=in_words(steps[row.step].name),
            number=row.number,
            done_on=row.done_on,
            answers=_answers(
                steps[row.step].fields, held.get((row.step, row.number), {}), readable
            ),
        )
        for row in done_steps(found)
        if row.step in steps
    ]
    asked = _answers(definition.referral_fields(), held.get((REFERRAL, 1), {}), readable)
    first = Form(
        step=REFERRAL, name=_("Referral"), number=1, done_on=found.opened_on, answers=asked
    )
    return [*forms, first]


def _answers(
    fields: tuple[Question, ...], given: dict[str, Any], readable: set[str]
) -> list[Answer]:
    """As a page shows them: what depends on another answer is there where it was asked."""
    found = []
    for field in fields:
        about = {
            "question": field.key,
            "name": in_words(field.name),
            "category": field.category,
        }
        if field.category not in readable:
            reason = _("You may not see this kind of information.")
            found.append(Answer(**about, withheld=reason))
        elif field.shown_if is None or given.get(field.shown_if[0]) == field.shown_if[1]:
            found.append(Answer(**about, value=given.get(field.key)))
    return found
