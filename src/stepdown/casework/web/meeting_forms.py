"""The forms of meetings and of notes on cases."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stepdown.casework.queries.case_note import NOT_NOTED
from stepdown.casework.web.pathway_form import choose
from stepdown.casework.web.refer_form import required
from stepdown.pages.forms import (
    Checkboxes,
    GovDateField,
    GovForm,
    Radios,
    Select,
    Text,
    TextArea,
)
from stepdown.policy.categories import Category
from stepdown.sharing.web.words import CATEGORIES

Choices = Sequence[tuple[str, Any]]


def category_choices(readable: Iterable[Category]) -> list[tuple[str, Any]]:
    """The kinds of information that somebody may write about."""
    allowed = set(readable) - NOT_NOTED
    return [(one.value, CATEGORIES[one.value]) for one in Category if one in allowed]


class MeetingForm(GovForm):
    """Which meeting, when, and who is there. ``kinds`` is empty once that is settled."""

    kind = forms.ChoiceField(
        label=_("Which meeting is it?"),
        widget=Radios,
        error_messages=required(_("Select which meeting it is")),
    )
    held_on = GovDateField(label=_("When is it?"), noun=_("The day"), future=True)
    chair = forms.ChoiceField(
        label=_("Who is in the chair?"),
        widget=Select,
        error_messages=required(_("Select who is in the chair")),
    )
    attendees = forms.MultipleChoiceField(
        label=_("Who else attends? (optional)"),
        help_text=_("They see the agenda, and on it only cases that they may see."),
        required=False,
        widget=Checkboxes,
    )

    def __init__(self, *args: Any, kinds: Choices, users: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "kind", kinds)
        choose(self, "chair", [("", ""), *users])
        choose(self, "attendees", users)
        if not kinds:
            del self.fields["kind"]


class CallOffForm(GovForm):
    """Why a meeting is not held."""

    reason = forms.ChoiceField(
        label=_("Why is it called off?"),
        widget=Radios,
        error_messages=required(_("Select why it is called off")),
    )

    def __init__(self, *args: Any, reasons: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "reason", reasons)


class NoteForm(GovForm):
    """A note. Its kind of information is chosen once."""

    category = forms.ChoiceField(
        label=_("What kind of information is it?"),
        help_text=_("Whoever may not read this kind of information in the case does not see it."),
        widget=Radios,
        error_messages=required(_("Select what kind of information it is")),
    )
    words = forms.CharField(
        label=_("Note"),
        max_length=5_000,
        widget=TextArea(rows=6),
        error_messages=required(_("Enter the note")),
    )

    def __init__(self, *args: Any, categories: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "category", categories)
        if not categories:
            del self.fields["category"]


class DecisionForm(GovForm):
    """What is decided on one case, with an optional note."""

    decision = forms.ChoiceField(
        label=_("What is decided?"),
        widget=Radios,
        error_messages=required(_("Select what is decided")),
    )
    allocate = forms.ChoiceField(
        label=_("To whom?"), widget=Select, error_messages=required(_("Select who it is"))
    )
    move = forms.ChoiceField(
        label=_("Where does it go?"),
        widget=Select,
        error_messages=required(_("Select where the case goes")),
    )
    reason = forms.ChoiceField(
        label=_("Why?"), widget=Radios, error_messages=required(_("Select why"))
    )
    words = forms.CharField(
        label=_("Note of the decision (optional)"),
        max_length=5_000,
        required=False,
        widget=TextArea(rows=4),
    )
    category = forms.ChoiceField(
        label=_("What kind of information is the note? (optional)"), required=False, widget=Select
    )

    def __init__(
        self,
        *args: Any,
        decisions: Choices,
        holders: Choices,
        ways: Choices,
        reasons: Choices,
        categories: Choices,
        **kwargs: Any,
    ) -> None:
        opens = {"allocate": "allocate", "move": "move", "put-off": "reason"}
        known = dict(decisions)
        gone = {field for key, field in opens.items() if key not in known}
        gone |= set() if categories else {"words", "category"}
        own = {name: one for name, one in type(self).base_fields.items() if name not in gone}
        own["decision"] = deepcopy(own["decision"])
        own["decision"].widget = Radios(
            conditional={key: field for key, field in opens.items() if key in known}
        )
        self.base_fields = own  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        some = {
            "decision": decisions,
            "allocate": [("", ""), *holders],
            "move": [("", ""), *ways],
            "reason": reasons,
            "category": categories,
        }
        for name, choices in some.items():
            if name in self.fields:
                choose(self, name, choices)

    def note(self) -> tuple[str, str] | None:
        """The note's kind of information and words, if there is one."""
        words = self.cleaned_data.get("words") or ""
        return (self.cleaned_data.get("category") or "", words) if words.strip() else None


class ActionForm(GovForm):
    """Who is to do what, by when."""

    what = forms.CharField(
        label=_("What is to be done?"),
        max_length=200,
        widget=Text(),
        error_messages=required(_("Enter what is to be done")),
    )
    category = forms.ChoiceField(label=_("What kind of information is that?"), widget=Select)
    user = forms.ChoiceField(
        label=_("Who does it?"), widget=Select, error_messages=required(_("Select who does it"))
    )
    by_when = GovDateField(label=_("By when?"), noun=_("The day"), future=True)

    def __init__(self, *args: Any, users: Choices, categories: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "user", [("", ""), *users])
        choose(self, "category", categories)
