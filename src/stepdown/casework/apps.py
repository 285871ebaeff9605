from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The casework wing."""

    name = "stepdown.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
