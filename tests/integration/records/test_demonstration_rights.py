"""The demonstration has requests at different points of the clock, and records that are due."""

import random

from stepdown.adapters.bank_holidays import england_and_wales
from stepdown.cli.demonstration import joining, keeping, rights
from stepdown.cli.demonstration.ground import lay
from stepdown.kernel import clock
from stepdown.records.queries.disposals import list_disposals, proposals
from stepdown.records.queries.retention import due_people
from stepdown.records.queries.rights_request import open_requests


def test_requests_stand_at_different_points_and_records_are_due_held_and_gone() -> None:
    ground = lay(clock.today(), random.Random(3))
    for _ in joining.join_all(ground, 1):
        pass
    rights.ask(ground)
    shown = open_requests(ground.actors["protection"], england_and_wales())
    assert [one.clock.overdue for one in shown if one.clock] == [True, False, False]
    assert {one.state for one in shown} == {"in-hand", "question-asked", "received"}
    assert sum(one.clock.standing for one in shown if one.clock) == 1
    keeping.keep(ground)
    by = ground.actors["protection"]
    due = due_people(by, clock.today())
    assert len(due) == 3
    assert sum(one.held for one in due) == 1
    assert sum(one.proposed is not None for one in due) == 1
    assert len(proposals(by)) == 1
    states = {one.kind: one.state for one in open_requests(by, england_and_wales())}
    assert states["erasure"] == "for-approval"
    (gone,) = list_disposals().items
    assert gone.by
    assert not any("." in words for words in gone.counts)
