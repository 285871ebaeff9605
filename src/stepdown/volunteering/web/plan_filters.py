"""The filter beside the plan's lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stepdown.hub.web.page import HubRequest
from stepdown.pages.forms import GovForm, Radios, Select
from stepdown.pages.parts import FilterGroup
from stepdown.volunteering.queries.choices import BANDS
from stepdown.volunteering.queries.plan import PlanFilters
from stepdown.volunteering.web.filters import chosen

Choices = Sequence[tuple[str, str]]


class PlanFilterForm(GovForm):
    """District and band; nothing chosen shows everything."""

    district = forms.ChoiceField(label=_("District"), required=False, widget=Select)
    band = forms.ChoiceField(
        label=_("How urgent"),
        required=False,
        choices=[("", _("Any")), *BANDS],
        widget=Radios(small=True),
    )

    def __init__(self, *args: Any, districts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].choices = [("", _("All districts")), *districts]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Filters:
    """The form, what it asks for, and the removable tags that say so."""

    form: PlanFilterForm
    chosen: PlanFilters
    tags: list[FilterGroup]


def read(data: QueryDict, districts: Choices) -> PlanFilters:
    """What the data asks for. What is not understood in it is left out."""
    form = PlanFilterForm(data, districts=districts)
    form.is_valid()
    given = form.cleaned_data
    band = given.get("band")
    return PlanFilters(given.get("district") or "", int(band) if band else None)


def filters_of(request: HubRequest, districts: Choices) -> Filters:
    """The filters in the address; ``districts`` are those that the list has lines of."""
    asked = read(request.GET, districts)
    bands = {str(key): str(name) for key, name in BANDS}
    groups = (
        (str(_("District")), "district", dict(districts)),
        (str(_("How urgent")), "band", bands),
    )
    form = PlanFilterForm(
        districts=districts, initial={"district": asked.district, "band": asked.band or ""}
    )
    return Filters(form, asked, chosen(request, groups))
