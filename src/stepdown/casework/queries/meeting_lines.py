"""What a meeting decided and asked for, as far as a reader may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from stepdown.casework.models import Case, MeetingAction, MeetingDecision, MeetingItem
from stepdown.casework.queries.case import open_for, readable
from stepdown.casework.queries.case_list import sent
from stepdown.casework.queries.today import Few
from stepdown.kernel.errors import NotVisible
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category

# Why a case is put off. That the meeting was called off says the meeting, and nobody chooses it.
ALL_REASONS = tuple((str(value), str(label)) for value, label in MeetingDecision.Reason.choices)
REASONS = tuple(one for one in ALL_REASONS if one[0] != MeetingDecision.Reason.CALLED_OFF)


@dataclass(frozen=True)
class Dealt:
    """One line of an agenda with all that was said of it. ``read``: the categories of data that the
    reader may read in its case, each with its clause."""

    item: MeetingItem
    decisions: tuple[MeetingDecision, ...]
    actions: tuple[MeetingAction, ...]
    read: Mapping[Category, str]

    @property
    def shown(self) -> dict[Category, str]:
        """The categories that its words are of."""
        words = [one.category for one in self.actions]
        words += [one.note.category for one in self.decisions if one.note is not None]
        return {c: clause for c, clause in self.read.items() if c.value in words}


def dealt(by: Actor, items: Iterable[MeetingItem]) -> list[Dealt]:
    """The same of many lines, whose cases the reader has been found to see. Notes and actions in a
    category that they may not read are left out. A constant number of queries."""
    held = list(items)
    open_now = open_for([one.case for one in held])
    decisions: dict[UUID, list[MeetingDecision]] = defaultdict(list)
    rows = MeetingDecision.objects.filter(item__in=held).select_related("note", "user")
    for row in rows:
        decisions[row.item_id].append(row)
    actions: dict[UUID, list[MeetingAction]] = defaultdict(list)
    for one in MeetingAction.objects.filter(item__in=held).select_related("user"):
        actions[one.item_id].append(one)
    found = []
    for item in held:
        read = readable(by, item.case, open_now)
        for decision in decisions[item.pk]:
            if decision.note is not None and Category(decision.note.category) not in read:
                decision.note = None
        acts = tuple(one for one in actions[item.pk] if Category(one.category) in read)
        found.append(Dealt(item, tuple(decisions[item.pk]), acts, read))
    return found


def actions_of(case: Case, categories: Iterable[Category]) -> list[MeetingAction]:
    """What meetings asked for in a case, in these categories, what is open first. One query."""
    wanted = [one.value for one in categories]
    found = MeetingAction.objects.filter(case=case, category__in=wanted).select_related("user")
    return sorted(found, key=lambda one: (one.done_on is not None, one.by_when))


def action(case: Case, categories: Iterable[Category], id: UUID) -> MeetingAction:
    """One of them."""
    found = next((one for one in actions_of(case, categories) if one.pk == id), None)
    if found is None:
        raise NotVisible("No such action.")
    return found


def to_do(by: Actor, limit: int) -> Few[MeetingAction]:
    """What meetings asked of the actor and is not done, by its day, while they may read it."""
    seen = sent(by).order_by().values("pk")
    mine = MeetingAction.objects.filter(user=by.user, done_on=None, case__in=seen)
    held = list(mine.select_related("case")) if by.user else []
    open_now = open_for([one.case for one in held])
    found = [one for one in held if Category(one.category) in readable(by, one.case, open_now)]
    return Few(len(found), found[:limit])


def shown_in(rows: Iterable[object]) -> dict[UUID, set[Category]]:
    """The cases of such actions among other rows, with the kinds of information that they are of:
    whoever reads them reads of somebody."""
    found: dict[UUID, set[Category]] = defaultdict(set)
    for one in rows:
        if isinstance(one, MeetingAction):
            found[one.case_id].add(Category(one.category))
    return dict(found)
