"""The rows that go when a person's records are disposed of, in the order that their ties allow.

``queries/held_map`` says what is held; every table of it is met here or belongs to what is met, and
a test looks for the person's words in every column of the database afterwards.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from stepdown.casework.models import (
    Caller,
    CallerDay,
    CallerRank,
    Case,
    CaseAnswers,
    CaseMeasure,
    CaseNeed,
    CaseNote,
    CaseNotice,
    CasePerson,
    CaseStage,
    CaseStep,
    CaseWorker,
    MeetingAction,
    MeetingDecision,
    MeetingItem,
    Referral,
    ReferralAnswers,
)
from stepdown.casework.models.referral import ReferralState
from stepdown.hub.models import AccessLink, LedgerPayload, OutboxMessage, User
from stepdown.kernel import clock
from stepdown.kernel.ids import new_id, new_reference
from stepdown.people.models import (
    Address,
    Allowance,
    Consent,
    Contact,
    EqualityRecord,
    Person,
    PersonStatement,
    Restriction,
    ShieldedAddress,
)
from stepdown.records.actions import removing_account
from stepdown.records.models import (
    LegalHold,
    RetentionReview,
    RightsChoice,
    RightsPack,
    RightsQuestion,
    RightsRequest,
)
from stepdown.sharing.models import Override
from stepdown.volunteering.models import (
    Credential,
    Exclusion,
    Hold,
    HoursEntry,
    Need,
    NeedLocation,
    NeedShieldedLocation,
    Offer,
    Placement,
    PlanGap,
    PlanPair,
    RiskAssessment,
    Volunteer,
)
from stepdown.volunteering.models.offer import OfferState
from stepdown.volunteering.models.placement import PlacementState


@dataclass
class Removed:
    """How many rows of each table went, whose ids the ledger's words may name, and which of them
    were volunteers'."""

    counts: Counter[str] = field(default_factory=Counter)
    ids: set[UUID] = field(default_factory=set)
    volunteers: list[UUID] = field(default_factory=list)

    def rows(self, some: QuerySet[Any]) -> None:
        """Delete them, and only them: nothing that hangs on them goes unseen."""
        keys = [key for key in some.values_list("pk", flat=True) if isinstance(key, UUID)]
        self.ids.update(keys)
        count, by_model = some.delete()
        if count:
            self.counts.update(by_model)


def remove_person(person: Person) -> Removed:
    """Everything about one person, whatever they were here."""
    gone = Removed(ids={person.pk})
    _requests(gone, person)
    take_cases(gone, person)
    mine = Referral.objects.filter(person=person)
    needs = Need.objects.filter(person=person)
    take_referrals(gone, mine | Referral.objects.filter(need__in=needs))
    gone.rows(Exclusion.objects.filter(person=person))
    for need in needs:
        take_need(gone, need)
    gone.rows(Credential.objects.filter(person=person))
    volunteer = Volunteer.objects.filter(person=person).first()
    if volunteer is not None:
        take_volunteer(gone, volunteer)
    for book in (Contact, Address, ShieldedAddress, EqualityRecord, Consent, PersonStatement):
        gone.rows(book.objects.filter(person=person))
    account = person.user
    gone.rows(Person.objects.filter(pk=person.pk))
    if account is not None:
        _account(gone, account)
    forget_words(gone)
    return gone


def remove_referrals(referrals: QuerySet[Referral]) -> Removed:
    """Referrals that led to nothing."""
    gone = Removed()
    take_referrals(gone, referrals)
    forget_words(gone)
    return gone


def _requests(gone: Removed, person: Person) -> None:
    requests = RightsRequest.objects.filter(person=person)
    for book in (RightsChoice, RightsPack, RightsQuestion):
        gone.rows(book.objects.filter(request__in=requests))
    gone.rows(Allowance.objects.filter(restriction__person=person))
    gone.rows(Restriction.objects.filter(person=person))
    gone.rows(requests)
    gone.rows(RetentionReview.objects.filter(person=person))
    gone.rows(LegalHold.objects.filter(person=person))


