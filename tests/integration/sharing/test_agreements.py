"""An agreement's course: drafted, sent for signature, signed by every party, ended."""

from datetime import timedelta

import pytest

from stepdown.hub.models import Agency, LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.categories import Category
from stepdown.policy.lawful import Basis
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
from stepdown.sharing.models import Agreement, Signature
from stepdown.sharing.queries.agreement import Standing, get, standing, terms_hash, visible_to
from stepdown.sharing.queries.in_force import clauses_from
from tests.factories import actor_of, coordinator, make_agency, make_agreement, make_user
from tests.factories.agreements import (
    asked,
    make_draft_agreement,
    protection_officer,
    signatory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def trust() -> Agency:
    return make_agency("A trust", "nhs")


@pytest.fixture
def council() -> Agency:
    return make_agency("B council")


def _standing(agreement: Agreement) -> Standing:
    found = visible_to(protection_officer(make_agency("Somebody else"))).get(pk=agreement.pk)
    return standing(found)


def test_in_force_only_when_every_party_has_signed(trust: Agency, council: Agency) -> None:
    held = make_agreement(trust, council, signed=False)
    assert _standing(held) is Standing.OUT_FOR_SIGNATURE
    agreements.sign(by=signatory(trust), agreement=held, agency=trust)
    assert _standing(held) is Standing.OUT_FOR_SIGNATURE
    assert clauses_from([trust.pk]) == {}
    agreements.sign(by=signatory(council), agreement=held, agency=council)
    assert _standing(held) is Standing.IN_FORCE
    assert [c.target for c in clauses_from([trust.pk])[trust.pk]] == [council.pk]


def test_in_force_from_the_first_day_to_the_end_of_the_last(trust: Agency, council: Agency) -> None:
    first = clock.today() + timedelta(days=2)
    held = make_agreement(trust, council, starts=first, ends=first + timedelta(days=1))
    expected = [
        (1, Standing.NOT_YET), (2, Standing.IN_FORCE), (3, Standing.IN_FORCE), (4, Standing.LAPSED),
    ]  # fmt: skip
    for days, says in expected:
        with clock.at(clock.now() + timedelta(days=days)):
            assert _standing(held) is says
            assert bool(clauses_from([trust.pk])) == (says is Standing.IN_FORCE)


def test_an_agency_is_signed_for_by_its_own_signatory_and_once(
    trust: Agency, council: Agency
) -> None:
    held = make_agreement(trust, council, signed=False)
    other = signatory(council)
    with pytest.raises(Refused):
        agreements.sign(by=other, agreement=held, agency=trust)
    with pytest.raises(Refused):
        agreements.sign(by=protection_officer(trust), agreement=held, agency=trust)
    with pytest.raises(NotVisible):
        agreements.sign(by=coordinator(), agreement=held, agency=trust)
    agreements.sign(by=other, agreement=held, agency=council)
    with pytest.raises(Refused, match="already"):
        agreements.sign(by=other, agreement=held, agency=council)


def test_an_agreement_does_not_exist_for_those_who_are_no_party(
    trust: Agency, council: Agency
) -> None:
    held = make_agreement(trust, council)
    assert get(by=signatory(council), id=held.pk) == held
    with pytest.raises(NotVisible):
        get(by=signatory(make_agency("Stranger")), id=held.pk)


def test_withdrawal_by_one_party_ends_all_versions(trust: Agency, council: Agency) -> None:
    held = make_agreement(trust, council)
    later = agreements.renew(by=protection_officer(trust), agreement=held)
    agreements.withdraw(by=signatory(council), agreement=held, agency=council, reason="Closed")
    assert clauses_from([trust.pk]) == {}
    assert {_standing(held), _standing(later)} == {Standing.WITHDRAWN}
    with pytest.raises(Refused):
        agreements.sign(by=signatory(trust), agreement=held, agency=trust)


def test_the_terms_do_not_change_once_sent_for_signature(trust: Agency, council: Agency) -> None:
    by = protection_officer(trust)
    held = make_agreement(trust, council)
    for change in (
        lambda: agreements.add_clause(by=by, agreement=held, asked=asked(council, trust)),
        lambda: agreements.remove_clause(by=by, agreement=held, number=1),
        lambda: agreements.assess(by=by, agreement=held, answers={}),
        lambda: agreements.change(
            by=by, agreement=held, version=held.version, title="Other", starts=held.starts,
            ends=held.ends, review_on=held.review_on,
        ),
    ):  # fmt: skip
        with pytest.raises(Refused, match="no longer change"):
            change()
    terms = {bytes(one.terms) for one in Signature.objects.filter(agreement=held)}
    assert terms == {terms_hash(Agreement.objects.get(pk=held.pk))}


def test_a_new_version_takes_over_once_signed_and_begun(trust: Agency, council: Agency) -> None:
    by = protection_officer(trust)
    held = make_agreement(trust, council)
    later = agreements.renew(by=by, agreement=held)
    agreements.remove_clause(by=by, agreement=later, number=1)
    agreements.add_clause(
        by=by, agreement=later, asked=asked(trust, council, categories=[Category.IDENTITY])
    )
    agreements.issue(by=by, agreement=later)
    agreements.sign(by=signatory(trust), agreement=later, agency=trust)
    assert _standing(held) is Standing.IN_FORCE
    agreements.sign(by=signatory(council), agreement=later, agency=council)
    assert (_standing(held), _standing(later)) == (Standing.REPLACED, Standing.IN_FORCE)
    (clause,) = clauses_from([trust.pk])[trust.pk]
    assert clause.categories == {Category.IDENTITY}
    assert clause.citation == f"{held.reference}/2/1"
    with pytest.raises(InvalidInput, match="later version"):
        agreements.renew(by=by, agreement=held)


def test_nothing_is_sent_for_signature_without_clauses_and_assessment(
    trust: Agency, council: Agency
) -> None:
    by = protection_officer(trust)
    held = make_draft_agreement(parties=(trust, council), by=by)
    with pytest.raises(InvalidInput, match="at least one clause"):
        agreements.issue(by=by, agreement=held)
    agreements.add_clause(by=by, agreement=held, asked=asked(trust, council))
    agreements.assess(by=by, agreement=held, answers={"risks": "Some"})
    with pytest.raises(InvalidInput, match="impact assessment"):
        agreements.issue(by=by, agreement=held)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"condition": ""}, "condition"),
        ({"condition": "sch8-1"}, "condition"),
        ({"basis": Basis.LAW_ENFORCEMENT.value, "condition": "sch8-1"}, "basis"),
        ({"categories": ()}, "categories"),
        ({"people": ("nobody",)}, "people"),
        ({"purpose": "curiosity"}, "purpose"),
    ],
)
def test_a_clause_that_does_not_hold_together_is_refused(
    trust: Agency, council: Agency, change: dict[str, object], field: str
) -> None:
    by = protection_officer(trust)
    held = make_draft_agreement(parties=(trust, council), by=by)
    clause = asked(trust, council)
    wrong = type(clause)(**{**vars(clause), **change})
    with pytest.raises(InvalidInput) as refused:
        agreements.add_clause(by=by, agreement=held, asked=wrong)
    assert set(refused.value.errors) == {field}
    assert not held.clauses.exists()


