"""Every state of the pages for everybody, volunteers and administrators, looked at in a browser."""

from typing import Any

import pytest

from tests.journeys.catalogue import OPEN, State
from tests.journeys.looks import look_at, world_of
from tests.support.browser import OpenBrowser
from tests.support.world import World


@pytest.fixture
def world(transactional_db: None, settings: Any, state: State) -> World:
    settings.STEPDOWN_PARTNERSHIP_NAME = "Example Volunteer Partnership"
    return world_of(state)


@pytest.mark.parametrize("state", OPEN, ids=lambda state: state.name)
def test_page_is_well(state: State, world: World, open_browser: OpenBrowser) -> None:
    look_at(state, world, open_browser)
