"""A slip in a definition is told with its file and line, all of them at once."""

from pathlib import Path

import pytest

from stepdown.casework.queries.definitions import vocabulary
from stepdown.pathways.library import read_definition, read_library
from stepdown.pathways.starter import STARTER
from stepdown.pathways.tree import Faulty

GOOD = STARTER.replace("KEY", "trial")


def faults(folder: Path, text: str) -> list[str]:
    path = folder / "trial.1.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        read_definition(path, vocabulary())
    except Faulty as faulty:
        return [str(fault) for fault in faulty.faults]
    return []


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_starter_passes(tmp_path: Path) -> None:
    assert faults(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("category: support", "category: suport", "“suport” is none of"),
        ("{to: active", "{to: actve", "There is no stage “actve”. Did you mean “active”?"),
        ("needs: [steps-done", "needs: [step-done", "The guard “step-done” takes step."),
        ("needs: [steps-done", "needs: [stepsdone", "There is no guard “stepsdone”. Did you mean"),
        ("within: 2 working days", "within: two days", "“two days” is no length of time"),
        ("who: lead", "who: leader", "There is no team role “leader”. Did you mean “lead”?"),
        ("people-there: supported", "people-there: nobody", "There is no person “nobody”."),
        ("ends: yes", "ends: true", "“ends” is yes or no."),
        ("purpose: support", "purpose: profit", "“profit” is none of"),
        ("version: 1", "version: one", "“version” is a whole number from 1 to 999."),
        ("about: What", "abuot: What", "“abuot” means nothing here. Did you mean “about”?"),
        ("counts-as: not,", "counts-as: nought,", "“nought” is none of success"),
        ("districts: [view", "districts: [veiw", "“veiw” is no verb"),
        ("coordinator:", "co-ordinator:", "“co-ordinator” is no role of the hub."),
        ("steps: [check]", "steps: [chek]", "There is no step “chek”. Did you mean “check”?"),
        ("of: opened", "of: openend", "“openend” is no event"),
        ("type: yes-no", "type: choice", "“options” go with the types choice and several"),
        ("from: closed", "from: &x closed", "& and * are not used here"),
        ("key: trial", "key: Trial", "“Trial” is no key"),
        ("  - key: why", "  - key: who", "“who” is the page that every referral begins with"),
        ("referral:\n", "from-referrals: agncy\n\nreferral:\n", "There is no source “agncy”."),
        ("name: Helped,", "name: Helped, needs: [stepdone],", "There is no guard “stepdone”."),
        ("name: Helped,", "name: Helped, needs: [{step-done: chek}],", "There is no step “chek”."),
        (
            "outcomes:",
            "meetings:\n  - {key: m, name: Panel, stages: [actve]}\noutcomes:",
            "There is no stage that goes on “actve”. Did you mean “active”?",
        ),
        (
            "outcomes:",
            "meetings:\n  - {key: m, name: Panel, stages: []}\noutcomes:",
            "A meeting names the stages in which cases wait for it.",
        ),
        ("    who: lead", "    who: lead\n    shows: sample", "“shows” names a calculation of"),
    ],
)
def test_slip_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = GOOD.replace(old, new)
    found = faults(tmp_path, text)
    assert any(said in fault for fault in found), found
    assert all(fault.startswith("trial.1.yaml:") for fault in found)


def test_line_is_the_line_of_the_slip(tmp_path: Path) -> None:
    text = GOOD.replace("within: 2 working days", "within: soon").replace("retention:", "retain:")
    found = faults(tmp_path, text)
    assert f"trial.1.yaml:{line_of(text, 'within: soon')}: " in "\n".join(found)
    assert f"trial.1.yaml:{line_of(text, 'retain:')}: “retain” means nothing" in "\n".join(found)


def test_stage_without_a_way_out_is_a_fault(tmp_path: Path) -> None:
    text = GOOD.replace("    name: Support\n    moves:\n      - {to: closed, name: Close}\n",
                        "    name: Support\n")  # fmt: skip
    assert any("No way out leads from the stage “active”" in one for one in faults(tmp_path, text))


def test_words_that_yaml_would_read_otherwise_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "trial.1.yaml"
    path.write_text(
        GOOD.replace("name: New pathway", "name: No").replace("Partner agency", "2015-03-01"),
        encoding="utf-8",
    )
    found = read_definition(path, vocabulary())
    assert (found.name.en, found.sources[0].name.en) == ("No", "2015-03-01")


def test_welsh_beside_the_file_is_used(tmp_path: Path) -> None:
    (tmp_path / "trial.1.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "trial.1.cy.yaml").write_text("New pathway: Llwybr newydd\n", encoding="utf-8")
    found = read_definition(tmp_path / "trial.1.yaml", vocabulary())
    assert found.name.in_language("cy") == "Llwybr newydd"
    assert found.about.in_language("cy") == found.about.en


def test_shared_part_is_put_in_place_and_may_be_changed(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "parts.yaml").write_text(
        "team:\n  - {key: lead, name: Worker}\ngroups:\n  sources:\n    usual:\n"
        "      - {key: a, name: A}\n      - {key: b, name: B}\n",
        encoding="utf-8",
    )
    text = GOOD.replace("{key: lead, name: Lead professional}", "{use: lead, name: Key worker}")
    text = text.replace("- {key: agency, name: Partner agency}", "- use: usual")
    (tmp_path / "trial.1.yaml").write_text(text, encoding="utf-8")
    found = read_library(tmp_path, vocabulary()).get("trial")
    assert found.team_role("lead").name.en == "Key worker"
    assert [one.key for one in found.sources] == ["a", "b"]


def test_file_is_named_for_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "other.1.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(Faulty, match=r"Name this file trial\.1\.yaml"):
        read_library(tmp_path, vocabulary())


def test_stage_that_may_have_no_open_ending_is_a_fault(tmp_path: Path) -> None:
    text = GOOD.replace("name: Helped,", "name: Helped, needs: [eligible],")
    assert faults(tmp_path, text) == []
    text = text.replace("name: Not helped,", "name: Not helped, needs: [eligible],")
    assert any("One outcome of “closed” has no “needs”" in one for one in faults(tmp_path, text))