def take_cases(gone: Removed, person: Person, among: QuerySet[Case] | None = None) -> None:
    """Whole, but for one that is also about somebody else: there only their part in it goes."""
    part = CasePerson.objects.filter(person=person)
    if among is not None:
        part = part.filter(case__in=among)
    mine = list(part.values_list("case", flat=True))
    shared = CasePerson.objects.filter(case__in=mine).exclude(person=person).values("case")
    kept = list(Case.objects.filter(pk__in=mine).filter(pk__in=shared).values_list("pk", flat=True))
    alone = Case.objects.filter(pk__in=mine).exclude(pk__in=kept)
    whole = list(alone.values_list("pk", flat=True))
    gone.rows(CaseMeasure.objects.filter(person=person, case__in=mine))
    gone.rows(part)
    begun = Case.objects.filter(stage="", from_person=person)
    callers = Q()
    if among is not None:
        begun = begun.filter(pk__in=among)
        # A number in another agency's log is that agency's own.
        callers = Q(agency=F("case__agency")) | Q(case__agency__isnull=True)
    _take_whole(gone, [*whole, *begun.values_list("pk", flat=True)], callers)


def _take_whole(gone: Removed, whole: list[UUID], callers: Q | None = None) -> None:
    rang = Caller.objects.filter(callers or Q(), case__in=whole)
    for log in (CallerRank, CallerDay):
        gone.rows(log.objects.filter(caller__in=rang))
    gone.rows(rang)
    parts = (MeetingAction, MeetingDecision, MeetingItem, CaseAnswers, CaseMeasure, CaseNeed,
             CaseNote, CaseNotice, CasePerson, CaseStage, CaseStep, CaseWorker)  # fmt: skip
    for book in parts:
        gone.rows(book.objects.filter(case__in=whole))
    gone.rows(Case.objects.filter(pk__in=whole))


def take_referrals(gone: Removed, referrals: QuerySet[Referral], mine: Q | None = None) -> None:
    """Referrals, and those that repeat them, as far as they are ``mine``. One that somebody else's
    repeats stays as what that points at, and says nothing."""
    ids = set(referrals.values_list("pk", flat=True))
    # What was found to repeat one of these is about the same person.
    while more := set(
        Referral.objects.filter(mine or Q(), duplicate_of__in=ids)
        .exclude(pk__in=ids)
        .values_list("pk", flat=True)
    ):
        ids |= more
    # A case begun from one and never sent says what it said.
    begun = Case.objects.filter(stage="", from_referral__in=ids)
    _take_whole(gone, list(begun.values_list("pk", flat=True)))
    gone.rows(ReferralAnswers.objects.filter(referral__in=ids))
    others = Referral.objects.filter(duplicate_of__in=ids).exclude(pk__in=ids)
    for row in Referral.objects.filter(pk__in=others.values("duplicate_of")):
        ids.discard(row.pk)
        _empty(gone, row)
    every = Referral.objects.filter(pk__in=ids)
    every.exclude(duplicate_of=None).exclude(state="duplicate").update(duplicate_of=None)
    # Those that point at others first; the database minds the order of what points at what.
    gone.rows(every.exclude(duplicate_of=None))
    gone.rows(every)


def _empty(gone: Removed, row: Referral) -> None:
    row.reference, row.state = new_reference("R"), ReferralState.WITHDRAWN
    row.person = row.need = row.made_by = row.district = row.triaged_by = None
    row.band, row.return_hash, row.duplicate_of, row.reject_reason = None, None, None, ""
    row.save()
    gone.ids.add(row.pk)
    gone.counts["casework.Referral"] += 1


