"""The demonstration has requests at different points of the clock."""

import random

from stepdown.adapters.bank_holidays import england_and_wales
from stepdown.cli.demonstration import joining, rights
from stepdown.cli.demonstration.ground import lay
from stepdown.kernel import clock
from stepdown.records.queries.rights_request import open_requests


def test_one_is_overdue_one_stands_still_and_one_is_new() -> None:
    ground = lay(clock.today(), random.Random(3))
    for _ in joining.join_all(ground, 1):
        pass
    rights.ask(ground)
    shown = open_requests(ground.actors["protection"], england_and_wales())
    assert [one.clock.overdue for one in shown if one.clock] == [True, False, False]
    assert {one.state for one in shown} == {"in-hand", "question-asked", "received"}
    assert sum(one.clock.standing for one in shown if one.clock) == 1
