"""A volunteer who is placed in a case does the steps of their role on pages of their own."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import own_steps
from stepdown.casework.models import Case, CaseStep
from stepdown.casework.queries import own_step
from stepdown.casework.queries.definitions import FOLDER, definition, vocabulary
from stepdown.hub.models import Disclosure, LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.pathways.digest import FIRST, NEWEST, digest
from stepdown.pathways.library import read_definition
from stepdown.pathways.tree import Faulty
from stepdown.people.actions import accounts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import Purpose
from stepdown.records.actions import rights_answers, rights_requests, rights_statements
from stepdown.sharing.actions import agreements
from stepdown.volunteering.actions import exclusions
from stepdown.volunteering.models import Exclusion, Placement
from tests.factories.agencies import make_agency
from tests.factories.agreements import (
    asked,
    make_draft_agreement,
    protection_officer,
    signatory,
)
from tests.factories.own_cases import RJ, make_prepared, place_facilitator
from tests.factories.rights import make_office, make_rights_request
from tests.factories.users import actor_of, coordinator, make_user
from tests.factories.volunteers import make_volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def test_facilitator_does_their_step_and_sees_what_their_role_sees(client: Client) -> None:
    by = coordinator()
    case = make_prepared(by)
    user, placement = place_facilitator(case)
    me = actor_of(user)
    (own,) = own_step.mine(me)
    assert set(own.read) == {Category.IDENTITY, Category.SUPPORT, Category.OFFENCE}
    assert [one.step.key for one in own.todos] == [
        "meet-harmed-person", "meet-responsible-person", "choose-form",
    ]  # fmt: skip
    client.force_login(user)
    listed = client.get(reverse("my-cases")).text
    assert "Meet the harmed person" in listed
    shown = client.get(reverse("my-case", args=[case.pk])).text
    assert "A broken window" in shown
    assert "Sample" in shown or own.people[0].name in shown
    disclosed = Disclosure.objects.filter(page="my-case")
    assert disclosed.count() == 1
    assert {one.person_id for one in disclosed[0].people.all()} == {one.id for one in own.people}
    # The case's own pages, the lead's steps and cases of others are not theirs.
    assert client.get(reverse("case", args=[case.pk])).status_code == 403
    for key in ("risk-assessment", "check", "nothing"):
        address = reverse("my-case-step", args=[case.pk, key])
        assert client.get(address).status_code == 404, key
    form = reverse("my-case-step", args=[case.pk, "meet-harmed-person"])
    assert "How were they affected?" in client.get(form).text
    assert "Enter an answer" in client.post(form, {"version": "0"}).text
    said = {"version": "0", "impact": "Afraid at night", "hopes": "To be heard"}
    assert client.post(form, {**said, "draft": "1"})["Location"] == reverse(
        "my-case", args=[case.pk]
    )
    assert "Afraid at night" in client.post(form, said).text  # somebody saved meanwhile: oneself
    assert client.post(form, {**said, "version": "1"}).status_code == 302
    row = CaseStep.objects.get(case=case, step="meet-harmed-person")
    assert (row.saved_by, row.done_on) == (user, clock.today())
    entry = LedgerEntry.objects.get(verb="case.step-done", actor_user=user.pk)
    assert entry.object_id == case.pk
    assert "Afraid at night" in client.get(reverse("my-case", args=[case.pk])).text
    # Staff read it in the case, and on its timeline.
    staff = make_user(RoleKey.COORDINATOR)
    client.force_login(staff)
    whole = client.get(reverse("case", args=[case.pk])).text
    assert "Afraid at night" in whole
    assert user.display_name in whole
    _whoever_else(case, by, me, placement, client)


def _whoever_else(case: Case, by: Actor, me: Actor, placement: Placement, client: Client) -> None:
    """Nobody else comes by it, nor they themselves once they are not placed in it."""
    other = make_user(RoleKey.VOLUNTEER)
    accounts.link_user(by=Actor.hub(), person=make_volunteer(by=by).person, user=other)
    client.force_login(other)
    assert client.get(reverse("my-case", args=[case.pk])).status_code == 404
    assert "placed in no case" in client.get(reverse("my-cases")).text
    # Not by the link in a message: what is in a case asks for an account.
    assert not may_ever(Actor.by_link(placement.volunteer.person_id), Permission.STEP_VIEW)
    own = own_step.get(by=me, id=case.pk)
    step = {"step": "meet-responsible-person", "number": 1, "version": 0, "finish": True}
    with pytest.raises(NotVisible):
        own_steps.do(by=actor_of(other), own=own, answers={"account": "None"}, **step)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        own_steps.do(by=me, own=own, answers={}, **{**step, "step": "risk-assessment"})  # type: ignore[arg-type]
    person = own.people[0].id
    exclusions.record(by=by, volunteer=placement.volunteer, person=Person.objects.get(pk=person),
                      reason=Exclusion.Reason.values[0])  # fmt: skip
    with pytest.raises(NotVisible):
        own_step.get(by=me, id=case.pk)
    with pytest.raises(NotVisible):
        own_steps.do(by=me, own=own, answers={"account": "Sorry"}, **step)  # type: ignore[arg-type]


def test_a_volunteer_reads_what_somebody_says_of_their_record_and_that_it_is_stopped(
    client: Client,
) -> None:
    by, office = coordinator(), make_office()
    case = make_prepared(by)
    user, _placement = place_facilitator(case)
    (own,) = own_step.mine(actor_of(user))
    person = Person.objects.get(pk=own.people[0].id)
    made = make_rights_request(office, kind="rectification", person=person)
    rights_requests.refuse(by=office.first, request=made, refusal="not-applicable", outcome="No.")
    for category, words in ((Category.OFFENCE, "I broke no window."), (Category.HEALTH, "A limp")):
        rights_statements.keep(by=office.first, request=made, category=category.value,
                               about="The note", words=words)  # fmt: skip
        client.force_login(user)
        shown = client.get(reverse("my-case", args=[case.pk])).text
        assert (words in shown) is (category in own.read), category
        assert "is restricted since" not in shown
    stopped = make_rights_request(office, kind="restriction", person=person)
    rights_answers.submit(by=office.first, request=stopped, outcome="Stopped.")
    rights_answers.approve(by=office.second, request=stopped)
    rights_answers.answer(by=office.first, request=stopped)
    assert "is restricted since" in client.get(reverse("my-case", args=[case.pk])).text


def test_placement_that_ended_and_case_that_closed_are_gone() -> None:
    by = coordinator()
    case = make_prepared(by)
    user, placement = place_facilitator(case)
    me = actor_of(user)
    assert len(own_step.mine(me)) == 1
    Case.objects.filter(pk=case.pk).update(closed_on=clock.today(), outcome="other-way")
    assert own_step.mine(me) == []
    Case.objects.filter(pk=case.pk).update(closed_on=None, outcome="")
    Placement.objects.filter(pk=placement.pk).update(state="suspended")
    assert own_step.mine(me) == []


def test_volunteer_of_another_agency_sees_what_a_clause_lets_them(client: Client) -> None:
    by = coordinator()
    case = make_prepared(by)
    theirs = make_agency("A charity")
    user, _placement = place_facilitator(case, agency=theirs)
    me = actor_of(user)
    assert own_step.mine(me) == []
    client.force_login(user)
    assert client.get(reverse("my-case", args=[case.pk])).status_code == 404
    assert case.agency is not None
    clause = asked(case.agency, theirs, categories=[Category.SUPPORT, Category.HEALTH],
                   purpose=Purpose.PREVENTION, pathways=[RJ])  # fmt: skip
    officer = protection_officer(case.agency)
    held = make_draft_agreement(clause, parties=(case.agency, theirs), by=officer)
    agreements.issue(by=officer, agreement=held)
    for agency in (case.agency, theirs):
        agreements.sign(by=signatory(agency), agreement=held, agency=agency)
    (own,) = own_step.mine(actor_of(user))
    assert set(own.read) == {Category.SUPPORT}  # of what the role sees, what the clause covers
    assert own.people == ()
    assert own.read[Category.SUPPORT]
    shown = client.get(reverse("my-case", args=[case.pk])).text
    assert "A broken window" not in shown
    form = reverse("my-case-step", args=[case.pk, "meet-harmed-person"])
    assert client.get(form).status_code == 302
    with pytest.raises(Refused, match="kind of information"):
        own_steps.do(by=actor_of(user), own=own, step="meet-harmed-person", number=1, version=0,
                     answers={"impact": "x"}, finish=True)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("sees: [identity, support, offence]", "sees: [identity, support]",
         "“facilitator” does this and does not see offence"),
        (", sees: [identity, support, offence]", "", "give it “sees”"),
        ("    own: [do-steps]", "    hub: [do-steps]", "reaches own cases"),
        ("key: lead, name: Restorative-justice co-ordinator",
         "key: lead, name: Restorative-justice co-ordinator, sees: [support]",
         r"1.yaml:\d+: “sees” gives a role of volunteers"),
    ],
)  # fmt: skip
def test_what_a_role_sees_is_checked(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (FOLDER / f"{RJ}.1.yaml").read_text(encoding="utf-8")
    assert old in text
    for shared in (FOLDER / "shared").glob("*.yaml"):
        there = tmp_path / "shared" / shared.name
        there.parent.mkdir(exist_ok=True)
        there.write_text(shared.read_text(encoding="utf-8"), encoding="utf-8")
    path = tmp_path / f"{RJ}.1.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Faulty, match=said):
        read_definition(path, vocabulary())


def test_what_a_role_sees_is_outside_what_cases_stand_on() -> None:
    one = definition(RJ)
    plain = tuple(replace(role, sees=()) for role in one.team)
    for form in (FIRST, NEWEST):
        assert digest(one, form) == digest(replace(one, team=plain), form)
