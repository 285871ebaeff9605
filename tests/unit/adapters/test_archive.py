"""A backup's content: whole or refused, and old keys go on opening old backups."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from stepdown.adapters import archive
from stepdown.adapters.backup_keys import BackupKeys
from stepdown.adapters.sealed_file import SealingWriter, Spoilt
from stepdown.kernel.errors import Unusable


@pytest.fixture
def keys(tmp_path: Path) -> BackupKeys:
    found = BackupKeys(tmp_path / "apart" / "backup.keys")
    found.add()
    return found


def written(folder: Path, keys: BackupKeys, text: str = "said") -> Path:
    source = folder / "source"
    source.write_text(text)
    target = folder / "backup.bin"
    archive.write(target, {"database": source}, {"form": 1}, keys, lambda _: None)
    source.unlink()
    return target


def opened(file: Path, keys: BackupKeys) -> str:
    with archive.workplace(file.parent) as folder:
        assert archive.read(file, folder, keys)["form"] == 1
        return (folder / "database").read_text()


def test_content_comes_back_as_it_was(tmp_path: Path, keys: BackupKeys) -> None:
    file = written(tmp_path, keys, "said" * 600_000)
    assert opened(file, keys) == "said" * 600_000
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["apart", "backup.bin"]


def test_old_backups_open_after_the_key_was_changed(tmp_path: Path, keys: BackupKeys) -> None:
    old = written(tmp_path, keys).rename(tmp_path / "old.bin")
    first, second = keys.names[0], keys.add()
    assert first != second
    new = written(tmp_path, BackupKeys(keys.path))
    for file in (old, new):
        assert opened(file, BackupKeys(keys.path)) == "said"
    assert keys.path.stat().st_mode & 0o777 == 0o600


def test_backup_whose_key_is_not_there_names_it(tmp_path: Path, keys: BackupKeys) -> None:
    file = written(tmp_path, keys)
    other = BackupKeys(tmp_path / "other.keys")
    other.add()
    with pytest.raises(Unusable, match=keys.names[0]):
        opened(file, other)


@pytest.mark.parametrize("line", ["nothing", "name AAAA", "0123456789abcdef " + "A" * 43 + "="])
def test_keys_that_are_damaged_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "backup.keys").write_text(line + "\n")
    with pytest.raises(Unusable):
        BackupKeys(tmp_path / "backup.keys")


def test_backup_that_fails_leaves_the_one_before(tmp_path: Path, keys: BackupKeys) -> None:
    file = written(tmp_path, keys)
    before = file.read_bytes()
    with pytest.raises(FileNotFoundError):
        archive.write(file, {"database": tmp_path / "none"}, {}, keys, lambda _: None)
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["apart", "backup.bin"]


def _made(path: Path, keys: BackupKeys, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    plain = io.BytesIO()
    with tarfile.open(mode="w", fileobj=plain) as tar:
        for member, data in members:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    with path.open("wb") as file:
        writer = SealingWriter(file, *keys.newest())
        writer.write(plain.getvalue())
        writer.finish()
    return path


@pytest.mark.parametrize("name", ["../outside", "folder/inside", "/outside", ".hidden"])
def test_nothing_is_put_elsewhere(tmp_path: Path, keys: BackupKeys, name: str) -> None:
    file = _made(tmp_path / "b", keys, [(tarfile.TarInfo(name), b"said")])
    with pytest.raises(Spoilt):
        opened(file, keys)


def test_link_is_refused(tmp_path: Path, keys: BackupKeys) -> None:
    link = tarfile.TarInfo("database")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with pytest.raises(Spoilt):
        opened(_made(tmp_path / "b", keys, [(link, b"")]), keys)


@pytest.mark.parametrize("listed", [{"database": "0" * 64}, {"none": "0" * 64}, None, 3])
def test_content_that_is_not_what_the_manifest_says_is_refused(
    tmp_path: Path, keys: BackupKeys, listed: object
) -> None:
    manifest = json.dumps({"form": 1, "members": listed}).encode()
    members = [
        (tarfile.TarInfo("database"), b"said"),
        (tarfile.TarInfo("manifest.json"), manifest),
    ]
    with pytest.raises(Spoilt):
        opened(_made(tmp_path / "b", keys, members), keys)


def test_backup_without_a_manifest_is_refused(tmp_path: Path, keys: BackupKeys) -> None:
    with pytest.raises((Spoilt, FileNotFoundError)):
        opened(_made(tmp_path / "b", keys, [(tarfile.TarInfo("database"), b"said")]), keys)
