"""A backup's content: a few files and a manifest with their hashes, encrypted as one stream."""

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, cast

from stepdown.adapters.backup_keys import BackupKeys
from stepdown.adapters.sealed_file import SealedReader, SealingWriter, Spoilt, read_header

MANIFEST = "manifest.json"
Progress = Callable[[int], object]


@contextmanager
def workplace(home: Path) -> Iterator[Path]:
    """A folder among the hub's own, gone afterwards: it holds what is encrypted elsewhere."""
    folder = Path(mkdtemp(prefix=".backup-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def write(
    target: Path,
    members: Mapping[str, Path],
    stated: Mapping[str, Any],
    keys: BackupKeys,
    progress: Progress,
) -> None:
    """Write a backup under the newest key. A file of that name is replaced only by a whole one."""
    name, key = keys.newest()
    listed = {member: _hash(path) for member, path in members.items()}
    beside = target.with_name(f".{target.name}.part")
    beside.unlink(missing_ok=True)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
            sealing = SealingWriter(file, name, key)
            with tarfile.open(mode="w|", fileobj=cast("Any", _Counted(sealing, progress))) as tar:
                for member, path in members.items():
                    tar.add(path, arcname=member, filter=_plain)
                manifest = beside.with_name(f".{target.name}.manifest")
                manifest.write_text(json.dumps({**stated, "members": listed}))
                try:
                    tar.add(manifest, arcname=MANIFEST, filter=_plain)
                finally:
                    manifest.unlink()
            sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


class _Counted:
    """Passes on what is written, and tells how much."""

    def __init__(self, to: SealingWriter, progress: Progress) -> None:
        self.to, self.progress = to, progress

    def write(self, data: bytes) -> int:
        self.progress(len(data))
        return self.to.write(data)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nothing of the machine it was made on."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def read(source: Path, folder: Path, keys: BackupKeys) -> dict[str, Any]:
    """Decrypt a backup into a folder and check all of it; its manifest. Spoilt where it is not
    whole: what is in the folder then is not to be used."""
    with source.open("rb") as file:
        header = read_header(file)
        stream = SealedReader(file, header, keys.key(header.key))
        try:
            with tarfile.open(mode="r|", fileobj=cast("Any", stream)) as tar:
                for member in tar:
                    # Names are plain: nothing can be put anywhere else.
                    if not member.isfile() or "/" in member.name or member.name.startswith("."):
                        raise Spoilt("The backup holds what no backup holds.")
                    inside = tar.extractfile(member)
                    if inside is None:
                        raise Spoilt("The backup holds what no backup holds.")
                    with (folder / member.name).open("wb") as out:
                        shutil.copyfileobj(inside, out, 1 << 20)
            while stream.read(1 << 20):
                pass
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            listed = dict(manifest["members"])
        except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as wrong:
            if isinstance(wrong, OSError) and wrong.errno:
                raise
            raise Spoilt("The backup is damaged.") from wrong
    for name, hashed in listed.items():
        if not (folder / name).is_file() or _hash(folder / name) != hashed:
            raise Spoilt(f"The backup is damaged: {name} is not what was put into it.")
    return manifest


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
