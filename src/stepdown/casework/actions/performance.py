"""Measures of performance: begun, changed, and their figures entered as their source has them."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.models import PerformanceFigure, PerformanceMeasure
from stepdown.casework.queries import appraisal
from stepdown.casework.queries import performance as queries
from stepdown.evidence.performance import Fault
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

BEGUN = Verb("measure.begun", gettext_lazy("Measure of performance begun"))
CHANGED = Verb("measure.changed", gettext_lazy("Measure of performance changed"))
ENTERED = Verb("measure.figure-entered", gettext_lazy("Figure of a measure entered"))
CORRECTED = Verb("measure.figure-changed", gettext_lazy("Figure of a measure changed"))

MOST = Decimal(10) ** 11
MOST_PARTS = 50
PERCENT = re.compile(r"-?\d{1,4}(\.\d{1,2})?")


@transaction.atomic
def begin(
    *, by: Actor, name: str, unit: str, pathway: str = "", per: str = ""
) -> PerformanceMeasure:
    """A measure without figures. ``per`` is the id of another measure, or nothing."""
    agency = appraisal.agency_for(by)
    require_new(by, Permission.EVIDENCE_KEEP, {"agency": agency})
    made = PerformanceMeasure(agency_id=agency)
    _name(by, made, name, unit, pathway, per)
    made.save(force_insert=True)
    record(by=by, verb=BEGUN, about=("measure", made.pk), payload={"name": made.name})
    return made


@transaction.atomic
def change(
    *,
    by: Actor,
    measure: PerformanceMeasure,
    version: int,
    name: str,
    unit: str,
    pathway: str = "",
    per: str = "",
) -> PerformanceMeasure:
    """What it is called, and of which other measure it is worked out."""
    held = _locked(by, measure)
    require_version(held, version)
    _name(by, held, name, unit, pathway, per)
    held.version += 1
    held.save()
    record(by=by, verb=CHANGED, about=("measure", held.pk), payload={"name": held.name})
    return held


@transaction.atomic
def enter(
    *,
    by: Actor,
    measure: PerformanceMeasure,
    since: date,
    until: date,
    value: Decimal,
    source: str,
    against: str = "",
    comparator: Decimal | None = None,
    stated: str = "",
    parts: str = "",
    narrative: str = "",
    as_printed: bool = False,
) -> PerformanceFigure:
    """A figure as its source has it. One that contradicts itself is refused, with what it comes
    to, unless whoever enters it says that its source does (``as_printed``). ``parts`` are lines
    of a name, a comma and a number."""
    held = _locked(by, measure)
    made = PerformanceFigure(measure=held)
    _fill(made, since, until, value, source, against, comparator, stated, parts, narrative,
          as_printed)  # fmt: skip
    made.save(force_insert=True)
    record(by=by, verb=ENTERED, about=("measure", held.pk), payload=_payload(made))
    return made


@transaction.atomic
def correct(
    *,
    by: Actor,
    figure: PerformanceFigure,
    version: int,
    since: date,
    until: date,
    value: Decimal,
    source: str,
    against: str = "",
    comparator: Decimal | None = None,
    stated: str = "",
    parts: str = "",
    narrative: str = "",
    as_printed: bool = False,
) -> PerformanceFigure:
    """Another number, or another source for it; the same is asked of it."""
    held = _locked(by, figure.measure)
    found = held.figures.select_for_update().filter(pk=figure.pk).first()
    if found is None:
        raise NotVisible("No such figure.")
    require_version(found, version)
    before = _payload(found)
    _fill(found, since, until, value, source, against, comparator, stated, parts, narrative,
          as_printed)  # fmt: skip
    found.version += 1
    found.save()
    payload = {"before": before, **_payload(found)}
    record(by=by, verb=CORRECTED, about=("measure", held.pk), payload=payload)
    return found


def _locked(by: Actor, measure: PerformanceMeasure) -> PerformanceMeasure:
    found = PerformanceMeasure.objects.select_for_update().filter(pk=measure.pk).first()
    if found is None:
        raise NotVisible("No such measure.")
    require(by, Permission.EVIDENCE_KEEP, queries.facts(found))
    return found


def _name(
    by: Actor, held: PerformanceMeasure, name: str, unit: str, pathway: str, per: str
) -> None:
    check = Check()
    held.name = check.words("name", name, most=120, missing=_("Enter what is measured."))
    held.unit = check.words("unit", unit, most=40, missing=_("Enter what is counted."))
    known = ["", *(key for key, _words in appraisal.pathways())]
    held.pathway = check.choice("pathway", pathway, known, _("Select a pathway."))
    others = ["", *(key for key, _words in queries.choices(by, held.pk))]
    chosen = check.choice("per", per, others, _("Select another measure."))
    check.done()
    held.per_id = next((one.pk for one in queries.every(by) if str(one.pk) == chosen), None)


def _fill(
    held: PerformanceFigure,
    since: date,
    until: date,
    value: Decimal,
    source: str,
    against: str,
    comparator: Decimal | None,
    stated: str,
    parts: str,
    narrative: str,
    as_printed: bool,
) -> None:
    check = Check()
    check.that(since <= until, "until", _("The last day must not come before the first."))
    number = _("Enter a number, such as 266.")
    check.that(_fits(value), "value", number)
    held.against = check.choice(
        "against", against, queries.AGAINST, _("Select what it is compared with.")
    )
    if held.against:
        check.that(comparator is not None, "comparator", _("Enter what it is compared with."))
        check.that(comparator is None or _fits(comparator), "comparator", number)
    printed = str(stated).strip().removesuffix("%").strip()
    fits = not printed or PERCENT.fullmatch(printed)
    check.that(fits, "stated", _("Enter a percentage as it is printed, such as 88.7."))
    held.parts = _parts(check, parts)
    held.narrative = check.words("narrative", narrative, most=2_000)
    held.source = check.words("source", source, most=200, missing=_("Enter where it comes from."))
    check.done()
    held.since, held.until, held.value, held.stated = since, until, value, printed
    held.comparator = comparator if held.against else None
    held.as_printed = as_printed
    if as_printed:
        return
    one = queries.published(held)
    for fault in one.faults:
        if fault is Fault.PARTS:
            words = _("The parts add up to %(sum)s, and the figure is %(value)s.")
            told = {"sum": plain(one.parts_sum or Decimal(0)), "value": plain(value)}
            check.that(False, "parts", words % told)
        elif one.percent is not None:
            words = _("The two numbers give %(worked)s %%, and not what is printed.")
            check.that(False, "stated", words % {"worked": f"{one.percent:.1f}"})
    check.done()


def _parts(check: Check, text: str) -> list[list[str]]:
    found: list[list[str]] = []
    for line in filter(None, map(str.strip, str(text).splitlines())):
        name, comma, number = line.rpartition(",")
        amount = _number(number)
        good = comma and name.strip() and len(name) <= 80 and amount is not None
        words = _("Write each part on a line of its own: a name, a comma and a number.")
        if check.that(good, "parts", words) and amount is not None:
            found.append([" ".join(name.split()), plain(amount)])
    check.that(len(found) <= MOST_PARTS, "parts", _("There are too many parts."))
    return found


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and _fits(found) else None


def _fits(number: Decimal) -> bool:
    return abs(number) <= MOST and number == round(number, 2)


def plain(number: Decimal) -> str:
    """266, and 266.5 where it is no whole number."""
    return f"{number.normalize():f}"


def _payload(held: PerformanceFigure) -> dict[str, str]:
    return {"since": held.since.isoformat(), "until": held.until.isoformat(),
            "value": str(held.value), "against": held.against, "source": held.source,
            "comparator": str(held.comparator or "")}  # fmt: skip
