"""What the plan's pages say of pairs, phases and shares."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepdown.volunteering.queries.plan import PairRow, PairStatus

Tag = tuple[str | Promise, str]

# What has become of a pair since the plan was made: words, and a colour that follows them.
STATUS: dict[PairStatus, Tag] = {
    PairStatus.NEW: (_("Ready to send"), "blue"),
    PairStatus.OFFERED: (_("Waits for an answer"), "yellow"),
    PairStatus.PLACED: (_("Placed"), "green"),
    PairStatus.REFUSED: (_("Asked, and not taken up"), "grey"),
    PairStatus.IMPOSSIBLE: (_("No longer possible"), "red"),
}
SINCE = {status: words for status, (words, _colour) in STATUS.items()}
SINCE[PairStatus.NEW] = _("Not sent yet")
NO_RISK: Tag = (_("Needs a risk assessment"), "yellow")

# The phases of the engine, in their order; some are those of one engine only.
PHASES = {
    "read": _("reading who can help and what is needed"),
    "index": _("putting volunteers in order"),
    "candidates": _("finding who could help whom"),
    "solve": _("choosing the best plan"),
    "claim": _("writing down what is to be proved"),
    "certify": _("proving it"),
    "keep": _("seeing what of the last plan can stay"),
    "explain": _("finding the reasons"),
    "write": _("writing the plan down"),
    "compare": _("comparing it with the plan before"),
}

# The lines of the tables of fairness, by the names that the engine gives them.
ASKED = {
    "never asked": _("Never asked before"),
    "asked once": _("Asked once"),
    "asked twice": _("Asked twice"),
    "asked three times or more": _("Asked three times or more"),
}
LOADS = {
    "no place": _("None"),
    "up to half": _("Up to half"),
    "over half": _("Over half"),
    "all places": _("All"),
}


def ready(row: PairRow) -> bool:
    """Whether the reader can send an offer for the pair as things stand."""
    return row.may_send and row.status is PairStatus.NEW and row.risk_current


def tag_of(row: PairRow) -> Tag:
    """How the pair stands, as a tag."""
    if row.status is PairStatus.NEW and not row.risk_current:
        return NO_RISK
    return STATUS[row.status]


def share(filled: int, places: int) -> str:
    """4 of 12 → "33%"; nothing where there is nothing to fill."""
    return f"{round(100 * filled / places)}%" if places else ""
