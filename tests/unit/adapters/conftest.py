from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def codepoint_zip() -> Path:
    path = DATA / "codepo_gb.zip"
    if not path.is_file():
        pytest.skip("Code-Point Open is not here: ../shared/data/codepo_gb.zip")
    return path


@pytest.fixture(scope="session")
def ward_folder() -> Path:
    path = DATA / "boundaries"
    if not path.is_dir():
        pytest.skip("the ward boundaries are not here: ../shared/data/boundaries")
    return path
