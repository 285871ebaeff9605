"""The hub's interface for programs: what each wing offers, in one description (OpenAPI 3.1)."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.security import HttpBearer

from stepdown.casework.api import cases, referrals
from stepdown.config.api_door import ROOT
from stepdown.hub.api.problem import MEDIA_TYPE, told_by
from stepdown.hub.web.page import HubRequest, page
from stepdown.policy.permissions import Permission
from stepdown.volunteering.api import needs, people, placements, schemes

ABOUT = (
    "What the hub's pages show and do, for programs. A program asks with a token that somebody "
    "made for it, and is that person: it sees what they may see, each category by itself, and "
    "whatever it reads of people is written down as read by them. What they may not see is not "
    "there: a record that is hidden and one that never was are the same 404."
)


class Token(HttpBearer):
    """A token made on the page “Access tokens”, in the Authorization header of each request."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Whose it is has been found before anything was routed (``config/api_door.py``)."""
        return getattr(request, "bearer", None)


api = NinjaAPI(
    title="Stepdown", version="1", description=ABOUT, docs_url=None, openapi_url=None, auth=Token()
)
told_by(api)
for router in (
    needs.router,
    placements.router,
    schemes.router,
    people.router,
    referrals.router,
    cases.router,
):
    api.add_router("", router)


def urls() -> list[URLPattern]:
    """The addresses of all operations; each view knows the permission of each of its methods."""
    every = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    # Where two methods share an address, either entry answers both: one is enough.
    found = {str(one.pattern): one for one in reversed(every)}
    for bound in api._get_bound_routers():
        for path, held in bound.path_operations.items():
            view: Any = found[path.strip("/").replace("{", "<").replace("}", ">")].callback
            verbs: dict[str, Any] = {
                m: one.view_func for one in held.operations for m in one.methods
            }
            view.operations = {
                method: (one.permission, one.writes) for method, one in verbs.items()
            }
            view.permission = next(iter(verbs.values())).permission
    return [found[key] for key in sorted(found)]


@cache
def description() -> dict[str, Any]:
    """The interface as OpenAPI describes it."""
    found = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT.strip("/") + "/")))
    for methods in found["paths"].values():
        for one in methods.values():
            one["responses"] = dict(sorted(one["responses"].items()))
            for status, answer in one["responses"].items():
                if status >= "400":
                    answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
    return dict(found)


@page(Permission.PAGE_PUBLIC)
@require_safe
def schema(request: HubRequest) -> HttpResponse:
    """The description for programs: no token is needed to read what one could ask for."""
    return HttpResponse(json.dumps(description()), content_type="application/json")
