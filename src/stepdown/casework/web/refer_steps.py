"""The order of a referral's pages, and where somebody is in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy

from stepdown.casework.queries.answers import (
    NOT_SAFE,
    Intake,
    intake_from,
    readable_answers,
    secret_address_given,
)
from stepdown.casework.web import refer_forms as person_pages
from stepdown.casework.web import refer_help_forms as help_pages
from stepdown.casework.web.refer_form import StepForm
from stepdown.casework.web.referral_words import Words
from stepdown.hub.queries.reader import as_hub
from stepdown.policy.categories import Category


@dataclass(frozen=True)
class Step:
    """One page: its address, heading, form, and the question that shows it has been seen."""

    slug: str
    title: Words
    form: type[StepForm]
    seen_by: str
    own_title: Words = ""
    asked: Callable[[Intake], bool] = lambda _intake: True

    def heading(self, intake: Intake) -> Words:
        """The page's title for whoever asks."""
        return self.own_title if intake.for_self and self.own_title else self.title


def _not_self(intake: Intake) -> bool:
    return not intake.for_self


STEPS: tuple[Step, ...] = (
    Step("who", gettext_lazy("Who is making this referral?"), person_pages.WhoForm,
         "referrer_kind"),
    Step("you", gettext_lazy("Your details"), person_pages.YouForm, "referrer_name",
         asked=_not_self),
    Step("consent", gettext_lazy("Does the person know about this referral and agree to it?"),
         person_pages.ConsentForm, "consent", asked=_not_self),
    Step("name", gettext_lazy("What is the person’s name?"), person_pages.NameForm,
         "given_name", gettext_lazy("What is your name?")),
    Step("age", gettext_lazy("How old is the person?"), person_pages.AgeForm, "date_of_birth",
         gettext_lazy("How old are you?")),
    Step("secret", gettext_lazy("Must the person’s address be kept secret?"),
         person_pages.SecretForm, "secret", gettext_lazy("Must your address be kept secret?")),
    Step("where", gettext_lazy("Where does the person live?"), person_pages.WhereForm,
         "postcode", gettext_lazy("Where do you live?")),
    Step("safe", gettext_lazy("Is it safe for us to contact the person?"), person_pages.SafeForm,
         "safe", gettext_lazy("Is it safe for us to contact you?")),
    Step("reach", gettext_lazy("How can we reach the person?"), person_pages.ReachForm, "phone",
         gettext_lazy("How can we reach you?"), asked=lambda i: i.safe != NOT_SAFE),
    Step("help", gettext_lazy("What help is needed?"), help_pages.HelpForm, "help"),
    Step("health", gettext_lazy("Is there anything about the person’s health that we should know?"),
         help_pages.HealthForm, "health",
         gettext_lazy("Is there anything about your health that we should know?")),
    Step("risk", gettext_lazy("Could a visit be risky?"), help_pages.RiskForm, "risk"),
    Step("language", gettext_lazy("Language and communication"), help_pages.LanguageForm,
         "communication"),
    Step("soon", gettext_lazy("How soon is help needed?"), help_pages.SoonForm, "soon"),
    Step("times", gettext_lazy("Which times of the week suit?"), help_pages.TimesForm, "slots"),
)  # fmt: skip
BY_SLUG: Mapping[str, Step] = {step.slug: step for step in STEPS}


@dataclass(frozen=True, repr=False)
class Progress:
    """How far a draft has come. ``intake`` holds no secret address, only that there is one."""

    intake: Intake
    seen: frozenset[str]
    secret_given: bool

    def steps(self) -> list[Step]:
        """The pages that this referral needs, in order."""
        return [step for step in STEPS if step.asked(self.intake)]

    def is_done(self, step: Step) -> bool:
        """Whether the page has been answered."""
        if step.slug == "where" and self.intake.secret:
            return self.secret_given
        return step.seen_by in self.seen

    def first_open(self) -> Step | None:
        """The first page not answered yet; None when all are."""
        return next((step for step in self.steps() if not self.is_done(step)), None)

    def may_open(self, step: Step) -> bool:
        """Pages are taken in order: one opens when all before it are answered."""
        steps = self.steps()
        return step in steps and all(self.is_done(s) for s in steps[: steps.index(step)])

    def before(self, step: Step) -> Step | None:
        """The page to go back to."""
        steps = self.steps()
        place = steps.index(step)
        return steps[place - 1] if place else None

    def after(self, step: Step) -> Step | None:
        """The page that follows; None after the last, or when the page is no longer asked."""
        steps = self.steps()
        if step not in steps:
            return self.first_open()
        place = steps.index(step) + 1
        return steps[place] if place < len(steps) else None


@as_hub("a draft is read back to whoever holds it")
def progress_of(referral_id: UUID) -> Progress:
    """Where a draft stands. Two queries."""
    found = readable_answers(referral_id, Category)
    return Progress(
        intake=intake_from(found),
        seen=frozenset(key for answers in found.values() for key in answers),
        secret_given=secret_address_given(referral_id),
    )
