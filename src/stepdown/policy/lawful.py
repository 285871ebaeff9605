"""Lawful bases and conditions that a clause of an agreement may state, and what they ask.

UK GDPR Article 6(1) and 9, Data Protection Act 2018 Part 3 (law enforcement), Schedules 1 and 8.
The hub checks that a basis is stated and fits the parties and the data; whether it is the right one
is for the agencies' data-protection officers.
"""

from enum import StrEnum

from stepdown.policy.categories import Category


class Basis(StrEnum):
    """Why the data may be processed at all."""

    CONSENT = "gdpr-6-1-a"
    CONTRACT = "gdpr-6-1-b"
    LEGAL_OBLIGATION = "gdpr-6-1-c"
    VITAL_INTERESTS = "gdpr-6-1-d"
    PUBLIC_TASK = "gdpr-6-1-e"
    LEGITIMATE_INTERESTS = "gdpr-6-1-f"
    LAW_ENFORCEMENT = "dpa-3"


class Condition(StrEnum):
    """The further condition for data that the law protects more. ``sch1`` goes with the UK GDPR,
    ``sch8`` with the law-enforcement regime; explicit consent (Article 9(2)(a)) with consent."""

    EXPLICIT_CONSENT = "gdpr-9-2-a"
    HEALTH_OR_SOCIAL_CARE = "sch1-2"
    STATUTORY = "sch1-6"
    UNLAWFUL_ACTS = "sch1-10"
    SAFEGUARDING = "sch1-18"
    ECONOMIC_WELL_BEING = "sch1-19"
    LE_STATUTORY = "sch8-1"
    LE_VITAL_INTERESTS = "sch8-3"
    LE_SAFEGUARDING = "sch8-4"


# Special-category or criminal-offence data, or such as is seldom without it.
PROTECTED = frozenset({Category.HEALTH, Category.OFFENCE, Category.SAFEGUARDING, Category.EQUALITY})


def needs_condition(categories: frozenset[Category]) -> bool:
    """Whether a clause about these categories must state a condition."""
    return bool(PROTECTED & categories)


def fits(basis: Basis, condition: Condition) -> bool:
    """Whether the condition belongs to the basis's regime."""
    if condition is Condition.EXPLICIT_CONSENT:
        return basis is Basis.CONSENT
    schedule = "sch8" if basis is Basis.LAW_ENFORCEMENT else "sch1"
    return condition.value.startswith(f"{schedule}-")
