"""What a failure leaves in the log: its kind and its place, and nothing of anybody's."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.exception import response_for_exception
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string

from stepdown.hub.models import User


@pytest.fixture
def log() -> Iterator[StringIO]:
    """The log as a running hub writes it."""
    logging_: dict[str, Any] = settings.LOGGING
    told = dict(logging_["formatters"]["text"])
    made = import_string(told.pop("()"))(fmt=told.pop("format"), **told)
    out = StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(made)
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf")]
    for logger in loggers:
        logger.addHandler(handler)
    yield out
    for logger in loggers:
        logger.removeHandler(handler)


def test_an_error_of_the_database_is_logged_without_the_row_it_names(log: StringIO) -> None:
    email = "ada@example.org"
    words = "Ada Specimen of 7 Hidden Row"
    User.objects.create_user(email, display_name="Ada")
    try:
        with transaction.atomic():
            User.objects.create_user(email, display_name="Ada")
    except IntegrityError as twice:
        try:
            raise ValueError(words) from twice
        except ValueError as failed:
            response_for_exception(RequestFactory().get("/people/"), failed)
    said = log.getvalue()
    assert "builtins.ValueError" in said
    assert "django.db.utils.IntegrityError" in said
    assert "test_logs.py" in said
    for word in (email, words, "Hidden Row"):
        assert word not in said


def test_the_secret_of_a_link_is_not_logged_where_its_form_is_refused(log: StringIO) -> None:
    Client(enforce_csrf_checks=True).post("/v/s3cret-s3cret/")
    Client().get("/calendar/s3cret-s3cret.ics")
    said = log.getvalue()
    assert "/v/(secret)/" in said
    assert "/calendar/(secret)" in said
    assert "s3cret" not in said
