"""For how long records are kept: the hub's own schedules, and dated versions in their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepdown.kernel.dated import in_force
from stepdown.kernel.retention import Schedule, Then
from stepdown.records.models import RetentionRule

# Every hub has these until its partnership says otherwise. None has been checked against its
# owner's own text: each is shown as not verified.
START = date(2023, 7, 1)
_MOPI = (
    "Code of Practice on Police Information and Records Management 2023; group periods as "
    "generally described"
)
_OWN = "A default of this software, for the partnership to confirm"

DEFAULTS: Mapping[str, tuple[Schedule, str]] = {
    "mopi-1": (Schedule(10, Then.REVIEW, 10, 100), _MOPI),
    "mopi-2": (Schedule(10, Then.REVIEW, 10), _MOPI),
    "mopi-3": (Schedule(6, Then.REVIEW, 5), _MOPI),
    "mopi-4": (Schedule(6, Then.REVIEW, 6), _MOPI),
    "partnership": (Schedule(6, Then.REVIEW, 2), _OWN),
    "volunteer": (Schedule(6, Then.REVIEW, 2), _OWN),
    "contact": (Schedule(2, Then.REVIEW, 1), _OWN),
    "not-taken-on": (Schedule(1, Then.DISPOSE), _OWN),
}
NAMES: Mapping[str, str | Promise] = {
    "mopi-1": _("Police information, group 1: public protection"),
    "mopi-2": _("Police information, group 2: other sexual, violent or serious offences"),
    "mopi-3": _("Police information, group 3: all other offences"),
    "mopi-4": _("Police information, group 4: victims, witnesses and everything else"),
    "partnership": _("Help that was asked for or given"),
    "volunteer": _("Volunteers who have left"),
    "contact": _("People about whom nothing else is held"),
    "not-taken-on": _("Referrals that were not taken on"),
}
# For these a second person agrees to whatever the first decides.
TWO_PEOPLE = frozenset({"mopi-1", "mopi-2"})


@dataclass(frozen=True)
class Rule:
    """A schedule as it holds from a day on, and where it comes from."""

    key: str
    schedule: Schedule
    source: str
    verified: bool
    valid_from: date
    valid_to: date | None = None


def versions(key: str) -> list[Rule]:
    """Every version of a schedule, the hub's own default first."""
    schedule, source = DEFAULTS[key]
    found = [Rule(key, schedule, source, False, START)]
    for row in RetentionRule.objects.filter(key=key).order_by("valid_from"):
        found.append(_rule(row))
    return found


def rules_on(day: date) -> Mapping[str, Rule]:
    """The version of each schedule that holds on a day. One query."""
    every = {
        key: [Rule(key, schedule, source, False, date.min)]
        for key, (schedule, source) in DEFAULTS.items()
    }
    for row in RetentionRule.objects.order_by("valid_from"):
        if row.key in every:
            every[row.key].append(_rule(row))
    return {key: in_force(some, day) or some[0] for key, some in every.items()}


def _rule(row: RetentionRule) -> Rule:
    schedule = Schedule(row.clear_years, Then(row.then), row.again_years, row.until_age)
    return Rule(row.key, schedule, row.source, row.verified, row.valid_from)
