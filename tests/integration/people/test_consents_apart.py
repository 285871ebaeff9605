"""One person's word is not another's, nor is it about another purpose."""

from typing import Any

import pytest

from stepdown.hub.models import User
from stepdown.kernel import clock
from stepdown.people.actions import consents
from stepdown.people.models import Person
from stepdown.people.queries.consent import current_wording, last_said, statements, wordings
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import Purpose
from tests.factories import coordinator, make_agency, make_person, make_user
from tests.factories.agreements import protection_officer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words() -> None:
    officer = protection_officer(make_agency("Wording council"))
    for purpose in ("support", "prevention"):
        consents.word(by=officer, purpose=purpose, text=f"First words about {purpose}.")
    consents.word(by=officer, purpose="support", text="Second words about support.")


def _say(by: Actor, person: Person, *, yes: bool, purpose: str = "support", **more: Any) -> None:
    given: dict[str, Any] = {"explained_by": str(by.user), "explained_on": clock.today()} | more
    consents.say(by=by, person=person, purpose=purpose, yes=yes, **given)


def _last(person: Person, purpose: Purpose) -> tuple[bool, bool]:
    said, yes = last_said("pk", purpose)
    found = Person.objects.annotate(said=said, yes=yes).get(pk=person.pk)
    return found.said, found.yes


def test_what_others_say_changes_nothing() -> None:
    by = coordinator()
    agrees, refuses, silent = make_person(), make_person(), make_person()
    _say(by, agrees, yes=True)
    _say(by, refuses, yes=False)
    assert _last(agrees, Purpose.SUPPORT) == (True, True)
    assert _last(refuses, Purpose.SUPPORT) == (True, False)
    assert _last(silent, Purpose.SUPPORT) == (False, False)
    _say(by, silent, yes=True)
    assert _last(refuses, Purpose.SUPPORT) == (True, False)
    assert [len(statements(one)) for one in (agrees, refuses, silent)] == [1, 1, 1]


def test_each_purpose_has_its_own_answer() -> None:
    by, person = coordinator(), make_person()
    _say(by, person, yes=True)
    _say(by, person, yes=False, purpose="prevention")
    assert _last(person, Purpose.SUPPORT) == (True, True)
    assert _last(person, Purpose.PREVENTION) == (True, False)
    assert _last(person, Purpose.SAFEGUARDING) == (False, False)


def test_who_explained_and_who_wrote_it_down_are_told_apart() -> None:
    by, person = coordinator(), make_person()
    other = make_user(RoleKey.OUTREACH_OFFICER)
    other.display_name = "Olive Explains"
    other.save()
    _say(by, person, yes=True, explained_by=str(other.pk))
    (said,) = statements(person)
    assert said.explained_by == "Olive Explains"
    assert by.user is not None
    assert said.recorded_by == User.objects.get(pk=by.user).display_name
    assert said.recorded_by != "Olive Explains"


def test_the_newest_words_of_a_purpose_are_the_current_ones() -> None:
    assert [(one.purpose, one.number) for one in wordings() if one.purpose == "support"] == [
        ("support", 2), ("support", 1),
    ]  # fmt: skip
    support, prevention = current_wording("support"), current_wording("prevention")
    assert support is not None
    assert support.text == "Second words about support."
    assert prevention is not None
    assert prevention.number == 1
    assert current_wording("safeguarding") is None
