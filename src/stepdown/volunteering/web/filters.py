"""The chosen filters of a list as tags, each with the address of the list without it."""

from collections.abc import Iterable, Mapping

from django.http import HttpRequest

from stepdown.pages.parts import FilterGroup, FilterTag


def chosen(
    request: HttpRequest, groups: Iterable[tuple[str, str, Mapping[str, str]]]
) -> list[FilterGroup]:
    """``groups``: heading, key in the address, words by value. Values without words are left out.

    Taking a filter away goes back to the first page of the list.
    """
    found = []
    for heading, key, words in groups:
        tags = [
            FilterTag(words[value], _without(request, key, value))
            for value in dict.fromkeys(request.GET.getlist(key))
            if words.get(value)
        ]
        if tags:
            found.append(FilterGroup(heading, tags))
    return found


def _without(request: HttpRequest, key: str, value: str) -> str:
    query = request.GET.copy()
    query.setlist(key, [one for one in query.getlist(key) if one != value])
    query.pop("after", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
