"""Walking a case at random by the hub's own verbs, in the store, lawfully or not.

After each attempt: what was refused left nothing behind and gave its reason; what was done stands
in the ledger once, and what the ledger says of the case's way is the way that its rows say.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from stepdown.casework.actions import case_people, cases
from stepdown.casework.models import (
    Case,
    CaseAnswers,
    CaseMeasure,
    CasePerson,
    CaseStage,
    CaseStep,
    CaseWorker,
)
from stepdown.casework.queries.case import definition_of
from stepdown.casework.queries.case_facts import standing_of
from stepdown.hub.models import LedgerEntry, LedgerPayload, User
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pathways.instruments import instrument
from stepdown.pathways.schema import Definition
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.agencies import make_agency
from tests.factories.cases import give_consent, make_case
from tests.factories.people import make_person
from tests.factories.users import actor_of, make_user
from tests.support.pathways import answer_to

BOOKS = (CaseAnswers, CaseMeasure, CasePerson, CaseStage, CaseStep, CaseWorker)
KEPT = (CaseMeasure, CasePerson, CaseStage, CaseStep, CaseWorker)
WAY = ("case.sent", "case.moved", "case.closed", "case.reopened")


@dataclass
class StoredWalk:
    """One case on its way. ``by`` works on it, ``stranger`` never may; ``staff`` take its roles."""

    definition: Definition
    case: Case
    by: Actor
    stranger: Actor
    staff: list[User]
    random: Random
    moment: datetime = field(default_factory=clock.now)
    count: Counter[str] = field(default_factory=Counter)

    def step(self) -> None:
        """Try one thing, chosen at random, a while after the one before; then look at all of it."""
        self.moment += timedelta(days=self.random.choice([0, 0, 1, 3, 10]), minutes=1)
        with clock.at(self.moment):
            self._try()

    def _try(self) -> None:
        self.count["tried"] += 1
        case = Case.objects.get(pk=self.case.pk)
        if case.closed_on is not None and self.random.random() < 0.2:
            self.case = case = make_case(self.definition.key, by=self.by)
            self.count["cases closed"] += 1
        deeds = [self._move, self._do, self._do, self._measure, self._people, self._worker]
        verb, deed = self.random.choice(deeds)(case)
        if verb == "":
            return
        by = self.stranger if self.random.random() < 0.05 else self.by
        before, said, rows = self._rows(), self._entries(), self._kept()
        lawful = {way.move.to for way in standing_of(case).ways if not way.refused}
        why = _refused(deed, by)
        if why is not None:
            assert why, f"{verb} was refused without a word"
            assert self._rows() == before, f"{verb} was refused and left something behind"
            assert self._entries() == said, f"{verb} was refused and stands in the ledger"
            self.count["refused"] += 1
            return
        assert by is self.by, f"a stranger did {verb}"
        new = self._entries()[len(said) :]
        assert [one.split(".")[0] for one in new] == ["case"], f"{verb}: the ledger has {new}"
        now = Case.objects.get(pk=case.pk)
        if verb == "move":
            assert now.stage in lawful, f"{case.stage} to {now.stage} is not lawful"
        else:
            assert now.stage == case.stage, f"{verb} took the case to {now.stage}"
        assert self._kept() >= rows, f"{verb} lost a record"
        self.count["done"] += 1
        self.count[f"{verb} done"] += 1
        self._look(now)

    def _look(self, case: Case) -> None:
        """What holds of every case, however it came to be where it is."""
        stage = self.definition.stage(case.stage)
        assert (case.closed_on is not None) == stage.ends == bool(case.outcome)
        trail = list(
            CaseStage.objects.filter(case=case).order_by("id").values_list("stage", flat=True)
        )
        told = LedgerPayload.objects.filter(entry__object_id=case.pk, entry__verb__in=WAY).order_by(
            "entry_id"
        )
        way = [json.loads(one.body) for one in told][1:]
        assert trail == [self.definition.first.key, *(one["to"] for one in way)]
        assert trail[:-1] == [one["from"] for one in way]
        assert trail[-1] == case.stage
        steps = {step.key for step in self.definition.steps}
        assert set(CaseStep.objects.filter(case=case).values_list("step", flat=True)) <= steps

    def _move(self, case: Case) -> tuple[str, Callable[[Actor], Any]]:
        outcomes = ["", *(one.key for one in self.definition.outcomes)]
        reasons = ["", *(r.key for one in self.definition.outcomes for r in one.reasons)]
        stages = [one.key for one in self.definition.stages]
        open_now = [way.move.to for way in standing_of(case).ways if not way.refused]
        onward = [to for to in open_now if not self.definition.stage(to).ends]
        ends = [key for key in stages if self.definition.stage(key).ends]
        astray = [*(key for key in stages if key not in ends), "nowhere"]
        roll = self.random.random()
        if not onward and 0.1 < roll < 0.9:
            return "", lambda by: None
        some = onward if onward and roll < 0.8 else ends if roll > 0.93 else astray
        given = {
            "to": self.random.choice(some),
            "outcome": self.random.choice(outcomes),
            "reason": self.random.choice(reasons),
        }
        return "move", lambda by: cases.move(by=by, case=case, **given)

    def _do(self, case: Case) -> tuple[str, Callable[[Actor], Any]]:
        todos = [one for one in standing_of(case).todos if one.open]
        if todos and self.random.random() < 0.8:
            one = self.random.choice(todos)
            step, number = one.step, one.number
        elif self.random.random() < 0.7:
            return "", lambda by: None
        else:
            step = self.random.choice(self.definition.steps)
            number = self.random.randint(0, 2)
        row = CaseStep.objects.filter(case=case, step=step.key, number=number).first()
        version = row.version if row else 0
        answers = {
            one.key: answer_to(one, self.random, clock.today()) for one in step.fields
        }  # fmt: skip
        if self.random.random() < 0.9:
            answers = {
                one.key: answers[one.key]
                for one in step.fields
                if one.shown_if is None or answers[one.shown_if[0]] == one.shown_if[1]
            }
        if self.random.random() < 0.1:
            answers[self.random.choice([*answers, "none"])] = "\x00 never"
        given: dict[str, Any] = {
            "step": step.key,
            "number": number,
            "version": version if self.random.random() < 0.95 else version + 1,
            "answers": answers,
            "finish": self.random.random() < 0.8,
        }
        return "step", lambda by: cases.save_step(by=by, case=case, **given)

    def _measure(self, case: Case) -> tuple[str, Callable[[Actor], Any]]:
        named = list(CasePerson.objects.filter(case=case))
        if not self.definition.measures or not named:
            return "", lambda by: None
        measure = self.random.choice(self.definition.measures)
        kind = instrument(measure.instrument, clock.today())
        answers = {
            one.key: self.random.randint(one.low, one.high + (self.random.random() < 0.05))
            for one in (kind.items if kind else ())
        }
        given: dict[str, Any] = {
            "measure": measure.key,
            "occasion": self.random.choice(measure.occasions).key,
            "named": self.random.choice(named),
            "answers": answers if self.random.random() < 0.7 else None,
            "missing": self.random.choice(["", *CaseMeasure.Missing.values]),
        }
        return "measure", lambda by: cases.measure(by=by, case=case, **given)

    def _people(self, case: Case) -> tuple[str, Callable[[Actor], Any]]:
        named = list(CasePerson.objects.filter(case=case))
        if named and self.random.random() < 0.2:
            gone = self.random.choice(named)
            return "end", lambda by: case_people.end_person(by=by, case=case, named=gone)
        if not self.definition.people:
            return "", lambda by: None
        role = self.random.choice(self.definition.people)
        if named and self.random.random() < 0.2:
            person = self.random.choice(named).person
        else:
            person = make_person()
            if role.consent and self.random.random() < 0.8:
                give_consent(person, role.consent, by=self.by)
        key = role.key if self.random.random() < 0.95 else "nobody"
        return "name", lambda by: case_people.name_person(
            by=by, case=case, role=key, person=person
        )  # fmt: skip

    def _worker(self, case: Case) -> tuple[str, Callable[[Actor], Any]]:
        standing = list(CaseWorker.objects.filter(case=case))
        if standing and self.random.random() < 0.3:
            one = self.random.choice(standing)
            return "relieve", lambda by: case_people.relieve(by=by, case=case, worker=one)
        user = self.random.choice(self.staff)
        if self.random.random() < 0.2:
            until = clock.today() + timedelta(days=self.random.randint(-2, 5))
            return "cover", lambda by: case_people.stand_in(
                by=by, case=case, user=user, until=until
            )  # fmt: skip
        role = self.random.choice([*(one.key for one in self.definition.team), "nobody"])
        return "assign", lambda by: case_people.assign(by=by, case=case, role=role, user=user)

    def _rows(self) -> list[Any]:
        """Every row of the case, as it stands."""
        found: list[Any] = list(Case.objects.filter(pk=self.case.pk).values_list())
        for book in BOOKS:
            found += book._default_manager.filter(case=self.case.pk).order_by("pk").values_list()
        return found

    def _kept(self) -> set[tuple[str, Any]]:
        return {
            (book.__name__, pk)
            for book in KEPT
            for pk in book._default_manager.filter(case=self.case.pk).values_list("pk", flat=True)
        }

    def _entries(self) -> list[str]:
        """The verbs that the ledger has of the case, in order."""
        found = LedgerEntry.objects.filter(object_kind="case", object_id=self.case.pk)
        return list(found.order_by("id").values_list("verb", flat=True))


def _refused(deed: Callable[[Actor], Any], by: Actor) -> str | None:
    """What is said where it is refused; None where it is done."""
    try:
        deed(by)
    except InvalidInput as why:
        return " ".join(str(one) for one in why.errors.values())
    except (Refused, NotVisible) as why:
        return str(why)
    return None


def stored_walk(definition: Definition, seed: int, begins: datetime) -> StoredWalk:
    """A case just sent, and the people around it. ``begins`` is the first moment of the walk."""
    with clock.at(begins):
        return _begun(definition, seed)


def _begun(definition: Definition, seed: int) -> StoredWalk:
    staff = [make_user(RoleKey.COORDINATOR) for _ in range(3)]
    by = actor_of(staff[0])
    case = make_case(definition.key, by=by)
    stranger = actor_of(make_user(RoleKey.COORDINATOR, agency=make_agency("Elsewhere")))
    return StoredWalk(definition_of(case), case, by, stranger, staff, Random(seed))
