"""What whoever decides on an erasure is shown before: what the law excepts, and what is open."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stepdown.pages.words import gov_date
from stepdown.policy.actors import Actor
from stepdown.records.queries.in_the_way import in_the_way
from stepdown.records.queries.schedules import NAMES
from stepdown.records.web.rights_words import NO_ERASURE

if TYPE_CHECKING:
    from stepdown.records.models import RightsRequest


def before_erasing(by: Actor, held: "RightsRequest") -> list[str]:
    """The exemptions, and how these records stand."""
    return [*(str(one) for one in NO_ERASURE), *as_they_stand(by, held)]


def as_they_stand(by: Actor, held: "RightsRequest") -> list[str]:
    """What must end before anything goes, and until when a schedule keeps the records."""
    found = in_the_way(held)
    says = [_("First to be ended: %(what)s.") % {"what": one} for one in found.open]
    if found.elsewhere:
        says.append(
            _(
                "Another agency keeps records about them too, and decides on its own. Only what "
                "your agency keeps goes; who they are stays with the others. Tell them so."
            )
        )
    if found.held:
        says.append(_("The records are held: nothing of them is erased until the hold is lifted."))
    if found.kept_until is not None:
        says.append(
            _("Their schedule, “%(name)s”, would keep them until %(day)s.")
            % {"name": NAMES[found.schedule], "day": gov_date(found.kept_until)}
        )
    return says
