"""The shell, its errors and its dates in Welsh."""

from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

import stepdown.pages
from stepdown.kernel.slots import mask_of
from stepdown.pages.forms import GovDateField, GovForm
from stepdown.pages.words import slots_words

CATALOGUE = Path(stepdown.pages.__file__).parent / "locale" / "cy" / "LC_MESSAGES" / "django.mo"
pytestmark = pytest.mark.skipif(
    not CATALOGUE.exists(), reason="the Welsh words are not compiled: run `make setup` with gettext"
)


class Birthday(GovForm):
    born = GovDateField(label="Dyddiad geni")


def test_an_error_is_given_in_the_reader_s_language() -> None:
    with override("cy"):
        form = Birthday({"born-day": "31", "born-year": "1980"})
        assert form.errors["born"] == ["Rhaid i “Dyddiad geni” gynnwys mis"]
        assert "Gwall:" in str(form)


def test_a_month_may_be_written_in_welsh() -> None:
    with override("cy"):
        form = Birthday({"born-day": "31", "born-month": "mawrth", "born-year": "1980"})
        assert form.is_valid(), form.errors


def test_slots_are_said_in_welsh() -> None:
    with override("cy"):
        assert slots_words(mask_of(["mon-am", "tue-pm"])) == (
            "Bore dydd Llun a hefyd prynhawn dydd Mawrth"
        )


def test_the_frame_is_in_welsh() -> None:
    with override("cy"):
        assert "Yn ôl" in render_to_string("components/back_link.html", {"url": "/"})
