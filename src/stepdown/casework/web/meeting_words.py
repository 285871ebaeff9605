"""Meetings in words: what was decided, by when somebody is to act."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.definitions import definition
from stepdown.casework.queries.meeting import kind_of
from stepdown.casework.queries.meeting_lines import ALL_REASONS
from stepdown.pages.parts import Row
from stepdown.pages.words import gov_date

if TYPE_CHECKING:
    from stepdown.casework.models import Meeting, MeetingAction, MeetingDecision
    from stepdown.casework.queries.meeting_lines import Dealt


def title_of(meeting: "Meeting") -> str:
    """What the meeting is called."""
    return in_words(kind_of(meeting).name)


def decided(one: "MeetingDecision", pathway: str) -> str:
    """One decision as a sentence, without its note."""
    file = definition(pathway, one.version)
    if one.kind == "allocated":
        role = next((in_words(r.name) for r in file.team if r.key == one.role), one.role)
        name = one.user.display_name if one.user else ""
        return _("Given to %(name)s as %(role)s") % {"name": name, "role": role}
    if one.kind == "moved":
        words = _("Moved on to “%(stage)s”") % {"stage": in_words(file.stage(one.to).name)}
        if one.outcome:
            outcome = file.outcome(one.outcome)
            why = next((in_words(r.name) for r in outcome.reasons if r.key == one.reason), "")
            words = f"{words}: {in_words(outcome.name)}" + (f", {why}" if why else "")
        return words
    if one.kind == "put-off":
        return _("Put off: %(reason)s") % {"reason": _(dict(ALL_REASONS)[one.reason])}
    return _("Discussed")


def asked(one: "MeetingAction") -> str:
    """One action as a sentence."""
    words = {"what": one.what, "who": one.user.display_name, "day": gov_date(one.by_when)}
    return _("%(what)s: %(who)s, by %(day)s") % words


def rows_of(dealt: "Dealt") -> list[Row]:
    """All that was said of one case: the decisions, each with its note, and the actions."""
    found = []
    for one in dealt.decisions:
        found.append(Row(_("Decision"), decided(one, dealt.item.case.pathway)))
        if one.note is not None:
            found.append(Row(_("Note"), one.note.words))
        elif one.note_id:
            found.append(Row(_("Note"), _("You may not see this kind of information.")))
    found += [Row(_("Action"), asked(one)) for one in dealt.actions]
    return found
