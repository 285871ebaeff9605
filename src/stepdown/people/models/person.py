"""One human being: identity only. Volunteer, person supported, staff are relations to it."""

from django.db import models

from stepdown.hub.models.record import Record


class Person(Record):
    """A person's identity. Contact, location and equality data lie in tables of their own."""

    given_name = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    known_as = models.CharField(max_length=80, blank=True)
    say_it = models.CharField("how to say the name", max_length=120, blank=True)
    pronouns = models.CharField(max_length=40, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    # Which district looks after the person: decides who may see the record, shown only as an area.
    district = models.ForeignKey(
        "hub.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Which agency's work the record was begun in; none for whoever came to the partnership itself.
    agency = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.OneToOneField(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=("family_name", "given_name", "id")),)

    def __str__(self) -> str:
        return f"Person {self.pk}"

    @property
    def full_name(self) -> str:
        """The name as pages show it: "Known (Given) Family" or "Given Family"."""
        first = self.known_as or self.given_name
        return f"{first} {self.family_name}"
