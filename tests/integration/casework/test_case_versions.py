"""Stored cases come to a later version, all or none; a file changed under its cases is caught."""

import argparse
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepdown.casework.actions import case_people, case_versions, cases
from stepdown.casework.models import Case, CaseAnswers, CaseStage, CaseStep, PathwayFile
from stepdown.casework.queries import definitions, pathway_file
from stepdown.casework.queries.case_facts import facts_of, standing_of
from stepdown.cli import pathways as command
from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.pathways.starter import STARTER
from stepdown.policy import pathways
from stepdown.policy.actors import Actor
from tests.factories.cases import do_step, give_consent, make_case, now
from tests.factories.people import make_person
from tests.factories.users import coordinator

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

FIRST = STARTER.replace("KEY", "trial")
SECOND = (
    FIRST.replace("version: 1", "version: 2")
    .replace("key: active", "key: support")
    .replace("to: active", "to: support")
    .replace("steps: [check]", "steps: [triage]")
    .replace("key: check", "key: triage")
    + "changes:\n  - {from: 1, stages: {active: support}, steps: {check: triage}}\n"
)
# Asked as another kind of information, and without one of the ways to end.
THIRD = (
    SECOND.replace("version: 2", "version: 3")
    .replace("type: long-text, category: support", "type: long-text, category: health")
    .replace("from: 1, stages: {active: support}, steps: {check: triage}", "from: 2")
)
HUB = Actor.hub()
COUNTED = "counts:\n  - {key: begun, name: Begun, where: [{step-done: check}]}\n\npermissions:"
# What the first form of the digest said of the small file: hubs have it stored.
OF_OLD = "5fda087efade58524f16cb0e3f8f2283364d1926498fb7f0967be5b7a6fa481f"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A hub that runs these definitions alone."""
    for number, text in enumerate((FIRST, SECOND, THIRD), start=1):
        (tmp_path / f"trial.{number}.yaml").write_text(text, encoding="utf-8")
    for version in (2, 3):
        _use(tmp_path, version, no=True)
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    _read()
    yield tmp_path
    monkeypatch.undo()
    _read()


def _read() -> None:
    definitions.library.cache_clear()
    pathways.install(definitions.powers())


def _use(folder: Path, version: int, *, no: bool = False) -> None:
    path = folder / f"trial.{version}.yaml"
    text = path.read_text(encoding="utf-8").replace("in-use: no\n", "")
    text = text.replace("name: New pathway\n", "in-use: no\nname: New pathway\n") if no else text
    path.write_text(text, encoding="utf-8")


def migrate(*rest: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    return command.run(parser.parse_args(["pathways", "--folder", str(definitions.FOLDER), *rest]))


def test_all_cases_come_to_the_next_version_or_none(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = coordinator()
    waiting = make_case("trial", by=by)
    active = make_case("trial", by=by)
    person = make_person(by=by)
    case_people.name_person(by=by, case=active, role="supported", person=person)
    give_consent(person, "support", by=by)
    do_step(active, "check", by=by)
    active = cases.move(by=by, case=now(active), to="active")
    ended = make_case("trial", by=by)
    ended = cases.move(by=by, case=now(ended), to="closed", outcome="not-helped", reason="declined")
    with pytest.raises(Refused, match="not in use"):
        case_versions.bring(by=HUB, pathway="trial", old=1, new=2)
    _use(folder, 2)
    _read()
    with pytest.raises(Refused, match="does not say how"):
        case_versions.bring(by=HUB, pathway="trial", old=2, new=1)
    with pytest.raises(Refused):
        case_versions.bring(by=by, pathway="trial", old=1, new=2)
    before = facts_of(active)
    assert migrate("migrate", "trial", "1", "2") == 0
    told = capsys.readouterr().out
    assert f"{active.reference}: active becomes support" in told
    assert "3 cases, 0 refused." in told
    assert set(Case.objects.values_list("pathway_version", flat=True)) == {1}
    assert migrate("migrate", "trial", "1", "2", "--stage", "referred", "--really") == 0
    assert [now(one).pathway_version for one in (waiting, active, ended)] == [2, 1, 1]
    assert standing_of(now(waiting)).todo("triage") is not None
    assert migrate("migrate", "trial", "1", "2", "--really") == 0
    after = facts_of(now(active))
    assert (now(active).stage, now(active).pathway_version) == ("support", 2)
    assert [one.step for one in after.done("triage")] == ["triage"]
    assert after.answers["triage", "enough"] == before.answers["check", "enough"]
    assert set(after.entered) == {"referred", "support"}
    assert not CaseStep.objects.filter(step="check").exists()
    assert not CaseAnswers.objects.filter(step="check").exists()
    assert not CaseStage.objects.filter(stage__in=("active", "~support")).exists()
    assert cases.move(by=by, case=now(active), to="closed", outcome="helped").outcome == "helped"
    assert LedgerEntry.objects.filter(verb="case.brought").count() == 3
    # What was answered under one category is never read under another.
    _use(folder, 3)
    _read()
    assert migrate("migrate", "trial", "2", "3", "--really") == 1
    told = capsys.readouterr().out
    assert "refused: “referral.reason” is asked as another kind of information." in told
    assert "3 cases, 3 refused." in told
    assert set(Case.objects.values_list("pathway_version", flat=True)) == {2}
    assert migrate("migrate", "trial", "1", "9") == 2


def test_everything_without_a_place_refuses(folder: Path) -> None:
    by = coordinator()
    case = make_case("trial", by=by)
    do_step(case, "check", by=by)
    odd = (
        SECOND.replace("key: support\n    name: Support", "key: help\n    name: Support")
        .replace("to: support", "to: help")
        .replace("stages: {active: support}, steps: {check: triage}", "stages: {active: help}")
        .replace("key: agency", "key: partner")
        .replace("key: reason,", "key: grounds,")
    )
    (folder / "trial.2.yaml").write_text(odd, encoding="utf-8")
    _read()
    (one,) = case_versions.bring(by=HUB, pathway="trial", old=1, new=2, really=True)
    assert one.refused == (
        "There is no step for “check”.",
        "There is no question for “referral.reason”.",
        "There is no question for “check.enough”.",
        "There is no source for “agency”.",
    )
    assert now(case).pathway_version == 1


def test_file_changed_under_its_cases_is_caught(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert case_versions.remember_files(by=HUB) == 0
    make_case("trial", by=coordinator())
    assert case_versions.remember_files(by=HUB) == 1
    assert case_versions.remember_files(by=HUB) == 0
    assert PathwayFile.objects.get().version == 1
    path = folder / "trial.1.yaml"
    # A right may be put right; nothing that cases stand on, and no word that somebody answered.
    right = ("work, move, close", "work, note, move, close")
    assert right[0] in FIRST
    path.write_text(FIRST.replace(*right), encoding="utf-8")
    _read()
    assert pathway_file.changed() == []
    assert pathway_file.standing().warning == ""
    assert migrate("check") == 0
    for old, new in (
        ("name: Support", "name: Help"),
        ("What would help?", "What has helped?"),
        ("permissions:", COUNTED),
        ("within: 2 working", "within: 3 working"),
        ("category: support", "category: health"),
        ("needs: [steps-done, ", "needs: ["),
    ):
        path.write_text(FIRST.replace(old, new, 1), encoding="utf-8")
        _read()
        case_versions.remember_files(by=HUB)
        assert pathway_file.changed() == ["trial 1"]
        assert "trial 1" in pathway_file.standing().warning
    assert migrate("check") == 1
    assert "trial 1 was changed under its own version" in capsys.readouterr().err


def test_digest_of_the_first_form_is_renewed_where_its_file_was_not_changed(folder: Path) -> None:
    make_case("trial", by=coordinator())
    at, path = clock.now(), folder / "trial.1.yaml"
    said = {"pathway": "trial", "version": 1, "recorded_at": at}
    held = PathwayFile.objects.create(digest=OF_OLD, **said)
    assert pathway_file.changed() == []
    # That form did not look at words: those there are now are taken in, and looked at from now on.
    path.write_text(FIRST.replace("name: Support", "name: Help"), encoding="utf-8")
    _read()
    assert pathway_file.changed() == []
    assert case_versions.remember_files(by=HUB) == 1
    held.refresh_from_db()
    assert (held.form, held.recorded_at, held.digest == OF_OLD) == (2, at, False)
    assert pathway_file.changed() == []
    path.write_text(FIRST, encoding="utf-8")
    _read()
    assert pathway_file.changed() == ["trial 1"]
    # What was changed already stays to be seen.
    PathwayFile.objects.update(digest="0" * 64, form=1)
    assert case_versions.remember_files(by=HUB) == 0
    assert pathway_file.changed() == ["trial 1"]
