"""A plan: what the engine proposed for all open needs at one moment, with its certificate."""

from django.db import models

from stepdown.hub.models.record import Record


class Plan(Record):
    """One run. Figures are those of the engine's certificate; ``facts`` holds its whole summary.

    Its lines are written a few at a time; until they all are, it is not ``complete`` and nobody
    is shown it.
    """

    complete = models.BooleanField(default=False)
    on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    volunteers = models.PositiveIntegerField()
    needs = models.PositiveIntegerField()
    places = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    quality = models.PositiveBigIntegerField()
    upper_bound = models.PositiveBigIntegerField()
    gap = models.PositiveBigIntegerField()
    proven = models.BooleanField()
    facts = models.JSONField(default=dict)

    class Meta:
        get_latest_by = "id"


class PlanPair(Record):
    """One proposed pairing. ``terms`` are the engine's reasons as data, worded when shown.

    ``changed_in`` is the plan after it, where that plan pairs otherwise though this pair was still
    possible and nobody had been asked.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="pairs")
    need = models.ForeignKey("volunteering.Need", on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(
        "volunteering.Volunteer", on_delete=models.PROTECT, related_name="+"
    )
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    band = models.PositiveSmallIntegerField()
    quality = models.PositiveSmallIntegerField()
    terms = models.JSONField(default=list)
    offer = models.ForeignKey(
        "volunteering.Offer", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_in = models.ForeignKey(
        Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="changed"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("plan", "need", "volunteer"), name="plan_pair_once"),
        )


class PlanGap(Record):
    """A need the plan could not fill: how many places, why, and the cheapest change that would."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="gaps")
    need = models.ForeignKey("volunteering.Need", on_delete=models.PROTECT, related_name="+")
    band = models.PositiveSmallIntegerField()
    places_unfilled = models.PositiveSmallIntegerField()
    why = models.JSONField(default=dict)
    change = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "need"), name="plan_gap_once"),)
