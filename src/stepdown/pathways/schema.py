"""What a pathway definition says, as frozen data. ``load`` makes it from a file, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from stepdown.pathways.forms import Call as Call
from stepdown.pathways.forms import Due as Due
from stepdown.pathways.forms import Escalation as Escalation
from stepdown.pathways.forms import Event as Event
from stepdown.pathways.forms import Field as Field
from stepdown.pathways.forms import Option as Option
from stepdown.pathways.forms import Screen as Screen
from stepdown.pathways.rota import Rota as Rota
from stepdown.pathways.spans import Span
from stepdown.pathways.text import NO_TEXT as NO_TEXT
from stepdown.pathways.text import Text as Text

RESULTS = ("success", "partly", "not", "not-taken-on")
KINDS = ("text", "long-text", "yes-no", "choice", "several", "date", "number")


@dataclass(frozen=True)
class Step:
    """Something to be done in a stage, by one of the team, with a form of its own.

    ``again``: it may be done any number of times. ``shows``: a calculation shown below its answers.
    """

    key: str
    name: Text
    who: str
    about: Text = NO_TEXT
    required: bool = True
    fields: tuple[Field, ...] = ()
    due: Due | None = None
    remind: Span | None = None
    escalate: Escalation | None = None
    repeats: Span | None = None
    again: bool = False
    needs: tuple[Call, ...] = ()
    shows: str = ""


@dataclass(frozen=True)
class Move:
    """A lawful way out of a stage, and what must hold first."""

    to: str
    name: Text
    needs: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Stage:
    """Where a case can stand. An ``ends`` stage is a closure: it asks for an outcome."""

    key: str
    name: Text
    about: Text = NO_TEXT
    steps: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    ends: bool = False


@dataclass(frozen=True)
class PersonRole:
    """Whom a case is about. ``consent``: the purposes they are asked to consent to."""

    key: str
    name: Text
    least: int = 1
    most: int = 1
    consent: str = ""


@dataclass(frozen=True)
class TeamRole:
    """Who works on a case, and the pool that fills the role: staff, or volunteers of a scheme.

    ``sees``: the categories of data that volunteers in it see of the case, on their own pages.
    """

    key: str
    name: Text
    pool: str = "staff"
    scheme: str = ""
    count: int = 1
    sees: tuple[str, ...] = ()


@dataclass(frozen=True)
class Occasion:
    """When something is measured; the first is the before, the last the after."""

    key: str
    name: Text
    due: Due | None = None


@dataclass(frozen=True)
class Measure:
    """What is observed over time with an instrument."""

    key: str
    name: Text
    instrument: str
    about: str
    category: str
    occasions: tuple[Occasion, ...]


@dataclass(frozen=True)
class Outcome:
    """How a case may end, what that counts as, why where it failed, and what must hold first."""

    key: str
    name: Text
    counts_as: str
    stage: str
    reasons: tuple[Option, ...] = ()
    needs: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Count:
    """A number for reports: cases of which all of these hold."""

    key: str
    name: Text
    where: tuple[Call, ...]


@dataclass(frozen=True)
class Sum:
    """Numbers added up for reports: a question's answers, in cases of which all of these hold."""

    key: str
    name: Text
    field: str
    where: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Eligibility:
    """One test of eligibility: a question of the referral that has to be answered so."""

    key: str
    name: Text
    call: Call


@dataclass(frozen=True)
class Meeting:
    """A meeting of people who decide on cases that wait in these stages, case by case."""

    key: str
    name: Text
    stages: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """How a record of an earlier version comes to this one: stages and steps by their new keys."""

    version: int
    stages: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """The law of a day: which question of the referral says that day, and from which one on this
    version is its law (None: ever since). ``verified``: that day was checked against the law.
    ``imposes``: questions of steps that are answered by the law of the day they are answered on."""

    by: str
    since: date | None = None
    verified: bool = False
    imposes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Definition:
    """One version of one pathway. Not ``in_use``: written, but no case begins on it yet."""

    key: str
    version: int
    name: Text
    about: Text
    noun: Text
    purpose: str
    people_kind: str
    retention: str
    retention_from: str
    sources: tuple[Option, ...]
    screens: tuple[Screen, ...]
    eligibility: tuple[Eligibility, ...]
    people: tuple[PersonRole, ...]
    team: tuple[TeamRole, ...]
    stages: tuple[Stage, ...]
    steps: tuple[Step, ...]
    measures: tuple[Measure, ...]
    outcomes: tuple[Outcome, ...]
    counts: tuple[Count, ...]
    permissions: Mapping[str, Mapping[str, tuple[str, ...]]]
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums: tuple[Sum, ...] = ()
    changes: tuple[Change, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    from_referrals: str = ""
    rota: Rota | None = None
    law: Law | None = None
    in_use: bool = True
    file: str = ""

    @property
    def first(self) -> Stage:
        """Where a case begins."""
        return self.stages[0]

    @property
    def names_somebody(self) -> bool:
        """Whether a referral says whom it is about: a plan or a panel's session is about nobody."""
        return any(role.least for role in self.people)

    @property
    def names_more(self) -> bool:
        """Whether it may be about more people than one."""
        return self.names_somebody and sum(role.most for role in self.people) > 1

    def stage(self, key: str) -> Stage:
        """A stage by key. KeyError where there is none."""
        return _by_key(self.stages, key)

    def step(self, key: str) -> Step:
        """A step by key."""
        return _by_key(self.steps, key)

    def person_role(self, key: str) -> PersonRole:
        """A role of the people a case is about."""
        return _by_key(self.people, key)

    def team_role(self, key: str) -> TeamRole:
        """A role of the team."""
        return _by_key(self.team, key)

    def measure(self, key: str) -> Measure:
        """A measure by key."""
        return _by_key(self.measures, key)

    def outcome(self, key: str) -> Outcome:
        """An outcome by key."""
        return _by_key(self.outcomes, key)

    def meeting(self, key: str) -> Meeting:
        """A kind of meeting by key."""
        return _by_key(self.meetings, key)

    def outcomes_of(self, stage: str) -> tuple[Outcome, ...]:
        """The ways in which a case may end in a closing stage."""
        return tuple(one for one in self.outcomes if one.stage == stage)

    def referral_fields(self) -> tuple[Field, ...]:
        """Every question of the referral."""
        return tuple(one for screen in self.screens for one in screen.fields)

    def fields(self) -> tuple[Field, ...]:
        """Every question of all forms."""
        return (*self.referral_fields(), *(one for step in self.steps for one in step.fields))


class Keyed(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def _by_key(some: tuple[K, ...], key: str) -> K:
    for one in some:
        if one.key == key:
            return one
    raise KeyError(key)
