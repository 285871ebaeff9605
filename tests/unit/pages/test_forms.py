"""Forms drawn as GOV.UK components, with errors in plain words."""

from typing import Any

import pytest
from django import forms

from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import Checkboxes, GovForm, Radios, SlotsField, Text, TextArea, YesNoField
from stepdown.pages.forms.errors import summary_lines

WAYS = [("phone", "By phone"), ("no", "Do not contact them")]


class Contact(GovForm):
    name = forms.CharField(label="Full name", max_length=10, help_text="As they say it.")
    way = forms.ChoiceField(
        label="How should we contact them?",
        choices=WAYS,
        widget=Radios(conditional={"phone": "number"}),
    )
    number = forms.CharField(label="Phone number")
    safe = YesNoField(label="Is it safe to leave a message?")


def contact(**changes: Any) -> Contact:
    return Contact({"name": "Elsie", "way": "no", "safe": "no", **changes})


def test_a_field_carries_its_label_hint_and_error_for_a_screen_reader() -> None:
    html = contact(name="")["name"].as_field_group()
    assert 'class="govuk-form-group govuk-form-group--error"' in html
    assert '<label class="govuk-label govuk-label--s" for="id_name">Full name</label>' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert "Enter full name" in html


def test_browser_validation_and_placeholders_are_left_out() -> None:
    class Placeheld(GovForm):
        name = forms.CharField(widget=forms.TextInput({"placeholder": "Jane Doe"}))

    html = str(Placeheld())
    assert "required" not in html
    assert "Jane Doe" not in html


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (forms.CharField(label="Full name"), "", "Enter full name"),
        (forms.CharField(label="NHS number"), "", "Enter NHS number"),
        (forms.CharField(label="What is needed?"), "", "Enter an answer to “What is needed?”"),
        (forms.ChoiceField(label="District", choices=WAYS), "", "Select district"),
        (forms.ChoiceField(label="District", choices=WAYS), "x", "Select an option from the list"),
        (forms.CharField(label="Note", max_length=3), "1234", "Note must be 3 characters or fewer"),
        (forms.IntegerField(label="Places"), "two", "Places must be a number, like 30"),
        (forms.IntegerField(label="Places", max_value=4), "5", "Places must be 4 or fewer"),
        (forms.BooleanField(label="They agree"), "", "Select “They agree” to continue"),
        (
            forms.EmailField(label="Email address"),
            "x",
            "Enter an email address in the correct format, like name@example.com",
        ),
    ],
)
def test_errors_name_the_question_in_plain_words(field: forms.Field, value: str, said: str) -> None:
    form = type("One", (GovForm,), {"one": field})({"one": value})
    assert form.errors["one"] == [said]


def test_words_that_the_author_chose_stay() -> None:
    class Chosen(GovForm):
        name = forms.CharField(label="Name", error_messages={"required": "Enter your own name"})

    assert Chosen({}).errors["name"] == ["Enter your own name"]


def test_an_opened_question_must_be_answered() -> None:
    assert contact(way="phone").errors["number"] == ["Enter phone number"]


def test_an_unopened_question_is_neither_asked_nor_kept() -> None:
    form = contact(way="no", number="07700 900000")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["number"] == ""


def test_an_opened_question_is_drawn_once_inside_its_answer() -> None:
    html = str(contact(way="phone"))
    assert html.count('name="number"') == 1
    before, inside = html.split('id="conditional-id_way_0"')
    assert 'data-aria-controls="conditional-id_way_0"' in before
    assert 'name="number"' in inside
    assert "govuk-radios__conditional--hidden" not in html
    assert "govuk-radios__conditional--hidden" in str(contact())


def test_yes_and_no_are_true_and_false_and_neither_is_chosen_at_first() -> None:
    assert contact(safe="yes").is_valid()
    assert "checked" not in str(Contact()["safe"])
    yes = contact(safe="yes")
    yes.is_valid()
    assert yes.cleaned_data["safe"] is True
    assert 'value="no" checked' in str(Contact(initial={"safe": False})["safe"])


def test_the_summary_links_each_error_to_an_input_that_exists() -> None:
    form = Contact({})
    html = str(form)
    lines = summary_lines(form)
    assert [line.target for line in lines] == ["id_name", "id_way_0", "id_safe_0"]
    assert all(f'id="{line.target}"' in html for line in lines)


def test_one_question_a_page_makes_its_legend_the_heading() -> None:
    class One(GovForm):
        heading_field = "safe"
        safe = YesNoField(label="Is it safe?")

    html = str(One())
    assert '<h1 class="govuk-fieldset__heading">Is it safe?</h1>' in html
    assert "govuk-fieldset__legend--l" in html


def test_what_an_action_refused_is_shown_beside_its_field_or_at_the_top() -> None:
    form = contact()
    form.explain(InvalidInput({"name": "Enter a name we can say", "gone": "No such place"}))
    form.explain(Refused("The check ended on 3 March 2027."))
    assert form.errors["name"] == ["Enter a name we can say"]
    assert list(form.non_field_errors()) == ["No such place", "The check ended on 3 March 2027."]


def test_what_people_type_is_escaped() -> None:
    html = str(contact(name="<script>x</script>"))
    assert "<script>" not in html


def test_slots_are_ticked_and_cleaned_as_one_mask() -> None:
    class Week(GovForm):
        slots = SlotsField(label="When are you free?", required=False)

    form = Week({"slots": ["mon-am", "mon-pm"]})
    assert form.is_valid()
    assert form.cleaned_data["slots"] == 3
    assert str(Week(initial={"slots": 3})["slots"]).count(" checked") == 2
    none = Week({})
    assert none.is_valid()
    assert none.cleaned_data["slots"] == 0
    wrong = Week({"slots": ["mon-night"]})
    assert wrong.errors["slots"] == ["Select an option from the list"]


def test_the_first_box_of_the_grid_is_where_its_error_leads() -> None:
    class Week(GovForm):
        slots = SlotsField(label="When are you free?")

    form = Week({})
    [line] = summary_lines(form)
    assert f'id="{line.target}"' in str(form)


def test_an_affix_and_a_count_are_drawn_with_their_input() -> None:
    class Affixed(GovForm):
        limit = forms.IntegerField(label="Limit", widget=Text(width=3, suffix="km"))
        note = forms.CharField(label="Note", widget=TextArea(max_characters=50))
        kinds = forms.MultipleChoiceField(
            label="Kinds", choices=WAYS, widget=Checkboxes(hints={"no": "We write."})
        )

    html = str(Affixed())
    assert '<div class="govuk-input__suffix" aria-hidden="true">km</div>' in html
    assert 'data-maxlength="50"' in html
    assert 'id="id_note-info"' in html
    assert 'aria-describedby="id_kinds_1-hint"' in html
