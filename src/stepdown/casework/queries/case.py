"""Cases: which an actor may see, and the facts of one as the policy and the interpreter ask."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, partial
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from stepdown.casework.models import Case, CaseAnswers, CasePerson, Referral
from stepdown.casework.queries.definitions import definition, library
from stepdown.casework.queries.shared_facts import Open, with_sharing
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.kernel.ids import tidy_reference
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.schema import Definition, Field, Step
from stepdown.people.queries.consent import last_said
from stepdown.people.queries.kept import Course, Source
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, readings, scope_for, visible
from stepdown.policy.pathways import installed
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts
from stepdown.policy.sharing import Purpose
from stepdown.sharing.queries.in_force import SharedBy, clauses_from, read_for


def consents(pathway: str = "") -> Q:
    """Cases in which everybody who is asked to consent does, and somebody is asked. ``pathway``:
    of that pathway alone. Pathways that ask the same are asked about together."""
    alike: dict[tuple[Purpose, tuple[str, ...]], list[str]] = {}
    for one in library().latest():
        asked = tuple(sorted(role.key for role in one.people if role.consent))
        if asked and pathway in {"", one.key}:
            alike.setdefault((Purpose(one.purpose), asked), []).append(one.key)
    found = Q(pk__in=[])
    for (purpose, roles), keys in alike.items():
        there = CasePerson.objects.filter(case=OuterRef("pk"), ended_on=None, role__in=roles)
        _said, yes = last_said("person", purpose)
        found |= Q(pathway__in=keys) & Q(Exists(there)) & ~Q(Exists(there.filter(~yes)))
    return found


def _looked_after_by(users: Iterable[object]) -> Q:
    """The officer's own, and those of whoever they stand in for today."""
    some = sorted(users, key=str)
    covering = Q(cover__in=some, cover_until__gte=clock.today())
    return Q(officer__in=some) | covering


COLUMNS: Columns = {
    "pathway": "pathway",
    "district": "district",
    "agency": "agency",
    "made_by": "made_by",
    "officer": _looked_after_by,
    "clauses": SharedBy("agency", lambda wanted: consents(str(wanted.pathway))),
}


def facts(case: Case, open_now: Open | None = None) -> Facts:
    """What the policy is told of a case. ``open_now``: what ``open_for`` read for a list; without
    it, clauses and consent are read when the policy asks, as it does for another agency's case."""
    covered = case.cover_until is not None and case.cover_until >= clock.today()
    known = {
        "pathway": case.pathway,
        "district": case.district_id,
        "agency": case.agency_id,
        "made_by": case.made_by_id,
        "officer": frozenset({case.officer_id, case.cover_id if covered else None} - {None}),
    }
    return with_sharing(case, known, open_now, lambda: open_for([case]))


def open_for(some: Iterable[Case]) -> Open:
    """The clauses in force for some cases, and whose people consent, as far as a clause asks that.
    Three queries at most."""
    held = list(some)
    clauses = clauses_from(one.agency_id for one in held)
    asking = {agency for agency, found in clauses.items() if any(c.needs_consent for c in found)}
    wanted = [one.pk for one in held if one.agency_id in asking]
    if not wanted:
        return clauses, frozenset()
    found = Case.objects.filter(consents(), pk__in=wanted)
    return clauses, frozenset(found.values_list("pk", flat=True))


def keeps() -> Source:
    """People are known by the cases that name them, once they are sent."""
    return Source(Case.objects.exclude(stage="").all, "people__person", _courses, course="pathway")


def _courses() -> list[Course]:
    return [
        Course(
            one.pathway,
            one.purpose,
            one.people,
            Q(pathway=one.pathway),
            partial(consents, one.pathway),
        )
        for one in installed()
    ]


def sent_or_own(by: Actor) -> Q:
    """A referral that is not sent yet is its maker's alone."""
    sent = ~Q(stage="")
    return sent | Q(made_by=by.user) if by.user else sent


def visible_to(by: Actor, permission: Permission = Permission.CASE_VIEW) -> QuerySet[Case]:
    """The cases on which the actor may use the permission."""
    scope = compile_scope(scope_for(by, permission), read_for(by, COLUMNS))
    return Case.objects.filter(scope).filter(sent_or_own(by))


def is_visible(by: Actor, case: Case, told: Facts | None = None) -> bool:
    """The same truth as ``visible_to``, of a case in hand. ``told``: its facts, where just read."""
    own = by.user is not None and case.made_by_id == by.user
    known = facts(case) if told is None else told
    return (case.stage != "" or own) and visible(by, Permission.CASE_VIEW, known)


