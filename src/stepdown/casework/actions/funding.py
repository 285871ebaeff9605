"""Entering and changing what a fund gave to a pathway."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.models import FundingLine
from stepdown.casework.queries import appraisal, funding
from stepdown.casework.queries.years import year_of
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

ENTERED = Verb("funding.entered", gettext_lazy("Funding entered"))
CHANGED = Verb("funding.changed", gettext_lazy("Funding changed"))
MOST = Decimal(10) ** 10


@transaction.atomic
def enter(
    *, by: Actor, pathway: str, year: str, fund: str, pounds: Decimal, source: str
) -> FundingLine:
    """What one fund gave in one financial year."""
    agency = appraisal.agency_for(by)
    require_new(by, Permission.EVIDENCE_KEEP, {"agency": agency})
    made = FundingLine(agency_id=agency)
    _fill(made, pathway, year, fund, pounds, source)
    made.save(force_insert=True)
    record(by=by, verb=ENTERED, about=("funding", made.pk), payload=_payload(made))
    return made


@transaction.atomic
def change(
    *,
    by: Actor,
    line: FundingLine,
    version: int,
    pathway: str,
    year: str,
    fund: str,
    pounds: Decimal,
    source: str,
) -> FundingLine:
    """Another figure, or another source for it."""
    held = FundingLine.objects.select_for_update().filter(pk=line.pk).first()
    if held is None:
        raise NotVisible("No such funding.")
    require(by, Permission.EVIDENCE_KEEP, funding.facts(held))
    require_version(held, version)
    before = _payload(held)
    _fill(held, pathway, year, fund, pounds, source)
    held.version += 1
    held.save()
    payload = {"before": before, **_payload(held)}
    record(by=by, verb=CHANGED, about=("funding", held.pk), payload=payload)
    return held


def _fill(
    line: FundingLine, pathway: str, year: str, fund: str, pounds: Decimal, source: str
) -> None:
    check = Check()
    known = [key for key, _words in appraisal.pathways()]
    line.pathway = check.choice("pathway", pathway, known, _("Select a pathway."))
    found = year_of(year)
    good = found is not None and appraisal.FIRST <= found <= appraisal.LAST
    check.that(good, "year", _("Enter a financial year, such as 2016/17."))
    line.fund = check.words("fund", fund, most=120, missing=_("Enter which fund it is."))
    fits = 0 <= pounds <= MOST and pounds == round(pounds, 2)
    check.that(fits, "pounds", _("Enter an amount in pounds, such as 933000."))
    line.source = check.words("source", source, most=200, missing=_("Enter where it comes from."))
    if found is not None:
        same = FundingLine.objects.filter(
            pathway=line.pathway, agency=line.agency_id, fund=line.fund, year=found
        )
        there = same.exclude(pk=line.pk).exists()
        check.that(not there, "fund", _("There is a line of this fund for this year already."))
    check.done()
    assert found is not None  # noqa: S101 - for the type checker
    line.year, line.pounds = found, pounds


def _payload(line: FundingLine) -> dict[str, str]:
    return {"pathway": line.pathway, "year": str(line.year), "fund": line.fund,
            "pounds": str(line.pounds), "source": line.source}  # fmt: skip
