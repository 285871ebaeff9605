from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people wing."""

    name = "stepdown.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
