"""Puts the one who acts on every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from stepdown.config.navigation import navigation_for
from stepdown.people.queries.actor import actor_for_user, actor_for_visitor
from stepdown.policy.actors import Actor


class ActorMiddleware:
    """``request.actor``: found when first asked for, so that static answers cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> Actor:
            if request.user.is_authenticated:
                return actor_for_user(request.user)
            return actor_for_visitor(request.session.get("link"))

        request.actor = SimpleLazyObject(find)  # type: ignore[attr-defined]
        request.navigation = lambda: navigation_for(request)  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.actor_name = request.user.display_name  # type: ignore[attr-defined]
        return self.get_response(request)
