"""Who could meet a need: the shortlist, why offers cannot be sent, and a map of both."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stepdown.adapters.maps import MapPoint, Shape, coarsen, place_map
from stepdown.adapters.squares import outline_of
from stepdown.hub.web.page import HubRequest
from stepdown.kernel import clock
from stepdown.pages.parts import Reason
from stepdown.people.queries.restriction import Use, is_stopped
from stepdown.volunteering.queries import need as needs
from stepdown.volunteering.queries import volunteer as volunteers
from stepdown.volunteering.queries.ground import ground_of
from stepdown.volunteering.queries.need import NeedRow
from stepdown.volunteering.queries.shortlist import ShortlistRow, shortlist

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need

SIZE = 10


@dataclass(frozen=True)
class Matching:
    """``stopped`` says why no offer can be sent now, empty where one can."""

    rows: Sequence[ShortlistRow] = ()
    stopped: str = ""
    shown: bool = False
    map: SafeString = field(default=SafeString(""), repr=False)


@dataclass(frozen=True)
class Candidate:
    """One line of a shortlist as a page draws it. ``sends`` where an offer can be sent."""

    row: ShortlistRow
    url: str
    reasons: list[Reason]
    sends: bool


def stopped(need: "Need", holding: NeedRow, *, replacing: bool = False) -> str:
    """Why nobody can be asked now, in words; empty where somebody can."""
    if need.state != "open":
        return _("This need is not open, so nobody can be asked.")
    if need.ends is not None and need.ends < clock.today():
        return _("The last day of this need has passed, so nobody can be asked.")
    if is_stopped(Use.MATCH, [need.person_id]):
        return _("Use of the record of the person supported is restricted, so nobody can be asked.")
    if not holding.risk_current:
        return _("Offers can be sent when the risk assessment has been approved.")
    if not holding.unfilled and not replacing:
        return _("All places are filled or offered.")
    return ""


def could_help(request: HubRequest, need: "Need", holding: NeedRow) -> Matching:
    """The shortlist of an open need with places left; nothing is looked for otherwise, nor where
    such use of the person's record is stopped."""
    why = stopped(need, holding)
    looked = need.state == "open" and holding.unfilled
    if not looked or is_stopped(Use.MATCH, [need.person_id]):
        return Matching(stopped=why)
    rows = shortlist(request.actor, need, size=SIZE)
    return Matching(rows=rows, stopped=why, shown=True, map=draw(need, rows))


def candidates(rows: Iterable[ShortlistRow], sends: bool) -> list[Candidate]:
    """The lines, each with its reasons for and against."""
    return [
        Candidate(
            row=row,
            url=reverse("person", args=[row.person_id]),
            reasons=_reasons(row),
            sends=sends and not row.failures,
        )
        for row in rows
    ]


def _reasons(row: ShortlistRow) -> list[Reason]:
    """Every rule that fails; for one who may be asked, what speaks for them and by how much."""
    if row.failures:
        return [Reason(text, favourable=False) for text in row.failures]
    return [
        Reason(text, points=points)
        for text, points in zip(row.reasons, row.points, strict=True)
        if points
    ]


def draw(need: "Need", rows: Sequence[ShortlistRow]) -> SafeString:
    """The need's area and where those on the shortlist roughly live; empty where nothing may be
    drawn. Every position is the middle of a square kilometre, and none is of a shielded place."""
    place = needs.location_of(need)
    if place is None or place.shielded or place.easting is None or place.northing is None:
        return SafeString("")
    shown = volunteers.positions_of(row.volunteer_id for row in rows if not row.shielded)
    points = [
        *(MapPoint(*coarsen(*position), "volunteer") for position in shown.values()),
        MapPoint(*coarsen(place.easting, place.northing), "need"),
    ]
    svg = place_map(
        _outline(need),
        points,
        title=_("Where the need and the volunteers on the shortlist are"),
        description=_("Each mark stands in the middle of a square kilometre. The distances are in "
                      "the shortlist."),
        legend={"volunteer": _("Volunteer on the shortlist"), "need": _("This need")},
    )  # fmt: skip
    return mark_safe(svg)  # noqa: S308  drawn by the hub from numbers and its own words


def _outline(need: "Need") -> list[Shape]:
    """The need's district: its outline where one is loaded, else the squares people live in."""
    if need.district is None:
        return []
    shapes = [
        Shape(part.rings or outline_of(part.cells, part.side_m), chosen=True)
        for part in ground_of(need.district)
    ]
    return [shape for shape in shapes if shape.rings]
