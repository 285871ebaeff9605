"""Ways to reach a person, and whether it is safe to use them."""

from django.db import models

from stepdown.hub.models.record import Record


class Contact(Record):
    """An email address or telephone number. ``safe`` is no where its use could put them at risk."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        MOBILE = "mobile", "Mobile phone"
        PHONE = "phone", "Telephone"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=254)
    safe = models.BooleanField(default=True)
    safe_note = models.CharField("when and how it is safe", max_length=200, blank=True)
    preferred = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "kind", "value"), name="contact_once"),
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(preferred=True),
                name="contact_one_preferred",
            ),
        )
