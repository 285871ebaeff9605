"""Recording what people say when they are asked, and in which words they are asked."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.models import Consent, ConsentWording, Person
from stepdown.people.queries.person import facts
from stepdown.people.queries.shown import opens_to_itself
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, require
from stepdown.policy.permissions import Permission
from stepdown.policy.sharing import Purpose

WORDED = Verb("consent.worded", _("Words for consent written"))
GIVEN = Verb("consent.given", _("Consent given"))
REFUSED = Verb("consent.refused", _("Consent refused"))
WITHDRAWN = Verb("consent.withdrawn", _("Consent withdrawn"))


@transaction.atomic
def word(*, by: Actor, purpose: str, text: str) -> ConsentWording:
    """New words for a purpose. Those who answered to earlier words keep their answer."""
    require(by, Permission.CONSENT_WORD)
    check = Check()
    check.choice("purpose", purpose, list(Purpose), gettext("Select the purpose."))
    text = check.words("text", text, most=2000, missing=gettext("Enter the words."))
    check.done()
    last = ConsentWording.objects.filter(purpose=purpose).aggregate(last=Max("number"))["last"]
    made = ConsentWording.objects.create(
        purpose=purpose, number=(last or 0) + 1, text=text, made_at=clock.now()
    )
    payload = {"purpose": purpose, "number": made.number, "text": text}
    record(by=by, verb=WORDED, about=("consent-wording", made.pk), payload=payload)
    return made


@transaction.atomic
def say(
    *,
    by: Actor,
    person: Person,
    purpose: str,
    yes: bool,
    explained_by: User | str | None,
    explained_on: date | None,
) -> Consent:
    """The person said yes or no after the newest words for the purpose were explained to them."""
    held = _locked(by, person)
    if yes and opens_to_itself(by, held, purpose):
        raise Refused(
            gettext(
                "Ask the partner that keeps the record to write this down: "
                "it opens the record to yours."
            )
        )
    check = Check()
    check.choice("purpose", purpose, list(Purpose), gettext("Select the purpose."))
    wording = ConsentWording.objects.filter(purpose=purpose).order_by("-number").first()
    check.that(wording, "purpose", gettext("Nobody has written words for this purpose yet."))
    who = check.one("explained_by", User, explained_by or "", gettext("Select who explained it."))
    check.that(explained_on, "explained_on", gettext("Enter the day it was explained."))
    if explained_on:
        check.that(
            explained_on <= clock.today(),
            "explained_on",
            gettext("The day it was explained must be today or in the past."),
        )
    if explained_on and wording:
        check.that(
            explained_on >= wording.made_at.astimezone(clock.LONDON).date(),
            "explained_on",
            gettext("These words are newer than that day. Explain them again."),
        )
    check.done()
    answer = Consent.Answer.GIVEN if yes else Consent.Answer.REFUSED
    said = _say(
        by, held, purpose, answer, wording=wording, explained_by=who, explained_on=explained_on
    )
    payload = {"purpose": purpose, "wording": wording.number if wording else None}
    _record(by, GIVEN if yes else REFUSED, held, payload)
    return said


@transaction.atomic
def withdraw(*, by: Actor, person: Person, purpose: str) -> Consent:
    """The person no longer consents. What rests on it is cut at the next read."""
    held = _locked(by, person)
    last = Consent.objects.filter(person=held, purpose=purpose).order_by("-id").first()
    if last is None or last.answer != Consent.Answer.GIVEN:
        raise Refused(gettext("There is no consent to withdraw."))
    said = _say(by, held, purpose, Consent.Answer.WITHDRAWN)
    _record(by, WITHDRAWN, held, {"purpose": purpose})
    return said


def _locked(by: Actor, person: Person) -> Person:
    held = Person.objects.select_for_update().get(pk=person.pk)
    if not decide(by, Permission.PERSON_VIEW, facts(held)).allowed:
        raise NotVisible("No such record.")
    require(by, Permission.CONSENT_RECORD, facts(held))
    return held


def _say(by: Actor, person: Person, purpose: str, answer: str, **more: object) -> Consent:
    return Consent.objects.create(
        person=person,
        purpose=purpose,
        answer=answer,
        recorded_by_id=by.user,
        at=clock.now(),
        **more,
    )


def _record(by: Actor, verb: Verb, person: Person, payload: Mapping[str, object]) -> None:
    record(by=by, verb=verb, about=("person", person.pk), payload=payload)
