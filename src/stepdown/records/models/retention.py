"""How long records are kept: the rules, the reviews, the holds, and what is left of a disposal."""

from django.db import models

from stepdown.hub.models.record import Record


class RetentionRule(Record):
    """One version of one schedule, from a day on. Versions are added, never changed."""

    class Then(models.TextChoices):
        REVIEW = "review", "Reviewed by somebody"
        DISPOSE = "dispose", "Disposed of by the hub"

    key = models.CharField(max_length=20)
    valid_from = models.DateField()
    clear_years = models.PositiveSmallIntegerField()
    then = models.CharField(max_length=7, choices=Then.choices)
    again_years = models.PositiveSmallIntegerField(default=0)
    until_age = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)
    made_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("key", "valid_from"), name="retention_rule_once"),
        )


class RetentionReview(Record):
    """What somebody found when a person's records were due, and what becomes of them.

    ``answers`` holds the assessment, question by question. Where a second person must agree, the
    first decides nothing until they have.
    """

    class Decision(models.TextChoices):
        KEEP = "keep", "Keep"
        DISPOSE = "dispose", "Dispose of"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for a second person"
        DECIDED = "decided", "Decided"
        SENT_BACK = "sent-back", "Sent back"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    # For which agency it was looked at; of none where only the partnership itself holds something.
    agency = models.ForeignKey(
        "hub.Agency", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    schedule = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    decision = models.CharField(max_length=7, choices=Decision.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    made_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("person", "state", "id")),)
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=models.Q(state="proposed"),
                name="retention_one_proposal",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True)
                | ~models.Q(agreed_by=models.F("made_by")),
                name="retention_two_people",
            ),
        )


class LegalHold(Record):
    """Nothing about the person is disposed of while this stands."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    until = models.DateField(null=True, blank=True)
    placed_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("person", "lifted_at")),)


class Disposal(Record):
    """The tombstone: that something was disposed of, under which rule, and nothing of whom.

    ``mark`` is a keyed hash of the record's id: a hub that an old backup was restored to can tell
    that it is the same record, and nobody else whose it was. ``counts`` says how many rows of each
    table went; ``told`` the agencies that had been shown it by an agreement.
    """

    class Ground(models.TextChoices):
        SCHEDULE = "schedule", "Its time was up"
        REVIEW = "review", "Reviewed, and no longer needed"
        ERASURE = "erasure", "The person asked for it"
        REPLAY = "replay", "Again, after an old backup was restored"

    class Stays(models.TextChoices):
        """What does not go, and why."""

        OTHERS = "others", "What other agencies keep: each decides on its own"
        IDENTITY = "identity", "Who they are and how to reach them: other agencies need it"

    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=20)
    ground = models.CharField(max_length=8, choices=Ground.choices)
    schedule = models.CharField(max_length=20)
    mark = models.BinaryField(max_length=32)
    counts = models.JSONField(default=dict)
    told = models.JSONField(default=list)
    # What stays, by a word of ``Stays``, where not everything went.
    stays = models.JSONField(default=list)
    by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    # Whether the line stands in the register outside the database.
    registered = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(
                fields=("id",),
                name="disposal_unregistered",
                condition=models.Q(registered=False),
            ),
        )

    def __str__(self) -> str:
        return self.reference
