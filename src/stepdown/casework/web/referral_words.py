"""A referral in words: its questions and answers, its states, and what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.queries.answers import Intake
from stepdown.casework.queries.referral import ReferralLine, ReferralState
from stepdown.hub.queries.place import district_choices
from stepdown.pages.words import and_list, gov_date, slots_words
from stepdown.policy.categories import Category
from stepdown.volunteering.queries.catalogue import language_choices, skill_choices

Words = str | Promise

KINDS: Mapping[str, Words] = {
    "professional": gettext_lazy(
        "I work with the person, for example as a nurse, housing officer or police officer"
    ),
    "friend": gettext_lazy("I am a relative, friend or neighbour"),
    "self": gettext_lazy("I am asking for help for myself"),
}
KINDS_SHORT: Mapping[str, Words] = {
    "professional": gettext_lazy("Somebody who works with the person"),
    "friend": gettext_lazy("A relative, friend or neighbour"),
    "self": gettext_lazy("The person themself"),
}
CONSENT: Mapping[str, Words] = {
    "yes": gettext_lazy("Yes, they know and agree"),
    "unsure": gettext_lazy("They know, but are not sure yet"),
    "no": gettext_lazy("No, they do not know about it"),
}
AGES: Mapping[str, Words] = {
    "under-18": gettext_lazy("Under 18"),
    "18-64": gettext_lazy("18 to 64"),
    "65-84": gettext_lazy("65 to 84"),
    "85-over": gettext_lazy("85 or over"),
}
SAFE: Mapping[str, Words] = {
    "yes": gettext_lazy("Yes, at any time"),
    "care": gettext_lazy("Only at certain times or in certain ways"),
    "no": gettext_lazy("No, do not contact them: contact me instead"),
}
RISK: Mapping[str, Words] = {
    "yes": gettext_lazy("Yes"),
    "no": gettext_lazy("No"),
    "unknown": gettext_lazy("I do not know"),
}
SOON: Mapping[str, Words] = {
    "days": gettext_lazy("Today or tomorrow"),
    "week": gettext_lazy("This week"),
    "month": gettext_lazy("This month"),
    "whenever": gettext_lazy("When somebody is free"),
}
BAND_WORDS: Mapping[int, Words] = {1: SOON["days"], 2: SOON["week"], 3: SOON["month"],
                                   4: SOON["whenever"]}  # fmt: skip
# To the referrer: what a rejection means and what they can do.
REJECTED_WORDS: Mapping[str, Words] = {
    "statutory": gettext_lazy(
        "We cannot help with volunteers, because the person needs a public service now. Contact "
        "adult or children’s social care at the council, or their GP."
    ),
    "no-consent": gettext_lazy(
        "The person told us that they do not want this help. They can ask again at any time."
    ),
    "out-of-area": gettext_lazy(
        "The person lives outside the area we cover. Their own council can say who helps there."
    ),
    "not-offered": gettext_lazy(
        "We do not offer this kind of help. The person’s council or GP surgery may know who does."
    ),
    "incomplete": gettext_lazy(
        "We did not have enough to go on and could not reach you. You can make a new referral."
    ),
}


@dataclass(frozen=True)
class Lists:
    """The names behind the keys of skills, languages and areas."""

    skills: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Lists":
        """Three queries."""
        return cls(dict(skill_choices()), dict(language_choices()), dict(district_choices()))


@dataclass(frozen=True)
class Question:
    """One line of answers: its words, how to read the answer, and the page that asks it."""

    words: Words
    read: Callable[[Intake, Lists], Any]
    step: str
    asked: Callable[[Intake], bool] = lambda _intake: True


@dataclass(frozen=True)
class Section:
    """Answers of one category under one heading.

    ``to_maker`` is the heading for whoever fills it in, ``to_self`` if that is the person themself.
    """

    heading: Words
    category: Category
    questions: tuple[Question, ...]
    to_maker: Words = ""
    to_self: Words = ""

    def heading_for(self, intake: Intake) -> Words:
        """The heading as whoever makes the referral reads it."""
        return (intake.for_self and self.to_self) or self.to_maker or self.heading


def _of(words: Mapping[str, Words], key: str) -> Callable[[Intake, Lists], Any]:
    return lambda intake, _lists: words.get(getattr(intake, key), "")


def _plain(key: str) -> Callable[[Intake, Lists], Any]:
    return lambda intake, _lists: getattr(intake, key)


def _names(keys: tuple[str, ...], names: Mapping[str, str]) -> str:
    return and_list([names.get(key, key) for key in keys])


def _not_self(intake: Intake) -> bool:
    return not intake.for_self


def _address(intake: Intake, lists: Lists) -> str:
    if intake.secret:
        return _("Kept secret, and not shown here")
    return "\n".join(filter(None, [intake.lines, intake.postcode]))


SECTIONS: tuple[Section, ...] = (
    Section(
        gettext_lazy("Who is asking"),
        Category.IDENTITY,
        (
            Question(gettext_lazy("Who is asking"), _of(KINDS_SHORT, "referrer_kind"), "who"),
            Question(gettext_lazy("Name"), _plain("referrer_name"), "you", _not_self),
            Question(
                gettext_lazy("Organisation"), _plain("organisation"), "you",
                lambda i: i.referrer_kind == "professional",
            ),
        ),
        to_maker=gettext_lazy("About you"),
    ),
    Section(
        gettext_lazy("How to reach whoever is asking"),
        Category.CONTACT,
        (
            Question(gettext_lazy("Telephone"), _plain("referrer_phone"), "you", _not_self),
            Question(gettext_lazy("Email"), _plain("referrer_email"), "you", _not_self),
        ),
        to_maker=gettext_lazy("How to reach you"),
    ),
    Section(
        gettext_lazy("The person who needs help"),
        Category.IDENTITY,
        (
            Question(gettext_lazy("First name"), _plain("given_name"), "name"),
            Question(gettext_lazy("Last name"), _plain("family_name"), "name"),
            Question(gettext_lazy("Known as"), _plain("known_as"), "name"),
            Question(
                gettext_lazy("Date of birth"), lambda i, _lists: gov_date(i.born), "age"
            ),
            Question(
                gettext_lazy("Age, roughly"), _of(AGES, "age_band"), "age",
                lambda i: not i.date_of_birth,
            ),
        ),
        to_self=gettext_lazy("Your name and age"),
    ),
    Section(
        gettext_lazy("Where the person lives"),
        Category.LOCATION,
        (
            Question(
                gettext_lazy("Address must be kept secret"),
                lambda i, _lists: _("Yes") if i.secret else _("No"), "secret",
            ),
            Question(gettext_lazy("Address"), _address, "where"),
            Question(
                gettext_lazy("Area"), lambda i, lists: lists.areas.get(i.area, ""), "where",
                lambda i: bool(i.area),
            ),
        ),
        to_self=gettext_lazy("Where you live"),
    ),
    Section(
        gettext_lazy("Contact with the person"),
        Category.CONTACT,
        (
            Question(gettext_lazy("Safe to contact"), _of(SAFE, "safe"), "safe"),
            Question(
                gettext_lazy("How and when it is safe"), _plain("safe_note"), "safe",
                lambda i: i.safe == "care",
            ),
            Question(
                gettext_lazy("Telephone"), _plain("phone"), "reach",
                lambda i: i.safe != "no" or bool(i.phone),
            ),
            Question(
                gettext_lazy("Email"), _plain("email"), "reach",
                lambda i: i.safe != "no" or bool(i.email),
            ),
        ),
        to_self=gettext_lazy("Contact with you"),
    ),
    Section(
        gettext_lazy("What is needed"),
        Category.SUPPORT,
        (
            Question(
                gettext_lazy("Person knows and agrees"), _of(CONSENT, "consent"), "consent",
                _not_self,
            ),
            Question(
                gettext_lazy("Why they do not know"), _plain("consent_note"), "consent",
                lambda i: i.consent == "no",
            ),
            Question(
                gettext_lazy("Kinds of help"), lambda i, lists: _names(i.skills, lists.skills),
                "help",
            ),
            Question(gettext_lazy("What would help"), _plain("help"), "help"),
            Question(
                gettext_lazy("Languages besides English"),
                lambda i, lists: _names(i.languages, lists.languages), "language",
            ),
            Question(
                gettext_lazy("Help with communication"), _plain("communication"), "language"
            ),
            Question(gettext_lazy("How soon"), _of(SOON, "soon"), "soon"),
            Question(
                gettext_lazy("Times that suit"),
                lambda i, _lists: slots_words(i.slots) if i.slots else "", "times",
            ),
        ),
    ),
    Section(
        gettext_lazy("Health and access"),
        Category.HEALTH,
        (Question(gettext_lazy("Health or access needs"), _plain("health"), "health"),),
    ),
    Section(
        gettext_lazy("Safety of a visit"),
        Category.SAFEGUARDING,
        (
            Question(gettext_lazy("A visit could be risky"), _of(RISK, "risk"), "risk"),
            Question(
                gettext_lazy("Why"), _plain("risk_note"), "risk", lambda i: i.risk == "yes"
            ),
        ),
    ),
)  # fmt: skip


def what_became(line: ReferralLine) -> Words:
    """What became of a referral, in words fit for whoever made it."""
    match line.state:
        case ReferralState.RECEIVED:
            return _("We have it. A coordinator will read it and decide what to do.")
        case ReferralState.BECAME_CASE:
            return _("We have taken it on. Whoever looks after it will be in touch.")
        case ReferralState.DUPLICATE:
            return _("Somebody had already asked us for the same help. We are dealing with it.")
        case ReferralState.REJECTED:
            return REJECTED_WORDS.get(line.reject_reason, "")
        case ReferralState.WITHDRAWN:
            return _("It was withdrawn. We are not doing anything further.")
    if line.need_state == "closed":
        return _("The support has come to an end.")
    if line.need_state == "withdrawn":
        return _("The help is no longer being arranged.")
    if line.helped:
        return _("A volunteer is helping.")
    return _("We are looking for a volunteer.")
