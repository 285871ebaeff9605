"""Referring somebody into a pathway: a draft, screen by screen, and sending it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.case_forms import checked, is_day, keep
from stepdown.casework.actions.case_keeping import entered, forget_names, saved
from stepdown.casework.actions.referral_cases import taken, to_triage
from stepdown.casework.actions.referrals import passed_on
from stepdown.casework.models import Case, CaseAnswers, CaseStage, Referral
from stepdown.casework.queries.case import (
    definition_of,
    draft_for,
    law_day,
    may_refer,
    takes_referrals,
)
from stepdown.casework.queries.case_typed import OTHERS
from stepdown.casework.queries.definitions import definition, library
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.models import Place
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.kernel.ids import new_reference
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.schema import Definition
from stepdown.people.models import Person
from stepdown.people.queries import person as people_queries
from stepdown.people.queries.shown import require_may_keep
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category

STARTED = Verb("case.started", gettext_lazy("Referral started"))
SENT = Verb("case.sent", gettext_lazy("Referral sent"))
DISCARDED = Verb("case.discarded", gettext_lazy("Unfinished referral discarded"))

# Who it is about, before anybody has looked for their record.
NAMES = ("given_name", "family_name", "date_of_birth")


@transaction.atomic
def start(*, by: Actor, pathway: str) -> Case:
    """Begin a referral into a pathway, on its newest version. Only its maker sees it until sent."""
    if not may_refer(by, pathway):
        raise Refused(_("Your role does not include referring into this pathway."))
    case = Case.objects.create(
        reference=new_reference("C"),
        pathway=pathway,
        pathway_version=definition(pathway).version,
        agency_id=next((g.agency for g in by.grants if g.agency), None),
        made_by_id=by.user,
        started_at=clock.now(),
    )
    entered(by, STARTED, case, {"reference": case.reference, "pathway": pathway})
    return case


@transaction.atomic
def start_from(
    *, by: Actor, referral: Referral, pathway: str, person: Person | None = None
) -> Case:
    """Begin a case of a public referral, on a pathway whose file lets that be. The referral waits
    until the case is sent. ``person``: a record that is there already; else one is made then."""
    held = to_triage(by, referral)
    check = Check()
    known = [one.key for one in takes_referrals(by)]
    chosen = check.choice("pathway", pathway, known, _("Select a pathway."))
    check.done()
    if person is not None:
        person = people_queries.get(by=by, id=person.pk)
    intake = passed_on(by, held)
    case = start(by=by, pathway=chosen)
    case.from_referral, case.from_person = held, person
    case.agency_id, case.district_id = held.agency_id or case.agency_id, held.district_id
    if person is not None:
        require_may_keep(person, case.agency_id)
    case.source = definition_of(case).from_referrals
    case.save()
    names = {
        "given_name": intake.given_name,
        "family_name": intake.family_name,
        "date_of_birth": intake.born.isoformat() if intake.born else "",
    }
    keep(case, REFERRAL, 1, {Category.IDENTITY: names})
    return case


@transaction.atomic
def say_who(
    *,
    by: Actor,
    case: Case,
    given_name: str = "",
    family_name: str = "",
    date_of_birth: str = "",
    district: str,
    source: str,
) -> Case:
    """Whom it is about, where they live, and who refers. No names where it is about nobody."""
    held = _draft(by, case)
    check = Check()
    names: dict[str, str] = {}
    if definition_of(held).names_somebody:
        names = {
            "given_name": check.words(
                "given_name", given_name, most=80, missing=_("Enter their first name.")
            ),
            "family_name": check.words(
                "family_name", family_name, most=80, missing=_("Enter their last name.")
            ),
            "date_of_birth": date_of_birth,
        }
    place = check.one("district", Place, district, _("Select a district."))
    keys = [option.key for option in definition_of(held).sources]
    held.source = check.choice("source", source, keys, _("Select who refers."))
    check.done()
    held.district = place
    held.save()
    keep(held, REFERRAL, 1, {Category.IDENTITY: names})
    return held


@transaction.atomic
def say_others(*, by: Actor, case: Case, others: Sequence[Mapping[str, str]]) -> Case:
    """Everybody else it is about, in place of all who were said before: each with a ``role`` of the
    pathway and names. The first person is said by ``say_who``."""
    held = _draft(by, case)
    one = definition_of(held)
    check = Check()
    found = [_other(check, one, given) for given in others]
    check.that(one.names_more or not found, "role", _("It is about nobody else."))
    for place, role in enumerate(one.people):
        said = sum(other["role"] == role.key for other in found) + (place == 0)
        words = _("As many people as there may be are named in this role already.")
        check.that(said <= role.most, "role", words)
    check.done()
    keep(held, REFERRAL, 1, {Category.IDENTITY: {OTHERS: found or None}})
    return held


def _other(check: Check, one: Definition, given: Mapping[str, str]) -> dict[str, str]:
    roles = [role.key for role in one.people]
    role = check.choice("role", given.get("role"), roles, _("Select what they are to the case."))
    first = check.words("given_name", given.get("given_name"), most=80,
                        missing=_("Enter their first name."))  # fmt: skip
    last = check.words("family_name", given.get("family_name"), most=80,
                       missing=_("Enter their last name."))  # fmt: skip
    born = str(given.get("date_of_birth") or "")
    check.that(not born or is_day(born), "date_of_birth", _("Enter a real date."))
    return {"role": role, "given_name": first, "family_name": last, "date_of_birth": born}


@transaction.atomic
def answer(*, by: Actor, case: Case, screen: str, answers: Mapping[str, Any]) -> Case:
    """Keep what one page of the referral says."""
    held = _draft(by, case)
    found = next((one for one in definition_of(held).screens if one.key == screen), None)
    if found is None:
        raise InvalidInput({"": _("There is no such page of the referral.")})
    keep(held, REFERRAL, 1, checked(found.fields, answers, whole=True))
    return held


@transaction.atomic
def send(*, by: Actor, case: Case) -> Case:
    """Send it: it comes to the pathway's first stage. What is missing is said page by page."""
    held = _draft(by, case)
    if missing := missing_pages(held):
        raise InvalidInput(dict.fromkeys(missing, _("Answer this page.")))
    if version := _lawful_version(held):
        held.pathway_version = version
        if missing := missing_pages(held):
            raise InvalidInput(dict.fromkeys(missing, _("Answer this page.")))
    one = definition_of(held)
    today = clock.today()
    held.stage, held.stage_since, held.opened_on = one.first.key, today, today
    held.save()
    CaseStage.objects.create(case=held, stage=held.stage, entered_on=today)
    if held.from_referral_id is not None:
        taken(by, held)
        forget_names(held, 0)
    saved(held)
    told = {"reference": held.reference, "pathway": held.pathway, "version": one.version}
    entered(by, SENT, held, told)
    return held


