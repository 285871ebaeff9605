"""One row of each section of Today, in words."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.casework.web.referral_words import BAND_WORDS
from stepdown.kernel import clock
from stepdown.pages.parts import Cell
from stepdown.pages.words import duration, gov_date, gov_datetime
from stepdown.volunteering.web.need_words import band_words

if TYPE_CHECKING:
    from stepdown.casework.models import MeetingAction, Referral
    from stepdown.sharing.models import Override
    from stepdown.volunteering.models import (
        Credential,
        HoursEntry,
        Need,
        Offer,
        Placement,
        RiskAssessment,
    )


def days_ago(moment: datetime | date) -> str:
    """Since when, counted in days of the calendar: "today", "yesterday", "12 days ago"."""
    on = moment.astimezone(clock.LONDON).date() if isinstance(moment, datetime) else moment
    days = (clock.today() - on).days
    if days <= 0:
        return _("today")
    return ngettext("yesterday", "%(days)d days ago", days) % {"days": days}


def days_ahead(on: date) -> str:
    """A day with how far it is: "22 November 2026, in 3 days"."""
    days = (on - clock.today()).days
    if days == 0:
        return _("%(day)s, today") % {"day": gov_date(on)}
    if days < 0:
        words = ngettext("%(day)s, %(days)d day ago", "%(day)s, %(days)d days ago", -days)
        return words % {"day": gov_date(on), "days": -days}
    words = ngettext("%(day)s, in %(days)d day", "%(day)s, in %(days)d days", days)
    return words % {"day": gov_date(on), "days": days}


def referral(one: "Referral") -> list[Cell]:
    """A referral that waits for triage."""
    return [
        Cell(one.reference, reverse("referral", args=[one.pk])),
        Cell(BAND_WORDS.get(one.band or 0, "–")),
        Cell(one.district.name if one.district else "–"),
        Cell(days_ago(one.received_at) if one.received_at else "–"),
    ]


def action(one: "MeetingAction") -> list[Cell]:
    """What a meeting asked of the reader."""
    return [
        Cell(one.what, reverse("case-action", args=[one.case_id, one.pk])),
        Cell(one.case.reference, reverse("case", args=[one.case_id])),
        Cell(days_ahead(one.by_when)),
    ]


def _need_cell(need: "Need", name: str, *args: object) -> Cell:
    return Cell(need.title, reverse(name, args=args), hint=need.reference)


def risk(one: "RiskAssessment") -> list[Cell]:
    """A risk assessment by when it is to be reviewed."""
    return [
        _need_cell(one.need, "need-risk", one.need_id),
        Cell(_officer(one.need)),
        Cell(days_ahead(one.review_on)),
    ]


def waiting_risk(one: "RiskAssessment") -> list[Cell]:
    """A risk assessment that waits for approval."""
    return [
        _need_cell(one.need, "need-risk", one.need_id),
        Cell(one.written_by.display_name),
        Cell(days_ahead(one.need.starts)),
    ]


def returned_risk(one: "RiskAssessment") -> list[Cell]:
    """A risk assessment that was sent back, with the reason."""
    return [
        _need_cell(one.need, "need-risk", one.need_id),
        Cell(one.decision_note or "–"),
        Cell(days_ahead(one.need.starts)),
    ]


def lapsing_offer(one: "Offer") -> list[Cell]:
    """An offer that runs out."""
    return [
        _need_cell(one.need, "offer", one.pk),
        Cell(one.volunteer.person.full_name),
        Cell(gov_datetime(one.lapses_at)),
    ]


def lost_offer(one: "Offer") -> list[Cell]:
    """An offer that came to nothing, by its need."""
    return [
        _need_cell(one.need, "need", one.need_id),
        Cell(band_words(one.need.band)),
        Cell(one.state, status=True),
    ]


def stepping_back(one: "Placement") -> list[Cell]:
    """A placement whose volunteer cannot make it."""
    return [
        _need_cell(one.need, "placement", one.pk),
        Cell(one.volunteer.person.full_name),
        Cell(days_ago(one.step_back_asked_at) if one.step_back_asked_at else "–"),
    ]


def suspended(one: "Placement") -> list[Cell]:
    """A suspended placement."""
    return [
        _need_cell(one.need, "placement", one.pk),
        Cell(one.volunteer.person.full_name),
        Cell(one.suspend_reason or "–"),
        Cell(days_ago(one.suspended_at) if one.suspended_at else "–"),
    ]


def hours(one: "HoursEntry") -> list[Cell]:
    """Hours that wait to be confirmed."""
    return [
        _need_cell(one.placement.need, "placement", one.placement_id),
        Cell(one.placement.volunteer.person.full_name),
        Cell(duration(one.minutes)),
        Cell(gov_date(one.on)),
    ]


def need_over(one: "Need") -> list[Cell]:
    """A need that came out of ``counted``, by its last day."""
    return [*need(one)[:-1], Cell(days_ahead(one.ends) if one.ends else "–")]


def need(one: "Need") -> list[Cell]:
    """A need that came out of ``counted``, by its first day."""
    seen = vars(one)
    filled = _("%(placed)d of %(places)d filled, %(offered)d offered")
    return [
        _need_cell(one, "need", one.pk),
        Cell(band_words(one.band)),
        Cell(filled % {**seen, "places": one.places}),
        Cell(_officer(one)),
        Cell(days_ahead(one.starts)),
    ]


def check(one: "Credential") -> list[Cell]:
    """A check that lapses."""
    assert one.valid_to is not None  # noqa: S101 - it lapses, so it has a last day
    return [
        Cell(one.person.full_name, reverse("person-passport", args=[one.person_id])),
        Cell(one.type.name),
        Cell(days_ahead(one.valid_to)),
    ]


def override(one: "Override") -> list[Cell]:
    """A record that was opened in an emergency, and not reviewed in time."""
    return [
        Cell(one.reference, reverse("override", args=[one.pk])),
        Cell(one.get_reason_display()),
        Cell(one.agency.name if one.agency else ""),
        Cell(gov_datetime(one.opened_at)),
    ]


def _officer(need: "Need") -> str:
    return need.officer.display_name if need.officer else _("Nobody yet")
