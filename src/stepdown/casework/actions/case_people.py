"""Who a case is about, and who works on it: naming, assigning, handing over, cover."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.case_keeping import (
    entered,
    forget_names,
    locked,
    must_be_open,
    saved,
)
from stepdown.casework.models import Case, CaseNeed, CasePerson, CaseWorker
from stepdown.casework.queries.case import definition_of
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.models import User
from stepdown.hub.queries.user import may_hold_needs
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.actions import people
from stepdown.people.models import Person
from stepdown.people.queries import person as people_queries
from stepdown.people.queries.restriction import Use, require_use
from stepdown.people.queries.shown import require_may_keep
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission
from stepdown.volunteering.actions import needs
from stepdown.volunteering.models import Need

PERSON_NAMED = Verb("case.person-named", gettext_lazy("Person named in a case"))
PERSON_LEFT = Verb("case.person-left", gettext_lazy("Person no longer in a case"))
ASSIGNED = Verb("case.assigned", gettext_lazy("Case given to somebody"))
RELIEVED = Verb("case.relieved", gettext_lazy("Somebody no longer works on a case"))
COVERED = Verb("case.covered", gettext_lazy("Somebody stands in"))
NEED_RAISED = Verb("case.need-raised", gettext_lazy("A volunteer was asked for"))


@transaction.atomic
def name_person(
    *,
    by: Actor,
    case: Case,
    role: str,
    person: Person | None = None,
    typed: int | None = None,
    **identity: Any,
) -> CasePerson:
    """Name somebody in a role of the pathway: a record that is there, or a new one. ``typed`` is
    whom of those typed in the referral they are (0 for the first); without it, whoever is named in
    the first role is taken for the first of them."""
    held = locked(by, case, Permission.CASE_WORK)
    must_be_open(held)
    roles = {one.key: one for one in definition_of(held).people}
    if role not in roles:
        raise InvalidInput({"role": _("Select what they are to the case.")})
    there = list(CasePerson.objects.filter(case=held, ended_on=None))
    if sum(one.role == role for one in there) >= roles[role].most:
        raise Refused(_("As many people as there may be are named in this role already."))
    if person is None:
        known = people.add(by=by, district=held.district, agency=held.agency_id, **identity)
    else:
        known = people_queries.get(by=by, id=person.pk)
        require_use(Use.SHARE, [known.pk])
        require_may_keep(known, held.agency_id)
    if any(one.person_id == known.pk for one in there):
        raise Refused(_("This person is named in the case already."))
    named = CasePerson.objects.create(case=held, person=known, role=role, added_on=clock.today())
    first = 0 if role == definition_of(held).people[0].key else None
    forget_names(held, first if typed is None else typed)
    saved(held)
    entered(by, PERSON_NAMED, held, {"role": role})
    return named


@transaction.atomic
def end_person(*, by: Actor, case: Case, named: CasePerson) -> None:
    """Somebody is no longer part of it. What was recorded about them stays."""
    held = locked(by, case, Permission.CASE_WORK)
    must_be_open(held)
    row = CasePerson.objects.select_for_update().get(pk=named.pk, case=held)
    if row.ended_on is not None:
        raise Refused(_("This person is no longer part of the case."))
    entered(by, PERSON_LEFT, held, {"role": row.role})
    row.ended_on = clock.today()
    row.save()
    saved(held)


@transaction.atomic
def assign(*, by: Actor, case: Case, role: str, user: User | UUID | str) -> CaseWorker:
    """Give a role on the team to a member of staff. The first role's holder looks after the case:
    whoever held it before hands over."""
    held = locked(by, case, Permission.CASE_ASSIGN)
    must_be_open(held)
    team = definition_of(held).team
    check = Check()
    staff = [one.key for one in team if one.pool == "staff"]
    check.choice("role", role, staff, _("Select a role on the team."))
    chosen = check.one("user", User, user, _("Select who it is."))
    good = chosen is not None and may_hold_needs(chosen)
    check.that(good, "user", _("Select somebody who may look after cases."))
    check.done()
    assert chosen is not None  # noqa: S101 - for the type checker
    lead, today = role == team[0].key, clock.today()
    standing = CaseWorker.objects.filter(case=held, role=role, until=None)
    if standing.filter(user=chosen).exists():
        raise Refused(_("They have this role already."))
    count = next(one.count for one in team if one.key == role)
    if lead or standing.count() >= count:
        oldest = standing.order_by("id").first()
        if oldest is not None:
            oldest.until = today
            oldest.save()
    worker = CaseWorker.objects.create(case=held, role=role, user=chosen, since=today)
    if lead:
        held.officer, held.cover, held.cover_until = chosen, None, None
    saved(held)
    entered(by, ASSIGNED, held, {"role": role, "user": chosen.display_name})
    return worker


@transaction.atomic
def relieve(*, by: Actor, case: Case, worker: CaseWorker) -> None:
    """Somebody no longer works on it, and nobody takes their place yet."""
    held = locked(by, case, Permission.CASE_ASSIGN)
    must_be_open(held)
    row = CaseWorker.objects.select_for_update().get(pk=worker.pk, case=held)
    if row.until is not None:
        raise Refused(_("They no longer work on this case."))
    row.until = clock.today()
    row.save()
    if row.role == definition_of(held).team[0].key:
        held.officer, held.cover, held.cover_until = None, None, None
    saved(held)
    entered(by, RELIEVED, held, {"role": row.role})


@transaction.atomic
def stand_in(*, by: Actor, case: Case, user: User | UUID | str, until: date) -> Case:
    """Somebody does what the officer does, to the end of a day. It is never open-ended."""
    held = locked(by, case, Permission.CASE_ASSIGN)
    must_be_open(held)
    if held.officer_id is None:
        raise Refused(_("Nobody looks after this case yet: give it to somebody first."))
    check = Check()
    chosen = check.one("user", User, user, _("Select who stands in."))
    good = chosen is not None and chosen.pk != held.officer_id and may_hold_needs(chosen)
    check.that(good, "user", _("Select somebody else who may look after cases."))
    check.that(until >= clock.today(), "until", _("The last day must be today or later."))
    check.done()
    held.cover, held.cover_until = chosen, until
    saved(held)
    entered(by, COVERED, held, {"until": until.isoformat()})
    return held


@transaction.atomic
def raise_need(
    *, by: Actor, case: Case, role: str, person: Person | None = None, **need_fields: Any
) -> Need:
    """Ask for volunteers, by volunteering's own verb; who is placed then fills the team role."""
    held = locked(by, case, Permission.CASE_WORK)
    must_be_open(held)
    roles = {one.key: one for one in definition_of(held).team if one.pool == "scheme"}
    if role not in roles:
        raise InvalidInput({"role": _("Select which volunteers are asked for.")})
    if held.agency_id is None and "agency" not in need_fields:
        raise InvalidInput({"agency": _("Select the partner that answers for it.")})
    fields: dict[str, Any] = {
        "scheme": roles[role].scheme,
        "places": roles[role].count,
        "agency": held.agency_id,
        "district": held.district_id,
        "starts": clock.today(),
        **need_fields,
    }
    need = needs.add(by=by, person=person, **fields)
    CaseNeed.objects.create(case=held, need=need, role=role)
    saved(held)
    entered(by, NEED_RAISED, held, {"need": need.reference}, [("need", need.pk)])
    return need
