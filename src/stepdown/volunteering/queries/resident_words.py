"""How the index of volunteers stands, in an administrator's words. It names nobody."""

from django.utils.translation import gettext, ngettext

from stepdown.hub.queries.health import Standing
from stepdown.volunteering.queries import resident


def standing() -> Standing:
    """One line of the page on the hub's health, and what is wrong with the index if anything is."""
    found = resident.status()
    name = gettext("Index of volunteers")
    if not (found.wanted or found.used):
        return Standing(name, gettext("None: the hub is small enough to do without one."))
    if found.refused:
        return Standing(
            name,
            gettext("Cannot be used. Shortlists and plans read the records, which takes longer."),
            gettext(
                "The index of volunteers cannot be used, so shortlists and plans are slow. "
                "The hub's jobs write it afresh; or run: stepdown index rebuild"
            ),
        )
    words = ngettext("%(many)d volunteer", "%(many)d volunteers", found.volunteers) % {
        "many": found.volunteers
    }
    if found.changed:
        words += gettext("; %(many)d changed since and are read from the records") % {
            "many": found.changed
        }
    late = gettext(
        "The index of volunteers is not kept up to date. The hub's jobs do not seem to run."
    )
    return Standing(name, words, late if found.late else "")