def _lawful_version(case: Case) -> int | None:
    """The version whose law is that of the day asked about, where the pathway has such a day."""
    law = definition_of(case).law
    day = law_day(case) if law else None
    if day is None:
        return None
    found = library().of_day(case.pathway, day)
    if found is None:
        raise Refused(_("No version of this pathway is for the law of that day."))
    return found.version


@transaction.atomic
def discard(*, by: Actor, case: Case) -> None:
    """Forget a referral that was not sent: its answers go, and with them the draft."""
    held = _draft(by, case)
    entered(by, DISCARDED, held, {"reference": held.reference})
    CaseAnswers.objects.filter(case=held).delete()
    held.delete()


def missing_pages(case: Case) -> list[str]:
    """The keys of the pages that are not answered in full, "who" for the people."""
    rows = CaseAnswers.objects.filter(case=case, step=REFERRAL)
    given = {key: value for row in rows for key, value in row.answers.items()}
    named = given.get("family_name") or not definition_of(case).names_somebody
    found = [] if named and case.source and case.district_id else ["who"]
    for screen in definition_of(case).screens:
        asked = {field.key: given.get(field.key) for field in screen.fields}
        try:
            checked(screen.fields, asked, whole=True)
        except InvalidInput:
            found.append(screen.key)
    return found


def _draft(by: Actor, case: Case) -> Case:
    draft_for(by=by, id=case.pk)
    held = Case.objects.select_for_update().get(pk=case.pk)
    if held.stage != "":
        raise Refused(_("This referral has been sent already."))
    if not may_refer(by, held.pathway):
        raise Refused(_("Your role does not include referring into this pathway."))
    return held
