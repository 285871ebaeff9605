"""The index of volunteers holds nobody who was disposed of: what it says is read anew."""

from pathlib import Path
from typing import Any

from stepdown.hub.actions import ledger
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.records.actions.disposals import mark_of, replay
from stepdown.volunteering.queries import resident, world
from tests.factories import make_ready_need
from tests.factories.volunteers import make_volunteer


def test_a_volunteer_whom_an_old_backup_brought_back_is_in_no_index_after_the_disposal(
    settings: Any, tmp_path: Path
) -> None:
    settings.STEPDOWN_INDEX, settings.STEPDOWN_INDEX_FROM = tmp_path / "index", 1
    gone, stays = make_volunteer(), make_volunteer()
    make_ready_need()
    _seal()
    resident.rebuild()
    assert {one.id for one in _told()} == {str(gone.pk), str(stays.pk)}
    assert replay(by=Actor.hub(), marks=[mark_of(gone.person_id)]) == 1
    assert {one.id for one in _told()} == {str(stays.pk)}
    _seal()
    resident.refresh()
    files = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    assert stays.pk.bytes in files
    assert gone.pk.bytes not in files
    assert {one.id for one in _told()} == {str(stays.pk)}


def _seal() -> None:
    while ledger.seal(by=Actor.hub()):
        pass


def _told() -> Any:
    return world.build(on=clock.today()).problem.volunteers
