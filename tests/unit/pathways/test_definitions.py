"""What every definition of the package is held to, without a line written for it."""

from pathlib import Path
from random import Random

import pytest

from stepdown.casework.queries.definitions import FOLDER, library, vocabulary
from stepdown.pathways.diagram import svg
from stepdown.pathways.document import document
from stepdown.pathways.graph import can_end, graph_faults, reachable
from stepdown.pathways.library import read_definition
from stepdown.pathways.schema import Definition
from tests.support.pathways import Walk

DRAWN = Path(__file__).resolve().parents[3] / "docs" / "pathways"
ALL = list(library().definitions.values())
LATEST = list(library().latest())


def by_key(definition: Definition) -> str:
    return f"{definition.key}.{definition.version}"


@pytest.mark.parametrize("definition", ALL, ids=by_key)
def test_every_stage_is_reached_and_leads_to_an_end(definition: Definition) -> None:
    stages = {stage.key for stage in definition.stages}
    assert reachable(definition) == stages
    assert can_end(definition) == stages
    assert graph_faults(definition) == []


@pytest.mark.parametrize("definition", ALL, ids=by_key)
def test_every_field_has_a_category_and_every_closure_is_counted(definition: Definition) -> None:
    categories = set(vocabulary().categories)
    assert all(field.category in categories for field in definition.fields())
    assert all(measure.category in categories for measure in definition.measures)
    for stage in definition.stages:
        assert bool(definition.outcomes_of(stage.key)) == stage.ends
    assert {"success", "not"} <= {one.counts_as for one in definition.outcomes}


@pytest.mark.parametrize("definition", ALL, ids=by_key)
def test_random_walks_reach_every_stage_and_do_every_step(definition: Definition) -> None:
    """No dead step, no dead move: chance alone finds all of them."""
    visited: set[str] = set()
    done: set[str] = set()
    for seed in range(80):
        walk = Walk(definition, Random(seed))
        for _ in range(90):
            walk.step()
        visited |= set(walk.trail)
        done |= walk.done
    assert visited == {stage.key for stage in definition.stages}
    assert done == {step.key for step in definition.steps}


@pytest.mark.parametrize("definition", LATEST, ids=by_key)
def test_drawing_is_the_one_in_the_documentation(definition: Definition) -> None:
    page, picture = DRAWN / f"{definition.key}.md", DRAWN / f"{definition.key}.svg"
    hint = "run `stepdown pathways draw`"
    assert page.read_text(encoding="utf-8") == document(definition), hint
    assert picture.read_text(encoding="utf-8") == svg(definition), hint


def test_nothing_is_drawn_that_is_no_pathway() -> None:
    drawn = {path.stem for path in DRAWN.glob("*") if path.suffix in {".md", ".svg"}}
    assert drawn == {one.key for one in LATEST}


def test_file_is_read_the_same_alone() -> None:
    for one in ALL:
        assert read_definition(FOLDER / one.file, vocabulary()) == one
