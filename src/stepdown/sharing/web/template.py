"""A template for the agreement most partnerships begin with: referrals for volunteer support."""

from collections.abc import Collection, Iterable

from stepdown.policy.categories import Category
from stepdown.policy.lawful import Basis, Condition
from stepdown.policy.sharing import Pathway, People, Purpose
from stepdown.sharing.actions.clauses import Asked

# What triage reads of a referral; the shielded address goes on to matching unseen.
CATEGORIES = (
    Category.IDENTITY,
    Category.CONTACT,
    Category.LOCATION,
    Category.SHIELDED_LOCATION,
    Category.SUPPORT,
    Category.HEALTH,
    Category.SAFEGUARDING,
)


def referral_clause(source: str, target: str) -> Asked:
    """One agency shows its referrals to another, so that volunteers are found for them.

    Public task and safeguarding are where most begin: the parties decide what is right for them.
    """
    return Asked(
        source=source,
        target=target,
        purpose=Purpose.SUPPORT.value,
        basis=Basis.PUBLIC_TASK.value,
        condition=Condition.SAFEGUARDING.value,
        categories=tuple(c.value for c in CATEGORIES),
        people=(People.SUPPORTED.value,),
        pathways=(Pathway.VOLUNTEER_SUPPORT.value,),
    )


def referral_clauses(parties: Iterable[str], own: Collection[str]) -> list[Asked]:
    """One clause from each other party to each of the drafter's own agencies among them."""
    everybody = list(dict.fromkeys(parties))
    return [
        referral_clause(source, target)
        for target in everybody
        if target in own
        for source in everybody
        if source not in own
    ]
