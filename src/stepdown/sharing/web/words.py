"""What purposes, bases and categories are called on pages."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stepdown.pages.words import and_list
from stepdown.policy.pathways import Powers, installed

Words = str | Promise

PURPOSES: Mapping[str, Words] = {
    "support": _("Finding volunteer help for somebody who was referred"),
    "safeguarding": _("Keeping somebody safe"),
    "prevention": _("Preventing crime"),
}
BASES: Mapping[str, Words] = {
    "gdpr-6-1-a": _("Consent: UK GDPR Article 6(1)(a)"),
    "gdpr-6-1-b": _("Contract: UK GDPR Article 6(1)(b)"),
    "gdpr-6-1-c": _("Legal obligation: UK GDPR Article 6(1)(c)"),
    "gdpr-6-1-d": _("Vital interests: UK GDPR Article 6(1)(d)"),
    "gdpr-6-1-e": _("Public task: UK GDPR Article 6(1)(e)"),
    "gdpr-6-1-f": _("Legitimate interests: UK GDPR Article 6(1)(f)"),
    "dpa-3": _("Law enforcement: Data Protection Act 2018, Part 3"),
}
CONDITIONS: Mapping[str, Words] = {
    "gdpr-9-2-a": _("Explicit consent: UK GDPR Article 9(2)(a)"),
    "sch1-2": _("Health or social care: Schedule 1, paragraph 2"),
    "sch1-6": _("Statutory and government purposes: Schedule 1, paragraph 6"),
    "sch1-10": _("Preventing or detecting unlawful acts: Schedule 1, paragraph 10"),
    "sch1-18": _("Safeguarding children and people at risk: Schedule 1, paragraph 18"),
    "sch1-19": _("Economic well-being of certain people: Schedule 1, paragraph 19"),
    "sch8-1": _("Statutory purposes: Schedule 8, paragraph 1"),
    "sch8-3": _("Vital interests: Schedule 8, paragraph 3"),
    "sch8-4": _("Safeguarding children and people at risk: Schedule 8, paragraph 4"),
}
CATEGORIES: Mapping[str, Words] = {
    "identity": _("Identity"),
    "contact": _("Contact"),
    "location": _("Address"),
    "shielded-location": _("Shielded address"),
    "support": _("What help is needed"),
    "health": _("Health"),
    "offence": _("Offences"),
    "safeguarding": _("Safeguarding"),
    "equality": _("Equality"),
}
CATEGORY_HINTS: Mapping[str, Words] = {
    "shielded-location": _(
        "Nobody is shown it. With this, it goes on to matching when a need is made."
    ),
}
PEOPLE: Mapping[str, Words] = {
    "supported": _("People who are referred for help"),
    "volunteers": _("Volunteers"),
}
PATHWAYS: Mapping[str, Words] = {
    "volunteer-support": _("Referral for volunteer support"),
    "volunteering": _("Joining as a volunteer"),
}
QUESTIONS: Mapping[str, Words] = {
    "description": _("What will be done with the data, and for which purposes?"),
    "necessity": _("Why is it necessary, and in proportion to the purposes?"),
    "risks": _("What are the risks to the people it is about?"),
    "measures": _("What is done about those risks?"),
}


def pathways() -> dict[str, Words]:
    """The courses of work that a clause may cover, those that are files among them."""
    found = {one.pathway: in_language(one) for one in installed()}
    return {**PATHWAYS, **found}


def in_language(one: Powers) -> str:
    """What a pathway is called in the reader's language."""
    return one.names.get((get_language() or "en")[:2]) or one.names["en"]


def choices(words: Mapping[str, Words]) -> list[tuple[str, Words]]:
    """For radios and tick boxes: key and words."""
    return list(words.items())


def named(keys: Iterable[str], words: Mapping[str, Words]) -> str:
    """The words of several keys, in the order of the table, as a list in a sentence."""
    held = set(keys)
    found = [str(text) for key, text in words.items() if key in held]
    return and_list([found[0], *(_lower(text) for text in found[1:])]) if found else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
