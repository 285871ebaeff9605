"""Kinds of volunteering, and what each asks from a day to a day."""

from django.db import models

from stepdown.hub.models.record import Record


class Scheme(models.Model):
    """A kind of volunteering: community support, special, cadet leader, custody visitor …

    Somebody who serves in one of ``conflicts_with`` cannot be placed in this one: a special
    constable cannot visit custody (Police Reform Act 2002 section 51: visitors are independent).
    """

    key = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=300)
    conflicts_with = models.ManyToManyField("self", symmetrical=True, blank=True)
    # Volunteers add to paid work and never replace it. Specials are outside that class.
    additional_not_substitute = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class RequirementSet(Record):
    """What a scheme asks from ``valid_from`` to the end of ``valid_to`` (none: still)."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="requirement_sets")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    credential_types = models.ManyToManyField("volunteering.CredentialType", blank=True)
    source = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ("scheme", "valid_from")
        constraints = (
            models.UniqueConstraint(fields=("scheme", "valid_from"), name="requirements_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="requirements_in_order",
            ),
        )
