"""Starting and changing an appraisal, and confirming its discount rate by a second pair of eyes."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.models import Appraisal
from stepdown.casework.queries import appraisal as queries
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new, require_version
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

STARTED = Verb("appraisal.started", gettext_lazy("Appraisal started"))
CHANGED = Verb("appraisal.changed", gettext_lazy("Appraisal changed"))
VERIFIED = Verb("appraisal.rate-verified", gettext_lazy("Discount rate verified"))

MOST_RATE = Decimal(20)
MOST_EACH = Decimal(10_000_000)


@transaction.atomic
def start(
    *,
    by: Actor,
    title: str,
    pathway: str,
    base_year: int,
    rate: Decimal,
    rate_source: str,
    rate_dated: date,
    each: Decimal | None = None,
    each_source: str = "",
) -> Appraisal:
    """An appraisal without lines. Its rate is not verified until somebody else has looked."""
    agency = queries.agency_for(by)
    require_new(by, Permission.EVIDENCE_KEEP, {"agency": agency})
    made = Appraisal(agency_id=agency)
    _fill(made, by, title, pathway, base_year, rate, rate_source, rate_dated, each, each_source)
    made.save(force_insert=True)
    record(by=by, verb=STARTED, about=("appraisal", made.pk), payload=_payload(made))
    return made


@transaction.atomic
def change(
    *,
    by: Actor,
    appraisal: Appraisal,
    version: int,
    title: str,
    pathway: str,
    base_year: int,
    rate: Decimal,
    rate_source: str,
    rate_dated: date,
    each: Decimal | None = None,
    each_source: str = "",
) -> Appraisal:
    """What it is about, and by which rate. Another rate has to be verified again."""
    held = locked(by, appraisal)
    require_version(held, version)
    _fill(held, by, title, pathway, base_year, rate, rate_source, rate_dated, each, each_source)
    held.version += 1
    held.save()
    record(by=by, verb=CHANGED, about=("appraisal", held.pk), payload=_payload(held))
    return held


@transaction.atomic
def verify_rate(*, by: Actor, appraisal: Appraisal, version: int) -> Appraisal:
    """Somebody other than who entered it has compared the rate with its source."""
    held = locked(by, appraisal, Permission.EVIDENCE_CHECK)
    require_version(held, version)
    if held.rate_verified_on is not None:
        raise Refused(_("The rate has been verified already."))
    if by.user is None or by.user == held.rate_by_id:
        raise Refused(_("Somebody else has to verify the rate: you entered it."))
    held.rate_verified_by_id, held.rate_verified_on = by.user, clock.today()
    held.version += 1
    held.save()
    record(by=by, verb=VERIFIED, about=("appraisal", held.pk), payload={"rate": str(held.rate)})
    return held


def locked(
    by: Actor, appraisal: Appraisal, permission: Permission = Permission.EVIDENCE_KEEP
) -> Appraisal:
    """The appraisal as it is stored, for writing, if the actor may."""
    found = Appraisal.objects.select_for_update().filter(pk=appraisal.pk).first()
    if found is None:
        raise NotVisible("No such appraisal.")
    require(by, permission, queries.facts(found))
    return found


def _fill(
    held: Appraisal,
    by: Actor,
    title: str,
    pathway: str,
    base_year: int,
    rate: Decimal,
    rate_source: str,
    rate_dated: date,
    each: Decimal | None,
    each_source: str,
) -> None:
    check = Check()
    held.title = check.words("title", title, most=120, missing=_("Enter what is appraised."))
    known = ["", *(key for key, _words in queries.pathways())]
    held.pathway = check.choice("pathway", pathway, known, _("Select a pathway."))
    before = None if held._state.adding else held.base_year
    held.base_year = check.whole("base_year", base_year, queries.FIRST, queries.LAST)
    if before is not None and held.base_year != before:
        outside = held.lines.exclude(
            year__range=(held.base_year, held.base_year + queries.SPAN)
        ).exists()
        words = _("There are lines outside the %(span)d years from this year.")
        check.that(not outside, "base_year", words % {"span": queries.SPAN})
    check.that(0 <= rate <= MOST_RATE, "rate", _("Enter a percentage from 0 to 20."))
    check.that(rate == round(rate, 2), "rate", _("Enter a percentage such as 3.5."))
    source = check.words(
        "rate_source", rate_source, most=200, missing=_("Enter where the rate comes from.")
    )
    check.that(rate_dated <= clock.today(), "rate_dated", _("The day must be today or earlier."))
    good = each is None or (0 < each <= MOST_EACH and each == round(each, 2))
    check.that(good, "each", _("Enter an amount in pounds, such as 1000."))
    missing = _("Enter where this amount comes from.") if each is not None else ""
    said = check.words("each_source", each_source, most=200, missing=missing)
    check.done()
    fresh = (rate, source, rate_dated)
    if held._state.adding or fresh != (held.rate, held.rate_source, held.rate_dated):
        held.rate, held.rate_source, held.rate_dated = fresh
        held.rate_by_id, held.rate_verified_by_id, held.rate_verified_on = by.user, None, None
    held.each, held.each_source = each, said if each is not None else ""


def _payload(held: Appraisal) -> dict[str, str]:
    return {"title": held.title, "base": str(held.base_year), "rate": str(held.rate)}
