"""Referrals: the list, one, and sending one."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from stepdown.casework.actions.referral_whole import send
from stepdown.casework.queries import referral as queries
from stepdown.casework.queries.answers import QUESTIONS, readable_answers
from stepdown.hub.api.door import ApiRequest, operation, show
from stepdown.hub.api.problem import DECLARED
from stepdown.hub.api.shapes import (
    Asked,
    Key,
    Listed,
    Paging,
    Shown,
    Withheld,
    listed,
    shown_by,
    withheld,
)
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.slots import SLOTS, mask_of, names_of
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission

router = Router(tags=["referrals"])
ASKED = tuple(one for one in QUESTIONS if one is not Category.SHIELDED_LOCATION)
State = Literal["received", "became-need", "became-case", "duplicate", "rejected", "withdrawn"]


class ReferralFilters(Paging):
    """What the list is narrowed to. Several values of one name mean any of them."""

    state: list[State] = Field(default=["received"], max_length=6)
    band: list[Annotated[int, Field(ge=1, le=4)]] = Field(default=[], max_length=4)
    district: list[Key] = Field(default=[], max_length=40)
    received_since: date | None = None


class ReferralLine(Schema):
    """A referral as it stands in the list."""

    id: UUID
    reference: str
    state: str
    name: str = Field(description="Empty where you may not read it.")
    district: str
    band: int | None = Field(description="1 today or tomorrow … 4 when somebody is free")
    received_at: datetime | None
    reject_reason: str
    need_state: str
    helped: bool = Field(description="Whether a volunteer is there now.")


class Referral(ReferralLine):
    """One referral, with what was answered, by category of data."""

    agency: str
    answers: dict[str, dict[str, Any]] = Field(
        description="By category, by question. An address to be kept secret is never there."
    )
    shown_by: list[Shown]
    withheld: list[Withheld]


class ReferralIn(Asked):
    """A whole referral: the questions of the pages by their keys."""

    referrer_kind: Literal["professional", "friend", "self"]
    referrer_name: str = Field(default="", max_length=120)
    organisation: str = Field(default="", max_length=160)
    referrer_phone: str = Field(default="", max_length=40)
    referrer_email: str = Field(default="", max_length=254)
    consent: Literal["yes", "unsure", "no", ""] = ""
    consent_note: str = Field(default="", max_length=1000)
    given_name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    family_name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    known_as: str = Field(default="", max_length=80)
    date_of_birth: date | None = None
    age_band: Literal["under-18", "18-64", "65-84", "85-over", ""] = ""
    secret: bool = Field(description="Whether the address must be kept secret.")
    lines: str = Field(default="", max_length=200)
    postcode: str = Field(default="", max_length=12)
    area: Key = Field(default="", description="The district's code.")
    safe: Literal["yes", "care", "no"]
    safe_note: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=40)
    email: str = Field(default="", max_length=254)
    skills: list[Key] = Field(default=[], max_length=40)
    help: str = Field(default="", max_length=2000)
    health: str = Field(default="", max_length=2000)
    risk: Literal["yes", "no", "unknown"]
    risk_note: str = Field(default="", max_length=2000)
    languages: list[Key] = Field(default=[], max_length=40)
    communication: str = Field(default="", max_length=500)
    soon: Literal["days", "week", "month", "whenever"]
    slots: list[Literal[SLOTS]] = Field(  # type: ignore[valid-type]
        default=[], max_length=21, description="Half-days of the week that suit; none: any."
    )


class Sent(Schema):
    """What was made of it."""

    id: UUID
    reference: str


@router.get("/referrals", response={200: Listed[ReferralLine], **DECLARED},
            url_name="api-referrals", operation_id="referrals", summary="Referrals")  # fmt: skip
@operation(Permission.REFERRAL_VIEW)
def referrals(request: ApiRequest, filters: Query[ReferralFilters]) -> Listed[ReferralLine]:
    """Sent referrals, the most urgent first: those that wait, unless a state is asked for. Whoever
    only makes referrals gets their own, whatever became of them, and nothing narrows those."""
    by = request.actor
    if queries.sees_own_only(by):
        page = queries.list_own(by, after=filters.after, size=filters.size)
    else:
        wanted = queries.ReferralFilters(
            states=tuple(filters.state),
            districts=tuple(filters.district),
            bands=tuple(filters.band),
            received_since=filters.received_since,
        )
        page = queries.list_referrals(by, wanted, after=filters.after, size=filters.size)
    show(request, queries.looks_at(page.items), purpose="referral", page="referrals")
    return listed(page, [ReferralLine(**_line(one)) for one in page.items])


@router.get("/referrals/{uuid:id}", response={200: Referral, **DECLARED}, url_name="api-referral",
            operation_id="referral", summary="One referral")  # fmt: skip
@operation(Permission.REFERRAL_VIEW)
def referral(request: ApiRequest, id: UUID) -> Referral:
    """One sent referral, as far as you may read it."""
    by = request.actor
    found = queries.get(by=by, id=id)
    if found.received_at is None:
        raise NotVisible("Not sent yet.")
    read = queries.readable(by, found)
    seen = {one: clause for one, clause in read.items() if one in ASKED}
    show(request, {found.person_id or found.pk: seen}, purpose="referral", page="referral")
    return Referral(
        **_line(queries.line_of(by, found)),
        agency=found.agency.name if found.agency else "",
        answers=_answers(found.pk, read),
        shown_by=shown_by(read),
        withheld=withheld(ASKED, read),
    )


@router.post("/referrals", response={201: Sent, **DECLARED}, url_name="api-referrals",
             operation_id="send_referral", summary="Send a referral")  # fmt: skip
@operation(Permission.REFERRAL_MAKE, writes=True)
def send_referral(request: ApiRequest, sent: ReferralIn) -> Status[Sent]:
    """Send a referral in your own name, all of it at once, as the pages do question by question.
    Asked twice, it is sent twice."""
    answers = sent.model_dump(mode="json") | {"slots": mask_of(sent.slots)}
    made = send(by=request.actor, answers=answers)
    return Status(201, Sent(id=made.pk, reference=made.reference))


def _line(line: queries.ReferralLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ReferralLine.model_fields}


def _answers(id: UUID, read: Any) -> dict[str, dict[str, Any]]:
    """By category, without what only the hub wrote beside them."""
    found = {}
    for category, given in readable_answers(id, read).items():
        kept = {key: value for key, value in given.items() if key in QUESTIONS[category]}
        if "slots" in kept:
            kept["slots"] = names_of(kept["slots"])
        if category is Category.LOCATION and kept.get("secret"):
            kept = {"secret": True}
        if kept:
            found[category.value] = kept
    return found
