"""Puts the one who acts on every request, and reads the database for them."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from stepdown.config.navigation import navigation_for
from stepdown.hub.queries.look import one_look
from stepdown.hub.queries.reader import as_hub, claims_of
from stepdown.kernel.reader import reading_as
from stepdown.people.queries.actor import actor_for_user, actor_for_visitor
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission


class ActorMiddleware:
    """``request.actor``: found when first asked for, so that static answers cost no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def find() -> Actor:
            with as_hub("who asks is read before anybody is known"):
                if request.user.is_authenticated:
                    return actor_for_user(request.user)
                return actor_for_visitor(request.session.get("link"))

        request.actor = SimpleLazyObject(find)  # type: ignore[attr-defined]
        request.navigation = lambda: navigation_for(request)  # type: ignore[attr-defined]
        request.may_have_tokens = lambda: may_ever(  # type: ignore[attr-defined]
            request.actor,  # type: ignore[attr-defined]
            Permission.TOKEN_MAKE,
        )
        if request.user.is_authenticated:
            request.actor_name = request.user.display_name  # type: ignore[attr-defined]
        return self.get_response(request)


class LookMiddleware:
    """A request that changes nothing is one look: some things are read once for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_look():
            return self.get_response(request)


class ReaderMiddleware:
    """Reads for the request's actor, in one transaction, where the second wall stands.

    The transaction ends before the answer leaves, and whatever the answer is: what an action did
    before another was refused stays done, as it does without. After ``ActorMiddleware``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not connection.settings_dict.get("ROW_KEY"):
            return self.get_response(request)
        actor: Actor = request.actor  # type: ignore[attr-defined]
        with reading_as(lambda: claims_of(actor)), transaction.atomic():
            return self.get_response(request)
