"""How long records are kept is for those who hold them to say, and each disposes of its own."""

from datetime import timedelta

import pytest

from stepdown.hub.models import Agency
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide
from stepdown.policy.permissions import Permission
from stepdown.policy.sharing import OF_PERSON
from stepdown.records.actions import retention
from stepdown.records.models import Disposal
from stepdown.records.queries.disposals import proposals
from stepdown.records.queries.keepers import facts, keepers
from stepdown.records.queries.retention import due_one, due_people
from stepdown.volunteering.actions import needs
from stepdown.volunteering.models import Need
from tests.factories import actor_of, make_agency, make_agreement, make_need, make_person, make_user
from tests.factories.agreements import protection_officer
from tests.factories.places import DISTRICT
from tests.factories.retention import make_review, years_ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Agency:
    return make_agency("B trust", kind=Agency.Kind.NHS)


@pytest.fixture
def ivy(trust: Agency) -> Person:
    """Somebody whom the trust alone helped, ten years ago."""
    with years_ago(10):
        return helped(trust)


def helped(agency: Agency, person: Person | None = None) -> Person:
    by = actor_of(make_user("coordinator", [DISTRICT], agency=agency))
    person = person or make_person("Ivy", "Sample", by=by)
    need = make_need(by=by, agency=agency, person=person)
    needs.close(by=by, need=need, outcome=Need.Outcome.values[0])
    return person


def reviewers(agency: Agency) -> list[Actor]:
    coordinator = actor_of(make_user("coordinator", [DISTRICT], agency=agency))
    return [coordinator, protection_officer(agency), protection_officer(agency)]


def seen(by: Actor) -> list[object]:
    return [one.person for one in due_people(by, clock.today())]


def test_only_who_holds_something_reviews_it(ivy: Person, trust: Agency) -> None:
    council = make_agency("A council")
    make_agreement(trust, council, categories=list(Category))
    for by in reviewers(council):
        assert seen(by) == []
        for permission in (Permission.RETENTION_VIEW, Permission.RETENTION_REVIEW):
            assert not decide(by, permission, facts(ivy)).allowed
            with pytest.raises(NotVisible):
                due_one(by, ivy.pk, permission)
        with pytest.raises(NotVisible):
            make_review(by, ivy)
        with pytest.raises((NotVisible, Refused)):
            retention.hold(by=by, person=ivy.pk, reason="A court asks.")
    for by in reviewers(trust):
        assert seen(by) == [ivy.pk]
        assert decide(by, Permission.RETENTION_REVIEW, facts(ivy)).allowed
    made = make_review(reviewers(trust)[0], ivy)
    assert made.agency == trust
    ours, theirs = reviewers(council)[1], reviewers(trust)[1]
    assert proposals(ours) == []
    assert [one.id for one in proposals(theirs)] == [made.pk]
    with pytest.raises(NotVisible):
        retention.agree(by=ours, review=made.pk)
    assert retention.agree(by=theirs, review=made.pk) is not None
    assert not Person.objects.filter(pk=ivy.pk).exists()


def test_each_agency_disposes_of_what_it_holds(ivy: Person, trust: Agency) -> None:
    council = make_agency("A council")
    with years_ago(9):
        make_agreement(trust, council, categories=OF_PERSON)
        helped(council, ivy)
    assert keepers(ivy.pk) == {council.pk, trust.pk}
    first, second, _third = reviewers(council)
    made = make_review(first, ivy)
    with pytest.raises(Refused, match="agency that reviewed"):
        retention.agree(by=reviewers(trust)[1], review=made.pk)
    disposal = retention.agree(by=second, review=made.pk)
    assert disposal is not None
    assert (disposal.kind, disposal.schedule) == ("part", "partnership")
    assert disposal.stays == list(Disposal.Stays.values)
    assert list(Need.objects.filter(person=ivy).values_list("agency", flat=True)) == [trust.pk]
    assert keepers(ivy.pk) == {trust.pk}
    assert seen(first) == []
    # Now the other one holds all there is, and the whole of it goes.
    first, second, _third = reviewers(trust)
    with clock.at(clock.now() + timedelta(days=365 * 7)):
        disposal = retention.agree(by=second, review=make_review(first, ivy).pk)
    assert disposal is not None
    assert disposal.kind == "person"
    assert not Person.objects.filter(pk=ivy.pk).exists()


def test_what_came_to_the_partnership_itself_is_reviewed_by_all(trust: Agency) -> None:
    with years_ago(10):
        person = make_person()
    Person.objects.filter(pk=person.pk).update(agency=None)
    person.refresh_from_db()
    assert keepers(person.pk) == frozenset()
    for by in reviewers(trust):
        assert seen(by) == [person.pk]
        assert decide(by, Permission.RETENTION_VIEW, facts(person)).allowed
    assert make_review(reviewers(trust)[0], person).agency is None