def test_the_law_enforcement_regime_is_for_two_police_forces() -> None:
    one, other = make_agency("One force", "police"), make_agency("Other force", "police")
    by = protection_officer(one)
    held = make_draft_agreement(parties=(one, other), by=by)
    clause = asked(one, other)
    change = {"basis": Basis.LAW_ENFORCEMENT.value, "condition": "sch8-4"}
    agreements.add_clause(by=by, agreement=held, asked=type(clause)(**{**vars(clause), **change}))
    assert held.clauses.get().basis == "dpa-3"


def test_only_a_protection_officer_of_a_party_drafts(trust: Agency, council: Agency) -> None:
    for by in (signatory(trust), coordinator(), protection_officer(make_agency("Stranger"))):
        with pytest.raises(Refused):
            make_draft_agreement(parties=(trust, council), by=by)


def test_a_clause_is_between_two_parties(trust: Agency, council: Agency) -> None:
    by = protection_officer(trust)
    held = make_draft_agreement(parties=(trust, council), by=by)
    for source, target in ((make_agency("Stranger"), council), (trust, trust)):
        with pytest.raises(InvalidInput):
            agreements.add_clause(by=by, agreement=held, asked=asked(source, target))


def test_every_step_is_in_the_ledger(trust: Agency, council: Agency) -> None:
    held = make_agreement(trust, council)
    agreements.withdraw(by=signatory(trust), agreement=held, agency=trust, reason="Over")
    verbs = LedgerEntry.objects.filter(object_id=held.pk).order_by("id")
    assert [verb.removeprefix("agreement.") for verb in verbs.values_list("verb", flat=True)] == [
        "drafted", "clause-added", "assessed", "issued", "signed", "signed", "withdrawn",
    ]  # fmt: skip


def test_a_role_that_ended_signs_nothing_more(trust: Agency, council: Agency) -> None:
    held = make_agreement(trust, council, signed=False)
    user = make_user(RoleKey.SIGNATORY, agency=trust)
    membership = user.memberships.get()
    membership.ends = clock.today() - timedelta(days=1)
    membership.save()
    with pytest.raises(NotVisible):
        agreements.sign(by=actor_of(user), agreement=held, agency=trust)
