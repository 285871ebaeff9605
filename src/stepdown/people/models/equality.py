"""Equality data, apart from everything else."""

from django.db import models


class EqualityRecord(models.Model):
    """Read for a lawful requirement of a need and for monitoring; never for a match's quality."""

    class Gender(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Another gender"

    person = models.OneToOneField(
        "people.Person", primary_key=True, on_delete=models.PROTECT, related_name="equality"
    )
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
