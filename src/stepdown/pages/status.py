"""Every status the hub shows: its words, which carry the meaning, and its colour."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

GREEN = ("accepted", "active", "approved", "became_case", "became_need", "complete", "completed",
         "confirmed", "current", "filled", "given", "held", "in_force", "justified", "live",
         "referred", "valid", "verified")  # fmt: skip
YELLOW = ("awaiting", "due_soon", "expiring", "in_review", "incomplete", "lapses_soon",
          "out_for_signature", "part_filled", "paused", "pending", "put_off", "queried", "returned",
          "submitted", "suspended", "unverified", "waiting")  # fmt: skip
RED = ("expired", "failed", "lapsed", "not_justified", "overdue", "refused", "rejected",
       "revoked", "urgent", "unfilled")  # fmt: skip
BLUE = ("draft", "in_progress", "logged", "new", "not_started", "open", "planned", "received",
        "sent")  # fmt: skip
GREY = ("called_off", "cannot_start_yet", "closed", "declined", "duplicate", "ended", "inactive",
        "left", "not_asked", "not_yet_valid", "replaced", "set_aside", "superseded",
        "withdrawn")  # fmt: skip

COLOURS: dict[str, str] = {
    **dict.fromkeys(GREEN, "green"),
    **dict.fromkeys(YELLOW, "yellow"),
    **dict.fromkeys(RED, "red"),
    **dict.fromkeys(BLUE, "blue"),
    **dict.fromkeys(GREY, "grey"),
}

LABELS: dict[str, Words] = {
    "accepted": _("Accepted"),
    "active": _("Active"),
    "approved": _("Approved"),
    "awaiting": _("Waiting"),
    "became_case": _("Became a case"),
    "became_need": _("Became a need"),
    "called_off": _("Called off"),
    "cannot_start_yet": _("Cannot start yet"),
    "closed": _("Closed"),
    "complete": _("Completed"),
    "completed": _("Completed"),
    "confirmed": _("Confirmed"),
    "current": _("Current"),
    "declined": _("Declined"),
    "draft": _("Draft"),
    "due_soon": _("Due soon"),
    "duplicate": _("Duplicate"),
    "ended": _("Ended"),
    "expired": _("Expired"),
    "expiring": _("Ends soon"),
    "failed": _("Failed"),
    "filled": _("Filled"),
    "given": _("Given"),
    "held": _("Held"),
    "in_force": _("In force"),
    "in_progress": _("In progress"),
    "in_review": _("In review"),
    "inactive": _("Not active"),
    "incomplete": _("Incomplete"),
    "justified": _("Justified"),
    "lapsed": _("Lapsed"),
    "lapses_soon": _("Lapses soon"),
    "left": _("Has left"),
    "live": _("Live"),
    "logged": _("Waits to be confirmed"),
    "new": _("New"),
    "not_started": _("Not started"),
    "not_asked": _("Not asked yet"),
    "not_justified": _("Not justified"),
    "not_yet_valid": _("Not yet valid"),
    "open": _("Open"),
    "out_for_signature": _("Out for signature"),
    "overdue": _("Overdue"),
    "part_filled": _("Partly filled"),
    "paused": _("Taking a break"),
    "pending": _("Pending"),
    "planned": _("Planned"),
    "put_off": _("Put off"),
    "queried": _("Questioned"),
    "received": _("Received"),
    "referred": _("Referred"),
    "refused": _("Refused"),
    "rejected": _("Rejected"),
    "replaced": _("Replaced"),
    "returned": _("Sent back"),
    "revoked": _("Revoked"),
    "sent": _("Sent"),
    "set_aside": _("Set aside"),
    "submitted": _("Waits for approval"),
    "superseded": _("Replaced"),
    "suspended": _("Suspended"),
    "unfilled": _("Unfilled"),
    "unverified": _("Not verified"),
    "urgent": _("Urgent"),
    "valid": _("Valid"),
    "verified": _("Verified"),
    "waiting": _("Waiting"),
    "withdrawn": _("Withdrawn"),
}


def status_of(value: object) -> tuple[Words, str]:
    """(words, colour) of a status, a string or an enum; one not listed is grey."""
    key = str(getattr(value, "value", value)).lower().replace("-", "_").replace(" ", "_")
    words = LABELS.get(key) or getattr(value, "label", None) or key.replace("_", " ").capitalize()
    return words, COLOURS.get(key, "grey")
