"""`stepdown plan` on real Lancashire postcodes, against OR-Tools and its own `--edges`."""

import csv
import json
from pathlib import Path

import pytest
from ortools.graph.python import max_flow, min_cost_flow

from stepdown.cli.main import main
from stepdown.kernel.slots import SLOTS
from tests.support.plan_files import postcodes, write_needs, write_volunteers


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    codes = postcodes()
    assert len(codes) > 10_000
    write_volunteers(folder / "volunteers.csv", 600, 1, codes)
    write_needs(folder / "needs.csv", 500, 2, codes)
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


Key = str | tuple[str, str]


class FromFiles:
    """The network of the definition, from the files alone: no code of the engine is used."""

    def __init__(self, folder: Path) -> None:
        people = {row["id"]: row for row in rows(folder / "volunteers.csv")}
        needs = {row["id"]: row for row in rows(folder / "needs.csv")}
        self.names: dict[Key, int] = {}
        self.arcs: list[tuple[int, int, int, int]] = []
        for edge in rows(folder / "edges.csv"):
            n, v = edge["need_id"], edge["volunteer_id"]
            wanted = set(needs[n]["slots"].split("|")) - {""}
            shared = wanted & set(people[v]["slots"].split("|"))
            assert shared or not wanted
            self.add(n, (n, v), 1, int(edge["quality"]))
            if not wanted:
                self.add((n, v), v, 1, 0)
            for slot in sorted(shared):
                self.add((n, v), (v, slot), 1, 0)
        for key in list(self.names):
            if isinstance(key, tuple) and key[1] in SLOTS:
                self.add(key, key[0], 1, 0)
        for v in people:
            self.add(v, "sink", int(people[v]["capacity"]), 0)
        self.needs = [
            (n, int(row["band"] or 4), int(row["places"] or 1)) for n, row in needs.items()
        ]

    def node(self, key: Key) -> int:
        return self.names.setdefault(key, len(self.names))

    def add(self, tail: Key, head: Key, capacity: int, weight: int) -> None:
        self.arcs.append((self.node(tail), self.node(head), capacity, weight))

    def most(self, last_band: int) -> int:
        flow = max_flow.SimpleMaxFlow()
        for tail, head, capacity, _ in self.arcs:
            flow.add_arc_with_capacity(tail, head, capacity)
        for n, band, places in self.needs:
            if band <= last_band:
                flow.add_arc_with_capacity(self.node("source"), self.node(n), places)
        assert flow.solve(self.node("source"), self.node("sink")) == flow.OPTIMAL
        return int(flow.optimal_flow())

    def quality(self, filled: list[int]) -> int:
        flow = min_cost_flow.SimpleMinCostFlow()
        for tail, head, capacity, weight in self.arcs:
            flow.add_arc_with_capacity_and_unit_cost(tail, head, capacity, -weight)
        for n, band, places in self.needs:
            band_node = self.node(("band", f"{band}"))
            flow.add_arc_with_capacity_and_unit_cost(band_node, self.node(n), places, 0)
        for band, count in enumerate(filled, 1):
            flow.set_node_supply(self.node(("band", f"{band}")), count)
        flow.set_node_supply(self.node("sink"), -sum(filled))
        assert flow.solve() == flow.OPTIMAL
        return -int(flow.optimal_cost())


def test_the_plan_equals_or_tools_on_the_same_edges_in_every_band_and_in_quality(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(county / name) for name in ("volunteers.csv", "needs.csv", "plan.csv")]
    more = ["--unfilled", str(county / "unfilled.csv"), "--edges", str(county / "edges.csv")]
    assert main(["plan", *files[:2], "-o", files[2], *more, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["gap"] == 0
    network = FromFiles(county)
    reach = [network.most(band) for band in (1, 2, 3, 4)]
    filled = [after - before for before, after in zip([0, *reach], reach, strict=False)]
    assert found["filled_by_band"] == {str(b): count for b, count in enumerate(filled, 1)}
    assert found["quality"] == network.quality(filled)
    check_outputs(county, found)


def check_outputs(county: Path, found: dict[str, object]) -> None:
    """The files say what the summary says, and the plan keeps to capacity, slots and places."""
    plan, unfilled = rows(county / "plan.csv"), rows(county / "unfilled.csv")
    needs = {row["id"]: row for row in rows(county / "needs.csv")}
    people = {row["id"]: row for row in rows(county / "volunteers.csv")}
    edges = {(e["need_id"], e["volunteer_id"]): e["quality"] for e in rows(county / "edges.csv")}
    assert len(plan) == found["filled"]
    assert sum(int(row["quality"]) for row in plan) == found["quality"]
    assert len(unfilled) > 0
    missing = sum(int(row["places_unfilled"]) for row in unfilled)
    assert len(plan) + missing == found["places"]
    assert all(edges[row["need_id"], row["volunteer_id"]] == row["quality"] for row in plan)
    assert all(row["why"] and row["cheapest_change"] for row in unfilled)
    taken = [(row["volunteer_id"], row["slot"]) for row in plan if row["slot"]]
    assert len(taken) == len(set(taken))
    for row in plan:
        slots = needs[row["need_id"]]["slots"]
        assert row["slot"] in slots.split("|")
        assert not slots or row["slot"] in people[row["volunteer_id"]]["slots"].split("|")
    for name, row in people.items():
        assert sum(pair["volunteer_id"] == name for pair in plan) <= int(row["capacity"])
