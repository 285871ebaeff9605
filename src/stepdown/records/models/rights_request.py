"""A person asks for something the law gives them about their data: a copy, a correction, an end.

When an answer is due is nowhere stored: ``kernel.statutory`` reads it from the days below.
"""

from enum import StrEnum

from django.db import models

from stepdown.hub.models.record import Record
from stepdown.kernel.states import StateTable, refusals
from stepdown.kernel.statutory import Regime


class RightsState(StrEnum):
    RECEIVED = "received"
    IDENTITY_ASKED = "identity-asked"
    IN_HAND = "in-hand"
    QUESTION_ASKED = "question-asked"
    FOR_APPROVAL = "for-approval"
    APPROVED = "approved"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class RightsEvent(StrEnum):
    ASK_IDENTITY = "ask-identity"
    TAKE = "take"
    ASK_QUESTION = "ask-question"
    HEAR_ANSWER = "hear-answer"
    EXTEND = "extend"
    NAME = "name"
    WORK = "work"
    SUBMIT = "submit"
    SEND_BACK = "send-back"
    APPROVE = "approve"
    ANSWER = "answer"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


_S, _E = RightsState, RightsEvent
_OPEN = (
    _S.RECEIVED,
    _S.IDENTITY_ASKED,
    _S.IN_HAND,
    _S.QUESTION_ASKED,
    _S.FOR_APPROVAL,
    _S.APPROVED,
)

RIGHTS_STATES = StateTable(
    "rights request",
    RightsState,
    RightsEvent,
    refusals(
        RightsState,
        RightsEvent,
        {
            _S.RECEIVED: "Nobody has taken this request in hand yet.",
            _S.IDENTITY_ASKED: "This request waits until we know who asks.",
            _S.IN_HAND: "This request is being worked on.",
            _S.QUESTION_ASKED: "This request waits for an answer from the person.",
            _S.FOR_APPROVAL: "This request waits for a second person's approval.",
            _S.APPROVED: "What goes out has been approved.",
            _S.ANSWERED: "This request has been answered.",
            _S.REFUSED: "This request was refused.",
            _S.WITHDRAWN: "This request was withdrawn.",
        },
    )
    | {(state, _E.WITHDRAW): _S.WITHDRAWN for state in _OPEN}
    | {(state, _E.REFUSE): _S.REFUSED for state in _OPEN[:4]}
    | {(state, _E.NAME): state for state in _OPEN[:4]}
    | {(state, _E.EXTEND): state for state in _OPEN[:5]}
    | {
        (_S.RECEIVED, _E.ASK_IDENTITY): _S.IDENTITY_ASKED,
        (_S.RECEIVED, _E.TAKE): _S.IN_HAND,
        (_S.IDENTITY_ASKED, _E.TAKE): _S.IN_HAND,
        (_S.IN_HAND, _E.TAKE): _S.IN_HAND,
        (_S.IN_HAND, _E.ASK_QUESTION): _S.QUESTION_ASKED,
        (_S.QUESTION_ASKED, _E.HEAR_ANSWER): _S.IN_HAND,
        (_S.IN_HAND, _E.WORK): _S.IN_HAND,
        (_S.QUESTION_ASKED, _E.WORK): _S.QUESTION_ASKED,
        (_S.IN_HAND, _E.SUBMIT): _S.FOR_APPROVAL,
        (_S.FOR_APPROVAL, _E.SEND_BACK): _S.IN_HAND,
        (_S.APPROVED, _E.SEND_BACK): _S.IN_HAND,
        (_S.FOR_APPROVAL, _E.APPROVE): _S.APPROVED,
        (_S.APPROVED, _E.ANSWER): _S.ANSWERED,
    },
)


class RightsRequest(Record):
    """One request, to one partner, about one person once it is known which record is theirs.

    ``approved_digest`` is over all that goes out, as it was when the second person approved it:
    what has changed since is not what was approved, and does not go out.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", "A copy of their records"
        PORTABILITY = "portability", "A copy to take elsewhere"
        RECTIFICATION = "rectification", "A correction"
        ERASURE = "erasure", "Erasure"
        RESTRICTION = "restriction", "A stop to its use"
        OBJECTION = "objection", "An objection to its use"

    class Channel(models.TextChoices):
        ONLINE = "online", "Signed in to the hub"
        EMAIL = "email", "Email"
        LETTER = "letter", "Letter"
        PHONE = "phone", "Telephone"
        IN_PERSON = "in-person", "In person"
        OTHER = "other", "Another way"

    class Refusal(models.TextChoices):
        """Why the law lets a request be refused."""

        UNFOUNDED = "unfounded", "It is manifestly unfounded"
        EXCESSIVE = "excessive", "It is manifestly excessive"
        IDENTITY = "identity", "We could not confirm who asks"
        NOT_HELD = "not-held", "We hold nothing about this person"
        NOT_APPLICABLE = "not-applicable", "This right does not apply to how we use the data"
        EXEMPT = "exempt", "An exemption applies to all of it"

    class Ground(models.TextChoices):
        """On which ground of UK GDPR Article 17(1), or section 47, records are erased."""

        NOT_NEEDED = "not-needed", "They are no longer needed for what they were collected for"
        CONSENT = "consent", "They rested on consent, which was withdrawn"
        OBJECTION = "objection", "They objected, and nothing weighs more"
        UNLAWFUL = "unlawful", "They were used against the law"
        DUTY = "duty", "The law says that they must be erased"

    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=13, choices=Kind.choices)
    state = models.CharField(
        max_length=14,
        choices=[(s.value, s.value) for s in RightsState],
        default=RightsState.RECEIVED,
    )
    regime = models.CharField(
        max_length=8, choices=[(r.value, r.value) for r in Regime], default=Regime.GENERAL
    )
    channel = models.CharField(max_length=9, choices=Channel.choices)
    agency = models.ForeignKey("hub.Agency", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_for = models.TextField(max_length=2000, blank=True)
    received_on = models.DateField()
    identity_asked_on = models.DateField(null=True, blank=True)
    identity_on = models.DateField(null=True, blank=True)
    extended_on = models.DateField(null=True, blank=True)
    extend_reason = models.CharField(max_length=300, blank=True)
    handler = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "hub.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_digest = models.BinaryField(max_length=32, null=True, blank=True)
    outcome = models.TextField(max_length=2000, blank=True)
    refusal = models.CharField(max_length=14, choices=Refusal.choices, blank=True)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    passed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=("agency", "state", "id")),)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="refused") | ~models.Q(refusal=""),
                name="rights_refusal_there",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("submitted_by")),
                name="rights_two_people",
            ),
        )

    def __str__(self) -> str:
        return self.reference


class RightsQuestion(Record):
    """Something asked of the person because it was not clear what they want. While it is open the
    clock stands still; the days are those of the law, both included."""

    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="questions")
    question = models.CharField(max_length=500)
    asked_on = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("asked_on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("request",),
                condition=models.Q(answered_on__isnull=True),
                name="rights_one_question",
            ),
        )
