"""Draws Django's widgets with our GOV.UK templates, and falls back to Django's own."""

from functools import cache
from typing import Any

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template

from stepdown.pages.forms.bound import GovBoundField

_DJANGO = "django/forms/widgets/"
_OURS = "govuk/widgets/"


class GovRenderer(TemplatesSetting):
    """The FORM_RENDERER of the hub: plain Django widgets come out as GOV.UK components."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"
    bound_field_class = GovBoundField

    def get_template(self, template_name: str) -> Any:
        """Our template of the same name if there is one, else Django's built-in."""
        return _find(template_name)


@cache
def _find(name: str) -> Any:
    wanted = name.replace(_DJANGO, _OURS) if name.startswith(_DJANGO) else name
    try:
        return get_template(wanted)
    except TemplateDoesNotExist:
        return DjangoTemplates().get_template(name)
