"""A log that machines read, in which nobody is named."""

import json
import logging
import sys
from typing import Any

import pytest

from stepdown.config import environment, logs
from stepdown.config.environment import ConfigurationError

CANARY = "Ada Canary of 7 Hidden Row"


def _said(name: str, message: str, *args: Any, **more: Any) -> dict[str, Any]:
    failure = more.pop("exc_info", None)
    record = logging.LogRecord(name, logging.WARNING, "here.py", 1, message, args, failure)
    for key, value in more.items():
        setattr(record, key, value)
    line = logs.Structured().format(record)
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_line_of_ours_says_when_where_who_and_what() -> None:
    said = _said("stepdown.access", "%s: %s", "refused", "need", event="refused", record="0190")
    assert said["at"].endswith("+00:00")
    assert said["message"] == "refused: need"
    assert (said["event"], said["record"], said["level"]) == ("refused", "0190", "WARNING")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("django.request", "Not Found: %s"),
        ("django.db.backends", "SELECT %s"),
        ("axes", "%s"),
    ],
)
def test_what_others_fill_into_their_lines_is_left_out(name: str, message: str) -> None:
    said = _said(name, message, CANARY, sql=CANARY, params=(CANARY,), event=CANARY, user=CANARY)
    assert CANARY not in json.dumps(said)
    assert said["message"] == message


def test_a_failure_is_its_frames_and_kinds() -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as first:
            raise ValueError(CANARY) from first
    except ValueError:
        said = _said("django.request", "%s", CANARY, exc_info=sys.exc_info())
    assert "builtins.ValueError" in said["failure"]
    assert "builtins.KeyError" in said["failure"]
    assert CANARY not in json.dumps(said)


def test_nobody_writes_a_line_into_the_log() -> None:
    line = logs.Structured().format(
        logging.LogRecord("stepdown.x", 30, "", 1, 'a\r\n{"event": "let in"}\x1b[2J', (), None)
    )
    assert not {"\r", "\n", "\x1b"} & set(line)


def test_form_is_chosen_by_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPDOWN_LOG_FORMAT", "xml")
    with pytest.raises(ConfigurationError, match="json, text"):
        environment.choice("STEPDOWN_LOG_FORMAT", logs.FORMATS, "text")
    assert logs.wiring("json")["loggers"]["stepdown.access"]["level"] == "INFO"
