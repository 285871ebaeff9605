"""Every setting of a hub stands in the reference, and nothing that is none."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
NAMED = re.compile(r"\"(STEPDOWN_[A-Z_]+[A-Z])\"")


def test_the_reference_names_every_variable_that_the_code_reads() -> None:
    code = "\n".join(path.read_text() for path in sorted((ROOT / "src/stepdown").rglob("*.py")))
    asked = set(NAMED.findall(code))
    assert len(asked) > 40
    text = (ROOT / "docs/reference/settings.md").read_text()
    told = set(re.findall(r"`(STEPDOWN_[A-Z_]+[A-Z])`", text))
    assert asked == told
