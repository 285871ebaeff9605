"""Keeping the numbered places and shares of holds together when there are to be fewer of them."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from stepdown.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from stepdown.volunteering.models import Hold


def make_room(*, holds: "QuerySet[Hold]", number: str, most: int, field: str) -> None:
    """Number the holds of one locked need or volunteer from 1 to ``most``.

    ``number`` is the column: ``place`` of a need, ``share`` of a volunteer. ``InvalidInput`` for
    ``field`` when more is held than there would be.
    """
    held = list(holds.select_for_update().order_by(number))
    if len(held) > most:
        words = gettext("%(held)d are held by placements and open offers. Enter %(held)d or more.")
        raise InvalidInput({field: words % {"held": len(held)}})
    # In order, so that each number is free by the time it is taken.
    for place, hold in enumerate(held, start=1):
        if getattr(hold, number) != place:
            setattr(hold, number, place)
            hold.save(update_fields=[number])
