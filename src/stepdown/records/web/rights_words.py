"""What requests about people's data are called on pages, and what they are told."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepdown.records.queries.rights_words import COMPLAIN as COMPLAIN
from stepdown.records.queries.rights_words import EXEMPTIONS as EXEMPTIONS

Words = str | Promise

# What the read log says that their pages are opened for.
PURPOSE = "rights"

KINDS: Mapping[str, Words] = {
    "access": _("A copy of their records"),
    "portability": _("A copy to take elsewhere"),
    "rectification": _("A correction"),
    "erasure": _("Erasure"),
    "restriction": _("A stop to its use"),
    "objection": _("An objection to its use"),
}
OWN_KINDS: Mapping[str, Words] = {
    "access": _("A copy of my records"),
    "portability": _("A copy that I can take elsewhere"),
    "rectification": _("A correction"),
    "erasure": _("My records erased"),
    "restriction": _("My records kept but not used"),
    "objection": _("My records not used in a certain way"),
}
KIND_HINTS: Mapping[str, Words] = {
    "access": _("UK GDPR Article 15, or Data Protection Act 2018 section 45"),
    "portability": _("Article 20: what they gave, where it rests on consent or a contract"),
    "rectification": _("Article 16, or section 46"),
    "erasure": _("Article 17, or section 47. Often the law wants records kept."),
    "restriction": _("Article 18, or section 47(2)"),
    "objection": _("Article 21"),
}
CHANNELS: Mapping[str, Words] = {
    "email": _("Email"),
    "letter": _("Letter"),
    "phone": _("Telephone"),
    "in-person": _("In person"),
    "other": _("Another way, such as social media"),
}
ALL_CHANNELS: Mapping[str, Words] = {"online": _("Signed in to the hub"), **CHANNELS}
REGIMES: Mapping[str, Words] = {
    "uk-gdpr": _("UK GDPR"),
    "dpa-3": _("Law enforcement: Data Protection Act 2018, Part 3"),
}
REFUSALS: Mapping[str, Words] = {
    "unfounded": _("It is manifestly unfounded"),
    "excessive": _("It is manifestly excessive"),
    "identity": _("We could not confirm who asks"),
    "not-held": _("We hold nothing about this person"),
    "not-applicable": _("This right does not apply to how we use the data"),
    "exempt": _("An exemption applies to all of it"),
}
GROUNDS: Mapping[str, Words] = {
    "not-needed": _("They are no longer needed for what they were collected for"),
    "consent": _("They rested on consent, which was withdrawn"),
    "objection": _("They objected, and nothing weighs more"),
    "unlawful": _("They were used against the law"),
    "duty": _("The law says that they must be erased"),
}
# UK GDPR Article 17(3), and section 47(2) for law enforcement.
NO_ERASURE: tuple[Words, ...] = (
    _("freedom of expression and information"),
    _("a legal duty, or a task in the public interest or under official authority"),
    _("public health"),
    _("archives in the public interest, research or statistics"),
    _("legal claims"),
    _("evidence: for law enforcement the use is stopped instead"),
)
STATEMENT: Words = _(
    "You can send us in your own words what you think is wrong. We keep it beside the record, and "
    "show it to whoever reads that part of it."
)
STATES: Mapping[str, tuple[Words, str]] = {
    "received": (_("New"), "blue"),
    "identity-asked": (_("Waits for identity"), "yellow"),
    "in-hand": (_("In hand"), "blue"),
    "question-asked": (_("Waits for an answer"), "yellow"),
    "for-approval": (_("Waits for approval"), "yellow"),
    "approved": (_("Approved"), "green"),
    "answered": (_("Answered"), "green"),
    "refused": (_("Refused"), "red"),
    "withdrawn": (_("Withdrawn"), "grey"),
}
# What the person sees of the same: nobody's work, only whether it is their turn.
OWN_STATES: Mapping[str, Words] = {
    "received": _("We have your request"),
    "identity-asked": _("We need to know that it is you"),
    "in-hand": _("We are working on it"),
    "question-asked": _("We have asked you something"),
    "for-approval": _("We are working on it"),
    "approved": _("We are working on it"),
    "answered": _("Answered"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
}


CATEGORIES: Mapping[str, Words] = {
    "identity": _("Who they are"),
    "contact": _("How to reach them"),
    "location": _("Where they live"),
    "support": _("Support and volunteering"),
    "health": _("Health"),
    "offence": _("Offences"),
    "safeguarding": _("Safeguarding"),
    "equality": _("Equality"),
}
# What somebody's data is used for, and on which grounds that goes on while it is restricted.
USES: Mapping[str, Words] = {
    "match": _("Plans, shortlists and offers"),
    "send": _("Messages to them"),
    "share": _("New needs, and cases that move on"),
    "count": _("Figures and exports"),
}
USE_GROUNDS: Mapping[str, Words] = {
    "consent": _("They consent to this use"),
    "claims": _("It is for legal claims"),
    "protection": _("It protects the rights of somebody else"),
    "public": _("It is of important public interest"),
}
STOPS: Mapping[str, Words] = {
    "asked": _("They asked for it"),
    "objection": _("They object, and it is not decided"),
    "upheld": _("They objected, and nothing weighs more"),
}


def choices(words: Mapping[str, Words]) -> list[tuple[str, Words]]:
    """For radios: key and words."""
    return list(words.items())
