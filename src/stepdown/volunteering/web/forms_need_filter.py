"""Narrowing the list of needs. Nothing chosen: all that are open."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from stepdown.hub.queries.place import district_choices
from stepdown.pages.forms import CheckboxesInline, GovForm, Radios, Text
from stepdown.pages.parts import FilterGroup
from stepdown.pages.status import status_of
from stepdown.volunteering.queries.need import NeedFilters, states
from stepdown.volunteering.queries.scheme import scheme_choices
from stepdown.volunteering.web.filters import chosen
from stepdown.volunteering.web.need_words import BANDS

MINE, NOBODY = "mine", "nobody"
KEPT = "search"
"""Stands in an address for the words searched for, which are kept in the session: people type
names, and names do not belong in addresses."""


class SearchForm(GovForm):
    text = forms.CharField(
        label=_("Search by reference or title"), required=False, max_length=120, widget=Text()
    )


class NeedFilterForm(GovForm):
    """A GET form. A bad answer narrows nothing."""

    whose = forms.ChoiceField(
        label=_("Who looks after it"),
        required=False,
        choices=[("", _("Anybody")), (MINE, _("Me")), (NOBODY, _("Nobody yet"))],
        widget=Radios(small=True),
    )
    places = forms.MultipleChoiceField(
        label=_("Places"),
        required=False,
        choices=[("unfilled", _("Has places to fill"))],
        widget=CheckboxesInline,
    )
    band = forms.MultipleChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[(str(band), words) for band, (words, _colour) in BANDS.items()],
        widget=CheckboxesInline,
    )
    state = forms.MultipleChoiceField(label=_("State"), required=False, widget=CheckboxesInline)
    scheme = forms.MultipleChoiceField(label=_("Scheme"), required=False, widget=CheckboxesInline)
    district = forms.MultipleChoiceField(
        label=_("District"), required=False, widget=CheckboxesInline
    )
    search = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for name, choices in {
            "state": [(state, status_of(state)[0]) for state in states()],
            "scheme": scheme_choices(),
            "district": district_choices(),
        }.items():
            self._field(name).choices = choices
        self.is_valid()

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def _given(self, name: str) -> tuple[str, ...]:
        found = self.cleaned_data.get(name) or ()
        return (found,) if isinstance(found, str) else tuple(found)

    def filters(self, user: UUID | None, text: str) -> NeedFilters:
        """What is asked for, as far as it can be read; ``user`` is who "me" is."""
        whose = self._given("whose")
        return NeedFilters(
            districts=self._given("district"),
            bands=tuple(int(band) for band in self._given("band")),
            states=self._given("state") or ("open",),
            schemes=self._given("scheme"),
            officers=(user,) if MINE in whose and user else (),
            unassigned=NOBODY in whose,
            filled=False if self._given("places") else None,
            text=text,
        )

    def chosen(self, request: HttpRequest, text: str) -> list[FilterGroup]:
        """The chosen filters as tags; each leads to the same list without it."""
        searched = (str(SearchForm.base_fields["text"].label), KEPT, {"1": text})
        fields = [
            (
                str(self.fields[name].label),
                name,
                {str(key): str(words) for key, words in self._field(name).choices if key},
            )
            for name in ("whose", "places", "band", "state", "scheme", "district")
        ]
        return chosen(request, [searched, *fields])
