"""Needs: the list, and one with what is asked."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

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
from stepdown.kernel.slots import names_of
from stepdown.people.api.statements import Statement, statements
from stepdown.people.queries.restriction import restricted_since
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries.shown import SUPPORTED_SHOWN, saying

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need as NeedRecord

router = Router(tags=["needs"])
Standing = Literal["open", "closed", "withdrawn"]


class NeedFilters(Paging):
    """What the list is narrowed to. Several values of one name mean any of them."""

    state: list[Standing] = Field(default=["open"], max_length=3)
    band: list[Annotated[int, Field(ge=1, le=4)]] = Field(default=[], max_length=4)
    scheme: list[Key] = Field(default=[], max_length=40)
    district: list[Key] = Field(default=[], max_length=40)
    whose: Literal["anybody", "mine", "nobody"] = "anybody"
    unfilled: bool = Field(default=False, description="Only needs with places to fill.")


class NeedLine(Schema):
    """A need as it stands in the list: nobody's name is in it."""

    id: UUID
    reference: str
    title: str
    band: int = Field(description="1 most urgent … 4 when possible")
    state: str
    scheme: str
    district: str
    officer: str = Field(description="Who looks after it; empty where nobody does yet.")
    starts: date
    ends: date | None
    places: int
    placed: int
    offered: int
    risk_current: bool = Field(description="Whether an approved risk assessment holds today.")


class Somebody(Schema):
    """Somebody by name."""

    id: UUID
    name: str


class Place(Schema):
    """Where it is. A shielded place is never shown to anybody."""

    shielded: bool
    postcode: str


class Need(NeedLine):
    """One need, with what is asked and whom it is for."""

    agency: str
    slots: list[str] = Field(description="Half-days of the week that suit, as mon-am; none: any.")
    weekly_minutes: int
    skills: list[str]
    languages: list[str]
    checks: list[str] = Field(description="Asked for this need beside what its scheme asks.")
    person: Somebody | None
    person_withheld: str = Field(description="Why there is no name, where there is somebody.")
    place: Place | None
    restricted_since: date | None = Field(
        description="Since when the person's data may be kept and not used."
    )
    statements: list[Statement]
    shown_by: list[Shown]
    withheld: list[Withheld]


@router.get("/needs", response={200: Listed[NeedLine], **DECLARED}, url_name="api-needs",
            operation_id="needs", summary="Needs")  # fmt: skip
@operation(Permission.NEED_VIEW)
def needs(request: ApiRequest, filters: Query[NeedFilters]) -> Listed[NeedLine]:
    """The needs you may see: open ones unless a state is asked for; the most urgent first."""
    by = request.actor
    page = queries.list_needs(
        by,
        filters=queries.NeedFilters(
            districts=tuple(filters.district),
            bands=tuple(filters.band),
            states=tuple(filters.state),
            schemes=tuple(filters.scheme),
            officers=(by.user,) if filters.whose == "mine" and by.user else (),
            unassigned=filters.whose == "nobody",
            filled=False if filters.unfilled else None,
        ),
        after=filters.after,
        size=filters.size,
    )
    return listed(page, [NeedLine(**_line(row)) for row in page.items])


@router.get("/needs/{uuid:id}", response={200: Need, **DECLARED}, url_name="api-need",
            operation_id="need", summary="One need")  # fmt: skip
@operation(Permission.NEED_VIEW)
def need(request: ApiRequest, id: UUID) -> Need:
    """One need. Whom it is for is named where you may know them."""
    by = request.actor
    found = queries.get(by=by, id=id)
    read = queries.readable(by, found)
    name = queries.name_on(by, found)
    about, says = saying(by, found)
    show(request, about, purpose="matching", page="need")
    return Need(
        **_line(queries.row_for(by, found)),
        agency=found.agency.name,
        slots=names_of(found.slots),
        weekly_minutes=found.weekly_minutes,
        skills=sorted(one.key for one in found.skills.all()),
        languages=sorted(one.code for one in found.languages.all()),
        checks=sorted(one.key for one in found.credential_types.all()),
        person=Somebody(id=found.person_id, name=name) if found.person_id and name else None,
        person_withheld=_("Somebody whose record you may not see")
        if found.person_id and not name
        else "",
        place=_place(found) if Category.LOCATION in read else None,
        restricted_since=restricted_since([found.person_id]),
        statements=statements(says),
        shown_by=shown_by(read),
        withheld=withheld(sorted(SUPPORTED_SHOWN), read),
    )


def _line(row: queries.NeedRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in NeedLine.model_fields}


def _place(found: "NeedRecord") -> Place | None:
    place = queries.location_of(found)
    if place is None:
        return None
    return Place(shielded=place.shielded, postcode="" if place.shielded else place.postcode)
