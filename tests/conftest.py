"""What every test shares: property settings, marks by folder, and where the test database lies."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples every run: a failure found once is found again. HYPOTHESIS_PROFILE=explore
# looks further, at random.
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

HERE = Path(__file__).parent
MARKS = {"integration": "integration", "journeys": "journey"}
# Files of tests that take many seconds each. They go first: a long one begun last leaves all other
# processors with nothing to do.
LONG = {
    "test_disclosure_everywhere.py", "test_demonstration.py", "test_demonstration_cases.py",
    "test_canaries_leaving.py", "test_canaries_years.py", "test_killing.py", "test_flush.py",
    "test_serve.py", "test_sharing_changes.py", "test_policy.py", "test_resident.py",
    "test_backup_drill.py", "test_stored_walks.py", "test_fuzz.py", "test_pathways.py",
    "test_main_job.py",
}  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by folder, give integration tests the database, and leave soaks out unless asked for."""
    asked = "soak" in (config.getoption("-m") or "")
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        if folder in MARKS:
            item.add_marker(getattr(pytest.mark, MARKS[folder]))
            if item.get_closest_marker("django_db") is None:
                item.add_marker(pytest.mark.django_db(transaction=folder == "journeys"))
        if os.environ.get("STEPDOWN_ROW_SECURITY"):
            _leave_to_the_owner(item)
        soaking = item.get_closest_marker("soak") is not None and not asked
        (left_out if soaking else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    # Those that clear their tables stay behind those that undo what they did.
    items[:] = sorted(kept, key=lambda item: (_clears(item), item.path.name not in LONG))


def _clears(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & {*getattr(item, "fixturenames", ())}
    return bool(asked) or (marker is not None and bool(marker.kwargs.get("transaction")))


# What does by hand what the application's role may not do at all.
OWNERS = {"test_tampering.py", "test_ledger.py", "test_row_security.py", "test_backup_drill.py"}


def _leave_to_the_owner(item: pytest.Item) -> None:
    """Skip, behind the second wall, what only the owner of the tables can do."""
    marker = item.get_closest_marker("django_db")
    if item.path.name in OWNERS:
        item.add_marker(pytest.mark.skip(reason="Does by hand what the application may not do"))
    elif marker is not None and marker.kwargs.get("transaction"):
        item.add_marker(pytest.mark.skip(reason="Clears its tables, which the owner alone may"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Journeys on SQLite need a file: a server's thread and the test's do not share memory."""
    from django.conf import settings as hub

    database: dict[str, Any] = hub.DATABASES["default"]
    journeys = any(item.get_closest_marker("journey") for item in request.session.items)
    if journeys and database["ENGINE"].endswith("sqlite3"):
        path = tmp_path_factory.mktemp("hub") / "hub.sqlite3"
        database.setdefault("TEST", {})["NAME"] = str(path)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """With STEPDOWN_ROW_SECURITY the tests' database stands behind row-level security."""
    from django.db import connection
    from django.db.models.signals import post_migrate

    # A test that clears its tables has Django write its content types and permissions anew, which
    # takes twenty times as long as clearing them; the hub uses neither.
    post_migrate.receivers.clear()
    if connection.settings_dict.get("ROW_KEY"):
        from tests.support.secured import secure_all_tests

        with django_db_blocker.unblock():
            secure_all_tests()
    yield
    connection.settings_dict["OPTIONS"].pop("assume_role", None)


@pytest.fixture(autouse=True)
def _behind_the_wall(request: pytest.FixtureRequest) -> Iterator[None]:
    """Then every test that has the database is the application, and so are its requests."""
    from django.conf import settings as hub

    marked = request.node.get_closest_marker("django_db") is not None
    if not (marked and hub.configured and hub.DATABASES["default"].get("ROW_KEY")):
        yield
        return
    from tests.support.secured import as_all_tests

    request.getfixturevalue("_django_db_helper")
    with as_all_tests():
        yield
