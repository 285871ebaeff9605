"""What this wing does by itself: copies are made and removed, and records disposed of."""

from collections.abc import Callable

from stepdown.records.jobs.copies import make_copies, remove_copies
from stepdown.records.jobs.disposing import dispose, register

Job = Callable[[], int]

TICK: tuple[Job, ...] = (make_copies, remove_copies, dispose, register)
