"""After a disposal no column says a word of the person, and everybody else's are whole."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from stepdown.adapters.disposal_register import Register
from stepdown.casework.actions import referrals
from stepdown.casework.models import Caller, CallerDay, Referral, ReferralAnswers
from stepdown.hub.actions import tokens
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.actions.ledger import seal
from stepdown.hub.models import ApiToken, LedgerPayload, OutboxMessage, Place, Postcode
from stepdown.hub.queries.ledger_check import Tally, faults
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.models import Contact, Person
from stepdown.policy.actors import Actor
from stepdown.records.actions import disposals
from stepdown.records.jobs.disposing import dispose, register, replay
from stepdown.records.models import Disposal
from stepdown.records.queries import held
from stepdown.volunteering.actions import exclusions, hours, needs, placements, volunteers
from stepdown.volunteering.models import HoursEntry, Need, Placement, RiskAssessment, Volunteer
from tests.factories import (
    actor_of,
    coordinator,
    make_agency,
    make_agreement,
    make_person,
    make_referral,
    make_user,
)
from tests.factories.agreements import protection_officer
from tests.factories.callers import make_caller
from tests.factories.needs import make_need, make_ready_need
from tests.factories.offers import make_placement
from tests.factories.retention import make_quiet_person, years_ago
from tests.factories.rights import make_office, make_rights_request
from tests.factories.volunteers import make_volunteer
from tests.support.secured import by_hand

pytestmark = pytest.mark.django_db

CANARY = "Qzvx"


def everything() -> Iterator[tuple[str, Any, str]]:
    """Every row of every table, as text: its model, its key, and all its columns."""
    for model in apps.get_models(include_auto_created=True):
        if model in (Place, Postcode):  # the country, which nobody is in
            continue
        for row in model._base_manager.values():
            texts = (bytes(v).hex() if isinstance(v, memoryview) else v for v in row.values())
            yield model._meta.label, row.get("id"), json.dumps([str(text) for text in texts])


def mark(person: Person) -> None:
    """Give every text about somebody a word that stands nowhere else."""
    Person.objects.filter(pk=person.pk).update(
        given_name=f"{CANARY}given", family_name=f"{CANARY}family", say_it=f"{CANARY}say"
    )
    for contact in Contact.objects.filter(person=person):
        Contact.objects.filter(pk=contact.pk).update(
            value=f"{CANARY}{contact.pk.hex}@example.org", safe_note=f"{CANARY}safe"
        )
    needs = Need.objects.filter(person=person)
    needs.update(title=f"{CANARY}title")
    for risk in RiskAssessment.objects.filter(need__in=needs):
        risk.hazards = [{"what": f"{CANARY}hazard"}]
        risk.save()
    for answers in ReferralAnswers.objects.filter(referral__person=person):
        answers.answers = {**answers.answers, "story": f"{CANARY}answer"}
        answers.save()
    Placement.objects.filter(need__in=needs).update(suspend_reason=f"{CANARY}suspended")
    for payload in LedgerPayload.objects.filter(entry__subjects__subject_id=person.pk):
        # Not what was sealed: the seal of it is not looked at until it is gone.
        payload.body = json.dumps({**json.loads(payload.body), "note": f"{CANARY}ledger"})
        with by_hand():
            payload.save()


@dataclass
class World:
    """Two people who were helped, two volunteers, and one who was only referred; all at rest."""

    helped: Person
    helper: Person
    asked: Person


@pytest.fixture
def world() -> World:
    by = coordinator()
    helper = make_volunteer(
        credentials=("dbs-enhanced",), capacity=3, email="h@example.org", gender="female"
    )
    other = make_volunteer(capacity=3, email="o@example.org")
    needs_of = []
    for email, volunteer in (("a@example.org", helper), ("b@example.org", other)):
        person = make_person(postcode="PR1 8RJ", email=email, gender="male")
        need = make_ready_need(person=person)
        placement = make_placement(need, volunteer, by=by)
        with clock.at(clock.now() + timedelta(days=14)):
            hours.log(by=by, placement=placement, on=placement.starts, minutes=60)
        make_exclusion(by, other if volunteer is helper else helper, person)
        placements.end(by=by, placement=placement, reason="done")
        needs.close(by=by, need=Need.objects.get(pk=need.pk), outcome=Need.Outcome.values[0])
        needs_of.append(need)
    asked = make_person(email="c@example.org", postcode="PR1 8RJ", shielded=True)
    disclose(by=by, people=[asked.pk], purpose="casework", page="person")
    refused = make_need("Company", person=asked)
    needs.withdraw(by=by, need=refused)
    for volunteer in (helper, other):
        volunteers.leave(by=by, volunteer=volunteer)
    helped = needs_of[0].person
    assert helped is not None
    return World(helped, helper.person, asked)


def make_exclusion(by: Actor, volunteer: Volunteer, person: Person) -> None:
    """They know each other."""
    exclusions.record(by=by, volunteer=volunteer, person=person, reason="known")


WHOLE = {
    "people.Contact",
    "people.Address",
    "people.Person",
    "volunteering.Credential",
    "volunteering.HoursEntry",
}
NUMBERS_ONLY = {
    "hub.LedgerEntry",
    "hub.LedgerSubject",
    "hub.DisclosedPerson",
    "hub.Disclosure",
}


@pytest.mark.parametrize("who", ["helped", "helper", "asked"])
def test_no_word_of_the_person_is_left_and_everybody_else_is_whole(world: World, who: str) -> None:
    hub, person = Actor.hub(), getattr(world, who)
    mark(person)
    before = list(everything())
    assert any(CANARY in text for _, _, text in before)
    others = {
        (label, key): text
        for label, key, text in before
        if label in WHOLE and CANARY not in text and person.pk.hex not in text.replace("-", "")
    }
    count = HoursEntry.objects.count()
    done = disposals.dispose_of(
        by=hub, person=person.pk, ground=Disposal.Ground.ERASURE, schedule=""
    )
    assert done.counts["people.Person"] == 1
    after = list(everything())
    left = [(label, text) for label, _, text in after if CANARY in text]
    assert not left, left[:3]
    now = {(label, key): text for label, key, text in after}
    assert {key: now.get(key) for key in others} == others
    assert HoursEntry.objects.count() == count == 2
    named = {label for label, _, text in after if person.pk.hex in text.replace("-", "")}
    assert named <= NUMBERS_ONLY
    while seal(by=hub):
        pass
    tally = Tally()
    assert list(faults(tally=tally)) == []
    assert tally.disposed


def test_agencies_that_were_shown_it_are_told_and_learn_nothing_else() -> None:
    hospital, council = make_agency("A hospital", "nhs"), make_agency("B council")
    signed = make_agreement(hospital, council)
    officer = protection_officer(council)
    person = make_person()
    cited = f"identity@{signed.reference}/{signed.number}/1"
    disclose(by=coordinator(), people={person.pk: [cited]}, purpose="casework", page="referral")
    done = disposals.dispose_of(
        by=Actor.hub(), person=person.pk, ground=Disposal.Ground.REVIEW, schedule="contact"
    )
    assert done.told == ["B council"]
    message = OutboxMessage.objects.get(template="disposed-of")
    assert (message.to_user, message.about_id) == (officer.user, done.pk)


def test_a_referral_that_was_not_taken_on_goes_when_its_time_is_up() -> None:
    with years_ago(1.2):
        old = make_referral()
        referrals.reject(by=coordinator(), referral=old, reason="out-of-area")
    with years_ago(0.8):
        young = make_referral()
        referrals.reject(by=coordinator(), referral=young, reason="out-of-area")
    assert dispose() == 1
    assert not Referral.objects.filter(pk=old.pk).exists()
    assert not ReferralAnswers.objects.filter(referral=old.pk).exists()
    assert Referral.objects.filter(pk=young.pk).exists()
    assert (Disposal.objects.get().kind, dispose()) == ("referral", 0)


def test_an_old_backup_brings_nothing_back(tmp_path: Path, settings: Any) -> None:
    """What the register names is disposed of again; somebody else with the same name is not."""
    settings.STEPDOWN_DISPOSALS = tmp_path / "disposals.jsonl"
    gone, stays = make_quiet_person(given_name="Ada"), make_person("Ada")
    before = Person.objects.get(pk=gone.pk)
    disposals.dispose_of(
        by=Actor.hub(), person=gone.pk, ground=Disposal.Ground.REVIEW, schedule="contact"
    )
    assert (register(), register()) == (1, 0)
    text = settings.STEPDOWN_DISPOSALS.read_text()
    assert gone.pk.hex not in text
    assert str(gone.pk) not in text
    assert settings.STEPDOWN_DISPOSALS.stat().st_mode & 0o077 == 0
    before.save(force_insert=True)  # the backup is put back
    assert replay() == (1, 0)
    assert not Person.objects.filter(pk=gone.pk).exists()
    assert Person.objects.filter(pk=stays.pk).exists()
    assert Disposal.objects.filter(ground="replay").count() == 1
    # With another secret nobody can tell whose it was, but by the former one.
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    before.save(force_insert=True)
    assert replay() == (0, 1)
    settings.SECRET_KEY_FALLBACKS = ["older", former]
    assert replay() == (1, 0)
    assert not Person.objects.filter(pk=gone.pk).exists()


def test_a_torn_line_of_the_register_is_passed_over(tmp_path: Path, settings: Any) -> None:
    settings.STEPDOWN_DISPOSALS = tmp_path / "disposals.jsonl"
    settings.STEPDOWN_DISPOSALS.write_text('{"reference":"D-1')
    person = make_person()
    disposals.dispose_of(
        by=Actor.hub(), person=person.pk, ground=Disposal.Ground.REVIEW, schedule="contact"
    )
    register()
    assert len(list(Register(settings.STEPDOWN_DISPOSALS).lines())) == 1


def test_only_those_who_may_dispose_and_only_of_somebody_with_nothing_open() -> None:
    person, hub = make_person(), Actor.hub()
    ask: dict[str, Any] = {"person": person.pk, "ground": "review", "schedule": "contact"}
    with pytest.raises(Refused):
        disposals.dispose_of(by=coordinator(), **ask)
    need = make_need(person=person)
    with pytest.raises(Refused, match="still open"):
        disposals.dispose_of(by=hub, **ask)
    needs.withdraw(by=coordinator(), need=need)
    disposals.dispose_of(by=hub, **ask)
    with pytest.raises(NotVisible):
        disposals.dispose_of(by=hub, **ask)


def test_tokens_of_an_account_are_held_about_its_person_and_go_with_their_records() -> None:
    user = make_user(agency=make_agency())
    person = make_person(user=user)
    token, _secret = tokens.make(by=actor_of(user), name=f"{CANARY}token")
    asked = make_rights_request(make_office(), person=person)
    found = {str(one.words): one for one in held.everything(asked) if "ApiToken" in one.row}
    assert found["For what"].text == f"{CANARY}token"
    assert found["For what"].source.endswith("by you")
    disposals.replay(by=Actor.hub(), marks={disposals.mark_of(person.pk)})
    assert not ApiToken.objects.filter(pk=token.pk).exists()
    assert Disposal.objects.get().counts["hub.ApiToken"] == 1
    assert CANARY not in str(list(everything()))


def test_a_number_in_a_call_log_goes_with_the_case_that_it_led_to() -> None:
    person = make_person()
    caller = make_caller(person, number=f"{CANARY}0163")
    stays = make_caller(make_person(), number="01632960222", agency=caller.agency)
    disposals.replay(by=Actor.hub(), marks={disposals.mark_of(person.pk)})
    assert list(Caller.objects.all()) == [stays]
    assert set(CallerDay.objects.values_list("caller", flat=True)) == {stays.pk}
    assert CANARY not in str(list(everything()))
    counts = Disposal.objects.get().counts
    assert all(counts[f"casework.{one}"] == 1 for one in ("Caller", "CallerDay", "CallerRank"))


def test_what_went_on_in_an_old_backup_goes_too() -> None:
    placement = make_placement()
    helper = placement.volunteer.person
    again = disposals.replay(by=Actor.hub(), marks={disposals.mark_of(helper.pk)})
    assert again == 1
    assert not Person.objects.filter(pk=helper.pk).exists()
    assert Placement.objects.get(pk=placement.pk).state == "ended"
