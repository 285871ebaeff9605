"""How many walls stand around records, and whether an administrator accepted that it is one."""

from django.db import connection

from stepdown.hub.models import Acceptance

_ROLE = (
    "SELECT current_user = (SELECT how FROM stepdown_wall.secured WHERE what = 'app') "
    "AND NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = current_user "
    "AND (rolsuper OR rolbypassrls))"
)


def two_walls() -> bool:
    """Whether this process reads through row-level security, as the role it was made for. Two
    queries on PostgreSQL, none on SQLite. Whether it is whole is for ``row_lint``."""
    if connection.vendor != "postgresql" or not connection.settings_dict.get("ROW_KEY"):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('stepdown_wall.secured') IS NOT NULL")
        made = cursor.fetchone()
        if not (made and made[0]):
            return False
        cursor.execute(_ROLE)
        ours = cursor.fetchone()
    return bool(ours and ours[0])


def accepted() -> Acceptance | None:
    """The statement by which one wall was accepted, while it holds. One query."""
    held = Acceptance.objects.filter(subject=Acceptance.Subject.ONE_WALL, withdrawn_at=None)
    return held.first()


def may_share_protected() -> bool:
    """Whether agencies may share the data that the law protects most in this hub."""
    return two_walls() or accepted() is not None
