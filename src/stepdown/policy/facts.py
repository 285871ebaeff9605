"""Which facts a record of each kind brings. The store maps each to a column, once, per kind."""

from collections.abc import Mapping

from stepdown.policy.permissions import Kind

# What a record brings that stands behind the wall of support.
_WALLED = frozenset({"district", "agency", "officer", "clauses", "consent"})

FACTS: Mapping[Kind, frozenset[str]] = {
    Kind.PERSON: frozenset({"district", "person", "agency", "kept", "clauses"}),
    Kind.VOLUNTEER: frozenset({"district", "agency", "person"}),
    Kind.CREDENTIAL: frozenset({"district", "person"}),
    Kind.EXCLUSION: frozenset({"district", "officer", "agency", "kept", "clauses"}),
    Kind.REFERRAL: frozenset({"id", "district", "agency", "made_by", "clauses", "consent"}),
    Kind.NEED: _WALLED | {"id"},
    Kind.RISK: _WALLED,
    Kind.OFFER: _WALLED | {"person"},
    Kind.PLACEMENT: _WALLED | {"person"},
    Kind.CONSENT: frozenset({"district", "person", "agency", "kept", "clauses"}),
    Kind.RIGHTS: frozenset({"agency", "person"}),
    Kind.RETENTION: frozenset({"district"}),
    Kind.CALLER: frozenset({"agency"}),
    Kind.MEETING: frozenset({"agency", "officer", "made_by"}),
    Kind.OVERRIDE: frozenset({"agency", "made_by", "no_officer"}),
    Kind.AGREEMENT: frozenset({"agency"}),
    Kind.CASE: frozenset(
        {"pathway", "district", "agency", "officer", "made_by", "clauses", "consent"}
    ),
    Kind.HOURS: _WALLED | {"person"},
}
