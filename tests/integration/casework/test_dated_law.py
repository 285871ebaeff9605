"""A case goes by the law of its day: on the version that is for the day of the offence."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_referrals, cases
from stepdown.casework.models import Case
from stepdown.casework.queries import definitions
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pathways.digest import digest
from stepdown.pathways.tree import Faulty
from stepdown.policy import pathways
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.cases import answer_for, make_draft, now
from tests.factories.users import actor_of, make_user

pytestmark = pytest.mark.django_db
IMPOSES = ", imposes: [decide.disposal, kept.then]"
FIRST = f"law: {{by: happened-on{IMPOSES}}}\n"
SECOND = f"law: {{by: happened-on, from: 2027-01-01{IMPOSES}}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A hub in which both versions of the law are in use."""
    for path in definitions.FOLDER.rglob("*.yaml"):
        there = tmp_path / path.relative_to(definitions.FOLDER)
        there.parent.mkdir(exist_ok=True)
        there.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    _change(tmp_path, 2, "in-use: no\n", "")
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    _read()
    yield tmp_path
    monkeypatch.undo()
    _read()


def _change(folder: Path, version: int, old: str, new: str) -> None:
    path = folder / f"out-of-court.{version}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _read() -> None:
    definitions.library.cache_clear()
    pathways.install(definitions.powers())


def referred(day: date) -> Case:
    """A referral about an offence of that day, sent."""
    by = actor_of(make_user(RoleKey.COORDINATOR))
    case = make_draft("out-of-court", by=by)
    screen = definitions.definition("out-of-court").screens[0]
    answers = {one.key: answer_for(one) for one in screen.fields}
    case_referrals.answer(
        by=by, case=case, screen=screen.key, answers={**answers, "happened-on": day.isoformat()}
    )
    return case_referrals.send(by=by, case=Case.objects.get(pk=case.pk))


def do(case: Case, by: Actor, disposal: str) -> None:
    """Choose the disposal, today."""
    answers = {"disposal": disposal, "why": "Said so", "agreed": "yes"}
    if disposal.startswith("community-caution"):
        answers["victim-asked"] = "yes"
    known = {one.key for one in definitions.definition("out-of-court", 1).step("decide").fields}
    cases.save_step(by=by, case=now(case), step="decide", number=1, version=0, finish=True,
                    answers={k: v for k, v in answers.items() if k in known})  # fmt: skip


def at(day: date) -> AbstractContextManager[None]:
    """Noon of a day."""
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def test_the_version_is_that_of_the_day_of_the_offence(folder: Path) -> None:
    assert definitions.definition("out-of-court").version == 2
    assert referred(date(2026, 12, 31)).pathway_version == 1
    assert referred(date(2016, 2, 29)).pathway_version == 1
    _change(folder, 2, SECOND, SECOND.replace("2027-01-01", "2026-01-01"))
    _read()
    assert referred(date(2025, 12, 31)).pathway_version == 1
    assert referred(date(2026, 1, 1)).pathway_version == 2


def test_a_day_that_no_version_is_for_is_refused_and_nothing_is_sent(folder: Path) -> None:
    _change(folder, 1, FIRST, "law: {by: happened-on, from: 2015-01-01}\n")
    _read()
    with pytest.raises(Refused, match="law of that day"):
        referred(date(2014, 12, 31))
    assert not Case.objects.exclude(stage="").exists()


def test_the_page_says_which_law_and_that_its_first_day_is_not_verified(
    folder: Path, client: Client
) -> None:
    _change(folder, 2, SECOND, SECOND.replace("2027-01-01", "2026-01-01"))
    _read()
    user = make_user(RoleKey.COORDINATOR)
    client.force_login(user)
    old, new = referred(date(2025, 12, 31)), referred(date(2026, 2, 3))
    shown = [client.get(reverse("case", args=[one.pk])).content.decode() for one in (old, new)]
    assert "As on 31 December 2025: version 1" in shown[0]
    assert "not verified" not in shown[0].split("As on")[1][:80]
    assert "As on 3 February 2026: version 2 (its first day is not verified)" in shown[1]


def test_a_version_written_later_for_older_law_is_not_the_law_of_today(folder: Path) -> None:
    # The third to be written is for days before the second's.
    text = (folder / "out-of-court.1.yaml").read_text(encoding="utf-8")
    third = text.replace("version: 1\n", "version: 3\n").replace(
        FIRST, "law: {by: happened-on, from: 2013-04-08}\n"
    )
    (folder / "out-of-court.3.yaml").write_text(third, encoding="utf-8")
    _change(folder, 2, SECOND, SECOND.replace("2027-01-01", "2026-01-01"))
    _read()
    assert referred(date(2026, 1, 1)).pathway_version == 2
    assert referred(date(2025, 12, 31)).pathway_version == 3
    assert referred(date(2013, 4, 7)).pathway_version == 1


def test_what_is_imposed_is_by_the_law_of_the_day_it_is_decided(
    folder: Path, client: Client
) -> None:
    user = make_user(RoleKey.COORDINATOR)
    by = actor_of(user)
    days = date(2026, 12, 31), date(2027, 1, 1)
    with at(days[0]):
        before, after = referred(date(2026, 5, 1)), referred(date(2026, 5, 1))
        do(before, by, "conditional-caution")
        with pytest.raises(InvalidInput):
            do(after, by, "community-caution")
    with at(days[1]):
        assert after.pathway_version == 1
        assert referred(days[1]).pathway_version == 2
        client.force_login(user)
        form = client.get(reverse("case-step", args=[after.pk, "decide"])).text
        assert "Community caution" in form
        assert "Conditional caution" not in form
        assert "by today’s law: version 2. The rest by version 1." in form
        with pytest.raises(InvalidInput):
            do(after, by, "conditional-caution")
        do(after, by, "community-caution")
        for case, words in ((before, "Conditional caution"), (after, "Community caution")):
            assert words in client.get(reverse("case", args=[case.pk])).text
    # Nothing of the file was changed by what another version imposes.
    one = definitions.definition("out-of-court", 1)
    _change(folder, 2, "name: Community caution", "name: Caution in the community")
    _read()
    assert digest(one) == digest(definitions.definition("out-of-court", 1))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("law: {by: nothing, from: 2027-01-01}\n", "There is no day that the referral asks"),
        ("law: {by: offence}\n", "There is no day that the referral asks"),
        ("law: {by: happened-on, from: tomorrow}\n", "is a day, as 2026-04-01"),
        ("law: {by: happened-on, imposes: [decide.why]}\n", "2.yaml:15: .* no choice that a step"),
        ("law: {by: happened-on, imposes: [referral.offence]}\n", "no choice that a step asks"),
    ],
)
def test_a_law_without_a_day_is_a_fault_with_its_line(folder: Path, wrong: str, said: str) -> None:
    _change(folder, 2, SECOND, wrong)
    with pytest.raises(Faulty, match=said):
        _read()
    _change(folder, 2, wrong, SECOND)
    _read()
