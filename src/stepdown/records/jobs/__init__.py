"""What this wing does by itself: copies are made, and removed when their time is up."""

from collections.abc import Callable

from stepdown.records.jobs.copies import make_copies, remove_copies

Job = Callable[[], int]

TICK: tuple[Job, ...] = (make_copies, remove_copies)
