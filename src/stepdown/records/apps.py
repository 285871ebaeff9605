from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The wing of records management."""

    name = "stepdown.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
