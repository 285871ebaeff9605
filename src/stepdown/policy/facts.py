"""Which facts a record of each kind brings. The store maps each to a column, once, per kind."""

from collections.abc import Mapping

from stepdown.policy.permissions import Kind

FACTS: Mapping[Kind, frozenset[str]] = {
    Kind.PERSON: frozenset({"district", "person"}),
    Kind.VOLUNTEER: frozenset({"district", "agency", "person"}),
    Kind.CREDENTIAL: frozenset({"district", "person"}),
    Kind.EXCLUSION: frozenset({"district", "officer"}),
    Kind.REFERRAL: frozenset({"district", "agency", "made_by", "clauses", "consent"}),
    Kind.NEED: frozenset({"district", "agency", "officer"}),
    Kind.RISK: frozenset({"district", "agency", "officer"}),
    Kind.OFFER: frozenset({"district", "agency", "officer", "person"}),
    Kind.PLACEMENT: frozenset({"district", "agency", "officer", "person"}),
    Kind.CONSENT: frozenset({"district", "person"}),
    Kind.RIGHTS: frozenset({"agency", "person"}),
    Kind.RETENTION: frozenset({"district"}),
    Kind.AGREEMENT: frozenset({"agency"}),
    Kind.CASE: frozenset(
        {"pathway", "district", "agency", "officer", "made_by", "clauses", "consent"}
    ),
    Kind.HOURS: frozenset({"district", "agency", "officer", "person"}),
}
