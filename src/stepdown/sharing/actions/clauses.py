"""Writing one clause, checked. Part of drafting; not a verb of its own."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from stepdown.hub.actions.given import Check
from stepdown.hub.models import Agency
from stepdown.policy.categories import Category
from stepdown.policy.lawful import Basis, Condition, fits, needs_condition
from stepdown.policy.pathways import pathway_keys
from stepdown.policy.sharing import People, Purpose
from stepdown.sharing.models import Agreement, Clause, ClauseCover

Aspect = ClauseCover.Aspect


@dataclass(frozen=True)
class Asked:
    """A clause as it is asked for: keys of agencies and of what it covers."""

    source: str
    target: str
    purpose: str
    basis: str
    condition: str
    categories: tuple[str, ...]
    people: tuple[str, ...]
    pathways: tuple[str, ...]

    @classmethod
    def of(cls, clause: Clause) -> "Asked":
        """The same as a clause that is there."""

        def keys(aspect: str) -> tuple[str, ...]:
            return tuple(sorted(c.key for c in clause.covers.all() if c.aspect == aspect))

        return cls(
            source=str(clause.source_id),
            target=str(clause.target_id),
            purpose=clause.purpose,
            basis=clause.basis,
            condition=clause.condition,
            categories=keys(Aspect.CATEGORY),
            people=keys(Aspect.PEOPLE),
            pathways=keys(Aspect.PATHWAY),
        )

    def stated(self) -> dict[str, Any]:
        """The same in words and lists that JSON can hold."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in vars(self).items()}


def write(agreement: Agreement, asked: Asked) -> Clause:
    """Check what was asked and write it as the agreement's last clause."""
    check = Check()
    parties = {str(party.agency_id) for party in agreement.parties.all()}
    missing = gettext("Select one of the parties.")
    source = check.choice("source", asked.source, parties, missing)
    target = check.choice("target", asked.target, parties, missing)
    check.that(
        source != target, "target", gettext("Select another party than the one that shares.")
    )
    check.choice("purpose", asked.purpose, list(Purpose), gettext("Select the purpose."))
    basis = check.choice("basis", asked.basis, list(Basis), gettext("Select the lawful basis."))
    _several(check, "categories", asked.categories, list(Category))
    _several(check, "people", asked.people, list(People))
    _several(check, "pathways", asked.pathways, list(pathway_keys()))
    if not check.errors:
        _check_condition(check, asked)
    if basis == Basis.LAW_ENFORCEMENT and not check.errors:
        police = Agency.objects.filter(pk__in=[source, target], kind=Agency.Kind.POLICE).count()
        check.that(
            police == 2,
            "basis",
            gettext("The law-enforcement regime is for competent authorities: two police forces."),
        )
    check.done()
    number = agreement.clauses.count() + 1
    clause = Clause.objects.create(
        agreement=agreement,
        number=number,
        source_id=source,
        target_id=target,
        purpose=asked.purpose,
        basis=asked.basis,
        condition=asked.condition,
    )
    covers = (
        (Aspect.CATEGORY, asked.categories),
        (Aspect.PEOPLE, asked.people),
        (Aspect.PATHWAY, asked.pathways),
    )
    ClauseCover.objects.bulk_create(
        ClauseCover(clause=clause, aspect=aspect, key=key)
        for aspect, keys in covers
        for key in sorted(set(keys))
    )
    return clause


def _several(check: Check, field: str, given: tuple[str, ...], allowed: list[Any]) -> None:
    known = {str(one) for one in allowed}
    good = bool(given) and set(given) <= known
    check.that(good, field, gettext("Select at least one from the list."))


def _check_condition(check: Check, asked: Asked) -> None:
    """Data that the law protects more needs a condition, and one of its own regime."""
    categories = frozenset(Category(one) for one in asked.categories)
    if not asked.condition:
        check.that(
            not needs_condition(categories),
            "condition",
            gettext(
                "Select a condition: health, offence, safeguarding and equality data need one."
            ),
        )
        return
    if asked.condition not in set(Condition):
        check.that(False, "condition", gettext("Select a condition from the list."))
        return
    check.that(
        fits(Basis(asked.basis), Condition(asked.condition)),
        "condition",
        gettext("Select a condition of the regime that the lawful basis belongs to."),
    )
