"""Copies of people's records, kept as encrypted files until their time is up.

One file a copy, readable by the hub alone, under a key that lies with its other keys: a copied
disk or backup without the keys shows nothing.
"""

import base64
import io
import json
import os
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from uuid import UUID

from stepdown.adapters.backup_keys import BackupKeys
from stepdown.adapters.sealed_file import SealedReader, SealingWriter, Spoilt, read_header

FOLDER, KEY_FILE = "copies", "copies.keys"


def keep(home: Path, keys: Path, name: UUID, files: Mapping[str, bytes]) -> None:
    """Write one copy: its files by their form. All of it or nothing."""
    held = BackupKeys(keys / KEY_FILE)
    if not held.names:
        held.add()
    whole = {form: base64.b64encode(data).decode() for form, data in files.items()}
    sealed = io.BytesIO()
    writer = SealingWriter(sealed, *held.newest())
    writer.write(json.dumps(whole).encode())
    writer.finish()
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed.getvalue())
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / f"{name}.copy")


def fetch(home: Path, keys: Path, name: UUID, form: str) -> bytes:
    """One file of a copy. FileNotFoundError where there is none; Spoilt where it is damaged."""
    with (home / FOLDER / f"{name}.copy").open("rb") as file:
        header = read_header(file)
        key = BackupKeys(keys / KEY_FILE).key(header.key)
        whole = json.loads(SealedReader(file, header, key).read())
    if form not in whole:
        raise Spoilt("The copy has no file of this form.")
    return base64.b64decode(whole[form])


def remove(home: Path, name: UUID) -> None:
    """Remove one copy, if it is there."""
    (home / FOLDER / f"{name}.copy").unlink(missing_ok=True)


def sweep(home: Path, names: Collection[UUID], *, spare: float = 600) -> int:
    """Remove every file but those of the named copies and those written in the last ``spare``
    seconds, which another process may be about to name. How many."""
    wanted, removed = {f"{name}.copy" for name in names}, 0
    folder = home / FOLDER
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and path.stat().st_mtime <= time.time() - spare:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
