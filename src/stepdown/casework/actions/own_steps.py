"""What a volunteer does in a case that they are placed in: the steps of their own role."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from stepdown.casework.actions.cases import Filled, keep_step
from stepdown.casework.models import Case, CaseStep
from stepdown.casework.queries import own_step as queries
from stepdown.hub.actions import transaction
from stepdown.kernel.errors import Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission


@transaction.atomic
def do(
    *,
    by: Actor,
    own: queries.Own,
    step: str,
    number: int,
    version: int,
    answers: Mapping[str, Any],
    finish: bool,
) -> CaseStep:
    """Keep what a form says, as ``save_step`` does, of a step of the actor's role: while they
    are placed in the case, and may read what the form asks."""
    held = Case.objects.select_for_update().get(pk=own.case.pk)
    now = queries.get(by=by, id=held.pk)
    placed = queries.persons_in([held]).get((held.pk, now.role.key), frozenset())
    require(by, Permission.STEP_DO, queries.told(held, placed))
    if now.todo(step) is None:
        raise Refused(_("This is not to be done in the stage that the case is in."))
    read = {one.value for one in now.read}
    form = Filled(step, number, version, answers, finish)
    return keep_step(by=by, held=held, form=form, read=read)