def get(*, by: Actor, id: UUID) -> Case:
    """One case that exists for the actor. A draft is none yet: ``draft_for`` finds it."""
    wanted = (
        visible_to(by)
        .exclude(stage="")
        .select_related("district", "agency", "officer", "cover", "made_by")
    )
    found = wanted.defer("district__rings").filter(pk=id).first()
    if found is None:
        raise NotVisible("No such case.")
    return found


def readable(by: Actor, case: Case, open_now: Open | None = None) -> Mapping[Category, str]:
    """The categories of answers the actor may read, each with the clause that lets it, if any."""
    return readings(by, Permission.CASE_VIEW, facts(case, open_now))


def may(by: Actor, case: Case, permission: Permission) -> bool:
    """Whether the policy lets the actor use the permission on the case."""
    return decide(by, permission, facts(case)).allowed


def right_to_move(case: Case, *, ends: bool) -> Permission:
    """Which right a way out of the stage needs: opening again, closing, or moving on."""
    if case.closed_on is not None:
        return Permission.CASE_REOPEN
    return Permission.CASE_CLOSE if ends else Permission.CASE_MOVE


def definition_of(case: Case) -> Definition:
    """The version of its pathway that the case runs on."""
    return definition(case.pathway, case.pathway_version)


def asked_today(case: Case, step: Step) -> tuple[Field, ...]:
    """A step's questions as they are asked today: what is imposed is by the law of today."""
    return library().asked(definition_of(case), step, clock.today())


def law_today(case: Case) -> int | None:
    """The version by whose law something is imposed on the case today, where it is not its own."""
    file = definition_of(case)
    found = library().of_day(file.key, clock.today()) if file.law and file.law.imposes else None
    return found.version if found and found.version != file.version else None


def law_day(case: Case) -> date | None:
    """The day whose law the case goes by, as its referral says."""
    law = definition_of(case).law
    rows = CaseAnswers.objects.filter(case=case, step=REFERRAL) if law else ()
    said = next((row.answers[law.by] for row in rows if law and law.by in row.answers), None)
    return date.fromisoformat(said) if said else None


def may_refer(by: Actor, pathway: str) -> bool:
    """Whether the actor may refer into a pathway. An account is needed: drafts are its own."""
    told = {**_own(by), "pathway": pathway}
    return by.signed_in and decide(by, Permission.CASE_REFER, told).allowed


def refers_to(by: Actor) -> list[Definition]:
    """The pathways into which the actor may refer."""
    return [one for one in library().latest() if may_refer(by, one.key)]


def takes_referrals(by: Actor) -> list[Definition]:
    """Those of which a public referral may become a case."""
    return [one for one in refers_to(by) if one.from_referrals]


def draft_for(*, by: Actor, id: UUID) -> Case:
    """A referral that the actor has begun and not sent."""
    wanted = Case.objects.filter(pk=id, stage="", made_by=by.user, made_by__isnull=False)
    found = wanted.select_related("district").defer("district__rings").first()
    if found is None:
        raise NotVisible("No such referral.")
    return found


def own_drafts(by: Actor) -> list[Case]:
    """The referrals that the actor has begun, newest first. One query."""
    if by.user is None:
        return []
    return list(Case.objects.filter(made_by=by.user, stage="").order_by("-id")[:10])


def cases_of(by: Actor, referral: Referral) -> list[Case]:
    """What a referral became, as far as the actor may see it. One query."""
    return list(visible_to(by).exclude(stage="").filter(from_referral=referral))


def _own(by: Actor) -> dict[str, object]:
    """The facts of a referral that the actor is about to make."""
    grant = next((g for g in by.grants if g.agency), None)
    district = next((d for g in by.grants for d in sorted(g.districts)), None)
    return {
        "agency": grant.agency if grant else None,
        "made_by": by.user,
        "officer": by.user,
        "district": district,
    }


def with_reference(text: str) -> str:
    """What somebody typed as a reference, as it is stored: "c 7k3m 9qxt" is C-7K3M-9QXT."""
    body = "".join(c for c in tidy_reference(text) if c.isalnum())
    body = f"C{body}" if len(body) == 8 else body
    return f"{body[0]}-{body[1:5]}-{body[5:]}" if len(body) == 9 else body


@cache
def holidays() -> frozenset[date]:
    """The bank holidays by which working days are counted, from where the settings say."""
    found: frozenset[date] = frozenset(import_string(settings.STEPDOWN_BANK_HOLIDAYS)())
    return found


def of_person(person: UUID) -> list[UUID]:
    """The ids of the cases that somebody is in."""
    return list(CasePerson.objects.filter(person=person).order_by().values_list("case", flat=True))