def take_need(gone: Removed, need: Need) -> None:
    for book in (RiskAssessment, NeedLocation, NeedShieldedLocation, PlanPair, PlanGap, CaseNeed):
        gone.rows(book.objects.filter(need=need))
    _end(Placement.objects.filter(need=need), Offer.objects.filter(need=need))
    offers = Offer.objects.filter(need=need)
    gone.rows(offers.filter(placement=None, replaces=None))
    gone.rows(Hold.objects.filter(need=need))
    gone.ids.add(need.pk)
    if not offers.exists():
        for several in (need.skills, need.languages, need.credential_types):
            several.clear()
        gone.rows(Need.objects.filter(pk=need.pk))
        return
    # Somebody gave their time to it: that is theirs, and stays, for nobody in particular.
    _without_words(Placement.objects.filter(need=need))
    need.person, need.title, need.reference = None, "", new_reference("N")
    need.gender, need.gender_reason, need.minimum_age, need.slots = "", "", None, 0
    need.save()
    for several in (need.skills, need.languages, need.credential_types):
        several.clear()
    gone.counts["volunteering.Need"] += 1


def take_volunteer(gone: Removed, volunteer: Volunteer) -> None:
    gone.volunteers.append(volunteer.pk)
    gone.ids.add(volunteer.pk)
    gone.rows(Exclusion.objects.filter(volunteer=volunteer))
    gone.rows(PlanPair.objects.filter(volunteer=volunteer))
    _end(Placement.objects.filter(volunteer=volunteer), Offer.objects.filter(volunteer=volunteer))
    offers = Offer.objects.filter(volunteer=volunteer)
    gone.rows(offers.filter(placement=None, replaces=None))
    gone.rows(Hold.objects.filter(volunteer=volunteer))
    several = (
        volunteer.skills,
        volunteer.languages,
        volunteer.schemes,
        volunteer.preferred_schemes,
    )
    for some in several:
        some.clear()
    if not offers.exists():
        gone.rows(Volunteer.objects.filter(pk=volunteer.pk))
        return
    # Somebody was helped: that stays in their record, by nobody in particular.
    _without_words(Placement.objects.filter(volunteer=volunteer))
    nobody = Person.objects.create(id=new_id(), given_name="", family_name="")
    volunteer.person, volunteer.slots, volunteer.travel_limit_m = nobody, 0, None
    volunteer.weekly_cap_minutes, volunteer.capacity = None, 0
    volunteer.joined_on = volunteer.joined_on.replace(month=1, day=1)
    volunteer.save()
    gone.counts["volunteering.Volunteer"] += 1


def _end(placements: QuerySet[Placement], offers: QuerySet[Offer]) -> None:
    """What an old backup brought back as going on had ended before it was disposed of."""
    live = placements.filter(state__in=(PlacementState.LIVE, PlacementState.SUSPENDED))
    live.update(state=PlacementState.ENDED, ended_on=clock.today(), hold=None)
    offers.filter(state=OfferState.SENT).update(state=OfferState.LAPSED, hold=None)
    offers.update(hold=None)


def _without_words(placements: QuerySet[Placement]) -> None:
    placements.exclude(suspend_reason="").update(suspend_reason="")
    notes = HoursEntry.objects.filter(placement__in=placements).exclude(query_note="")
    notes.update(query_note="")


def _account(gone: Removed, account: User) -> None:
    for rows in removing_account.rows_of(account):
        gone.rows(rows)
    removing_account.empty(account)
    gone.counts["hub.User"] += 1
    gone.ids.add(account.pk)


def forget_words(gone: Removed) -> None:
    """What ledger and outbox say of all that went. Entries keep their ids and their seal."""
    known = sorted(gone.ids)
    for start in range(0, len(known), 400):
        gone.rows(Override.objects.filter(record_id__in=known[start : start + 400]))
    ids = sorted(gone.ids)
    for start in range(0, len(ids), 400):
        some = ids[start : start + 400]
        about = Q(to_person__in=some) | Q(to_user__in=some) | Q(about_id__in=some)
        gone.rows(OutboxMessage.objects.filter(about))
        gone.rows(AccessLink.objects.filter(person_id__in=some))
        gone.rows(LedgerPayload.objects.filter(entry__subjects__subject_id__in=some))
