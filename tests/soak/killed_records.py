"""What the records of a hub must be after it was killed, against what it had acknowledged."""

import contextlib
import io
from collections import Counter
from typing import Any

from django.db import connection

from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.cli.ledger_verify import verify
from stepdown.hub.models import LedgerEntry, LedgerPayload


def faults(kept: dict[str, Any], *, whole: bool) -> list[str]:
    """Everything that is wrong, in words; ``whole`` reads the sealed ledger again as well."""
    found: list[str] = []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            said = cursor.fetchone()[0]
        found += [] if said == "ok" else [f"the file is not sound: {said}"]
    referrals = dict(Referral.objects.values_list("reference", "pk"))
    entries = list(LedgerEntry.objects.values_list("pk", "verb", "object_id"))
    verbs = Counter((verb, about) for _pk, verb, about in entries)
    answers = {
        row.referral_id: row.answers.get("referrer_kind")
        for row in ReferralAnswers.objects.all()
        if "referrer_kind" in row.answers
    }
    found += [f"{one}: acknowledged and lost" for one in kept["started"] if one not in referrals]
    for reference, pk in referrals.items():
        if verbs["referral.started", pk] != 1:
            found.append(f"{reference}: a record without its line in the ledger")
        sent = kept["asked"].get(reference, [])
        told, done = kept["answered"].get(reference, []), verbs["referral.answered", pk]
        if not len(told) <= done:
            found.append(f"{reference}: {len(told)} answers acknowledged, {done} in the ledger")
        if done and reference in kept["asked"]:
            # Only the last one sent may be there without having been acknowledged.
            if done > len(sent) or answers.get(pk) != sent[done - 1]:
                found.append(f"{reference}: the answer is {answers.get(pk)}, not {sent[done - 1]}")
        elif pk in answers and not done:
            found.append(f"{reference}: an answer without its line in the ledger")
    known = set(referrals.values())
    found += [
        f"{verb}: a line about nothing" for _pk, verb, about in entries
        if verb.startswith("referral.") and about not in known
    ]  # fmt: skip
    told_of = set(LedgerPayload.objects.values_list("pk", flat=True))
    found += [f"{verb}: a line without its words" for pk, verb, _ in entries if pk not in told_of]
    if whole:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = verify(witness=None, processes=1)
        found += [f"the ledger: {said.getvalue()[-300:]}"] if code else []
    return found
