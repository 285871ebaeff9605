"""The lines of an appraisal: added, changed, or all of them replaced at once."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.appraisals import locked
from stepdown.casework.models import Appraisal, AppraisalLine
from stepdown.casework.queries import appraisal as queries
from stepdown.casework.queries.years import year_of, year_words
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_version
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import InvalidInput, NotVisible, StepdownError
from stepdown.kernel.sheets import unguarded
from stepdown.policy.actors import Actor

ADDED = Verb("appraisal.line-added", gettext_lazy("Line added to an appraisal"))
CHANGED = Verb("appraisal.line-changed", gettext_lazy("Line of an appraisal changed"))
REPLACED = Verb("appraisal.lines-replaced", gettext_lazy("All lines of an appraisal replaced"))

COLUMNS = ("kind", "what", "year", "pounds", "whose", "source")
MOST_POUNDS = Decimal(10) ** 10
MOST_LINES = 1_000


@dataclass(frozen=True)
class Fault:
    """What is wrong in one row. ``column`` is nothing where the row as a whole is."""

    row: int
    column: str
    words: str


class WrongRows(StepdownError):
    """Nothing was taken: every fault, in the order of the rows."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@transaction.atomic
def add(
    *,
    by: Actor,
    appraisal: Appraisal,
    kind: str,
    what: str,
    year: str,
    pounds: Decimal,
    whose: str,
    source: str,
) -> AppraisalLine:
    """One more line."""
    held = locked(by, appraisal)
    made = AppraisalLine(appraisal=held)
    _fill(made, kind, what, year, pounds, whose, source)
    if held.lines.count() >= MOST_LINES:
        raise InvalidInput({"what": _("There are as many lines as there can be.")})
    made.save(force_insert=True)
    record(by=by, verb=ADDED, about=("appraisal", held.pk), payload=_payload(made))
    return made


@transaction.atomic
def change(
    *,
    by: Actor,
    line: AppraisalLine,
    version: int,
    kind: str,
    what: str,
    year: str,
    pounds: Decimal,
    whose: str,
    source: str,
) -> AppraisalLine:
    """Another figure, or another source for it."""
    held = locked(by, line.appraisal)
    found = held.lines.select_for_update().filter(pk=line.pk).first()
    if found is None:
        raise NotVisible("No such line.")
    require_version(found, version)
    before = _payload(found)
    _fill(found, kind, what, year, pounds, whose, source)
    found.version += 1
    found.save()
    payload = {"before": before, **_payload(found)}
    record(by=by, verb=CHANGED, about=("appraisal", held.pk), payload=payload)
    return found


@transaction.atomic
def replace(*, by: Actor, appraisal: Appraisal, text: str) -> int:
    """All lines are those of a CSV text from now on, or one with tabs between its cells as copied
    out of a spreadsheet; or nothing is changed, and every row that is wrong is named
    (``WrongRows``). How many there are."""
    held = locked(by, appraisal)
    faults: list[Fault] = []
    fresh: dict[tuple[str, str, int], AppraisalLine] = {}
    for row, cells in _rows(text, faults):
        made = AppraisalLine(appraisal=held)
        try:
            pounds = _pounds(cells["pounds"])
            _fill(made, cells["kind"].lower(), cells["what"], cells["year"], pounds,
                  cells["whose"], cells["source"], alone=True)  # fmt: skip
        except InvalidInput as wrong:
            faults += [Fault(row, column, words) for column, words in wrong.errors.items()]
            continue
        key = (made.kind, made.what, made.year)
        if key in fresh:
            faults.append(Fault(row, "what", _("The same line stands in an earlier row.")))
        fresh[key] = made
    if len(fresh) > MOST_LINES:
        words = _("There are more than %(most)d lines.") % {"most": MOST_LINES}
        faults.append(Fault(1, "", words))
    if not fresh and not faults:
        faults.append(Fault(1, "", _("There are no lines.")))
    if faults:
        raise WrongRows(sorted(faults, key=lambda one: one.row))
    held.lines.all().delete()
    AppraisalLine.objects.bulk_create(fresh.values())
    payload = {"lines": [_payload(one) for one in fresh.values()]}
    record(by=by, verb=REPLACED, about=("appraisal", held.pk), payload=payload)
    return len(fresh)


def _rows(text: str, faults: list[Fault]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows that have the cells they should have, by number; the first names the columns."""
    text = text.removeprefix("\ufeff")
    between = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=between)
    names: list[str] | None = None
    try:
        for row, cells in enumerate(reader, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = [cell.strip().lower() for cell in cells]
                if sorted(names) != sorted(COLUMNS):
                    words = _("The first row must name these columns: %(columns)s.")
                    faults.append(Fault(row, "", words % {"columns": ", ".join(COLUMNS)}))
                    return
            elif len(cells) != len(names):
                words = _("The row has %(cells)d cells, and the first row %(heads)d.")
                told = {"cells": len(cells), "heads": len(names)}
                faults.append(Fault(row, "", words % told))
            else:
                yield (
                    row,
                    {
                        name: unguarded(cell.strip())
                        for name, cell in zip(names, cells, strict=True)
                    },
                )
    except csv.Error:
        words = _("A quotation mark does not close, or is out of place.")
        faults.append(Fault(reader.line_num, "", words))


def _pounds(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "").removeprefix("£"))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _fill(
    line: AppraisalLine,
    kind: str,
    what: str,
    year: str,
    pounds: Decimal | None,
    whose: str,
    source: str,
    *,
    alone: bool = False,
) -> None:
    """Check and set. ``alone``: there are no other lines to compare with."""
    check = Check()
    first = line.appraisal.base_year
    line.kind = check.choice(
        "kind", kind, AppraisalLine.Kind.values, _("Select whether it is a cost or a benefit.")
    )
    line.what = check.words("what", what, most=120, missing=_("Enter what the money is for."))
    found = year_of(year)
    last = first + queries.SPAN
    words = _("Enter a year from %(first)s to %(last)s.")
    told = {"first": year_words(first), "last": year_words(last)}
    check.that(found is not None and first <= found <= last, "year", words % told)
    fits = pounds is not None and 0 <= pounds <= MOST_POUNDS and pounds == round(pounds, 2)
    check.that(fits, "pounds", _("Enter an amount in pounds, such as 933000."))
    line.whose = check.words("whose", whose, most=80, missing=_("Enter whose figure it is."))
    line.source = check.words("source", source, most=200, missing=_("Enter where it comes from."))
    if not alone and found is not None:
        same = line.appraisal.lines.filter(kind=line.kind, what=line.what, year=found)
        there = same.exclude(pk=line.pk).exists()
        check.that(not there, "what", _("There is such a line for this year already."))
    check.done()
    assert found is not None  # noqa: S101 - for the type checker
    assert pounds is not None  # noqa: S101
    line.year, line.pounds = found, pounds


def _payload(line: AppraisalLine) -> dict[str, str]:
    return {"kind": line.kind, "what": line.what, "year": str(line.year),
            "pounds": str(line.pounds), "source": line.source}  # fmt: skip
