from django.apps import AppConfig


class VolunteeringConfig(AppConfig):
    """The volunteering wing."""

    name = "stepdown.volunteering"
    label = "volunteering"
    default_auto_field = "django.db.models.BigAutoField"
