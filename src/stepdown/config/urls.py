"""All addresses. Each wing keeps its own; the order is that of the wings."""

from django.urls import include, path

from stepdown.config import api, api_guide, walls
from stepdown.config.api_door import ROOT
from stepdown.hub.queries import health

health.walls_by(walls.standing)

urlpatterns = [
    path("", include("stepdown.hub.web.urls")),
    path("", include("stepdown.sharing.web.urls")),
    path("", include("stepdown.people.web.urls")),
    path("", include("stepdown.volunteering.web.urls")),
    path("", include("stepdown.casework.web.urls")),
    path("", include("stepdown.records.web.urls")),
    path("account/", include("stepdown.config.account_urls")),
    path("api/", api_guide.guide, name="api-guide"),
    path(f"{ROOT[1:]}openapi.json", api.schema, name="api-schema"),
    path(ROOT[1:], include(api.urls())),
]
handler400 = "stepdown.hub.web.errors.bad_request"
handler403 = "stepdown.hub.web.errors.forbidden"
handler404 = "stepdown.hub.web.errors.not_found"
handler429 = "stepdown.hub.web.errors.too_many_requests"
handler500 = "stepdown.hub.web.errors.server_error"
