"""A need, and all that hangs on it, exists for another agency by a clause, or not at all."""

import pytest
from django.test import Client

from stepdown.hub.models import Agency
from stepdown.hub.queries.ledger import timeline
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.actions import consents
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
from stepdown.volunteering.actions import needs
from stepdown.volunteering.models import Need
from stepdown.volunteering.queries import coverage, risk
from stepdown.volunteering.queries import need as queries
from stepdown.volunteering.queries.need import list_needs
from stepdown.volunteering.queries.sight import told
from stepdown.volunteering.queries.watcher import watchers_of
from tests.factories import make_agency, make_need, make_person, make_place
from tests.factories.agreements import CASEWORK, make_agreement, protection_officer, signatory
from tests.factories.places import DISTRICT
from tests.factories.schemes import make_scheme
from tests.factories.users import PASSWORD, actor_of, make_user

pytestmark = pytest.mark.django_db


def partners() -> tuple[Agency, Agency, Actor, Actor]:
    """Two agencies, each with a coordinator of everything."""
    ours, theirs = make_agency("Ours"), make_agency("Theirs")
    return ours, theirs, staff(ours), staff(theirs)


def staff(agency: Agency) -> Actor:
    return actor_of(make_user(RoleKey.COORDINATOR, agency=agency))


def exists_for(by: Actor, need: Need) -> bool:
    try:
        queries.get(by=by, id=need.pk)
    except NotVisible:
        return False
    return True


def test_need_does_not_exist_for_another_agency_without_an_agreement() -> None:
    _ours, theirs, we, they = partners()
    need = make_need(by=they, agency=theirs)
    assert exists_for(they, need)
    assert not exists_for(we, need)
    assert list_needs(we, count=True).total == 0
    with pytest.raises(NotVisible):
        needs.withdraw(by=we, need=need)


def test_agreement_opens_it_and_withdrawal_closes_it_at_the_next_request() -> None:
    ours, theirs, we, they = partners()
    need = make_need(by=they, agency=theirs)
    held = make_agreement(theirs, ours)
    assert exists_for(we, need)
    agreements.withdraw(by=signatory(theirs), agreement=held, agency=theirs, reason="Over")
    assert not exists_for(we, need)


@pytest.mark.parametrize("missing", [Category.SUPPORT, Category.LOCATION])
def test_clause_must_cover_what_is_asked_and_where(missing: Category) -> None:
    ours, theirs, we, they = partners()
    need = make_need(by=they, agency=theirs)
    make_agreement(theirs, ours, categories=[c for c in CASEWORK if c is not missing])
    assert not exists_for(we, need)


def test_risk_assessment_is_shown_by_a_clause_on_safeguarding() -> None:
    ours, theirs, we, they = partners()
    need = make_need(by=they, agency=theirs)
    covered = [c for c in CASEWORK if c is not Category.SAFEGUARDING]
    make_agreement(theirs, ours, categories=covered)
    assert exists_for(we, need)
    assert not risk.visible_to(we, Permission.RISK_WRITE).exists()
    facts = risk.facts_for(need)
    with pytest.raises(NotVisible):
        require(we, Permission.RISK_WRITE, facts)


def test_name_of_the_person_is_left_out_where_identity_is_not_covered() -> None:
    ours, theirs, we, they = partners()
    person = make_person(family_name="Larkspur")
    need = make_need(by=they, agency=theirs, person=person)
    make_agreement(theirs, ours, categories=[Category.SUPPORT, Category.LOCATION])
    assert set(queries.readable(we, need)) == {Category.SUPPORT, Category.LOCATION}
    user = make_user(RoleKey.COORDINATOR, agency=ours, password=PASSWORD)
    client = Client()
    client.force_login(user)
    page = client.get(f"/needs/{need.pk}/")
    assert page.status_code == 200
    assert "Larkspur" not in page.content.decode()


def test_clause_that_rests_on_consent_asks_the_person_each_time() -> None:
    ours, theirs, we, they = partners()
    person = make_person()
    need = make_need(by=they, agency=theirs, person=person)
    make_agreement(theirs, ours, consent=True)
    assert not exists_for(we, need)
    consents.word(by=protection_officer(theirs), purpose="support", text="Only they see it.")
    consents.say(
        by=they,
        person=person,
        purpose="support",
        yes=True,
        explained_by=str(they.user),
        explained_on=clock.today(),
    )
    assert exists_for(we, need)
    consents.withdraw(by=they, person=person, purpose="support")
    assert not exists_for(we, need)


def test_whoever_is_shown_a_need_cannot_make_it_their_own() -> None:
    ours, theirs, we, they = partners()
    need = make_need(by=they, agency=theirs)
    make_agreement(theirs, ours)
    with pytest.raises(Refused, match="Only staff of the partner"):
        needs.change(by=we, need=need, version=need.version, agency=ours.pk)
    needs.change(by=they, need=need, version=need.version, agency=ours.pk)
    assert exists_for(we, need)


def test_need_cannot_be_added_for_a_partner_that_shares_nothing() -> None:
    _ours, theirs, we, _they = partners()
    with pytest.raises(Refused, match="No sharing agreement"):
        make_need(by=we, agency=theirs)


def test_figures_and_alerts_say_nothing_of_a_need_behind_a_wall() -> None:
    _ours, theirs, we, they = partners()
    place = make_place(DISTRICT)
    make_scheme("community-support")
    before = coverage.coverage_of(we, place)
    need = make_need(by=they, agency=theirs)
    assert coverage.coverage_of(we, place) == before
    assert coverage.coverage_of(they, place).needs == before.needs + 1
    assert [one.needs for one in coverage.districts(we)] == [before.needs]
    assert watchers_of([need]) == {need.pk: [they.user]}


def test_timeline_of_a_person_leaves_out_needs_that_do_not_exist_for_the_reader() -> None:
    ours, theirs, we, they = partners()
    person = make_person()
    need = make_need(by=they, agency=theirs, person=person)
    kinds = {one.object_kind for one in timeline("person", person.pk, told=told(we))}
    assert "need" not in kinds
    assert "need" in {one.object_kind for one in timeline("person", person.pk, told=told(they))}
    make_agreement(theirs, ours)
    assert need.pk in {one.object_id for one in timeline("person", person.pk, told=told(we))}
