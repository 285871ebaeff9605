"""A demand for volunteers, from a day to a day."""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.hub.models.shielded import Sealed
from stepdown.kernel.states import StateTable, refusals


class NeedState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class NeedEvent(StrEnum):
    CLOSE = "close"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


NEED_STATES = StateTable(
    "need",
    NeedState,
    NeedEvent,
    refusals(
        NeedState,
        NeedEvent,
        {
            NeedState.OPEN: "This need is already open.",
            NeedState.CLOSED: "This need is closed.",
            NeedState.WITHDRAWN: "This need was withdrawn.",
        },
    )
    | {
        (NeedState.OPEN, NeedEvent.CLOSE): NeedState.CLOSED,
        (NeedState.OPEN, NeedEvent.WITHDRAW): NeedState.WITHDRAWN,
        (NeedState.CLOSED, NeedEvent.REOPEN): NeedState.OPEN,
        (NeedState.WITHDRAWN, NeedEvent.REOPEN): NeedState.OPEN,
    },
)


class Need(Record):
    """What is asked of volunteers. ``title`` names the help, never the person."""

    class Band(models.IntegerChoices):
        URGENT = 1, "1 Most urgent"
        HIGH = 2, "2 High"
        STANDARD = 3, "3 Standard"
        LOW = 4, "4 When possible"

    class Outcome(models.TextChoices):
        STEPPED_DOWN = "stepped-down", "Stepped down: statutory help ended or was not needed"
        PARTLY = "partly", "Helped in part"
        NOT_HELPED = "not-helped", "The support did not help"
        STEPPED_UP = "stepped-up", "Stepped up to a statutory service"
        NO_VOLUNTEER = "no-volunteer", "No volunteer could be found"

    class GenderReason(models.TextChoices):
        """Occupational requirement: Equality Act 2010, Schedule 9 paragraph 1, and Schedule 3."""

        PERSONAL_CARE = "personal-care", "Personal care or privacy"
        ABUSE = "abuse", "The person has experienced abuse"
        SINGLE_SEX = "single-sex", "A lawful single-sex service"

    reference = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=120)
    scheme = models.ForeignKey("volunteering.Scheme", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="needs"
    )
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "hub.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in NeedState], default=NeedState.OPEN
    )
    band = models.PositiveSmallIntegerField(choices=Band.choices, default=Band.LOW)
    places = models.PositiveSmallIntegerField(default=1)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    slots = models.PositiveIntegerField(default=0)
    weekly_minutes = models.PositiveIntegerField(default=120)
    skills = models.ManyToManyField("volunteering.Skill", blank=True, related_name="+")
    languages = models.ManyToManyField("volunteering.Language", blank=True, related_name="+")
    credential_types = models.ManyToManyField(
        "volunteering.CredentialType", blank=True, related_name="+"
    )
    gender = models.CharField(max_length=10, blank=True)
    gender_reason = models.CharField(max_length=20, choices=GenderReason.choices, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=("state", "band", "id")),
            models.Index(fields=("district", "state")),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends=None) | models.Q(ends__gte=models.F("starts")),
                name="need_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(band__gte=1, band__lte=4), name="need_band_1_to_4"
            ),
            models.CheckConstraint(
                condition=models.Q(places__gte=1, places__lte=50), name="need_places_1_to_50"
            ),
            models.CheckConstraint(condition=models.Q(slots__lt=2**21), name="need_slots_21"),
            models.CheckConstraint(
                condition=models.Q(gender="") | ~models.Q(gender_reason=""),
                name="need_gender_has_reason",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class NeedLocation(models.Model):
    """Where the help is given, in OSGB metres: an ordinary place."""

    postcode = models.CharField(max_length=8)
    easting = models.PositiveIntegerField()
    northing = models.PositiveIntegerField()
    need = models.OneToOneField(
        Need, primary_key=True, on_delete=models.PROTECT, related_name="location"
    )


class NeedShieldedLocation(Sealed):
    """A place that is never shown, mapped, exported or logged. Sealed are postcode, easting and
    northing."""

    need = models.OneToOneField(
        Need, primary_key=True, on_delete=models.PROTECT, related_name="shielded_location"
    )
