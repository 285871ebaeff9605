"""Narrowing the list of referrals. Nothing chosen: what waits for triage."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.referral import ReferralFilters, ReferralState
from stepdown.casework.web.referral_words import BAND_WORDS
from stepdown.hub.queries.place import district_choices
from stepdown.pages.forms import CheckboxesInline, GovDateField, GovForm, Text
from stepdown.pages.parts import FilterGroup, FilterTag
from stepdown.pages.status import status_of
from stepdown.pages.words import gov_date

_SENT_STATES = [state for state in ReferralState if state is not ReferralState.DRAFT]


class FilterForm(GovForm):
    """A GET form. A bad answer narrows nothing and says so beside its field."""

    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        required=False,
        max_length=20,
        widget=Text({"spellcheck": "false"}),
    )
    state = forms.MultipleChoiceField(
        label=gettext_lazy("State"), required=False, widget=CheckboxesInline
    )
    district = forms.MultipleChoiceField(
        label=gettext_lazy("District"), required=False, widget=CheckboxesInline
    )
    band = forms.MultipleChoiceField(
        label=gettext_lazy("How soon"),
        required=False,
        choices=list(BAND_WORDS.items()),
        widget=CheckboxesInline,
    )
    since = GovDateField(
        label=gettext_lazy("Received since"), noun=gettext_lazy("The date"), required=False
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        states = [(state.value, status_of(state)[0]) for state in _SENT_STATES]
        self._choose("state", states)
        self._choose("district", district_choices())

    def _choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def filters(self) -> ReferralFilters:
        """What is asked for, as far as it can be read."""
        self.is_valid()
        given = self.cleaned_data
        return ReferralFilters(
            states=tuple(given.get("state") or ()),
            districts=tuple(given.get("district") or ()),
            bands=tuple(int(band) for band in given.get("band") or ()),
            received_since=given.get("since"),
            reference=given.get("reference") or "",
        )

    def chosen(self, path: str) -> list[FilterGroup]:
        """The chosen filters as tags; each leads to the same list without it."""
        given = self.cleaned_data
        groups = []
        for name in ("state", "district", "band"):
            words: Mapping[str, object] = {str(k): w for k, w in self.fields[name].choices}  # type: ignore[attr-defined]
            tags = [
                FilterTag(str(words[value]), self._without(path, name, value))
                for value in given.get(name) or ()
            ]
            if tags:
                groups.append(FilterGroup(str(self.fields[name].label), tags))
        if given.get("since"):
            tag = FilterTag(gov_date(given["since"]), self._without(path, "since"))
            groups.append(FilterGroup(_("Received since"), [tag]))
        if given.get("reference"):
            tag = FilterTag(given["reference"], self._without(path, "reference"))
            groups.append(FilterGroup(_("Reference"), [tag]))
        return groups

    def _without(self, path: str, name: str, value: str = "") -> str:
        assert isinstance(self.data, QueryDict)  # noqa: S101 - for the type checker
        query = self.data.copy()
        query.pop("after", None)
        for key in list(query):
            if key == name or key.startswith(f"{name}-"):
                kept = [one for one in query.getlist(key) if value and one != value]
                query.setlist(key, kept)
                if not kept:
                    del query[key]
        return f"{path}?{query.urlencode()}" if query else path
