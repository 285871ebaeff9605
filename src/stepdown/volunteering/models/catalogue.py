"""The partnership's lists of skills and languages."""

from django.db import models


class Skill(models.Model):
    """Something a volunteer can do that a need may ask for."""

    key = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Language(models.Model):
    """A language by its ISO 639 code; British Sign Language is ``bfi``."""

    code = models.CharField(max_length=8, primary_key=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
