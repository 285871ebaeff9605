"""The kinds of volunteering, and what each asks."""

from datetime import date

from ninja import Router, Schema
from pydantic import Field

from stepdown.hub.api.door import ApiRequest, operation
from stepdown.hub.api.problem import DECLARED
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import scheme as queries

router = Router(tags=["schemes"])


class Requirements(Schema):
    """What a scheme asks from a day to the end of a day."""

    valid_from: date
    valid_to: date | None = Field(description="null: still")
    minimum_age: int | None
    checks: list[str] = Field(description="Checks, training and licences by key.")
    source: str
    verified: bool = Field(description="Whether the owner of the rules has confirmed them.")


class Scheme(Schema):
    """One kind of volunteering."""

    key: str
    name: str
    description: str
    conflicts_with: list[str] = Field(description="Schemes in which nobody serves beside this.")
    requirements: list[Requirements]


@router.get("/schemes", response={200: list[Scheme], **DECLARED}, url_name="api-schemes",
            operation_id="schemes", summary="All schemes")  # fmt: skip
@operation(Permission.PAGE_SIGNED_IN)
def schemes(request: ApiRequest) -> list[Scheme]:
    """All kinds of volunteering, by name."""
    return [
        Scheme(
            key=one.key,
            name=one.name,
            description=one.description,
            conflicts_with=sorted(other.key for other in one.conflicts_with.all()),
            requirements=[
                Requirements(
                    valid_from=held.valid_from,
                    valid_to=held.valid_to,
                    minimum_age=held.minimum_age,
                    checks=sorted(check.key for check in held.credential_types.all()),
                    source=held.source,
                    verified=held.verified,
                )
                for held in one.requirement_sets.all()
            ],
        )
        for one in queries.schemes()
    ]
