"""A date asked for in three inputs."""

from datetime import UTC, date, datetime

import pytest

from stepdown.kernel import clock
from stepdown.pages.forms import GovDateField, GovForm
from stepdown.pages.forms.errors import summary_lines


class Birthday(GovForm):
    born = GovDateField(label="Date of birth", past=True)


class Start(GovForm):
    start = GovDateField(label="When should it start?", noun="Start date", future=True)


def birthday(day: str, month: str, year: str) -> Birthday:
    return Birthday({"born-day": day, "born-month": month, "born-year": year})


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MARCH"])
def test_a_month_may_be_a_number_or_a_word(month: str) -> None:
    form = birthday("31", month, "1980")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born"] == date(1980, 3, 31)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "Enter date of birth"),
        (("31", "", "1980"), "Date of birth must include a month"),
        (("", "3", ""), "Date of birth must include a day and year"),
        (("31", "2", "1980"), "Date of birth must be a real date"),
        (("31", "13", "1980"), "Date of birth must be a real date"),
        (("x", "3", "1980"), "Date of birth must be a real date"),
        (("31", "3", "80"), "Date of birth must include a year with 4 numbers, like 2026"),
        (("0", "3", "1980"), "Date of birth must be a real date"),
        (("31", "smarch", "1980"), "Date of birth must be a real date"),
        (("1", "1", "0000"), "Date of birth must be a real date"),
        (("9" * 60, "1", "1980"), "Date of birth must be a real date"),
        (("1", "9" * 5000, "1980"), "Date of birth must be a real date"),
        (("-1", "1", "1980"), "Date of birth must be a real date"),
    ],
)
def test_each_fault_has_its_own_words(typed: tuple[str, str, str], said: str) -> None:
    assert birthday(*typed).errors["born"] == [said]


def test_today_is_in_the_past_and_tomorrow_is_not() -> None:
    with clock.at(datetime(2026, 11, 5, 9, tzinfo=UTC)):
        assert birthday("5", "11", "2026").is_valid()
        errors = birthday("6", "11", "2026").errors
    assert errors["born"] == ["Date of birth must be today or in the past"]


def test_a_start_that_is_over_is_refused_by_its_own_name() -> None:
    with clock.at(datetime(2026, 11, 5, 9, tzinfo=UTC)):
        errors = Start({"start-day": "4", "start-month": "11", "start-year": "2026"}).errors
    assert errors["start"] == ["Start date must be today or in the future"]


def test_only_the_wrong_input_is_marked_and_what_was_typed_stays() -> None:
    html = str(birthday("31", "", "1980")["born"])
    assert html.count("govuk-input--error") == 1
    assert 'id="id_born_month"' in html.split("govuk-input--error")[1]
    assert 'value="31"' in html


def test_the_summary_leads_to_the_first_input() -> None:
    [line] = summary_lines(birthday("", "", ""))
    assert line.target == "id_born_day"
    assert 'id="id_born_day"' in str(birthday("", "", "")["born"])


def test_a_stored_date_is_shown_in_its_parts() -> None:
    html = str(Birthday(initial={"born": date(1980, 3, 31)})["born"])
    assert [f'value="{part}"' in html for part in (31, 3, 1980)] == [True, True, True]


def test_a_date_that_was_not_changed_has_not_changed() -> None:
    data = {"born-day": "31", "born-month": "3", "born-year": "1980"}
    assert not Birthday(data, initial={"born": date(1980, 3, 31)}).has_changed()
    assert Birthday(data, initial={"born": date(1981, 3, 31)}).has_changed()


def test_an_optional_date_may_be_left_out() -> None:
    class Optional(GovForm):
        until = GovDateField(label="Until", required=False)

    form = Optional({})
    assert form.is_valid()
    assert form.cleaned_data["until"] is None
