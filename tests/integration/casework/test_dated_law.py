"""A case goes by the law of its day: on the version that is for the day of the offence."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_referrals
from stepdown.casework.models import Case
from stepdown.casework.queries import definitions
from stepdown.kernel.errors import Refused
from stepdown.pathways.tree import Faulty
from stepdown.policy import pathways
from stepdown.policy.roles import RoleKey
from tests.factories.cases import answer_for, make_draft
from tests.factories.users import actor_of, make_user

pytestmark = pytest.mark.django_db
SECOND = "law: {by: happened-on, from: 2027-01-01}\n"


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


def test_the_version_is_that_of_the_day_of_the_offence(folder: Path) -> None:
    assert definitions.definition("out-of-court").version == 2
    assert referred(date(2026, 12, 31)).pathway_version == 1
    assert referred(date(2016, 2, 29)).pathway_version == 1
    _change(folder, 2, SECOND, SECOND.replace("2027-01-01", "2026-01-01"))
    _read()
    assert referred(date(2025, 12, 31)).pathway_version == 1
    assert referred(date(2026, 1, 1)).pathway_version == 2


def test_a_day_that_no_version_is_for_is_refused_and_nothing_is_sent(folder: Path) -> None:
    _change(folder, 1, "law: {by: happened-on}\n", "law: {by: happened-on, from: 2015-01-01}\n")
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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("law: {by: nothing, from: 2027-01-01}\n", "There is no day that the referral asks"),
        ("law: {by: offence}\n", "There is no day that the referral asks"),
        ("law: {by: happened-on, from: tomorrow}\n", "is a day, as 2026-04-01"),
    ],
)
def test_a_law_without_a_day_is_a_fault_with_its_line(folder: Path, wrong: str, said: str) -> None:
    _change(folder, 2, SECOND, wrong)
    with pytest.raises(Faulty, match=said):
        _read()
    _change(folder, 2, wrong, SECOND)
    _read()
