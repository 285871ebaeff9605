"""``stepdown keys``: the keys of shielded addresses, and how they are changed."""

import argparse
import sys
from typing import Any

from tqdm import tqdm

from stepdown.cli import django_setup
from stepdown.kernel.errors import Refused


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown keys``."""
    parser = subparsers.add_parser(
        "keys",
        help="list and change the keys of shielded addresses",
        description="Shielded addresses lie encrypted in the database; their keys do not lie "
        "there. Keep a copy of the keys apart: without them no shielded address opens, nor does "
        "one in a backup of their time.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="every key, and how much lies under it; 1 if one is missing")
    verbs.add_parser("new", help="make a key; what is recorded from now on lies under it")
    verbs.add_parser(
        "rotate",
        help="close everything under the newest key, made first if there is nothing older; "
        "stopped in between, it goes on when it is run again",
    )
    retire = verbs.add_parser("retire", help="remove a key that nothing lies under")
    retire.add_argument("key", metavar="KEY", help="its name, as `stepdown keys list` says")
    verbs.add_parser("line", help="print a new key's line, for a hub with its keys elsewhere")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; 1 where it is refused, or a key is missing."""
    if args.verb == "line":
        from stepdown.adapters.shielded_box import ShieldedBox

        print(ShieldedBox.fresh_line(), end="")
        return 0
    if not django_setup.start():
        return 1
    if not django_setup.is_ready():
        print(
            "stepdown: the database has not this version's form. `stepdown serve` brings it there.",
            file=sys.stderr,
        )
        return 1
    try:
        if args.verb == "list":
            return _list()
        if args.verb == "new":
            return _new()
        if args.verb == "rotate":
            return _rotate()
        return _retire(args.key)
    except Refused as why:
        print(f"stepdown: {why.reason}", file=sys.stderr)
        return 1


def _list() -> int:
    from stepdown.hub.queries.shielded import standing

    keys = standing()
    for key in keys:
        made = f"{key.since:%Y-%m-%d}" if key.since else "          "
        notes = ["newest"] if key.is_newest else ["missing: add its line"] if key.missing else []
        print(f"{key.name}  {made}  {key.rows:>9,} rows  {''.join(notes)}".rstrip())
    if not keys:
        print("There is no key yet: one is made with the first shielded address.")
    return 1 if any(key.missing for key in keys) else 0


def _new() -> int:
    from stepdown.hub.actions import shielded_keys
    from stepdown.hub.queries.shielded import box
    from stepdown.policy.actors import Actor

    print(f"A key was made: {shielded_keys.make(by=Actor.hub())}, in {box().path}.")
    print("Keep a copy of that file apart: without it no shielded address opens.")
    return 0


def _rotate() -> int:
    from stepdown.hub.actions import shielded_keys
    from stepdown.hub.queries.shielded import box, require_keys, rows_under
    from stepdown.policy.actors import Actor

    require_keys()
    names, under = box().names, rows_under()
    left = sum(rows for name, rows in under.items() if name != names[-1]) if names else 0
    if not left:
        _new()
        left = sum(under.values())
    done = 0
    with _bar(left) as bar:
        while some := shielded_keys.rotate_some(by=Actor.hub()):
            done += some
            bar.update(some)
    shielded_keys.rotated(by=Actor.hub(), rows=done)
    print(f"{done:,} rows lie under {box().names[-1]} now. Former keys may be retired.")
    print("Backups made until now need the former keys: keep a copy as long as those backups.")
    return 0


def _bar(rows: int) -> "tqdm[Any]":
    return tqdm(total=rows, unit=" rows", desc="Rows", disable=None)


def _retire(name: str) -> int:
    from stepdown.hub.actions import shielded_keys
    from stepdown.policy.actors import Actor

    shielded_keys.retire(by=Actor.hub(), name=name)
    print(f"The key {name} is gone. A backup from its time opens no shielded address without it.")
    return 0
