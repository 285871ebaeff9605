"""What makes a function an operation of the hub's interface: one permission, and a look's purpose.

Who asks is known by the token in the Authorization header before anything here is reached
(``config/api_door.py``): operations see the same actor that pages do.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.api.problem import no_role, problem
from stepdown.hub.api.shapes import Asked
from stepdown.kernel.errors import NotVisible, StepdownError
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission

access = logging.getLogger("stepdown.access")

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Bearer:
    """The token by which a request came."""

    id: UUID
    may_write: bool


class ApiRequest(HttpRequest):
    """A request as operations see it: who asks, and by which token."""

    actor: Actor
    bearer: Bearer


View = Callable[Concatenate[ApiRequest, P], R]


def operation(permission: Permission, *, writes: bool = False) -> Callable[[View[P, R]], Any]:
    """Declare the permission without which the operation does not open, and whether it ``writes``.

    Whoever has no role any more that may have tokens is refused, and so is a token that only reads
    where something is written. Verbs and queries ask the policy again, about the record itself.
    """

    def declare(view: View[P, R]) -> Any:
        @wraps(view)
        def guarded(request: ApiRequest, /, *args: P.args, **kwargs: P.kwargs) -> Any:
            actor = request.actor
            if not may_ever(actor, Permission.TOKEN_MAKE) or not may_ever(actor, permission):
                _told(request, permission, "refused", kwargs)
                return no_role()
            if writes and not request.bearer.may_write:
                _told(request, permission, "refused", kwargs)
                return problem(403, _("This token only reads."))
            if unknown := _unknown(request, kwargs):
                return problem(422, errors=unknown)
            try:
                answer = view(request, *args, **kwargs)
            except StepdownError as why:
                event = "not visible" if isinstance(why, NotVisible) else "refused"
                _told(request, permission, event, kwargs)
                raise
            _told(request, permission, "let in", kwargs)
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.writes = writes  # type: ignore[attr-defined]
        return guarded

    return declare


def _unknown(request: ApiRequest, kwargs: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the query and is not asked there: passed over, it would widen an answer."""
    asked = [one for one in kwargs.values() if isinstance(one, Asked)]
    known = {name for one in asked for name in type(one).model_fields}
    names = set(request.GET) - (known if request.method == "GET" else set())
    return {name[:60]: _("There is no such filter here.") for name in sorted(names)[:10]}


def show(
    request: ApiRequest,
    people: Mapping[UUID, Iterable[Category] | Mapping[Category, str]] | Iterable[UUID],
    *,
    purpose: str,
    page: str,
) -> None:
    """Write down whom the answer shows, as pages do, and by which token: its purpose is kept with
    it. Call it before anything of them is answered."""
    where = f"api {page} {request.bearer.id.hex[-12:]}"
    disclose(by=request.actor, people=people, purpose=purpose, page=where)


def _told(
    request: ApiRequest, permission: Permission, event: str, kwargs: Mapping[str, Any]
) -> None:
    level = logging.INFO if event == "let in" else logging.WARNING
    if not access.isEnabledFor(level):
        return
    found = request.resolver_match
    about = {
        "event": event,
        "permission": permission.value,
        "page": found.view_name if found else None,
        "user": request.actor.user,
        "token": request.bearer.id,
        "roles": sorted({grant.role.value for grant in request.actor.grants}),
        "record": next((value for value in kwargs.values() if isinstance(value, UUID)), None),
    }
    access.log(level, "%s: %s", event, about["page"], extra=about)
