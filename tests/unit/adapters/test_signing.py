"""The ledger's keys: made once, changed without loss, and never made anew by accident."""

from pathlib import Path

import pytest

from stepdown.adapters import signing
from stepdown.adapters.signing import KeyTrouble


def test_first_key_is_made_when_it_is_first_asked_for_and_kept(tmp_path: Path) -> None:
    made = signing.signing_key(tmp_path / "keys")
    assert signing.signing_key(tmp_path / "keys").key == made.key
    assert (tmp_path / "keys" / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert signing.public_keys(tmp_path / "keys").verifies(made.key, b"said", made.sign(b"said"))


def test_signature_is_of_one_key_over_one_text(tmp_path: Path) -> None:
    made, other = signing.signing_key(tmp_path / "a"), signing.signing_key(tmp_path / "b")
    known = signing.public_keys(tmp_path / "a")
    assert not known.verifies(made.key, b"other", made.sign(b"said"))
    assert not known.verifies(made.key, b"said", other.sign(b"said"))
    assert not known.verifies(other.key, b"said", other.sign(b"said"))
    assert not known.verifies(made.key, b"said", b"")


def test_what_former_keys_signed_stays_good(tmp_path: Path) -> None:
    keys = [signing.signing_key(tmp_path)]
    signed = [keys[0].sign(b"0")]
    for turn in range(1, 4):
        keys.append(signing.rotate(tmp_path))
        signed.append(keys[-1].sign(str(turn).encode()))
    assert len({key.key for key in keys}) == 4
    known = signing.public_keys(tmp_path)
    assert known.names == [key.key for key in keys]
    for turn, key in enumerate(keys):
        assert known.verifies(key.key, str(turn).encode(), signed[turn])


def test_lost_key_is_not_replaced_unasked(tmp_path: Path) -> None:
    former = signing.signing_key(tmp_path)
    (tmp_path / "ledger.key").unlink()
    with pytest.raises(KeyTrouble, match="missing"):
        signing.signing_key(tmp_path)
    with pytest.raises(KeyTrouble, match="missing"):
        signing.rotate(tmp_path)
    new = signing.rotate(tmp_path, lost=True)
    known = signing.public_keys(tmp_path)
    assert known.verifies(former.key, b"said", former.sign(b"said"))
    assert known.verifies(new.key, b"said", new.sign(b"said"))


def test_key_that_is_there_is_not_lost(tmp_path: Path) -> None:
    signing.signing_key(tmp_path)
    with pytest.raises(KeyTrouble, match="is not lost"):
        signing.rotate(tmp_path, lost=True)


def test_public_key_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    signing.signing_key(tmp_path / "ours")
    signing.signing_key(tmp_path / "theirs")
    signing.rotate(tmp_path / "theirs")
    foreign = (tmp_path / "theirs" / signing.PUBLIC).read_text().splitlines()[1]
    with (tmp_path / "ours" / signing.PUBLIC).open("a") as known:
        known.write(foreign + "\n")
    with pytest.raises(KeyTrouble, match="not vouched for"):
        signing.public_keys(tmp_path / "ours")


@pytest.mark.parametrize("text", ["nothing", '{"public": 3}\n', "[]\n"])
def test_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / signing.PUBLIC).write_text(text)
    with pytest.raises(KeyTrouble, match="not a list of public keys"):
        signing.public_keys(tmp_path)


def test_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    signing.signing_key(tmp_path)
    (tmp_path / "ledger.key").write_text("nothing")
    with pytest.raises(KeyTrouble, match="not a private key"):
        signing.signing_key(tmp_path)


def test_private_key_of_another_hub_is_refused(tmp_path: Path) -> None:
    signing.signing_key(tmp_path / "ours")
    signing.signing_key(tmp_path / "theirs")
    (tmp_path / "theirs" / "ledger.key").replace(tmp_path / "ours" / "ledger.key")
    with pytest.raises(KeyTrouble, match="not among the keys"):
        signing.signing_key(tmp_path / "ours")
