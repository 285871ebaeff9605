"""What an agreement lets pass, clause by clause: from whom, to whom, why, and which data."""

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.policy.lawful import Basis, Condition
from stepdown.policy.sharing import Purpose


class Clause(Record):
    """One flow from one agency to another, for one purpose, on one lawful basis."""

    agreement = models.ForeignKey(
        "sharing.Agreement", on_delete=models.PROTECT, related_name="clauses"
    )
    number = models.PositiveSmallIntegerField()
    source = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Purpose])
    basis = models.CharField(max_length=12, choices=[(b.value, b.value) for b in Basis])
    condition = models.CharField(
        max_length=12, choices=[(c.value, c.value) for c in Condition], blank=True
    )

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("source", "target", "purpose")),)
        constraints = (
            models.UniqueConstraint(fields=("agreement", "number"), name="clause_number_once"),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="clause_between_two"
            ),
        )


class ClauseCover(models.Model):
    """One thing that a clause covers: a category of data, of people, or a pathway."""

    class Aspect(models.TextChoices):
        CATEGORY = "category", "Category of data"
        PEOPLE = "people", "Category of people"
        PATHWAY = "pathway", "Pathway"

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="covers")
    aspect = models.CharField(max_length=8, choices=Aspect.choices)
    key = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("clause", "aspect", "key"), name="clause_covers_once"),
        )
