"""Draw docs/reference/api.md from what the interface for programs says of itself.

python -m scripts.draw_api           write the page
python -m scripts.draw_api --check   say whether the page is the one this would write
"""

import os
import sys
from pathlib import Path
from typing import Any

import django

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "api.md"
HEAD = """# For programs

Drawn from the interface itself by `python -m scripts.draw_api`; a test compares them. A hub serves
the same at `/api/`, and the whole description (OpenAPI 3.1) at `/api/v1/openapi.json`.

{about}

A token is made on the page "Sign-in and security", under "Access tokens", by whoever works for a
partner. It is shown once, is good for 30 days unless its maker says otherwise (90 at most), reads
only unless its maker lets it write, and ends at once when it is revoked, when somebody ends a role
of the account, when its password changes and when the account is closed. A role that runs out on
its last day takes with it what it opened, and leaves the token. It is sent in the header of each
request, `Authorization: Bearer …`; a cookie opens nothing here.

By one token {minute} requests a minute are answered, unless the hub says otherwise
(`STEPDOWN_API_A_MINUTE`); more are answered 429, with `Retry-After`.

Errors are problem documents (RFC 9457, `application/problem+json`): 400 what was sent cannot be
read, 401 no token in force, 403 you may not, 404 no such record for you, 409 not as the record
stands now, 422 something sent cannot be taken (`errors` says which field and why), 429 too often,
503 the hub cannot write down that you look, so it shows nothing. A list has `next` and `previous`:
send one as `after`. A filter that is not named here is refused.

Notes and meetings of cases, single people's records, agreements, requests about people's data and
figures have no operations yet: they are on pages alone.
"""


def page() -> str:
    """The whole page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepdown.config.settings.dev")
    django.setup()
    from django.conf import settings

    from stepdown.config import api, api_guide

    parts = [HEAD.format(about=api.ABOUT, minute=settings.STEPDOWN_API_A_MINUTE)]
    parts += [_operation(one) for one in api_guide.operations()]
    return "\n".join(parts)


def _operation(one: dict[str, Any]) -> str:
    lines = [f"## {one['summary']}", "", f"`{one['method']} {one['path']}`", "", one["description"]]
    if one["sent"]:
        lines += ["", "| name | what | meaning |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {what.replace('|', 'or')} | {meaning} |"
            for name, what, meaning in one["sent"]
        ]
    names, fields = one["answers"]
    lines += ["", f"Answers {names}:" if names else "Answers:", ""]
    for name, what, words in fields:
        lines.append(f"- `{name}`: {what}" + (f". {words}" if words else ""))
    return "\n".join([*lines, ""])


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    if arguments == ["--check"]:
        same = PAGE.exists() and PAGE.read_text() == page()
        if not same:
            print(f"{PAGE.name} is not up to date: run python -m scripts.draw_api")
        return 0 if same else 1
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
