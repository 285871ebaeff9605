"""Files of pathways that were changed under their own version while cases stand on it."""

from django.utils.translation import gettext

from stepdown.casework.models import Case, PathwayFile
from stepdown.casework.queries.definitions import library
from stepdown.hub.queries.health import Standing
from stepdown.hub.queries.reader import as_hub
from stepdown.pathways.digest import FIRST, NEWEST, digest


def digests(form: int = NEWEST) -> dict[tuple[str, int], str]:
    """What each file says today, by key and version."""
    return {known: digest(one, form) for known, one in library().definitions.items()}


def to_renew() -> list[PathwayFile]:
    """Those recorded in the first form, whose file says the same today as far as that form saw."""
    held = list(PathwayFile.objects.filter(form=FIRST))
    now = digests(FIRST) if held else {}
    return [one for one in held if now.get((one.pathway, one.version)) == one.digest]


@as_hub("counts which versions have cases, and shows none of them")
def stood_on() -> set[tuple[str, int]]:
    """The versions on which there are cases."""
    found = Case.objects.order_by().values_list("pathway", "pathway_version").distinct()
    return set(found)


def changed() -> list[str]:
    """The versions with cases whose file says something else than when it was recorded, or is gone:
    ``key version``, in order."""
    now, on_it = {form: digests(form) for form in (FIRST, NEWEST)}, stood_on()
    recorded = {(one.pathway, one.version): one for one in PathwayFile.objects.all()}
    wrong = {k for k, one in recorded.items() if k in on_it and now[one.form].get(k) != one.digest}
    return [f"{key} {version}" for key, version in sorted(wrong | (on_it - now[NEWEST].keys()))]


def standing() -> Standing:
    """One line of the page on the hub's health."""
    name, wrong = gettext("Files of pathways"), changed()
    if not wrong:
        return Standing(
            name,
            gettext(
                "As they were when cases began on them. Welsh words, meetings, rotas, rights and "
                "days of law may be put right, and are not looked at."
            ),
        )
    words = {"which": ", ".join(wrong)}
    return Standing(
        name,
        gettext("Changed under their own version: %(which)s") % words,
        gettext(
            "A pathway’s file was changed, and cases stand on it: %(which)s. Put the file back, "
            "and write what is new as the next version."
        )
        % words,
    )
