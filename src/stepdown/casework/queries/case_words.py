"""A definition's words in the reader's language."""

from django.utils.translation import get_language, gettext, gettext_noop

from stepdown.pathways.guards import Reason
from stepdown.pathways.schema import Text

# What the guards say, so that the catalogue of translations has it.
SENTENCES = (
    gettext_noop("“%(step)s” is not done."),
    gettext_noop("Nothing of “%(stage)s” is done."),
    gettext_noop("Consent is not recorded: %(person)s."),
    gettext_noop("Nobody is named yet: %(person)s."),
    gettext_noop("%(team)s: %(there)s of %(count)s found."),
    gettext_noop("Somebody is to be kept apart from a person here: %(team)s."),
    gettext_noop("“%(field)s” is not answered."),
    gettext_noop("The answer to “%(field)s” does not allow it."),
    gettext_noop("“%(step)s” is not done as often as it must be."),
    gettext_noop("“%(measure)s” has not been taken."),
    gettext_noop("Not eligible: %(test)s."),
    gettext_noop("The case did not end so: %(outcome)s."),
    gettext_noop("There is no stage for “%(key)s”."),
    gettext_noop("There is no step for “%(key)s”."),
    gettext_noop("Two steps that were done would become one: “%(key)s”."),
    gettext_noop("There is no role of people for “%(key)s”."),
    gettext_noop("There is no role on the team for “%(key)s”."),
    gettext_noop("There is no measure for “%(key)s”."),
    gettext_noop("There is no source for “%(key)s”."),
    gettext_noop("It cannot have ended so: “%(key)s”."),
    gettext_noop("There is no reason for “%(key)s”."),
    gettext_noop("There is no question for “%(key)s”."),
    gettext_noop("“%(key)s” is asked as another kind of information."),
    gettext_noop("What was answered to “%(key)s” cannot be answered there."),
    gettext_noop("The case has not been there yet: %(stage)s."),
)


def in_words(text: Text) -> str:
    """A definition's words."""
    return text.in_language((get_language() or "en")[:2])


def said(reason: Reason) -> str:
    """A guard's words."""
    return gettext(reason.words) % {name: in_words(text) for name, text in reason.values}
