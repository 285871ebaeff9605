"""Needs: who may see them, where they are as far as that may be shown, and the list of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from stepdown.hub.queries.paging import Page, page_of
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.ids import tidy_reference
from stepdown.people.models import Person, ShieldedAddress
from stepdown.people.queries import person as people
from stepdown.people.queries.person import in_any_case
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import readings, require, scope_for
from stepdown.policy.overrides import opened_by
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.sharing.queries.in_force import read_for
from stepdown.volunteering.models import (
    Need,
    NeedLocation,
    NeedShieldedLocation,
    Offer,
    Placement,
    RiskAssessment,
)
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.models.placement import PlacementState
from stepdown.volunteering.models.risk import RiskState
from stepdown.volunteering.queries import wall

COLUMNS: Columns = {"id": "pk", **wall.columns_of()}

STANDING = (PlacementState.LIVE.value, PlacementState.SUSPENDED.value)


@dataclass(frozen=True)
class NeedPlace:
    """Where a need is, as a page may show it: ``shielded`` alone, or postcode and OSGB metres."""

    shielded: bool
    postcode: str = field(default="", repr=False)
    easting: int | None = field(default=None, repr=False)
    northing: int | None = field(default=None, repr=False)


@dataclass(frozen=True)
class NeedFilters:
    """What a list is narrowed to. Empty means not narrowed; several values mean any of them."""

    districts: tuple[str, ...] = ()
    bands: tuple[int, ...] = ()
    states: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    officers: tuple[UUID, ...] = ()
    unassigned: bool = False
    filled: bool | None = None
    text: str = ""


@dataclass(frozen=True)
class NeedRow:
    """One line. ``placed`` counts placements that stand, ``offered`` offers open now."""

    id: UUID
    reference: str
    title: str
    band: int
    state: str
    scheme: str
    district: str
    officer: str
    starts: date
    ends: date | None
    places: int
    placed: int
    offered: int
    risk_current: bool
    person_id: UUID | None

    @property
    def unfilled(self) -> int:
        """Places that neither a placement nor an open offer holds."""
        return max(0, self.places - self.placed - self.offered)


def facts(need: Need) -> Facts:
    """What the policy asks of a need."""
    return wall.facts_of(need, id=need.pk)


def readable(by: Actor, need: Need) -> Mapping[Category, str]:
    """The categories of data the actor may read on a need, each with the clause that lets it."""
    return readings(by, Permission.NEED_VIEW, facts(need))


def name_on(by: Actor, need: Need) -> str:
    """Whom a need is for, where it tells that to the actor: to whoever knows the person, and in an
    emergency. Else ""."""
    if need.person_id is None or Category.IDENTITY not in readable(by, need):
        return ""
    opened = opened_by(by.overrides, Permission.NEED_VIEW)
    known = people.visible_to(by).filter(pk=need.person_id).first()
    if known is None and need.pk in opened:
        known = Person.objects.get(pk=need.person_id)
    return known.full_name if known else ""


def any_with_reference(text: str) -> tuple[UUID, UUID | None] | None:
    """The id of a need and its agency's, whoever asks. For emergencies alone."""
    body = "".join(c for c in tidy_reference(text) if c.isalnum())
    typed = f"{body[0]}-{body[1:5]}-{body[5:]}" if len(body) == 9 else tidy_reference(text)
    return Need.objects.filter(reference=typed).values_list("pk", "agency_id").first()


def visible_to(by: Actor, permission: Permission = Permission.NEED_VIEW) -> QuerySet[Need]:
    """The needs on which the actor may use the permission."""
    found = Need.objects.filter(compile_scope(scope_for(by, permission), read_for(by, COLUMNS)))
    whole = found.select_related("scheme", "district", "agency", "officer")
    return whole.defer("district__rings")


def get(*, by: Actor, id: UUID) -> Need:
    """One need the actor may see, with its requirements at hand."""
    whole = visible_to(by).prefetch_related("skills", "languages", "credential_types")
    found = whole.select_related("person").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such record.")
    return found


def get_to(permission: Permission, *, by: Actor, id: UUID) -> Need:
    """One need that the actor may do this to; ``Refused`` where they may only see it."""
    found = get(by=by, id=id)
    require(by, permission, facts(found))
    return found


