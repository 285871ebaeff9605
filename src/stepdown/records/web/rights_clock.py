"""The clock of a request as a picture."""

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stepdown.adapters.clock_picture import clock_picture
from stepdown.kernel import clock
from stepdown.kernel.statutory import Reading
from stepdown.pages.words import gov_date

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest


def picture(held: "RightsRequest", shown: Reading) -> SafeString:
    """A bar from the day it came to the day it is due. The same stands in words beside it."""
    today = held.ended_on or clock.today()
    stops = [(one.asked_on, one.answered_on or today) for one in held.questions.all()]
    if shown.begins > held.received_on:
        stops.append((held.received_on, shown.begins))
    day = gov_date(today)
    drawn = clock_picture(
        received=held.received_on,
        due=shown.due,
        today=today,
        stops=stops,
        words=(
            _("Came %(day)s") % {"day": gov_date(held.received_on)},
            _("Due %(day)s") % {"day": gov_date(shown.due)},
            _("Ended %(day)s") % {"day": day}
            if held.ended_on
            else _("Today, %(day)s") % {"day": day},
        ),
        title=_("The clock of this request"),
        description=_("A bar from the day it came to the day it is due. Orange days do not count."),
    )
    # Drawn here from dates and our own words, which the drawing escapes.
    return mark_safe(drawn)  # noqa: S308
