"""``stepdown backup``: all that the hub knows in one encrypted file, while it goes on."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stepdown.cli import django_setup
from stepdown.kernel.errors import Unusable


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown backup``."""
    parser = subparsers.add_parser(
        "backup",
        help="write everything into one encrypted file",
        description="Writes the database, the witness of the ledger and its public keys into one "
        "encrypted file, while the hub goes on. Not in it, as they must lie apart: the backup "
        "keys, the ledger's private key and the secret key. See docs/backup.md.",
    )
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the file to write")
    parser.add_argument("--new-key", action="store_true", help="make a new key for backups first")


def run(args: argparse.Namespace) -> int:
    """Write a backup, or make a key, or both."""
    if args.file is None and not args.new_key:
        print("stepdown: name the file to write.", file=sys.stderr)
        return 2
    if not django_setup.start():
        return 1
    from django.conf import settings

    from stepdown.adapters.backup_keys import BackupKeys

    keys = BackupKeys(settings.STEPDOWN_BACKUP_KEYS)
    if args.new_key or not keys.names:
        print(f"A key for backups was made: {keys.add()}, in {keys.path}.")
        print("Keep a copy of that file apart from the backups: without it none of them opens.")
    if args.file is None:
        return 0
    if not django_setup.is_ready():
        print(
            "stepdown: the database has not this version's form. `stepdown serve` brings it there.",
            file=sys.stderr,
        )
        return 1
    return _write(args.file, keys)


def _write(target: Path, keys: Any) -> int:
    from django.conf import settings

    from stepdown import __version__
    from stepdown.adapters import archive, dumps
    from stepdown.hub import jobs
    from stepdown.hub.actions import backups
    from stepdown.hub.queries.ledger_heads import last_head
    from stepdown.kernel import clock
    from stepdown.policy.actors import Actor

    database = settings.DATABASES["default"]
    made, key = clock.now(), keys.names[-1]
    backups.made(by=Actor.hub(), key=key)
    _seal(jobs.seal)
    home = settings.STEPDOWN_HOME
    with archive.workplace(home) as folder:
        # Before the database: a witness that knows more than it would call it cut off.
        members = _files(folder)
        head = last_head()
        with tqdm(unit=" pages", desc="Database", disable=None) as bar:
            dumps.dump(database, folder / "database", lambda done, all_: _reach(bar, done, all_))
        members = {"database": folder / "database", **members}
        stated = {
            "form": 1,
            "made": made.isoformat(),
            "version": __version__,
            "kind": dumps.kind(database),
            "migrations": django_setup.applied(),
            "head": head.as_json() if head else None,
        }
        size = sum(path.stat().st_size for path in members.values())
        with tqdm(total=size, unit="B", unit_scale=True, desc="Backup", disable=None) as bar:
            archive.write(target, members, stated, keys, bar.update)
    # Whatever was sealed meanwhile and is in it, its witness knows too.
    _seal(jobs.witness_heads)
    print(f"{target}: {target.stat().st_size:,} bytes, under the key {key}.")
    return 0


def _seal(job: Callable[[], int]) -> None:
    """Seal or witness, as far as that can be: a hub in trouble needs its backup all the more."""
    try:
        job()
    except (Unusable, OSError) as wrong:
        print(f"stepdown: the ledger was not sealed: {wrong}", file=sys.stderr)


def _reach(bar: "tqdm[Any]", done: int, all_: int) -> None:
    bar.total = all_
    bar.update(done - bar.n)


def _files(folder: Path) -> dict[str, Path]:
    """The hub's own files beside its database, copied as they are now."""
    from django.conf import settings

    found: dict[str, Path] = {}
    witness = settings.STEPDOWN_WITNESS
    wanted = sorted(settings.STEPDOWN_KEYS.glob("ledger-public*.jsonl"))
    mark = settings.STEPDOWN_HOME / "demonstration"
    named = {witness: "witness.jsonl", settings.STEPDOWN_DISPOSALS: "disposals.jsonl"}
    for path in [*wanted, mark, *(one for one in named if one)]:
        if path.is_file():
            name = named.get(path, path.name)
            (folder / name).write_bytes(path.read_bytes())
            found[name] = folder / name
    return found
