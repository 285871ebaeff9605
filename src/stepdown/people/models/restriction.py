"""A person's data is kept and not used: UK GDPR Articles 18 and 21, and section 47 of the Data
Protection Act 2018 for law enforcement. Whoever uses it asks ``people/queries/restriction.py``."""

from django.db import models

from stepdown.hub.models.record import Record


class Use(models.TextChoices):
    """What somebody's data is used for. To keep it, and to look at it, is not among them."""

    MATCH = "match", "Plans, shortlists and offers"
    SEND = "send", "Messages to them"
    SHARE = "share", "New needs, and cases that move on"
    COUNT = "count", "Figures and exports"


class Restriction(Record):
    """One stop, from a moment until it ends. ``asked_in`` is the request it came of, which the
    wings above keep; ``told_on`` the day on which the person heard that it would end."""

    class Why(models.TextChoices):
        ASKED = "asked", "They asked for it"
        OBJECTION = "objection", "They object, and it is not decided"
        UPHELD = "upheld", "They objected, and nothing weighs more"

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    asked_in = models.UUIDField()
    why = models.CharField(max_length=9, choices=Why.choices)
    since = models.DateTimeField()
    told_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("person", "ended_at")),)
        constraints = (
            models.UniqueConstraint(
                fields=("asked_in",),
                condition=models.Q(ended_at__isnull=True),
                name="restriction_once",
            ),
        )


class Allowance(Record):
    """One use that goes on all the same, to the end of a day, because the law lets it."""

    class Ground(models.TextChoices):
        """UK GDPR Article 18(2)."""

        CONSENT = "consent", "They consent to this use"
        CLAIMS = "claims", "It is for legal claims"
        PROTECTION = "protection", "It protects the rights of somebody else"
        PUBLIC = "public", "It is of important public interest"

    restriction = models.ForeignKey(
        Restriction, on_delete=models.PROTECT, related_name="allowances"
    )
    use = models.CharField(max_length=5, choices=Use.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices)
    reason = models.CharField(max_length=500)
    until = models.DateField()
    made_by = models.ForeignKey("hub.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("restriction", "use", "until")),)
