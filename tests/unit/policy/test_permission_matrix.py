"""The page of permissions is drawn from the table of roles, and is the one in the repository."""

import re

from scripts import draw_permissions
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import ROLES


def test_page_in_the_repository_is_up_to_date() -> None:
    assert draw_permissions.PAGE.read_text() == draw_permissions.page(), (
        "run: python -m scripts.draw_permissions"
    )


def test_every_role_and_permission_is_on_the_page() -> None:
    page = draw_permissions.page()
    drawn = set(re.findall(r"`([a-z-]+\.[a-z-]+)`", page))
    assert drawn == {permission.value for permission in Permission}
    assert len(draw_permissions.ORDER) == len(ROLES)
    for role in ROLES.values():
        assert f"| {role.name} | {role.description} |" in page


def test_page_says_what_the_table_says() -> None:
    page = draw_permissions.page()
    assert "| `risk.approve` | districts |  |  |  |  |  |  |  |" in page
    assert "| `need.change` | districts | caseload |  |  |  |  |  |  |" in page
