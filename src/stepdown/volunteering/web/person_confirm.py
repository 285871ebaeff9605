"""A page that asks before something is done about a person, and says it when it may not be."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from stepdown.kernel.errors import Refused
from stepdown.volunteering.web.person_record import Record, show


def ask_first(
    record: Record,
    verb: Callable[[], object],
    *,
    heading: str,
    warning: str,
    button: str,
    done: str,
    back: str,
    page: str,
    said: str = "",
    others: Iterable[UUID] = (),
) -> HttpResponse:
    """GET asks; POST does it and goes to the page ``back``, or stays and says why it may not be.

    ``said`` is what it is about, under the question; ``others`` are people named in that.
    """
    refused = ""
    if record.request.method == "POST":
        try:
            verb()
        except Refused as refusal:
            refused = refusal.reason
        else:
            messages.success(record.request, done)
            return redirect(back, record.person.pk)
    context = {
        "heading": heading,
        "said": said,
        "warning": warning,
        "button": button,
        "refused": refused,
        "back_url": record.url(back),
    }
    return show(
        record,
        "volunteering/people/confirm.html",
        context,
        page=page,
        others=others,
        status=403 if refused else 200,
    )
