"""Referrals and people that may be the same as the one a referral is about."""

from collections.abc import Container
from dataclasses import dataclass, field
from uuid import UUID

from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.queries.answers import NAME_KEY, name_key
from stepdown.casework.queries.referral import categories, name_in, open_for, readable, visible_to
from stepdown.people.queries.person import in_any_case
from stepdown.people.queries.person import visible_to as people_visible_to
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category

MOST = 20


@dataclass(frozen=True)
class Likeness:
    """What two records share besides the name. Both unknown or different: nothing."""

    birth: bool = False
    area: bool = False


@dataclass(frozen=True)
class LikeReferral:
    """Another referral that may be about the same person."""

    id: UUID
    reference: str
    state: str
    name: str = field(repr=False)
    likeness: Likeness
    clause: str = ""


@dataclass(frozen=True)
class LikePerson:
    """A person on record who may be the one a referral is about."""

    id: UUID
    name: str = field(repr=False)
    district: str
    likeness: Likeness


@dataclass(frozen=True)
class Duplicates:
    """Both kinds, the likeliest first."""

    referrals: list[LikeReferral]
    people: list[LikePerson]

    @property
    def shown(self) -> dict[UUID, dict[Category, str]]:
        """Everybody a page that shows these discloses: the name, and the clause that lets it."""
        named = {one.id: {Category.IDENTITY: one.clause} for one in self.referrals}
        return named | {one.id: {Category.IDENTITY: ""} for one in self.people}


def possible_duplicates(by: Actor, referral: Referral) -> Duplicates:
    """Others of the same name whose date of birth does not say otherwise, as far as the actor sees.

    A secret address is compared with nothing: a likeness would tell where it is. Five queries.
    """
    may_read = categories(by, referral)
    if Category.IDENTITY not in may_read:
        return Duplicates([], [])
    own = _kept(_rows([referral.pk]).get(referral.pk, {}), may_read)
    identity = own.get(Category.IDENTITY, {})
    key = identity.get(NAME_KEY)
    if not key:
        return Duplicates([], [])
    born, area = identity.get("date_of_birth") or "", _outward(own)
    return Duplicates(
        _referrals(by, referral, key, born, area),
        _people(by, identity, key, born, area),
    )


def _referrals(by: Actor, referral: Referral, key: str, born: str, area: str) -> list[LikeReferral]:
    same_name = ReferralAnswers.objects.filter(
        category=Category.IDENTITY, **{f"answers__{NAME_KEY}": key}
    ).values("referral")
    found = list(
        visible_to(by)
        .filter(pk__in=same_name, received_at__isnull=False)
        .exclude(pk=referral.pk)
        .order_by("-id")[:MOST]
    )
    rows = _rows([r.pk for r in found])
    open_now = open_for(found)
    alike = []
    for other in found:
        may_read = readable(by, other, open_now)
        theirs = _kept(rows.get(other.pk, {}), may_read)
        identity = theirs.get(Category.IDENTITY, {})
        likeness = _compare(born, identity.get("date_of_birth") or "", area, _outward(theirs))
        if likeness and Category.IDENTITY in may_read:
            name = name_in(identity)
            clause = may_read[Category.IDENTITY]
            alike.append(
                LikeReferral(other.pk, other.reference, other.state, name, likeness, clause)
            )
    return sorted(alike, key=lambda one: _rank(one.likeness))


def _people(
    by: Actor, identity: dict[str, str], key: str, born: str, area: str
) -> list[LikePerson]:
    last = identity.get("family_name", "").strip()
    found = people_visible_to(by).filter(in_any_case("family_name__iexact", last))
    found = found.select_related("address")
    alike = []
    for person in found.defer("district__rings").order_by("-id")[:500]:
        if key not in {
            name_key(person.given_name, person.family_name),
            name_key(person.known_as, person.family_name),
        }:
            continue
        address = getattr(person, "address", None)
        theirs = address.postcode.split(" ")[0] if address else ""
        birth = person.date_of_birth.isoformat() if person.date_of_birth else ""
        if likeness := _compare(born, birth, area, theirs):
            district = person.district.name if person.district else ""
            alike.append(LikePerson(person.pk, person.full_name, district, likeness))
    return sorted(alike, key=lambda one: _rank(one.likeness))[:MOST]


def _compare(born: str, other_born: str, area: str, other_area: str) -> Likeness | None:
    """How two people of the same name are alike; None when their dates of birth differ."""
    if born and other_born and born != other_born:
        return None
    return Likeness(birth=bool(born and born == other_born), area=bool(area and area == other_area))


def _rank(likeness: Likeness) -> tuple[bool, bool]:
    return (not likeness.birth, not likeness.area)


def _rows(ids: list[UUID]) -> dict[UUID, dict[Category, dict[str, str]]]:
    wanted = (Category.IDENTITY, Category.LOCATION)
    found: dict[UUID, dict[Category, dict[str, str]]] = {}
    for row in ReferralAnswers.objects.filter(referral__in=ids, category__in=wanted):
        found.setdefault(row.referral_id, {})[Category(row.category)] = row.answers
    return found


def _kept(
    rows: dict[Category, dict[str, str]], may_read: Container[Category]
) -> dict[Category, dict[str, str]]:
    """What is compared: a likeness in what the actor may not read would tell it."""
    return {category: answers for category, answers in rows.items() if category in may_read}


def _outward(rows: dict[Category, dict[str, str]]) -> str:
    """The first half of an ordinary postcode, such as PR1."""
    postcode = rows.get(Category.LOCATION, {}).get("postcode") or ""
    return postcode.upper().split(" ")[0]
