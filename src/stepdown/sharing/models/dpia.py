"""The impact assessment that stands behind an agreement, question by question."""

from django.db import models

from stepdown.hub.models.record import Record


class DpiaAnswer(Record):
    """One answer of the checklist. An agreement is sent for signature with all of them."""

    class Question(models.TextChoices):
        """The least that an assessment must hold: UK GDPR Article 35(7)."""

        DESCRIPTION = "description", "What will be done with the data, and for which purposes"
        NECESSITY = "necessity", "Why it is necessary, and in proportion to the purposes"
        RISKS = "risks", "The risks to the people it is about"
        MEASURES = "measures", "What is done about those risks"

    agreement = models.ForeignKey(
        "sharing.Agreement", on_delete=models.PROTECT, related_name="dpia_answers"
    )
    question = models.CharField(max_length=12, choices=Question.choices)
    answer = models.TextField(max_length=2000)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("agreement", "question"), name="dpia_answered_once"),
        )
