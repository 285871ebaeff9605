"""Saying what an hour or a visit costs. A rate is never changed: a later one takes its place. That
it is what its source says is confirmed by somebody other than who entered it."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.models import Rate
from stepdown.casework.queries.rate import lines
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

RATE_SET = Verb("rate.set", gettext_lazy("Rate entered"))
RATE_VERIFIED = Verb("rate.verified", gettext_lazy("Rate verified"))
MOST = Decimal(10_000)


@transaction.atomic
def enter(
    *,
    by: Actor,
    line: str,
    payer: str,
    per: str,
    pounds: Decimal,
    valid_from: date,
    source: str,
) -> Rate:
    """A rate from a day on. ``line`` is ``pathway/sum``; ``pounds`` for each hour or each one."""
    require(by, Permission.RATE_ENTER)
    check = Check()
    known = {one.key: one for one in lines()}
    check.that(line in known, "line", _("Select what is added up."))
    whose = check.words("payer", payer, most=80, missing=_("Enter whose time or money it is."))
    what = check.choice("per", per, Rate.Per.values, _("Select what the rate is for."))
    check.that(0 <= pounds <= MOST, "pounds", _("Enter an amount from £0 to £10,000."))
    check.that(pounds == round(pounds, 2), "pounds", _("Enter pounds and pence, such as 26.94."))
    where = check.words("source", source, most=200, missing=_("Enter where the rate comes from."))
    pathway, _slash, key = line.partition("/")
    there = Rate.objects.filter(pathway=pathway, line=key, valid_from=valid_from)
    check.that(
        not there.exists(),
        "valid_from",
        _("There is a rate from this day already. Enter one from another day."),
    )
    check.done()
    made = Rate.objects.create(
        pathway=pathway,
        line=key,
        payer=whose,
        per=what,
        pounds=pounds,
        valid_from=valid_from,
        source=where,
        entered_by_id=by.user,
    )
    record(
        by=by,
        verb=RATE_SET,
        about=("rate", made.pk),
        payload={"line": line, "pounds": str(pounds), "from": valid_from.isoformat()},
    )
    return made


@transaction.atomic
def verify(*, by: Actor, rate: Rate) -> Rate:
    """Somebody other than who entered it has compared it with its source."""
    require(by, Permission.RATE_ENTER)
    held = Rate.objects.select_for_update().filter(pk=rate.pk).first()
    if held is None:
        raise NotVisible("No such rate.")
    if held.verified:
        raise Refused(_("The rate has been verified already."))
    if by.user is None or by.user == held.entered_by_id:
        raise Refused(_("Somebody else has to verify the rate: you entered it."))
    held.verified_by_id, held.verified_on = by.user, clock.today()
    held.save()
    record(by=by, verb=RATE_VERIFIED, about=("rate", held.pk), payload={"pounds": str(held.pounds)})
    return held
