"""Whose records are due: how long each is kept, from which event, and what stands against it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from stepdown.casework.models import Case, CasePerson, Referral
from stepdown.casework.models.referral import ReferralState
from stepdown.casework.queries.definitions import library
from stepdown.hub.models import LedgerSubject
from stepdown.hub.queries.reader import as_hub
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.retention import Then, due
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.decide import scope_for
from stepdown.policy.permissions import Permission
from stepdown.records.models import LegalHold, RetentionReview, RightsPack, RightsRequest
from stepdown.records.models.rights_request import RightsState
from stepdown.records.queries.keepers import Keepers
from stepdown.records.queries.schedules import Rule, rules_on
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.models.volunteer import VolunteerState

COLUMNS: Columns = {"district": "district", "keeper": Keepers()}
# What a review, a hold or a request about the record writes is no event of the person's.
NO_EVENT = ("retention.", "rights.")
RIGHTS_OPEN = [
    s.value
    for s in RightsState
    if s not in {RightsState.ANSWERED, RightsState.REFUSED, RightsState.WITHDRAWN}
]
AHEAD = (0, 30, 90, 365)


@dataclass(frozen=True)
class Due:
    """Somebody whose records are due on a day, and for what. Says no name."""

    person: UUID
    schedule: str
    on: date
    then: Then
    last_event: date
    held: bool
    proposed: UUID | None

    @property
    def short(self) -> str:
        """What the record is called where no name is shown."""
        return self.person.hex[-8:].upper()


def due_people(by: Actor, until: date) -> list[Due]:
    """Those the actor may review whose records are due by a day, the longest due first."""
    scope = compile_scope(scope_for(by, Permission.RETENTION_VIEW), COLUMNS)
    return _due(Person.objects.filter(scope), until)


def due_one(by: Actor, person: UUID, permission: Permission) -> tuple[Person, Due | None]:
    """One person, and how they are due; None while something about them is open.

    ``NotVisible`` for one that the actor may not use the permission on.
    """
    scope = compile_scope(scope_for(by, permission), COLUMNS)
    with as_hub("the records of one person, for their review"):
        found = Person.objects.filter(scope, pk=person).first()
        if found is None:
            raise NotVisible("No such record.")
    return found, due_as_held(person)


def due_as_held(person: UUID, *, besides: UUID | None = None) -> Due | None:
    """How somebody is due, whoever asks; None while something about them is open, besides one
    request about their data. For verbs and pages that have asked whether their actor may know."""
    with as_hub("the records of one person, as far as they are due"):
        lines = _due(Person.objects.filter(pk=person), date.max, besides)
    return lines[0] if lines else None


def ahead(lines: Iterable[Due]) -> Mapping[int, int]:
    """How many of those are due now, and in so many days more."""
    last = {days: clock.today() + timedelta(days=days) for days in AHEAD}
    days_due = [one.on for one in lines]
    return {days: sum(on <= until for on in days_due) for days, until in last.items()}


def _due(people: QuerySet[Person], until: date, besides: UUID | None = None) -> list[Due]:
    rules = rules_on(clock.today())
    shortest = min(rule.schedule.clear for rule in rules.values())
    with as_hub("whose records are due, without their names"):
        rows = list(_closed(people, until, shortest, besides))
        pathways = _pathways(rows)
        found = [_line(row, pathways.get(row.pk, ()), rules) for row in rows]
    return sorted((o for o in found if o.on <= until), key=lambda o: (o.on, o.person))


def _closed(
    people: QuerySet[Person], until: date, years: int, besides: UUID | None = None
) -> Iterator[Person]:
    """People about whom nothing is open, whose last event is long enough ago to matter."""
    events = LedgerSubject.objects.filter(kind="person", subject_id=OuterRef("pk"))
    for start in NO_EVENT:
        events = events.exclude(entry__verb__startswith=start)
    last = Subquery(events.order_by("-entry_id").values("entry__at")[:1])
    of = {"person": OuterRef("pk")}
    kept = RetentionReview.objects.filter(
        **of,
        state=RetentionReview.State.DECIDED,
        decision=RetentionReview.Decision.KEEP,
    )
    proposed = RetentionReview.objects.filter(**of, state=RetentionReview.State.PROPOSED)
    requests = RightsRequest.objects.filter(**of, state__in=RIGHTS_OPEN)
    if besides is not None:
        requests = requests.exclude(pk=besides)
    rows = people.filter(
        ~Exists(Need.objects.filter(**of, state=NeedState.OPEN)),
        ~Exists(Volunteer.objects.filter(**of).exclude(state=VolunteerState.LEFT)),
        ~Exists(Referral.objects.filter(**of, state=ReferralState.RECEIVED)),
        ~Exists(CasePerson.objects.filter(**of, case__closed_on__isnull=True)),
        ~Exists(requests),
        ~Exists(
            RightsPack.objects.filter(request__person=OuterRef("pk")).exclude(
                state=RightsPack.State.GONE
            )
        ),
        Q(user__isnull=True) | Q(user__is_active=False) | Q(volunteer__isnull=False),
    ).annotate(
        last=Coalesce(last, F("made_at")),
        reviewed=Subquery(kept.order_by("-id").values("made_at")[:1]),
        proposal=Subquery(proposed.values("pk")[:1]),
        stopped=Exists(holds().filter(**of)),
        helped=Exists(Need.objects.filter(**of)) | Exists(Referral.objects.filter(**of)),
        volunteered=Exists(Volunteer.objects.filter(**of)),
    )
    if until.year - years < 1:
        return iter(())
    if until < date.max:
        first = until.replace(year=until.year - years, day=min(until.day, 28))
        rows = rows.filter(last__date__lte=first + timedelta(days=4))
    return iter(rows.order_by("pk"))


def is_open(person: UUID) -> bool:
    """Whether something about somebody is in use, so that nothing of theirs may go."""
    return next(_closed(Person.objects.filter(pk=person), date.max, 0), None) is None


def holds() -> QuerySet[LegalHold]:
    """Those that stand today."""
    standing = Q(until__isnull=True) | Q(until__gte=clock.today())
    return LegalHold.objects.filter(standing, lifted_at__isnull=True)


def _pathways(people: Iterable[Person]) -> dict[UUID, set[str]]:
    """The retention groups of the cases that people were part of."""
    groups = {one.key: one.retention for one in library().latest()}
    found: dict[UUID, set[str]] = defaultdict(set)
    rows = Case.objects.filter(people__person__in=[p.pk for p in people])
    for person, pathway in rows.values_list("people__person", "pathway"):
        found[person].add(groups.get(pathway, "partnership"))
    return found


def _line(row: Person, groups: Iterable[str], rules: Mapping[str, Rule]) -> Due:
    """The schedule that keeps the record longest decides."""
    extra = vars(row)
    keys = {*groups}
    if extra["volunteered"]:
        keys.add("volunteer")
    if extra["helped"]:
        keys.add("partnership")
    last, reviewed = _day(extra["last"]), extra["reviewed"]
    answers = [
        (
            *due(
                rules[key].schedule,
                last_event=last,
                last_review=_day(reviewed) if reviewed else None,
                born=row.date_of_birth,
            ),
            key,
        )
        for key in sorted(keys or {"contact"})
    ]
    on, then, key = max(answers, key=lambda one: (one[0], one[1] is Then.REVIEW, one[2]))
    return Due(row.pk, key, on, then, last, extra["stopped"], extra["proposal"])


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()
