"""Which facts a record of each kind brings. The store maps each to a column, once, per kind."""

from collections.abc import Mapping

from stepdown.policy.permissions import Kind

# What a record brings that stands behind the wall of support.
_WALLED = frozenset({"district", "agency", "officer", "clauses", "consent"})

# What the record of somebody brings, by those who keep it.
_KEPT = frozenset({"keeper", "kept", "clauses"})

FACTS: Mapping[Kind, frozenset[str]] = {
    Kind.PERSON: _KEPT | {"district", "person", "agency"},
    Kind.VOLUNTEER: frozenset({"district", "agency", "person"}),
    Kind.CREDENTIAL: frozenset({"district", "person"}),
    Kind.EXCLUSION: _KEPT | {"district", "officer"},
    Kind.REFERRAL: frozenset({"id", "district", "agency", "made_by", "clauses", "consent"}),
    Kind.NEED: _WALLED | {"id"},
    Kind.RISK: _WALLED,
    Kind.OFFER: _WALLED | {"person"},
    Kind.PLACEMENT: _WALLED | {"person"},
    Kind.CONSENT: _KEPT | {"district", "person"},
    Kind.RIGHTS: frozenset({"agency", "person"}),
    Kind.RETENTION: frozenset({"district", "keeper"}),
    Kind.CALLER: frozenset({"agency"}),
    Kind.MEETING: frozenset({"agency", "officer", "made_by"}),
    Kind.EVIDENCE: frozenset({"agency"}),
    Kind.ROTA: frozenset({"pathway", "agency"}),
    Kind.STEP: frozenset({"pathway", "agency", "person", "clauses", "consent"}),
    Kind.OVERRIDE: frozenset({"agency", "made_by", "no_officer"}),
    Kind.AGREEMENT: frozenset({"agency"}),
    Kind.TOKEN: frozenset({"made_by"}),
    Kind.CASE: frozenset(
        {"pathway", "district", "agency", "officer", "made_by", "clauses", "consent"}
    ),
    Kind.HOURS: _WALLED | {"person"},
}
