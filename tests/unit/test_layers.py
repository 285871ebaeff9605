"""The layers of the house hold, and each rule about them is one that can be broken."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from grimp import ImportGraph
from importlinter import Contract
from importlinter.application import use_cases
from importlinter.configuration import configure
from importlinter.domain.contract import registry

from scripts.contracts import ProtectedAtRuntime

ROOT = Path(__file__).resolve().parents[2]
configure()
OPTIONS = use_cases.read_user_options(str(ROOT / "pyproject.toml"))
CONTRACTS: list[dict[str, Any]] = OPTIONS.contracts_options

OFFENCES = [
    ("house", "stepdown.people.queries.offence", "stepdown.volunteering.queries"),
    ("house", "stepdown.hub.web.offence", "stepdown.people.queries"),
    ("house", "stepdown.matching.offence", "stepdown.policy"),
    ("house", "stepdown.adapters.offence", "stepdown.policy"),
    ("house", "stepdown.kernel.offence", "stepdown.matching"),
    ("house", "stepdown.pages.offence", "stepdown.hub.queries"),
    ("house", "stepdown.casework.web.offence", "stepdown.config"),
    ("house", "stepdown.a_package_nobody_placed", None),
    ("floors", "stepdown.people.models.offence", "stepdown.people.queries"),
    ("floors", "stepdown.casework.queries.offence", "stepdown.casework.actions"),
    ("floors", "stepdown.hub.actions.offence", "stepdown.hub.web"),
    ("floors", "stepdown.people.a_floor_nobody_placed", None),
    ("models", "stepdown.volunteering.web.offence", "stepdown.volunteering.models"),
    ("models", "stepdown.casework.web.offence", "stepdown.people.models"),
    ("models", "stepdown.cli.offence", "stepdown.hub.models"),
    ("inwards", "stepdown.casework.actions.offence", "stepdown.adapters"),
    ("inwards", "stepdown.casework.actions.offence", "stepdown.hub.web"),
    ("inwards", "stepdown.volunteering.queries.offence", "stepdown.pages"),
    ("adapters", "stepdown.hub.actions.offence", "stepdown.adapters"),
    ("pages", "stepdown.casework.queries.offence", "stepdown.pages"),
    ("programs", "stepdown.casework.web.offence", "ninja"),
    ("pure", "stepdown.matching.offence", "django"),
    ("pure", "stepdown.kernel.offence", "numpy"),
    ("pure", "stepdown.policy.offence", "django"),
]


@pytest.fixture(scope="module")
def house() -> ImportGraph:
    """Every import in the project, read from its source."""
    use_cases._register_contract_types(OPTIONS)
    return grimp.build_graph("stepdown", include_external_packages=True, cache_dir=None)


def contract(key: str) -> Contract:
    """The contract of that id, as the project states it."""
    options = next(c for c in CONTRACTS if c["id"] == key)
    return registry.get_contract_class(options["type"])(
        name=options["name"], session_options=OPTIONS.session_options, contract_options=options
    )


@pytest.mark.parametrize("key", [c["id"] for c in CONTRACTS])
def test_house_keeps_every_contract(house: ImportGraph, key: str) -> None:
    assert contract(key).check(deepcopy(house), verbose=False).kept


@pytest.mark.parametrize(("key", "importer", "imported"), OFFENCES)
def test_one_wrong_import_breaks_its_contract(
    house: ImportGraph, key: str, importer: str, imported: str | None
) -> None:
    graph = deepcopy(house)
    graph.add_module(importer)
    if imported:
        if imported not in graph.modules:
            graph.add_module(imported, is_squashed=not imported.startswith("stepdown"))
        graph.add_import(
            importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}"
        )
    assert not contract(key).check(graph, verbose=False).kept


def test_every_contract_is_proved_breakable() -> None:
    assert {key for key, _, _ in OFFENCES} == {c["id"] for c in CONTRACTS}


def test_every_folder_of_modules_is_a_package_that_the_contracts_can_see() -> None:
    source = ROOT / "src" / "stepdown"
    folders = {path.parent for path in source.rglob("*.py")}
    assert [str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").exists()] == []


TYPED_PAGE = """
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from small_house.models import Need


def page(need: "Need") -> None: ...
"""


@pytest.mark.parametrize(
    ("page", "kept"), [(TYPED_PAGE, True), ("from small_house.models import Need\n", False)]
)
def test_page_may_name_a_model_in_annotations_but_not_fetch_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, kept: bool
) -> None:
    package = tmp_path / "small_house"
    package.mkdir()
    for name, text in {
        "__init__": "",
        "queries": "",
        "models": "class Need: ...\n",
        "web": page,
    }.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    rule = ProtectedAtRuntime(
        name="models",
        session_options={"root_packages": ["small_house"]},
        contract_options={
            "protected_modules": ["small_house.models"],
            "allowed_importers": ["small_house.queries"],
        },
    )
    graph = grimp.build_graph("small_house", include_external_packages=True, cache_dir=None)
    assert rule.check(graph, verbose=False).kept is kept
