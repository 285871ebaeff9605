"""A hub with one wall: the data that the law protects most is shared only when that is accepted."""

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.cli.main import main
from stepdown.cli.trouble import Unavailable
from stepdown.hub.models import Agency, LedgerEntry
from stepdown.hub.queries.walls import two_walls
from stepdown.kernel.errors import InvalidInput
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements
from stepdown.sharing.models import Agreement
from stepdown.sharing.models.agreement import AgreementState
from stepdown.sharing.queries.in_force import clauses_from
from tests.factories import make_agency, make_user
from tests.factories.agreements import asked, make_draft_agreement, protection_officer, signatory

pytestmark = pytest.mark.django_db

ORDINARY = (Category.IDENTITY, Category.SUPPORT)
PROTECTED = (Category.HEALTH, Category.OFFENCE, Category.SAFEGUARDING, Category.EQUALITY)


def _draft(one: Agency, two: Agency, by: Actor, *categories: Category) -> Agreement:
    return make_draft_agreement(asked(one, two, categories=categories), parties=(one, two), by=by)


def _accept(words: str = "Six agencies, one server, until April.") -> int:
    return main(["database", "accept", "--name", "Ada Rook", "--words", words])


@pytest.fixture
def one_wall() -> None:
    if two_walls():
        pytest.skip("This hub has both walls")


@pytest.mark.usefixtures("one_wall")
def test_protected_data_is_shared_only_while_one_wall_is_accepted(client: Client) -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    by = protection_officer(trust)
    drafts = {
        category: _draft(trust, council, by, Category.SUPPORT, category) for category in PROTECTED
    }
    ordinary = _draft(trust, council, by, *ORDINARY)
    # The drafts' factory accepted it: what is asked here begins without.
    assert main(["database", "withdraw"]) == 0

    for category, held in drafts.items():
        with pytest.raises(InvalidInput, match="one wall"):
            agreements.issue(by=by, agreement=held)
        held.refresh_from_db()
        assert held.state == AgreementState.DRAFT, category
    agreements.issue(by=by, agreement=ordinary)

    # Those who draft it read why, and the administrator what to do.
    client.force_login(make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=trust))
    check = reverse("agreement-check", args=[drafts[Category.HEALTH].pk])
    assert "This hub keeps records behind one wall" in client.post(check).content.decode()
    client.force_login(make_user(RoleKey.ADMINISTRATOR))
    assert "are refused" in client.get(reverse("hub")).content.decode()

    assert _accept() == 0
    page = client.get(reverse("hub")).content.decode()
    assert "Ada Rook accepted that" in page
    assert "Six agencies, one server, until April." in page
    assert LedgerEntry.objects.filter(verb="one-wall.accepted").count() == 2

    sent = drafts[Category.HEALTH]
    agreements.issue(by=by, agreement=sent)
    for agency in (trust, council):
        agreements.sign(by=signatory(agency), agreement=sent, agency=agency)
    assert len(clauses_from([trust.pk])[trust.pk]) == 1

    assert main(["database", "withdraw"]) == 0
    assert "are refused" in client.get(reverse("hub")).content.decode()
    with pytest.raises(InvalidInput, match="one wall"):
        agreements.issue(by=by, agreement=drafts[Category.OFFENCE])
    # What is in force stays so until a party withdraws from it.
    assert len(clauses_from([trust.pk])[trust.pk]) == 1


@pytest.mark.usefixtures("one_wall")
def test_it_is_accepted_by_name_in_words_and_once(capsys: pytest.CaptureFixture[str]) -> None:
    for name, words in ((" ", "Why"), ("Ada Rook", " ")):
        assert _refused(["accept", "--name", name, "--words", words])
    assert _refused(["withdraw"])
    assert _accept() == 0
    assert "in the ledger" in capsys.readouterr().out
    assert _refused(["accept", "--name", "Ben Rook", "--words", "Again"])


def _refused(verb: list[str]) -> bool:
    try:
        return main(["database", *verb]) != 0
    except (Unavailable, SystemExit) as told:
        return bool(told)
