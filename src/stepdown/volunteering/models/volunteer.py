"""A person's profile as a volunteer: what they can do, when, how far and how much."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals


class VolunteerState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class VolunteerEvent(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"


VOLUNTEER_STATES = StateTable(
    "volunteer",
    VolunteerState,
    VolunteerEvent,
    refusals(
        VolunteerState,
        VolunteerEvent,
        {
            VolunteerState.ACTIVE: "This volunteer is already active.",
            VolunteerState.PAUSED: "This volunteer is already taking a break.",
            VolunteerState.LEFT: "This volunteer has left.",
        },
    )
    | {
        (VolunteerState.ACTIVE, VolunteerEvent.PAUSE): VolunteerState.PAUSED,
        (VolunteerState.ACTIVE, VolunteerEvent.LEAVE): VolunteerState.LEFT,
        (VolunteerState.PAUSED, VolunteerEvent.RESUME): VolunteerState.ACTIVE,
        (VolunteerState.PAUSED, VolunteerEvent.LEAVE): VolunteerState.LEFT,
        (VolunteerState.LEFT, VolunteerEvent.RESUME): VolunteerState.ACTIVE,
    },
)


class Volunteer(Record):
    """The profile. ``slots`` is a mask of ``kernel.slots``; ``capacity`` how many needs at once."""

    person = models.OneToOneField(
        "people.Person", on_delete=models.PROTECT, related_name="volunteer"
    )
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in VolunteerState],
        default=VolunteerState.ACTIVE,
    )
    slots = models.PositiveIntegerField(default=0)
    travel_limit_m = models.PositiveIntegerField(null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(default=1)
    weekly_cap_minutes = models.PositiveIntegerField(null=True, blank=True)
    skills = models.ManyToManyField("volunteering.Skill", blank=True, related_name="+")
    languages = models.ManyToManyField("volunteering.Language", blank=True, related_name="+")
    schemes = models.ManyToManyField("volunteering.Scheme", blank=True, related_name="volunteers")
    preferred_schemes = models.ManyToManyField("volunteering.Scheme", blank=True, related_name="+")
    joined_on = models.DateField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(slots__lt=2**21), name="volunteer_slots_21"),
            models.CheckConstraint(
                condition=models.Q(capacity__lte=20), name="volunteer_capacity_20"
            ),
        )
