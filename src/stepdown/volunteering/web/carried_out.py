"""Doing what a form asks: the verb's refusals and corrections go back onto the form."""

from collections.abc import Callable, Mapping

from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pages.forms import GovForm


def carried_out(
    form: GovForm, verb: Callable[[], object], renamed: Mapping[str, str] | None = None
) -> bool:
    """Whether it was done. What stood in the way is on the form, beside its field or at the top.

    ``renamed`` maps what the verb calls a field to what the form calls it.
    """
    try:
        verb()
    except InvalidInput as wrong:
        names = renamed or {}
        form.explain(
            InvalidInput({names.get(name, name): text for name, text in wrong.errors.items()})
        )
        return False
    except Refused as refused:
        form.explain(refused)
        return False
    return True
