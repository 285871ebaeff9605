"""Posts of a pathway's rota, who holds each, and who is on which shift. Staff alone."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from stepdown.hub.models.record import Record


class Post(Record):
    """A post of a division. It is vacant whenever nobody holds it."""

    pathway = models.CharField(max_length=20)
    division = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("division", "number", "id")
        indexes = (models.Index(fields=("pathway", "closed_on")),)
        constraints = (
            models.UniqueConstraint(
                fields=("pathway", "agency", "division", "number"), name="post_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.division} {self.number}"


class PostHolder(Record):
    """Somebody in a post, from a day until another; the account is theirs, if they have one."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holders")
    name = models.CharField(max_length=120)
    user = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField()
    induction_until = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("post",), condition=Q(until=None), name="post_held_by_one"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="post_left_after_begun"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def shown(self) -> str:
        """The name, until it goes with the records of whoever it was."""
        return self.name or gettext("Somebody whose record is gone")


class PostShift(Record):
    """A holder of a post is on a shift of a day."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    holder = models.ForeignKey(PostHolder, on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField()
    shift = models.CharField(max_length=40)

    class Meta:
        ordering = ("day", "id")
        constraints = (
            models.UniqueConstraint(fields=("post", "day"), name="post_one_shift_a_day"),
        )
