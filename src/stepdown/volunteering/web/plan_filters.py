"""The filter beside the plan's lists."""

from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stepdown.hub.queries.place import district_choices
from stepdown.hub.web.page import HubRequest
from stepdown.pages.forms import GovForm, Radios, Select
from stepdown.pages.parts import FilterGroup, FilterTag
from stepdown.volunteering.queries.choices import BANDS
from stepdown.volunteering.queries.plan import PlanFilters


class PlanFilterForm(GovForm):
    """District and band; nothing chosen shows everything."""

    district = forms.ChoiceField(label=_("District"), required=False, widget=Select)
    band = forms.ChoiceField(
        label=_("How urgent"),
        required=False,
        choices=[("", _("Any")), *BANDS],
        widget=Radios(small=True),
    )


@dataclass(frozen=True)
class Filters:
    """The form, what it asks for, and the removable tags that say so."""

    form: PlanFilterForm
    chosen: PlanFilters
    tags: list[FilterGroup]
    clear_url: str


def filters_of(request: HubRequest) -> Filters:
    """The filters in the address; what is not understood there is left out."""
    districts = district_choices()
    form = PlanFilterForm(request.GET or None)
    form.fields["district"].choices = [("", _("All districts")), *districts]  # type: ignore[attr-defined]
    given = form.cleaned_data if form.is_bound and form.is_valid() else {}
    district, band = given.get("district") or "", given.get("band") or ""
    here = reverse(request.resolver_match.view_name if request.resolver_match else "plan")
    tags = []
    if district:
        other = f"{here}?band={band}" if band else here
        tags.append(FilterGroup(str(_("District")), [FilterTag(dict(districts)[district], other)]))
    if band:
        other = f"{here}?district={district}" if district else here
        words = str(dict(BANDS)[int(band)])
        tags.append(FilterGroup(str(_("How urgent")), [FilterTag(words, other)]))
    return Filters(form, PlanFilters(district, int(band) if band else None), tags, here)
