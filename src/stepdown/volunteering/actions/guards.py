"""What must hold of a need before anybody is sent to it, whoever asks."""

from django.utils.translation import gettext

from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.people.queries.restriction import Use, require_use
from stepdown.volunteering.models import Need, Volunteer
from stepdown.volunteering.models.need import NeedState
from stepdown.volunteering.queries.risk import current_for


def require_open(need: Need) -> None:
    """The need still asks for volunteers."""
    if need.state != NeedState.OPEN:
        raise Refused(gettext("This need is not open."))
    if need.ends is not None and need.ends < clock.today():
        raise Refused(gettext("The last day of this need has passed."))


def require_usable(need: Need, volunteer: Volunteer) -> None:
    """The data of neither person is kept and not used."""
    require_use(Use.MATCH, [need.person_id, volunteer.person_id])


def require_risk_assessment(need: Need) -> None:
    """The need has an approved risk assessment whose review is not overdue."""
    if need.pk not in current_for([need.pk], clock.today()):
        raise Refused(
            gettext(
                "This need has no current, approved risk assessment. "
                "Nobody can be placed until it has one."
            )
        )
