"""Every reason has its words, and they can be translated."""

import re
from pathlib import Path

import stepdown.matching
from stepdown.matching.rules import Failure, Reason, Rule
from stepdown.matching.words import NEAR_MISSES, SENTENCES, kilometres, say, slot_words


def test_every_code_the_engine_gives_has_a_sentence() -> None:
    source = "".join(path.read_text() for path in Path(stepdown.matching.__path__[0]).glob("*.py"))
    given = set(re.findall(r'(?:Failure|Term|Reason|change)\(\s*"([a-z-]+)"', source))
    assert len(given) > 20
    assert given <= set(SENTENCES)


def test_every_rule_has_its_words() -> None:
    assert set(NEAR_MISSES) == set(Rule)


def test_a_translator_is_given_the_whole_sentence_with_its_gaps() -> None:
    reason = Failure("skill", {"skill": "driving"}, Rule.SKILL)
    welsh = {"They do not have the skill {skill}.": "Nid oes ganddynt y sgìl {skill}."}
    assert say(reason, lambda text: welsh.get(text, text)) == "Nid oes ganddynt y sgìl driving."


def test_values_with_braces_are_words_and_never_templates() -> None:
    reason = Reason("skill", {"skill": "{0.__class__} {x}"})
    assert say(reason) == "They do not have the skill {0.__class__} {x}."


def test_distances_and_times_are_said_plainly() -> None:
    assert kilometres(850) == "850 m"
    assert kilometres(14_249) == "14.2 km"
    assert kilometres(10_000) == "10 km"
    assert slot_words("sun-eve") == "Sunday evening"
