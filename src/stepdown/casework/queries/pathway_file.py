"""Files of pathways that were changed under their own version while cases stand on it."""

from django.utils.translation import gettext

from stepdown.casework.models import Case, PathwayFile
from stepdown.casework.queries.definitions import library
from stepdown.hub.queries.health import Standing
from stepdown.hub.queries.reader import as_hub
from stepdown.pathways.versions import fingerprint


def digests() -> dict[tuple[str, int], str]:
    """What each file says today, by key and version."""
    return {known: fingerprint(one) for known, one in library().definitions.items()}


@as_hub("counts which versions have cases, and shows none of them")
def stood_on() -> set[tuple[str, int]]:
    """The versions on which there are cases."""
    found = Case.objects.order_by().values_list("pathway", "pathway_version").distinct()
    return set(found)


def changed() -> list[str]:
    """The versions with cases whose file says something else than when it was recorded, or is gone:
    ``key version``, in order."""
    now, held = digests(), PathwayFile.objects.all()
    recorded = {(one.pathway, one.version): one.digest for one in held}
    on_it = stood_on()
    wrong = {key for key, said in recorded.items() if key in on_it and now.get(key) != said}
    return [f"{key} {version}" for key, version in sorted(wrong | (on_it - now.keys()))]


def standing() -> Standing:
    """One line of the page on the hub's health."""
    name, wrong = gettext("Files of pathways"), changed()
    if not wrong:
        return Standing(name, gettext("As they were when cases began on them."))
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
