"""Draw docs/reference/permissions.md from the table of roles: who may do what, and how far.

python -m scripts.draw_permissions           write the page
python -m scripts.draw_permissions --check   say whether the page is the one this would write
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from stepdown.casework.queries.definitions import powers
from stepdown.policy.categories import Category
from stepdown.policy.pathways import Within, install, reaches_of
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.roles import ROLES, Reach, Role, RoleKey

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "permissions.md"

REACHES = {
    Reach.HUB: ("all", "every record"),
    Reach.DISTRICTS: ("districts", "records in the districts of the role; all, if it names none"),
    Reach.AGENCY: ("agency", "records of the agency that the role is held for"),
    Reach.STANDS_IN: (
        "stands in",
        "records of the agency that the role is held for, where no data-protection officer of an "
        "agency concerned answers for them",
    ),
    Reach.CASELOAD: ("caseload", "records of the needs given to the account to look after"),
    Reach.MADE: ("made", "records that the account made"),
    Reach.OWN: ("own", "records about the actor's own person"),
}
ORDER = (
    RoleKey.COORDINATOR,
    RoleKey.OUTREACH_OFFICER,
    RoleKey.REFERRER,
    RoleKey.VOLUNTEER,
    RoleKey.VOLUNTEER_BY_LINK,
    RoleKey.ADMINISTRATOR,
    RoleKey.DATA_PROTECTION_OFFICER,
    RoleKey.SIGNATORY,
    RoleKey.PUBLIC,
    RoleKey.HUB,
)


def row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def table(headings: list[str], rows: Iterable[list[str]]) -> list[str]:
    """A table as Markdown."""
    return [row(headings), row("---" for _ in headings), *map(row, rows), ""]


def reach_of(role: Role, permission: Permission) -> str:
    """How far a role's permission goes, in the words of the key; empty where it has none."""
    reaches = role.powers.get(permission, frozenset())
    words = [REACHES[reach][0] for reach in Reach if reach in reaches]
    if any(isinstance(reach, Within) for reach in reaches_of(role.key, permission)):
        words.append("by pathway")
    return ", ".join(words)


def page() -> str:
    """The whole page."""
    install(powers())
    roles = [ROLES[key] for key in ORDER]
    lines = [
        "# Permissions",
        "",
        "Drawn from `stepdown/policy/roles.py` by `python -m scripts.draw_permissions`.",
        "",
        "What is not in a table is refused. A record of a kind whose `view` a role does not reach",
        "does not exist for it: its page answers 404, the same as for a wrong id. What a role can",
        "see but not do is refused with its reason.",
        "",
        "## Roles",
        "",
        *table(["role", "what for"], ([r.name, r.description] for r in roles)),
        "Public, volunteer by link and the hub itself need no account and are never given.",
        "",
        "## How far a permission reaches",
        "",
        *table(["word", "which records"], ([word, text] for word, text in REACHES.values())),
        "A role that reaches in two ways reaches what either does.",
        "",
        "## Who may do what",
        "",
    ]
    for kind in Kind:
        permissions = [p for p in Permission if p.kind is kind]
        rows = ([f"`{p.value}`", *(reach_of(role, p) for role in roles)] for p in permissions)
        lines += [f"### {kind.value.capitalize()}", ""]
        lines += table(["permission", *(role.name for role in roles)], rows)
    lines += [
        "## Categories of data",
        "",
        "What a role reads on a record that it sees. Each category lies in rows of its own.",
        "A shielded location is never shown: matching alone measures from it.",
        "",
        *table(
            ["category", *(role.name for role in roles)],
            (
                [c.value, *("yes" if c in role.categories else "" for role in roles)]
                for c in Category
            ),
        ),
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the page, or compare it."""
    if arguments == ["--check"]:
        same = PAGE.exists() and PAGE.read_text() == page()
        if not same:
            print(f"{PAGE.name} is not up to date: run python -m scripts.draw_permissions")
        return 0 if same else 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