def require_seen(by: Actor, need: Need) -> None:
    """Pass where the actor may see the need, else ``NotVisible``. One small query."""
    if not visible_to(by).filter(pk=need.pk).exists():
        raise NotVisible("No such record.")


def of_person(by: Actor, person_id: UUID) -> list[Need]:
    """A person's needs that the actor may see, newest first. One query."""
    return list(visible_to(by).filter(person=person_id).order_by("-id"))


@as_hub("that a place is shielded is said by a row that nobody may read")
def location_of(need: Need) -> NeedPlace | None:
    """Where the need is, as far as it may be shown; None when nowhere is recorded."""
    kept_secret = NeedShieldedLocation.objects.filter(need=need).exists()
    if kept_secret or ShieldedAddress.objects.filter(person=need.person_id).exists():
        return NeedPlace(shielded=True)
    found = NeedLocation.objects.filter(need=need).first()
    return NeedPlace(False, found.postcode, found.easting, found.northing) if found else None


def list_needs(
    by: Actor,
    *,
    filters: NeedFilters | None = None,
    after: str | None = None,
    size: int = 25,
    count: bool = False,
) -> Page[NeedRow]:
    """A page of the needs the actor may see: most urgent first, then oldest. Three queries."""
    page = page_of(
        counted(_filtered(visible_to(by), filters or NeedFilters())),
        order=("band", "id"),
        after=after,
        size=size,
        count=count,
    )
    return Page([row_of(need) for need in page.items], page.next, page.previous, page.total)


def counted(needs: QuerySet[Need]) -> QuerySet[Need]:
    """With ``placed``, ``offered`` and ``risk_current`` on each row, counted by the store."""
    placed = Placement.objects.filter(need=OuterRef("pk"), state__in=STANDING)
    open_offers = Offer.objects.filter(
        need=OuterRef("pk"), state=OfferState.SENT.value, lapses_at__gt=clock.now()
    )
    holding = RiskAssessment.objects.filter(
        need=OuterRef("pk"), state=RiskState.APPROVED.value, review_on__gte=clock.today()
    )
    return needs.annotate(
        placed=_count(placed), offered=_count(open_offers), risk_current=Exists(holding)
    )


def row_of(need: Need) -> NeedRow:
    """The line of a need that came out of ``counted``."""
    seen = vars(need)
    return NeedRow(
        id=need.pk,
        reference=need.reference,
        title=need.title,
        band=need.band,
        state=need.state,
        scheme=need.scheme.name,
        district=need.district.name if need.district else "",
        officer=need.officer.display_name if need.officer else "",
        starts=need.starts,
        ends=need.ends,
        places=need.places,
        placed=seen["placed"],
        offered=seen["offered"],
        risk_current=seen["risk_current"],
        person_id=need.person_id,
    )


def row_for(by: Actor, need: Need) -> NeedRow:
    """One need as its line in the list: how many places stand and are offered. One query."""
    found = counted(visible_to(by)).filter(pk=need.pk).first()
    if found is None:
        raise NotVisible("No such record.")
    return row_of(found)


def band_choices() -> list[tuple[int, str]]:
    """Bands for a select."""
    return [(int(value), str(label)) for value, label in Need.Band.choices]


def states() -> list[str]:
    """The states of a need, for a filter."""
    return [state.value for state in NeedState]


def _count(rows: "QuerySet[Placement] | QuerySet[Offer]") -> Coalesce:
    counts = rows.order_by().values("need").annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counts), 0)


def _filtered(found: QuerySet[Need], filters: NeedFilters) -> QuerySet[Need]:
    for column, values in (
        ("district", filters.districts),
        ("band", filters.bands),
        ("state", filters.states),
        ("scheme", filters.schemes),
        ("officer", filters.officers),
    ):
        if values:
            found = found.filter(**{f"{column}__in": values})
    if filters.unassigned:
        found = found.filter(officer=None)
    if filters.text.strip():
        text = filters.text.strip()
        reference = Q(reference__istartswith=tidy_reference(text))
        found = found.filter(in_any_case("title__icontains", text) | reference)
    if filters.filled is not None:
        standing = _count(Placement.objects.filter(need=OuterRef("pk"), state__in=STANDING))
        full = found.annotate(standing=standing)
        reached = Q(standing__gte=F("places"))
        found = full.filter(reached if filters.filled else ~reached)
    return found
