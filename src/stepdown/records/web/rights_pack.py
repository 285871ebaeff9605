"""The copy is handed out, to a handler or to the person themself: each time written down."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stepdown.adapters import packs
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import Refused
from stepdown.policy.permissions import Permission
from stepdown.records.actions import rights_copies
from stepdown.records.queries import rights_request as queries

FORMS = {"pdf": "application/pdf", "json": "application/json"}


@page(Permission.RIGHTS_VIEW)
@require_POST
def download(request: HubRequest, id: UUID, form: str) -> HttpResponse:
    """The file. It is asked for by a button, so that no link, no history and no cache opens it."""
    if form not in FORMS:
        raise Http404
    held = queries.get(by=request.actor, id=id)
    pack = rights_copies.collect(by=request.actor, request=held, form=form)
    try:
        data = packs.fetch(settings.STEPDOWN_HOME, settings.STEPDOWN_KEYS, pack.pk, form)
    except FileNotFoundError as missing:
        raise Refused(_("There is no copy: it is being made, or was removed.")) from missing
    answer = HttpResponse(data, content_type=FORMS[form])
    answer["Content-Disposition"] = f'attachment; filename="records-{held.reference}.{form}"'
    return answer
