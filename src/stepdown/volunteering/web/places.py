"""Places: what each has and lacks. Numbers, with small ones withheld; no names."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from stepdown.hub.queries import place as places_known
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.slots import DAYS, PARTS
from stepdown.pages.parts import Cell, Stat, Table
from stepdown.pages.words import DAY_NAMES, PART_NAMES, SHORT_DAY_NAMES
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import coverage, ground
from stepdown.volunteering.queries.coverage import Coverage, DistrictCount, Supply
from stepdown.volunteering.queries.ground import LEAST, Spread
from stepdown.volunteering.web.figures import Told, column, said, told_alone
from stepdown.volunteering.web.need_words import BANDS
from stepdown.volunteering.web.place_pictures import bands_chart, map_of

if TYPE_CHECKING:
    from stepdown.hub.models import Place

# How a half-day or a scheme stands: the word carries it, the colour follows.
STANDINGS = {
    "short": gettext_lazy("Short"),
    "tight": gettext_lazy("Tight"),
    "enough": gettext_lazy("Enough"),
    "idle": gettext_lazy("Not asked for"),
    "empty": gettext_lazy("Nobody"),
}


@page(Permission.PLACE_VIEW)
@require_safe
def places(request: HubRequest) -> HttpResponse:
    found = coverage.districts(request.actor)
    return render(
        request,
        "volunteering/places/list.html",
        {
            "counties": places_known.counties(),
            "table": _districts_table(request.actor, found),
            "least": LEAST,
        },
    )


@page(Permission.PLACE_VIEW)
@require_safe
def place(request: HubRequest, code: str) -> HttpResponse:
    by, found = request.actor, places_known.by_code(code)
    if found is None:
        raise NotVisible("No such place.")
    figures = coverage.coverage_of(by, found)
    told = Told(by, found)
    volunteers = ground.volunteers_on_map(by, found)
    needs = ground.needs_on_map(by, found, all_seen=told.needs)
    parts = ground.ground_of(found)
    inside = coverage.districts(by, found) if found.kind == "county" else []
    names = {band: str(words) for band, (words, _colour) in BANDS.items()}
    return render(
        request,
        "volunteering/places/place.html",
        {
            "place": found,
            "stats": _stats(found, inside, figures, told),
            "map": map_of(found.name, parts, volunteers, needs, chosen=not inside),
            "map_words": _map_words(volunteers, needs, told),
            "ons": any(part.rings for part in parts),
            "chart": bands_chart(figures.bands, names, 1 if told.needs else LEAST),
            "bands": _bands_table(figures, names, told),
            "schemes": _schemes_table(figures, told),
            "week": _week(figures, told),
            "parts": [str(name) for name in PART_NAMES.values()],
            "children": _districts_table(by, inside) if inside else None,
            "wards": _wards(found) if found.kind == "district" else [],
            "least": LEAST,
            "withheld": not (told.needs and told.volunteers),
        },
    )


def _population(place: "Place", inside: list[DistrictCount]) -> tuple[int, str]:
    """People and the source; of a county without a figure, its districts' together."""
    if place.population:
        return place.population, place.population_source
    known = [one.place.population for one in inside if one.place.population]
    if not known or len(known) < len(inside):
        return 0, ""
    return sum(known), inside[0].place.population_source


def _stats(
    place: "Place", inside: list[DistrictCount], figures: Coverage, told: Told
) -> list[Stat]:
    url = told.url("people", told.volunteers, kind="volunteer", state="active")
    needs_url = told.url("needs", told.needs)
    room = _("%(many)s of them have room for another placement")
    stats = [
        Stat(
            said(figures.active, told=told.volunteers),
            _("active volunteers"),
            url,
            room % {"many": said(figures.with_room, told=told.volunteers)},
        ),
        Stat(
            said(figures.needs, told=told.needs),
            _("open needs"),
            needs_url,
            _("not closed or withdrawn, whenever they start"),
        ),
        Stat(
            said(figures.to_fill, told=told.needs),
            _("places to fill"),
            told.url("needs", told.needs, places="unfilled"),
            _("of %(places)s places asked for: neither placed nor offered to anybody")
            % {"places": said(figures.places, told=told.needs)},
            warning=figures.to_fill > figures.with_room,
        ),
    ]
    people, source = _population(place, inside)
    if people:
        rate = figures.active * 1000 / people
        known = told_alone(figures.active, told.volunteers)
        stats.append(
            Stat(
                f"{rate:.1f}" if known else "–",
                _("volunteers for every 1,000 people"),
                note=_("population %(people)s (%(source)s)")
                % {"people": f"{people:,}", "source": source},
            )
        )
    return stats


