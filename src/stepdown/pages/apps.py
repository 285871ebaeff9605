from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The shell that the wings' pages are drawn in. It has no models and no addresses."""

    name = "stepdown.pages"
    label = "pages"
