"""Logs of 999 and 101 calls: read once, ranked, and everything left out accounted for."""

from stepdown.adapters.calls.judge import Excluded, Rules
from stepdown.adapters.calls.log import CallLog, CallLogError, Columns, open_log
from stepdown.adapters.calls.rank import Caller, Ranking, days, rank, write_excluded

__all__ = [
    "CallLog",
    "CallLogError",
    "Caller",
    "Columns",
    "Excluded",
    "Ranking",
    "Rules",
    "days",
    "open_log",
    "rank",
    "write_excluded",
]
