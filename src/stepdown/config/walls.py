"""How the walls around records stand, for the administrator's page."""

from django.db import connection
from django.utils.translation import gettext as _

from stepdown.config.row_rules import GROUND
from stepdown.hub.queries.health import Standing
from stepdown.hub.queries.row_lint import faults
from stepdown.hub.queries.walls import accepted, two_walls


def standing() -> Standing:
    """Both walls, or one and who accepted that, with what is wrong."""
    name = _("Walls around records")
    if two_walls():
        found = faults(GROUND)
        words = _("Two: the hub's own policy, and row-level security in the database.")
        return Standing(name, words, _wrong(found) if found else "")
    one = _("One: the hub's own policy, which every page and action asks.")
    if connection.vendor == "postgresql":
        one += " " + _("The database is not secured, or not by the role that the hub uses.")
    else:
        one += " " + _("SQLite has no second wall.")
    held = accepted()
    if held is None:
        refused = _(
            "Agreements between agencies about health, offence, safeguarding or equality data are "
            "refused. Use PostgreSQL and run: stepdown database secure"
        )
        return Standing(name, f"{one} {refused}")
    said = _("%(name)s accepted that on %(on)s: “%(words)s”") % {
        "name": held.name,
        "on": f"{held.made_at:%-d} {held.made_at:%B %Y}",
        "words": held.words,
    }
    return Standing(name, f"{one} {said}")


def _wrong(found: list[str]) -> str:
    """The first few, as the lint says them: they name tables and roles, and nobody."""
    told = _("The second wall around records has gaps. Run: stepdown database check")
    return f"{told} ({len(found)})"
