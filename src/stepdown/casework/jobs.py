"""What this wing does by itself, every few seconds."""

from collections.abc import Callable

from stepdown.casework.actions import (
    callers,
    case_reminders,
    case_versions,
    meetings,
    referrals,
)
from stepdown.policy.actors import Actor

Job = Callable[[], int]


def discard_drafts() -> int:
    """Forget referrals that were begun and never sent. How many."""
    by = Actor.hub()
    return referrals.discard_expired(by=by) + case_reminders.discard_old_drafts(by=by)


def remind() -> int:
    """Tell those who work on cases what is due soon or late. How many messages."""
    return case_reminders.remind(by=Actor.hub())


def forget_callers() -> int:
    """Forget callers on whom nothing was done for a year. How many."""
    return callers.forget_old(by=Actor.hub())


def forget_meetings() -> int:
    """Forget meetings of long ago whose cases have all been disposed of. How many."""
    return meetings.forget_old(by=Actor.hub())


def remember_files() -> int:
    """Record what the files say of pathways that have got cases. How many were written."""
    return case_versions.remember_files(by=Actor.hub())


TICK: tuple[Job, ...] = (discard_drafts, remind, forget_callers, forget_meetings, remember_files)
