"""A case out of a referral: begun at triage, and the referral's end once the case is sent."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.intake import person_from
from stepdown.casework.actions.keeping import shield_if_hidden
from stepdown.casework.actions.referrals import enter, locked, passed_on, triaged
from stepdown.casework.models import Case, CasePerson, Referral
from stepdown.casework.models.referral import REFERRAL_STATES, ReferralEvent
from stepdown.casework.queries.case import definition_of
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.actions import people
from stepdown.people.queries.person import visible_to
from stepdown.people.queries.restriction import Use, require_use
from stepdown.people.queries.shown import require_may_keep
from stepdown.policy.actors import Actor
from stepdown.policy.permissions import Permission

BECAME_CASE = Verb("referral.became-case", gettext_lazy("Referral became a case"))


def to_triage(by: Actor, referral: Referral) -> Referral:
    """The referral, locked, if the actor may make a case of it now. Part of verbs.

    One that another agency sent stays with that agency: its agreements cover the referral, and say
    nothing of a case on another pathway.
    """
    held = locked(by, referral, Permission.REFERRAL_TRIAGE)
    REFERRAL_STATES.next(held.state, ReferralEvent.MAKE_CASE)
    if held.agency_id is not None and held.agency_id not in {g.agency for g in by.grants}:
        raise Refused(_("Only the partner that sent this referral makes a case of it."))
    return held


def taken(by: Actor, case: Case) -> None:
    """The case is being sent: the person's record with all that the referral said of how to reach
    them, and the end of the referral. Part of sending, whose right has been checked."""
    if case.from_referral is None:
        return
    held = to_triage(by, case.from_referral)
    held.state = REFERRAL_STATES.next(held.state, ReferralEvent.MAKE_CASE)
    begun_with = case.from_person
    if begun_with is not None and not visible_to(by).filter(pk=begun_with.pk).exists():
        raise Refused(_("You no longer see the record you chose. Start again from the referral."))
    known = person_from(by, held, passed_on(by, held), begun_with)
    require_use(Use.SHARE, [known.pk])
    require_may_keep(known, case.agency_id)
    role = definition_of(case).people[0].key
    CasePerson.objects.create(case=case, person=known, role=role, added_on=clock.today())
    if begun_with is None:
        people.begun_by(known, case.agency_id)
    case.from_person = None
    held.person = known
    triaged(by, held)
    shield_if_hidden(by, held)
    subjects = [("person", known.pk), ("case", case.pk)]
    enter(by, BECAME_CASE, held, subjects, {"case": case.reference})
