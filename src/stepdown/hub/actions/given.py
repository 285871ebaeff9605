"""Checking what was handed to an action, so that every fault is told at once, field by field."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext

from stepdown.kernel.errors import Conflict, InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

M = TypeVar("M", bound=Model)


class Check:
    """Gathers what is wrong, by field. ``done`` raises ``InvalidInput`` when anything is.

    Messages never repeat what was given: it may be personal.
    """

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def that(self, truth: object, field: str, message: str) -> bool:
        """Note ``message`` for ``field`` unless ``truth``; the first fault of a field is kept."""
        if not truth:
            self.errors.setdefault(field, message)
        return bool(truth)

    def words(self, field: str, value: object, *, most: int, missing: str = "") -> str:
        """Text without stray spaces; ``missing`` is the message when it may not be empty."""
        text = " ".join(str(value or "").split())
        if missing:
            self.that(text, field, missing)
        message = gettext("Use %(most)d characters or fewer.") % {"most": most}
        self.that(len(text) <= most, field, message)
        self.that("\x00" not in text, field, gettext("Remove the unusual characters."))
        return text

    def whole(self, field: str, value: object, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        message = gettext("Enter a whole number from %(low)d to %(high)d.")
        self.that(good, field, message % {"low": low, "high": high})
        return int(value) if good else low  # type: ignore[call-overload]

    def whole_or_none(self, field: str, value: object, low: int, high: int) -> int | None:
        """The same, or nothing."""
        return None if value is None else self.whole(field, value, low, high)

    def choice(self, field: str, value: object, allowed: Iterable[object], message: str) -> str:
        """One of the values a column may hold."""
        text = str(value or "")
        self.that(text in {str(one) for one in allowed}, field, message)
        return text

    def one(self, field: str, model: type[M], value: M | str | UUID, message: str) -> M | None:
        """The record named by its key, or the record itself."""
        if isinstance(value, model):
            return value
        try:
            found = model._default_manager.filter(pk=value).first()
        except (ValueError, TypeError, ValidationError):  # a text that is no id
            found = None
        self.that(found is not None, field, message)
        return found

    def many(self, field: str, model: type[M], values: Iterable[M | str], message: str) -> list[M]:
        """The records named by their keys, each once."""
        keys = {one.pk if isinstance(one, Model) else one for one in values}
        found = list(model._default_manager.filter(pk__in=keys).order_by("pk")) if keys else []
        self.that(len(found) == len(keys), field, message)
        return found

    def done(self) -> None:
        """Go on, or raise all that was noted."""
        if self.errors:
            raise InvalidInput(self.errors)


def require_new(by: Actor, permission: Permission, facts: Facts) -> None:
    """May the actor add such a record? ``Refused`` if not: there is nothing to hide yet."""
    decision = decide(by, permission, facts)
    if not decision.allowed:
        raise Refused(decision.reason)


def require_version(record: Model, version: int) -> None:
    """The version the actor saw must still stand."""
    if getattr(record, "version", None) != version:
        raise Conflict(gettext("Somebody else changed this record while you were writing."))
