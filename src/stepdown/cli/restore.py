"""``stepdown restore``: the hub as it was when a backup was made."""

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from stepdown.cli import django_setup
from stepdown.cli.trouble import Unavailable


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command line of ``stepdown restore``."""
    parser = subparsers.add_parser(
        "restore",
        help="put the hub back to a backup",
        description="Opens and checks the whole backup before anything is touched, puts the "
        "database back, brings it to this version's form, tells the ledger and its witness, and "
        "reads the ledger again. Everybody has to sign in anew. See docs/backup.md.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
    parser.add_argument(
        "--replace", action="store_true", help="in the place of what the hub holds now"
    )


def run(args: argparse.Namespace) -> int:
    """Restore; 1 where it cannot be done, or where the ledger is not what was sealed."""
    if not django_setup.start():
        return 1
    from django.conf import settings

    from stepdown.adapters import archive, dumps
    from stepdown.adapters.backup_keys import BackupKeys

    database = settings.DATABASES["default"]
    if not args.replace and not django_setup.is_empty():
        raise Unavailable(
            "This hub is not empty. Name another with STEPDOWN_HOME or STEPDOWN_DATABASE_URL, "
            "or say --replace: what it holds now is then gone."
        )
    with archive.workplace(settings.STEPDOWN_HOME) as folder:
        manifest = archive.read(args.file, folder, BackupKeys(settings.STEPDOWN_BACKUP_KEYS))
        _fits(manifest)
        dumps.check(database, folder / "database")
        print(f"The backup of {manifest['made']} is whole.")
        from django.db import connections

        connections.close_all()
        with tqdm(unit=" pages", desc="Database", disable=None) as bar:
            dumps.restore(database, folder / "database", lambda done, all_: _reach(bar, done, all_))
        _put_files(folder, manifest)
    return _settle(manifest)


def _reach(bar: "tqdm[Any]", done: int, all_: int) -> None:
    bar.total = all_
    bar.update(done - bar.n)


def _fits(manifest: dict[str, Any]) -> None:
    """Unavailable where this hub cannot take the backup in."""
    from django.conf import settings

    from stepdown.adapters import dumps, witness
    from stepdown.kernel.heads import Head

    here = dumps.kind(settings.DATABASES["default"])
    if manifest["kind"] != here:
        raise Unavailable(f"The backup is of {manifest['kind']}, and this hub is on {here}.")
    unknown = set(manifest["migrations"]) - set(django_setup.known())
    if unknown:
        raise Unavailable(
            f"The backup was made by a newer version of Stepdown ({manifest['version']}): "
            "restore it with that one."
        )
    if manifest["head"] is None:
        return
    head = Head.from_json(manifest["head"])
    last = witness.at(settings.STEPDOWN_WITNESS).last()
    if head.key and last is not None and last.head.number >= head.number:
        lines = witness.at(settings.STEPDOWN_WITNESS).lines()
        if head.digest() not in {line.head.digest() for line in lines}:
            raise Unavailable(
                "The backup is of another ledger than the one that the witness here knows: "
                "name the right witness with STEPDOWN_WITNESS."
            )


def _put_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Files that lie beside the database. Witness and keys that are there are never replaced."""
    from django.conf import settings

    from stepdown.config import environment

    for name in manifest["members"]:
        if name.startswith("ledger-public"):
            settings.STEPDOWN_KEYS.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(folder / name, settings.STEPDOWN_KEYS / name)
        elif name == "witness.jsonl" and settings.STEPDOWN_WITNESS is not None:
            settings.STEPDOWN_WITNESS.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(folder / name, settings.STEPDOWN_WITNESS)
        elif name == "disposals.jsonl" and settings.STEPDOWN_DISPOSALS is not None:
            settings.STEPDOWN_DISPOSALS.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(folder / name, settings.STEPDOWN_DISPOSALS)
    if "demonstration" in manifest["members"]:
        environment.mark_demonstration(settings.DATABASES["default"])
    else:
        (settings.STEPDOWN_HOME / "demonstration").unlink(missing_ok=True)


def _put(source: Path, target: Path) -> None:
    if not target.exists():
        target.touch(mode=0o600)
        target.write_bytes(source.read_bytes())


def _dispose_again() -> int:
    """What was disposed of since the backup goes again; 1 where that cannot be told."""
    from stepdown.records.jobs.disposing import replay

    done, strange = replay()
    if done:
        print(f"{done:,} records were disposed of again, as they had been since the backup.")
    if strange:
        print(
            f"{strange:,} disposals were made with another secret key. Put that key among the "
            "former ones (STEPDOWN_SECRET_KEY_FALLBACKS) and restore again: until then this hub "
            "may hold what was disposed of, and must not serve.",
            file=sys.stderr,
        )
    return 1 if strange else 0


def _settle(manifest: dict[str, Any]) -> int:
    """Bring what was put back to this version's form, and tell ledger and witness of it."""
    from django.conf import settings

    from stepdown.cli.ledger_verify import verify
    from stepdown.hub.actions import backups
    from stepdown.hub.jobs import witness_put_back
    from stepdown.hub.queries.shielded import standing
    from stepdown.policy.actors import Actor

    django_setup.migrate()
    told = witness_put_back()
    if told is not None:
        print(f"The witness was told that the ledger goes on from entry {told.last:,}.")
    held = backups.restored(by=Actor.hub(), of=datetime.fromisoformat(manifest["made"]))
    if held:
        print(
            f"{held:,} messages waited when the backup was made. They may have been sent since, so "
            "they are not sent: they are shown with those that failed."
        )
    strange = _dispose_again()
    print("Restored. Everybody has to sign in anew.")
    code = verify(witness=None, processes=None) or strange
    if not (settings.STEPDOWN_KEYS / "ledger.key").exists():
        print(
            f"The ledger's private key is not in {settings.STEPDOWN_KEYS}: put it back, or begin a "
            "new one with `stepdown ledger new-key --lost`. Until then nothing is sealed.",
            file=sys.stderr,
        )
    for key in standing():
        if key.missing:
            code = 1
            print(
                f"{key.rows:,} shielded addresses lie under the key {key.name}, which is not in "
                f"{settings.STEPDOWN_SHIELDED_KEYS}: add its line from your copy of that file. "
                "Until then the hub does not start.",
                file=sys.stderr,
            )
    return code
