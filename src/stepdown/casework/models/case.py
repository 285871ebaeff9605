"""A case: somebody's way through a pathway, on the version of it that the case began on."""

from django.db import models
from django.db.models import Q

from stepdown.hub.models.record import Record
from stepdown.policy.categories import Category


class Case(Record):
    """How a case stands. What was said in it lies in ``CaseAnswers``, by category.

    ``stage`` is empty until the referral is sent. ``next_due`` is written by the verb that changes
    what is due; whether that day has passed is asked when somebody looks.
    """

    reference = models.CharField(max_length=16, unique=True)
    pathway = models.CharField(max_length=20)
    pathway_version = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=40, blank=True)
    stage_since = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=40, blank=True)
    agency = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "hub.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    officer = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cover = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cover_until = models.DateField(null=True, blank=True)
    made_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The referral that it comes from, and whom that was found to be about until it is sent.
    from_referral = models.ForeignKey(
        "casework.Referral", null=True, blank=True, on_delete=models.SET_NULL, related_name="cases"
    )
    from_person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField()
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    next_due = models.DateField(null=True, blank=True)
    look_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=("pathway", "stage", "id")),
            models.Index(fields=("officer", "closed_on")),
            models.Index(fields=("district", "closed_on", "id")),
            models.Index(fields=("closed_on", "id")),
            models.Index(fields=("closed_on", "next_due")),
            models.Index(fields=("look_on",)),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(stage="") | Q(opened_on__isnull=False), name="case_opened_with_stage"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(outcome=""),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(cover__isnull=True) | Q(cover_until__isnull=False),
                name="case_cover_ends",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class CaseAnswers(models.Model):
    """What one form said, one row per category: a wall between categories is a wall between rows.

    ``step`` is "referral" or a step's key, ``number`` which doing of it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    step = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(default=1)
    category = models.CharField(max_length=20, choices=[(c.value, c.value) for c in Category])
    answers = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "step", "number", "category"), name="case_answers_once"
            ),
        )


class CasePerson(Record):
    """Somebody a case is about, in a role of the pathway. Each has their own record and walls."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    added_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "person", "role"),
                condition=Q(ended_on=None),
                name="case_person_once",
            ),
        )


class CaseWorker(Record):
    """Somebody on the team of a case: a member of staff in a role, from a day to a day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="workers")
    role = models.CharField(max_length=40)
    user = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("case", "role", "user"), condition=Q(until=None), name="case_worker_once"
            ),
        )


class CaseNeed(models.Model):
    """A need for volunteers that a case raised; those placed on it fill the team role, if any."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="needs")
    need = models.OneToOneField(
        "volunteering.Need", on_delete=models.PROTECT, related_name="case_link"
    )
    role = models.CharField(max_length=40, blank=True)
