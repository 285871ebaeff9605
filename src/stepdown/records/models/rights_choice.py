"""What is done with one thing that is held about a person, before it goes out to them."""

from django.db import models

from stepdown.hub.models.record import Record


class RightsChoice(Record):
    """The first handler's choice for one field of one row. Nothing of its words is kept here: only
    which letters of them go, and a keyed hash of the words they were when somebody chose.

    ``item`` names the row and field; ``spans`` are pairs of places in the text, from and up to.
    """

    class Treatment(models.TextChoices):
        KEEP = "keep", "Goes out whole"
        REDACT = "redact", "Goes out with passages taken out"
        WITHHOLD = "withhold", "Does not go out"

    class Exemption(models.TextChoices):
        """Data Protection Act 2018, Schedules 2 to 4, and section 45(4) for law enforcement."""

        THIRD_PARTY = "third-party", "It is about somebody else"
        CRIME = "crime", "It would get in the way of preventing or detecting crime"
        SERIOUS_HARM = "serious-harm", "It is likely to cause serious harm to somebody"
        CHILD_ABUSE = "child-abuse", "It is about abuse of a child, and not in their interest"
        LEGAL_ADVICE = "legal-advice", "It is legal advice"
        REFERENCE = "reference", "It is a reference given in confidence"
        SAFETY = "safety", "It would put somebody's safety at risk"

    request = models.ForeignKey(
        "records.RightsRequest", on_delete=models.PROTECT, related_name="choices"
    )
    item = models.CharField(max_length=160)
    digest = models.BinaryField(max_length=32)
    treatment = models.CharField(max_length=8, choices=Treatment.choices)
    spans = models.JSONField(default=list)
    exemption = models.CharField(max_length=12, choices=Exemption.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "item"), name="rights_choice_once"),
            models.CheckConstraint(
                condition=~models.Q(treatment="withhold") | ~models.Q(exemption=""),
                name="rights_exemption_there",
            ),
        )


class RightsPack(Record):
    """The copy made for a person: an encrypted file, made by a job and removed after some weeks."""

    class State(models.TextChoices):
        ASKED = "asked", "Being made"
        READY = "ready", "Ready"
        CHANGED = "changed", "The records have changed since it was approved"
        FAILED = "failed", "Could not be made"
        GONE = "gone", "Removed"

    request = models.OneToOneField(
        "records.RightsRequest", on_delete=models.PROTECT, related_name="pack"
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    kept_until = models.DateField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
