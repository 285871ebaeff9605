"""``stepdown ledger``: is the ledger as it was sealed, and proof of what it says of a record."""

import argparse
import sys
from pathlib import Path
from uuid import UUID

from stepdown.cli import django_setup, ledger_proof


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown ledger``."""
    parser = subparsers.add_parser(
        "ledger",
        help="check the ledger, prove what it says, change its key",
        description="Every entry, and every look at a person's record, is sealed within seconds: "
        "hashed into a tree whose head is signed and written to a witness.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="read it all again; 1 if anything is wrong")
    verify.add_argument("--from-witness", type=Path, metavar="FILE", help="another witness's file")
    verify.add_argument("--processes", type=_processes, help="how many read at once (2)")
    prove = verbs.add_parser("prove", help="write proof of all that it says of one record")
    prove.add_argument("record", type=UUID, metavar="RECORD", help="the record's id")
    prove.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    check = verbs.add_parser("check-proof", help="check such a file, with no hub at all")
    check.add_argument("file", type=Path, metavar="FILE")
    check.add_argument("--keys", type=Path, metavar="FOLDER", help="the public keys to believe")
    check.add_argument("--witness", type=Path, metavar="FILE", help="heads must stand there")
    verbs.add_parser(
        "put-back",
        help="tell the witness that the database was put back by other means than `restore`",
    )
    new = verbs.add_parser("new-key", help="sign with a new key from now on")
    new.add_argument("--lost", action="store_true", help="the old one is not there any more")


def _processes(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 64):
        raise argparse.ArgumentTypeError("must be from 1 to 64")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 where something is wrong with the ledger or the proof."""
    if args.verb == "check-proof":
        return ledger_proof.check(args.file, keys=args.keys, witness=args.witness)
    if not django_setup.start():
        return 1
    if args.verb == "new-key":
        return _new_key(lost=args.lost)
    if not django_setup.is_ready():
        print(
            "stepdown: the database has not this version's form. `stepdown serve` brings it there.",
            file=sys.stderr,
        )
        return 1
    if args.verb == "put-back":
        return _put_back()
    if args.verb == "prove":
        return ledger_proof.prove(args.record, args.output)
    from stepdown.cli.ledger_verify import verify

    return verify(witness=args.from_witness, processes=args.processes)


def _put_back() -> int:
    from datetime import datetime

    from stepdown.hub.actions import backups
    from stepdown.hub.jobs import witness_put_back
    from stepdown.policy.actors import Actor

    told = witness_put_back()
    if told is None:
        print("The ledger has all that its witness knows: there is nothing to tell.")
        return 0
    backups.restored(by=Actor.hub(), of=datetime.fromisoformat(told.at))
    print(f"The witness was told that the ledger goes on from entry {told.last:,}.")
    print("Everybody has to sign in anew.")
    return 0


def _new_key(*, lost: bool) -> int:
    from django.conf import settings

    from stepdown.adapters import signing

    try:
        made = signing.rotate(settings.STEPDOWN_KEYS, lost=lost)
    except signing.KeyTrouble as trouble:
        print(f"stepdown: {trouble}", file=sys.stderr)
        return 1
    print(f"Heads are signed with the key {made.key} from now on. What former keys signed is good.")
    return 0
