"""Proofs in files: written by a hub, checked by anybody who has the program."""

import json
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from stepdown.adapters import signing, witness
from stepdown.kernel import clock, proof
from stepdown.kernel.heads import Verifies


def prove(record: UUID, output: Path) -> int:
    """Write proof of every sealed line about a record; 1 where there is none.

    The file holds what the ledger says of the record, words included: it is for its owner alone.
    """
    from django.conf import settings

    from stepdown.hub.actions.disclosure import disclose
    from stepdown.hub.queries.ledger_proof import proofs
    from stepdown.policy.actors import Actor

    lines = list(proofs(record))
    if not lines:
        print("stepdown: no sealed entry concerns this record.", file=sys.stderr)
        return 1
    about = {kind for line in lines for kind, one in line.get("subjects", []) if one == record.hex}
    if "person" in about or not about:
        disclose(by=Actor.hub(), people=[record], purpose="ledger-proof", page="ledger-prove")
    keys = signing.public_keys(settings.STEPDOWN_KEYS)
    whole = {
        "form": proof.FORM,
        "record": record.hex,
        "made": clock.now().isoformat(),
        "keys": {name: keys.public(name).hex() for name in keys.names},
        "lines": lines,
    }
    with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(whole, file, indent=1, ensure_ascii=False)
    print(f"{len(lines):,} entries are proved in {output}. It holds what they say: keep it safe.")
    return 0


def check(path: Path, *, keys: Path | None, witness: Path | None) -> int:
    """Check a file of proofs, line by line; 1 where one does not hold."""
    try:
        whole = json.loads(path.read_text())
        lines, record = list(whole["lines"]), str(whole["record"])
        verifies = _keys(whole, keys)
    except signing.KeyTrouble as trouble:
        print(f"stepdown: {trouble}", file=sys.stderr)
        return 1
    except (ValueError, KeyError, TypeError):
        print(f"stepdown: {path} is not a file of proofs.", file=sys.stderr)
        return 1
    seen = _witnessed(witness) if witness else None
    bad = 0
    named: set[str] = set()
    for line in lines:
        found = proof.check(line, record, verifies)
        wrong = found.wrong
        if not wrong and seen is not None and found.head and found.head.digest() not in seen:
            wrong = "its head is not with the witness"
        bad += bool(wrong)
        named |= {found.head.key} if found.head else set()
        print(f"{found.seq:>9,}  {found.at}  {found.what}  {wrong or 'proved'}")
    print(f"{len(lines) - bad:,} of {len(lines):,} entries are proved.")
    if keys is None:
        print("Signed by: " + ", ".join(sorted(named)) + ".")
        print("Ask the hub, by another way, whether these are its keys.")
    return 1 if bad or not lines else 0


def _keys(whole: dict[str, Any], folder: Path | None) -> Verifies:
    """Those of a folder, or those that the file brings with it."""
    if folder is not None:
        return signing.public_keys(folder).verifies
    found = signing.PublicKeys()
    for name, public in whole["keys"].items():
        raw = bytes.fromhex(public)
        if signing.name_of(raw) != name:
            raise ValueError("A key that is not of its name.")
        found.add([{"public": public}])
    return found.verifies


def _witnessed(path: Path) -> set[bytes]:
    return {line.head.digest() for line in witness.FileWitness(path).lines()}
