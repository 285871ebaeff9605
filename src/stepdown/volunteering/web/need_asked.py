"""What a need asks, in plain words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stepdown.pages.parts import Row
from stepdown.pages.words import gov_date, slots_words
from stepdown.people.queries.equality import genders
from stepdown.volunteering.queries.choices import GENDER_REASONS
from stepdown.volunteering.queries.need import NeedPlace
from stepdown.volunteering.queries.requirement import Stated
from stepdown.volunteering.web.need_words import label_of, week_words

if TYPE_CHECKING:
    from stepdown.volunteering.models import Need


def dates(need: "Need") -> str:
    """From when to when."""
    first = gov_date(need.starts)
    if need.ends is None:
        return _("From %(first)s, without an end date") % {"first": first}
    return _("From %(first)s to %(last)s") % {"first": first, "last": gov_date(need.ends)}


def asked_rows(need: "Need", place: NeedPlace | None, wanted: Stated) -> list[Row]:
    """One line for each thing asked; things not asked are said to be so where that matters."""
    return [
        Row(_("Scheme"), need.scheme.name),
        Row(_("When"), dates(need)),
        Row(_("Times of the week"), slots_words(need.slots) if need.slots else _("Any time")),
        Row(_("Time"), week_words(need.weekly_minutes)),
        Row(_("Where"), _where(place)),
        Row(_("Skills"), _all_of(one.name for one in need.skills.all())),
        Row(_("Languages"), _all_of(one.name for one in need.languages.all())),
        Row(_("Checks and training"), _checks(wanted)),
        Row(_("Minimum age"), str(wanted.minimum_age) if wanted.minimum_age else _("None")),
        Row(_("Gender"), _gender(need)),
        Row(_("Where these rules come from"), _source(need, wanted)),
    ]


def _all_of(names: object) -> str:
    return "\n".join(sorted(str(name) for name in names)) or _("None")  # type: ignore[attr-defined]


def _where(place: NeedPlace | None) -> str:
    if place is None:
        return _("No place recorded")
    return _("Protected: not shown to anybody") if place.shielded else place.postcode


def _checks(wanted: Stated) -> str:
    own = [_("%(name)s (for this need only)") % {"name": name} for name in wanted.own_checks]
    return "\n".join([*wanted.scheme_checks, *own]) or _("None")


def _gender(need: "Need") -> str:
    if not need.gender:
        return _("Anybody")
    words = {
        "gender": label_of(genders(), need.gender),
        "reason": label_of(GENDER_REASONS, need.gender_reason),
    }
    return _("%(gender)s. Lawful reason: %(reason)s") % words


def _source(need: "Need", wanted: Stated) -> str:
    if wanted.since is None:
        return _("%(scheme)s has no rules of its own on this day") % {"scheme": need.scheme.name}
    words = {
        "scheme": need.scheme.name,
        "since": gov_date(wanted.since),
        "source": wanted.source,
    }
    said = _("%(scheme)s, rules since %(since)s. Source: %(source)s") % words
    return said if wanted.verified else f"{said}\n{_('Not yet confirmed with their owner')}"
