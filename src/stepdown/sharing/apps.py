from django.apps import AppConfig


class SharingConfig(AppConfig):
    """The sharing wing."""

    name = "stepdown.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"
