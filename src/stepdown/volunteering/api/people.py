"""Finding people. A name is sent in the body: addresses are kept in logs, and names are not."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field, StringConstraints

from stepdown.hub.api.door import ApiRequest, operation, show
from stepdown.hub.api.problem import DECLARED
from stepdown.hub.api.shapes import Key, Listed, Paging, listed
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import person as queries

router = Router(tags=["people"])


class PeopleFilters(Paging):
    """Whom to find. Several values of one name mean any of them."""

    name: Annotated[str, StringConstraints(max_length=80)] = ""
    kind: Literal["any", "volunteer", "supported"] = "any"
    district: list[Key] = Field(default=[], max_length=40)
    scheme: list[Key] = Field(default=[], max_length=40)


class Person(Schema):
    """Somebody as they stand in the list of people."""

    id: UUID
    name: str
    district: str
    open_needs: int = Field(description="Those that you may see.")
    volunteer_state: str = Field(description="Empty for nobody who volunteers.")
    schemes: list[str]
    next_lapse: date | None = Field(description="When the next check of a volunteer lapses.")


@router.post("/people/search", response={200: Listed[Person], **DECLARED}, url_name="api-people",
             operation_id="people", summary="Find people")  # fmt: skip
@operation(Permission.PERSON_VIEW)
def people(request: ApiRequest, sent: PeopleFilters) -> Listed[Person]:
    """The people you may see, by name. Nothing is changed; everybody in the answer is written down
    as shown to you."""
    page = queries.list_people(
        request.actor,
        queries.PeopleFilters(
            kind=queries.PeopleKind(sent.kind),
            name=sent.name,
            districts=tuple(sent.district),
            schemes=tuple(sent.scheme),
        ),
        sent.after,
        size=sent.size,
    )
    show(request, [row.id for row in page.items], purpose="casework", page="people")
    found = [
        Person(
            id=row.id,
            name=row.name,
            district=row.district,
            open_needs=row.open_needs,
            volunteer_state=row.volunteer_state,
            schemes=list(row.schemes),
            next_lapse=row.next_lapse,
        )
        for row in page.items
    ]
    return listed(page, found)
