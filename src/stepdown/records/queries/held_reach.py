"""How far a request reaches: what the agency that was asked keeps about somebody, or is shown.

A record of the person themselves (who they are, how to reach them, where they live) is shared by
all who keep one. An agency that keeps none hands out what clauses in force show it, and no more.
"""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from stepdown.casework.models import CasePerson, Referral
from stepdown.casework.queries import case, referral
from stepdown.hub.models import Membership
from stepdown.people.models import Person
from stepdown.people.queries import person as people
from stepdown.people.queries.kept import held_of
from stepdown.policy.actors import Actor, Grant
from stepdown.policy.categories import Category
from stepdown.policy.decide import categories_for, decide
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.predicates import Facts
from stepdown.policy.roles import RoleKey
from stepdown.records.queries.held_map import Table
from stepdown.volunteering.queries import (
    credential,
    exclusion,
    hours,
    need,
    offer,
    placement,
    risk,
    volunteer,
)

_SEEN = {
    Kind.VOLUNTEER: volunteer.visible_to,
    Kind.CREDENTIAL: credential.visible_to,
    Kind.EXCLUSION: exclusion.visible_to,
    Kind.NEED: need.visible_to,
    Kind.RISK: risk.visible_to,
    Kind.OFFER: offer.visible_to,
    Kind.PLACEMENT: placement.visible_to,
    Kind.HOURS: hours.visible_to,
    Kind.REFERRAL: referral.visible_to,
    Kind.CASE: case.visible_to,
}


def agency_of(agency: UUID) -> Actor:
    """The agency as one that sees all it may see of what the partnership works with."""
    return Actor(grants=(Grant(RoleKey.COORDINATOR, agency),))


def people_within(agency: UUID) -> QuerySet[Person]:
    """Of whom a request to the agency may be: whoever it keeps a record of or is shown, whoever was
    referred to it, and whoever works for it. To the others it holds nothing of them."""
    referred = Referral.objects.filter(agency=agency, person=OuterRef("pk"))
    works = Membership.objects.filter(agency=agency, user=OuterRef("user"))
    seen_now = people.visible_to(agency_of(agency)).order_by().values("pk")
    return Person.objects.filter(Q(pk__in=seen_now) | Exists(referred) | Exists(works))


def open_to(
    agency: Actor,
    category: Category,
    holder: UUID | None,
    permission: Permission,
    facts: Callable[[], Facts],
) -> bool:
    """Whether the agency holds data of the category on a record, or is shown it by a clause."""
    if holder is None or holder in {grant.agency for grant in agency.grants}:
        return True
    return category in categories_for(agency, permission, facts())


def of_the_person(person: Person, agency: UUID) -> Callable[[Table, Category], bool]:
    """Whether a category of a table that hangs on the person alone is the agency's to hand out.

    Consents open records, so the policy alone says who reads them. An account, its roles, links and
    messages are known to whoever keeps the person, and to the agency that the account works for.
    """
    actor, facts = agency_of(agency), people.facts(person)
    keeps = bool({None, agency} & held_of(person).known_to)
    shown = frozenset() if keeps else categories_for(actor, Permission.PERSON_VIEW, facts)
    consents = decide(actor, Permission.CONSENT_VIEW, facts).allowed
    employs = (
        person.user_id is not None
        and Membership.objects.filter(user=person.user_id, agency=agency).exists()
    )

    def opens(table: Table, category: Category) -> bool:
        if table.model == "people.Consent":
            return consents
        if table.ledger == "person" or table.unread:
            return keeps or category in shown
        return keeps or (employs and table.of_account)

    return opens


def seen(kind: Kind, person: Person, agency: Actor) -> Iterable[UUID]:
    """The records of a kind that the agency may see; by their ids where they are the person's, so
    that the walls of many pathways are asked once and not for every table."""
    if kind is Kind.CASE:
        if not CasePerson.objects.filter(person=person).exists():
            return []
        theirs = case.visible_to(agency).filter(people__person=person).order_by()
        return list(theirs.values_list("pk", flat=True).distinct())
    return _SEEN[kind](agency).order_by().values_list("pk", flat=True)
