"""Which rows of a call log count, as SQL: one verdict a row, one reason where it does not.

What a row shows by itself is judged as it is read; what its number shows, once numbers are in one
form, on the far fewer groups of rows.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stepdown.adapters.calls.log import CallLog, name, text

# UK numbers as dialled: 0 and nine or ten digits (Ofcom, National Telephone Numbering Plan).
_UK = "0[1-9][0-9]{8,9}"


class Excluded(StrEnum):
    """Why a row was left out. The first that is true of it, in this order."""

    BROKEN = "the line cannot be read"
    TIME = "the time is missing or is not a time"
    PERIOD = "outside the period"
    LINE = "not a call to 999 or 101"
    PREMISES = "not from a home"
    WITHHELD = "no number, or withheld"
    NUMBER = "not a UK telephone number"
    ORGANISATION = "an organisation’s number"


# Those that a row shows as it is read; the others show when its number is put into one form.
_JUDGED = (Excluded.TIME, Excluded.PERIOD, Excluded.LINE, Excluded.PREMISES)

# Lines that the reader put aside. It reads a time as it reads the line, and may put aside one whose
# time is none.
REJECTED = (
    "select line, case when bool_and(error_type = 'CAST') "
    f"then {text(Excluded.TIME)} else {text(Excluded.BROKEN)} end as reason "
    "from reject_errors group by line"
)


@dataclass(frozen=True)
class Rules:
    """What counts: calls from ``since`` until before ``until``, from homes, by people.

    ``organisations`` are numbers known to be no private person's, in any form. ``most`` callers
    with at least ``least`` calls are kept.
    """

    since: date
    until: date
    most: int = 200
    least: int = 3
    homes: frozenset[str] = frozenset({"residential", "domestic", "home", "private"})
    organisations: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.since >= self.until:
            raise ValueError("The period ends before it begins.")
        if self.most < 1 or self.least < 1:
            raise ValueError("At least one caller and one call must be asked for.")


def emergency(log: CallLog) -> str:
    """SQL that counts the calls to 999 of a group."""
    line = name(log.columns.line)
    if not log.columns.line:
        return "0"
    return f"count(*) filter ({line} = '999' or ({line} <> '101' and trim({line}) = '999'))"


def judged(log: CallLog, rules: Rules, more: str = "") -> str:
    """SQL for every row with its verdict: 0, or the place of its reason among ``_JUDGED``."""
    # Cells are compared as they mostly come, which is quicker; only others are trimmed.
    columns = log.columns
    since, until = (f"timestamp '{day.isoformat()}'" for day in (rules.since, rules.until))
    tests = [("stamp is null", 1), (f"stamp < {since} or stamp >= {until}", 2)]
    if columns.line:
        cell = name(columns.line)
        lines = "('999', '101')"
        test = f"({cell} is null or ({cell} not in {lines} and trim({cell}) not in {lines}))"
        tests.append((test, 3))
    if columns.premises:
        tests.append((_not_home(log, rules), 4))
    cases = " ".join(f"when {test} then {place}" for test, place in tests)
    inner = f"select *, {log.stamp} as stamp{more} from {log.source}"
    number = name(columns.number)
    return (
        f"select * exclude ({number}), {number} as number, "
        f"case {cases} else 0 end as verdict from ({inner})"
    )


def _not_home(log: CallLog, rules: Rules) -> str:
    """SQL that is true of a row that is not from a home. Usual spellings are known beforehand."""
    cell = name(log.columns.premises)
    homes = {one.strip().lower() for one in rules.homes}
    others = [one for one in log.premises if one.strip().lower() not in homes]
    listed = ", ".join(text(one) for one in sorted(homes))
    known = (
        f"when {cell} in ({', '.join(text(one) for one in others)}) then true " if others else ""
    )
    return (
        f"(case when {cell} in ({listed}) then false {known}"
        f"else coalesce(lower(trim({cell})), '') not in ({listed}) end)"
    )


def tidy(column: str) -> str:
    """SQL for a number as dialled in the UK, whatever spaces, brackets or +44 it was written with.

    Null where there is none, or words such as "withheld" stand in its place.
    """
    digits = f"regexp_replace({column}, '[^0-9+]', '', 'g')"
    dialled = f"regexp_replace({digits}, '^(\\+|00)?44(\\+?0)?', '0')"
    return (
        f"case when regexp_full_match({column}, '{_UK}') then {column} "
        f"when regexp_matches({column}, '[0-9]') then {dialled} end"
    )


def _late(rules: Rules) -> str:
    """SQL for what the tidied number shows of a row that was good so far: its reason, or null."""
    known = ", ".join(sorted(tidy(text(one)) for one in rules.organisations))
    organisation = f" when tidy in ({known}) then {text(Excluded.ORGANISATION)}" if known else ""
    return (
        f"case when tidy is null then {text(Excluded.WITHHELD)} "
        f"when not regexp_full_match(tidy, '{_UK}') then {text(Excluded.NUMBER)}{organisation} end"
    )


def reason(rules: Rules) -> str:
    """SQL for the reason why a row is left out; null where it counts."""
    words = " ".join(f"when {n} then {text(one)}" for n, one in enumerate(_JUDGED, start=1))
    return f"case verdict {words} else {_late(rules)} end"
