"""Walking a definition at random: the same moves as the hub's own verbs, without a store."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from stepdown.pathways.facts import REFERRAL, Case, Concerned, Done, Measured, Worker
from stepdown.pathways.interpret import Standing, Todo, endings, standing
from stepdown.pathways.schema import Definition, Field

BEGIN = date(2026, 1, 5)


def answer_to(question: Field, random: Random, today: date) -> object:
    """Something that the question may be answered with."""
    if question.kind == "yes-no":
        return random.choice(["yes", "no"])
    if question.kind == "choice":
        return random.choice(question.options).key
    if question.kind == "several":
        return [random.choice(question.options).key]
    if question.kind == "date":
        return (today + timedelta(days=random.randint(-20, 20))).isoformat()
    if question.kind == "number":
        return random.randint(question.low, min(question.high, question.low + 9))
    return "words"


@dataclass
class Walk:
    """One case on its way. ``trail`` is every stage it came to; ``refusals`` what was said."""

    definition: Definition
    random: Random
    today: date = BEGIN
    case: Case = field(init=False)
    trail: list[str] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        first = self.definition.first.key
        answers = {
            (REFERRAL, one.key): answer_to(one, self.random, self.today)
            for one in self.definition.referral_fields()
        }
        entered = {first: self.today}
        self.case = Case(stage=first, opened=self.today, entered=entered, answers=answers)
        self.trail.append(first)

    def look(self) -> Standing:
        """How it stands today."""
        return standing(self.definition, self.case, self.today)

    def step(self) -> str:
        """Do one thing that may be done, chosen at random. What was done."""
        self.today += timedelta(days=self.random.choice([0, 0, 1, 3, 10]))
        now = self.look()
        check(self.definition, self.case, now, self.today)
        for way in now.ways:
            self.refusals |= {str(reason) for reason in way.refused}
        todos = [one for one in now.todos if one.open]
        ways = [one for one in now.ways if one.open]
        roll = self.random.random()
        on = [one for one in ways if not one.stage.ends]
        if on and roll < 0.3:
            return self._move(self.random.choice(on).move.to)
        if ways and (roll < 0.03 or (now.stage.ends and not todos)):
            return self._move(self.random.choice(ways).move.to)
        if todos and roll < 0.8:
            return self._do(self.random.choice(todos))
        return self._people() if roll < 0.9 else self._measure()

    def _move(self, to: str) -> str:
        entered = {**self.case.entered, to: self.today}
        ends = self.definition.stage(to).ends
        ways = endings(self.definition, self.case, to, self.today)
        outcomes = [one for one, refused in ways if not refused]
        outcome = self.random.choice(outcomes).key if ends else ""
        self.case = self.case.with_(
            stage=to, entered=entered, outcome=outcome, closed=self.today if ends else None
        )
        self.trail.append(to)
        return f"move:{to}"

    def _do(self, todo: Todo) -> str:
        kept = tuple(
            one for one in self.case.steps if (one.step, one.number) != (todo.step.key, todo.number)
        )
        finish = self.random.random() < 0.8
        done = Done(todo.step.key, todo.number, self.today if finish else None)
        answers = dict(self.case.answers)
        if finish:
            self.done.add(todo.step.key)
            for one in todo.step.fields:
                answers[todo.step.key, one.key] = answer_to(one, self.random, self.today)
        self.case = self.case.with_(steps=(*kept, done), answers=answers)
        return f"step:{todo.step.key}"

    def _people(self) -> str:
        full = self.random.random() < 0.6
        people = tuple(
            Concerned(role.key, f"{role.key}-{n}", frozenset({role.consent} - {""}))
            for role in self.definition.people
            for n in range(role.least if full else self.random.randint(0, role.most))
        )
        team = tuple(
            Worker(role.key, f"{role.key}-{n}", conflict=not full and self.random.random() < 0.3)
            for role in self.definition.team
            for n in range(role.count if full else self.random.choice([0, role.count]))
        )
        self.case = self.case.with_(people=people, team=team)
        return "people"

    def _measure(self) -> str:
        if not self.definition.measures:
            return "nothing"
        measure = self.random.choice(self.definition.measures)
        occasion = self.random.choice(measure.occasions)
        taken = Measured(measure.key, occasion.key, "p", self.today)
        self.case = self.case.with_(measured=(*self.case.measured, taken))
        return f"measure:{measure.key}"


def check(definition: Definition, case: Case, now: Standing, today: date) -> None:
    """What holds of every standing, whatever the definition."""
    assert now.stage.key == case.stage
    assert [way.move for way in now.ways] == list(now.stage.moves)
    assert [todo.step.key for todo in now.todos] == list(now.stage.steps)
    assert now == standing(definition, case, today), "the same facts stand otherwise"
    for way in now.ways:
        assert all(str(reason) and "%(" not in str(reason) for reason in way.refused)
    for todo in now.todos:
        assert (todo.status == "overdue") == (
            todo.open and todo.due is not None and todo.due < today
        )
        assert bool(todo.waits_for) == (todo.status == "cannot-start-yet")
        if todo.remind_on is not None and todo.due is not None:
            assert todo.remind_on <= todo.due
    assert bool(case.outcome) == definition.stage(case.stage).ends
