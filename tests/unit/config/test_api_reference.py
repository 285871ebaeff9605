"""The reference for programs is drawn from the interface, and is the one in the repository."""

from scripts import draw_api
from stepdown.config import api


def test_page_in_the_repository_is_up_to_date() -> None:
    assert draw_api.PAGE.read_text() == draw_api.page(), "run: python -m scripts.draw_api"


def test_every_operation_declares_what_it_may_answer_and_needs_a_token() -> None:
    paths = api.description()["paths"]
    assert len(paths) == 11
    for path, methods in paths.items():
        for method, one in methods.items():
            answers = one["responses"]
            assert {"400", "401", "403", "404", "409", "422", "429", "503"} < set(answers)
            assert one["security"] == [{"Token": []}], f"{method} {path}"
            assert one["description"], f"{method} {path}"
            for status, answer in answers.items():
                [kind] = answer["content"]
                assert kind.startswith("application/problem" if status >= "400" else "application/")


def test_every_operation_has_a_permission_and_what_writes_says_so() -> None:
    held = {
        (pattern.name, method): writes
        for pattern in api.urls()
        for method, (_permission, writes) in pattern.callback.operations.items()  # type: ignore[attr-defined]
    }
    assert {name for name, writes in held.items() if writes} == {
        ("api-hours", "POST"),
        ("api-referrals", "POST"),
    }
