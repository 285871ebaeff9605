from django.apps import AppConfig


class HubConfig(AppConfig):
    """The hub wing."""

    name = "stepdown.hub"
    label = "hub"
    default_auto_field = "django.db.models.BigAutoField"
