"""Keys of shielded addresses change without losing one, wherever that is stopped."""

import os
from pathlib import Path

import pytest
from django.conf import LazySettings

from stepdown.cli.main import main
from stepdown.hub.actions import shielded_keys
from stepdown.hub.models import LedgerEntry
from stepdown.hub.queries.shielded import box, rows_under, sealed_models
from stepdown.kernel.errors import Refused, Unusable
from stepdown.policy.actors import Actor
from tests.factories import actor_of, make_need, make_person, make_postcode, make_user
from tests.factories.referrals import make_referral
from tests.support.shielded import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: LazySettings) -> Path:
    settings.STEPDOWN_SHIELDED_KEYS = tmp_path / "shielded.keys"
    return tmp_path / "shielded.keys"


@pytest.fixture
def places() -> None:
    make_postcode("LA9 9ZZ", 351_237, 492_381)
    for _ in range(4):
        make_need(person=make_person(postcode="LA9 9ZZ", shielded=True))
    make_referral(secret=True, lines="7 Hidden Row", postcode="LA9 9ZZ")


def _all() -> list[dict[str, object]]:
    found = [inside(row) for model in sealed_models() for row in model._default_manager.all()]
    return sorted((one for one in found if one), key=str)


def _settled(keys: Path) -> None:
    os.utime(keys, (0, 0))


@pytest.mark.usefixtures("places")
def test_a_rotation_that_is_stopped_goes_on_and_loses_nothing(
    keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before, hub = _all(), Actor.hub()
    (old,) = box().names
    assert len(before) == sum(rows_under().values()) == 9

    # Stopped after the second batch of two, in the middle of the third.
    calls, whole = iter(range(9)), shielded_keys.rotate_some

    def stopped(*, by: Actor, most: int = 2) -> int:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return whole(by=by, most=2)

    with monkeypatch.context() as patched:
        patched.setattr(shielded_keys, "rotate_some", stopped)
        assert main(["keys", "rotate"]) == 130
    new = box().names[-1]
    assert rows_under() == {old: 5, new: 4}
    assert _all() == before
    assert not LedgerEntry.objects.filter(verb="shielded-key.rotated").exists()
    _settled(keys)
    with pytest.raises(Refused, match="5 protected addresses lie under"):
        shielded_keys.retire(by=hub, name=old)

    # Run again, it goes on with the same key.
    assert main(["keys", "rotate"]) == 0
    assert rows_under() == {new: 9}
    assert box().names == [old, new]
    assert _all() == before
    assert main(["keys", "list"]) == 0
    told = capsys.readouterr().out
    assert "copy as long as those backups" in told
    assert f"{new}  " in told
    assert not any(line.split()[1] in told for line in keys.read_text().splitlines())

    # Only now may the old one go, and not while somebody may still write with it.
    keys.touch()
    assert main(["keys", "retire", old]) == 1
    assert "Wait" in capsys.readouterr().err
    _settled(keys)
    assert main(["keys", "retire", new]) == 1
    assert main(["keys", "retire", "0123456789abcdef"]) == 1
    assert main(["keys", "retire", old]) == 0
    assert box().names == [new]
    assert _all() == before
    verbs = LedgerEntry.objects.filter(verb__startswith="shielded-key.")
    assert sorted(verbs.values_list("verb", flat=True)) == [
        "shielded-key.made", "shielded-key.retired", "shielded-key.rotated",
    ]  # fmt: skip


@pytest.mark.usefixtures("places")
def test_a_key_that_is_missing_is_named_and_no_other_takes_its_place(
    keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (lost,) = box().names
    keys.unlink()
    assert main(["keys", "list"]) == 1
    assert f"{lost}" in (told := capsys.readouterr().out)
    assert "missing" in told
    for verb in ("rotate", "new"):
        assert main(["keys", verb]) == 1
        assert lost in capsys.readouterr().err
    with pytest.raises(Unusable):
        make_person(postcode="LA9 9ZZ", shielded=True)
    assert not keys.exists()


def test_a_hub_with_nothing_closed_has_no_key_and_nobody_else_changes_them(
    keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "list"]) == 0
    assert "no key yet" in capsys.readouterr().out
    by = actor_of(make_user())
    for forbidden in (
        lambda: shielded_keys.make(by=by),
        lambda: shielded_keys.rotate_some(by=by),
        lambda: shielded_keys.retire(by=by, name="x"),
    ):
        with pytest.raises(Refused):
            forbidden()
    assert not keys.exists()
    assert main(["keys", "line"]) == 0
    name, value, made = capsys.readouterr().out.split()
    assert len(name) == 16
    assert len(value) == 44
    assert made