def _map_words(volunteers: Spread, needs: Spread, told: Told) -> list[str]:
    km = volunteers.grid_m // 1000
    words = [
        _("A circle stands for the %(least)d or more volunteers who live in one square of "
          "%(km)d km; the more of them, the larger it is.") % {"least": LEAST, "km": km}
    ]  # fmt: skip
    if volunteers.left_out and told_alone(volunteers.left_out, told.volunteers):
        words.append(
            ngettext(
                "%(many)d volunteer lives where there are fewer, and is not on the map.",
                "%(many)d volunteers live where there are fewer, and are not on the map.",
                volunteers.left_out,
            )
            % {"many": volunteers.left_out}
        )
    if told.needs:
        words.append(_("A triangle stands for the open needs in one square of 5 km."))
    else:
        words.append(
            _("A triangle stands for %(least)d or more open needs in one square of 5 km.")
            % {"least": LEAST}
        )
    words.append(_("Addresses that are kept secret are never on a map."))
    return words


def _bands_table(figures: Coverage, names: dict[int, str], told: Told) -> Table:
    columns = [
        column([getattr(one, name) for one in figures.bands], told.needs)
        for name in ("needs", "places", "placed", "offered")
    ]
    rows = [
        [
            Cell(names[one.band], told.url("needs", told.needs, band=str(one.band))),
            *(Cell(words) for words in row),
        ]
        for one, row in zip(figures.bands, zip(*columns, strict=True), strict=True)
    ]
    headings = [_("How urgent"), _("Open needs"), _("Places"), _("Filled"), _("Offered")]
    return Table(_("Open needs by how urgent they are"), headings, rows, frozenset({1, 2, 3, 4}))


def _schemes_table(figures: Coverage, told: Told) -> Table:
    rows = []
    places = column([one.places for one in figures.schemes.values()], told.needs)
    for (name, one), to_fill in zip(figures.schemes.items(), places, strict=True):
        whole = one.ratio is not None and _known(one, told)
        ratio = f"{one.ratio:.1f}" if whole else _("no place to fill") if not one.places else "–"
        rows.append(
            [
                Cell(name),
                Cell(said(one.volunteers, told=told.volunteers)),
                Cell(to_fill),
                Cell(ratio),
                Cell(str(STANDINGS[standing(one)]) if _known(one, told) else "–"),
            ]
        )
    headings = [
        _("Scheme"),
        _("Volunteers with room"),
        _("Places to fill"),
        _("Volunteers for each place"),
        _("Supply"),
    ]
    return Table(_("Volunteers with room, by scheme"), headings, rows, frozenset({1, 2, 3}))


def _week(figures: Coverage, told: Told) -> list[dict[str, Any]]:
    """Seven rows of three half-days, each with its word and its numbers."""
    rows = []
    for day_number, day in enumerate(DAYS):
        cells = []
        for part_number, _part in enumerate(PARTS):
            one = figures.slots[day_number * len(PARTS) + part_number]
            known = _known(one, told)
            state = standing(one) if known else "withheld"
            cells.append(
                {
                    "state": state,
                    "word": str(STANDINGS[state]) if known else _("Too few to tell"),
                    "volunteers": said(one.volunteers, told=told.volunteers),
                    "places": said(one.places, told=told.needs),
                }
            )
        rows.append(
            {"day": str(DAY_NAMES[day]), "short": str(SHORT_DAY_NAMES[day]), "cells": cells}
        )
    return rows


def standing(one: Supply) -> str:
    """How volunteers stand to places: the key of its word in ``STANDINGS``.

    "Short" is fewer volunteers than places, "tight" fewer than two for each: not everybody asked
    says yes.
    """
    if not one.places:
        return "idle" if one.volunteers else "empty"
    if one.volunteers < one.places:
        return "short"
    return "tight" if one.volunteers < 2 * one.places else "enough"


def _known(one: Supply, told: Told) -> bool:
    """Whether both numbers are told: a word or ratio would give a withheld one away."""
    return told_alone(one.volunteers, told.volunteers) and told_alone(one.places, told.needs)


def _districts_table(by: Actor, found: list[DistrictCount]) -> Table:
    told = [Told(by, one.place) for one in found]
    people = column([one.volunteers for one in found], [one.volunteers for one in told])
    needs = column([one.needs for one in found], [one.needs for one in told])
    rows = [
        [
            Cell(one.place.name, reverse("place", args=[one.place.pk])),
            Cell(f"{one.place.population:,}" if one.place.population else "–"),
            Cell(volunteers),
            Cell(wanting),
        ]
        for one, volunteers, wanting in zip(found, people, needs, strict=True)
    ]
    headings = [_("District"), _("Population"), _("Active volunteers"), _("Open needs")]
    return Table(_("Districts by name"), headings, rows, frozenset({1, 2, 3}))


def _wards(place: "Place") -> list[tuple[str, str]]:
    return [
        (ward.name, reverse("place", args=[ward.pk])) for ward in places_known.children_of(place)
    ]
