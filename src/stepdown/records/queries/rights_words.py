"""Words that stand in copies and letters alike."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

EXEMPTIONS: Mapping[str, Words] = {
    "third-party": _("It is about somebody else"),
    "crime": _("It would get in the way of preventing or detecting crime"),
    "serious-harm": _("It is likely to cause serious harm to somebody"),
    "child-abuse": _("It is about abuse of a child, and not in their interest"),
    "legal-advice": _("It is legal advice"),
    "reference": _("It is a reference given in confidence"),
    "safety": _("It would put somebody’s safety at risk"),
}
COMPLAIN: Words = _(
    "If you are not content with this answer, complain to us first: we acknowledge a complaint "
    "within 30 days. You may also complain to the Information Commissioner (ico.org.uk, telephone "
    "0303 123 1113), or ask a court to enforce your right."
)
