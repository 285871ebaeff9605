"""The administrator's pages: the hub's health, accounts and roles, and no casework."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stepdown.adapters import signing, witness
from stepdown.hub.actions import backups, ledger, outbox
from stepdown.hub.models import LedgerEntry, Membership, User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.heads import Head
from stepdown.kernel.ids import new_id
from stepdown.people.queries.actor import actor_for_user
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey
from tests.factories.people import make_person
from tests.factories.places import make_place
from tests.support.accounts import account, partner

pytestmark = pytest.mark.django_db
HUB = Actor.hub()
SEALED = Verb("test.sealed", "Something was sealed")


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(account(RoleKey.ADMINISTRATOR))
    return client


def words(answer: Any) -> str:
    """The page as one line of words."""
    return " ".join(answer.content.decode().split())


def test_health_page_says_how_the_hub_is(administrator: Client) -> None:
    page = words(administrator.get("/hub/"))
    assert ("SQLite" if connection.vendor == "sqlite" else "PostgreSQL") in page
    assert "All applied" in page
    if connection.vendor == "sqlite":
        assert "SQLite has no second wall" in page
    assert "Nothing has been sealed yet" in page
    assert "do not seem to run" not in page


def test_health_page_tells_when_the_jobs_stand_still(administrator: Client) -> None:
    now = clock.now()
    with clock.at(now - timedelta(hours=2)):
        outbox.post(template="offer", about=("offer", new_id()))
        ledger.record(by=HUB, verb=SEALED, about=("need", new_id()))
    page = words(administrator.get("/hub/"))
    assert "Messages are due and nobody fetches them." in page
    assert "The ledger has not been sealed for over an hour." in page


def test_health_page_tells_of_keys_and_a_witness_that_are_not_there(
    administrator: Client, settings: Any, tmp_path: Path
) -> None:
    settings.STEPDOWN_KEYS = tmp_path / "keys"
    assert "is missing" not in words(administrator.get("/hub/"))
    signing.signing_key(tmp_path / "keys")
    (tmp_path / "keys" / "ledger.key").unlink()
    (tmp_path / "file").write_text("")
    settings.STEPDOWN_WITNESS = tmp_path / "file" / "witness.jsonl"
    page = words(administrator.get("/hub/"))
    assert "is missing: put it back" in page
    assert "The witness cannot be read" in page
    refused = administrator.get("/hub/seals/")
    assert refused.status_code == 403
    assert "The seals cannot be checked" in refused.content.decode()


def test_health_page_tells_of_a_witness_that_knows_another_ledger(
    administrator: Client, settings: Any, tmp_path: Path
) -> None:
    settings.STEPDOWN_WITNESS = tmp_path / "witness.jsonl"
    head = Head(9, 90, 99, b"r" * 32, b"", "2026-11-05T09:00:00+00:00", "key", b"s")
    witness.at(settings.STEPDOWN_WITNESS).write([head])
    assert "not the one that its witness knows" in words(administrator.get("/hub/"))
    assert "Entries 90 to 99: witnessed" in words(administrator.get("/hub/seals/"))


def test_health_page_tells_when_the_last_backup_was_made(administrator: Client) -> None:
    assert "None yet. Run: stepdown backup FILE" in words(administrator.get("/hub/"))
    with clock.at(datetime(2026, 11, 5, 9, tzinfo=UTC)):
        backups.made(by=HUB, key="name")
    assert "5 November 2026 at 9am" in words(administrator.get("/hub/"))


def test_seals_are_checked_on_a_page_of_their_own(administrator: Client) -> None:
    ledger.record(by=HUB, verb=SEALED, about=("need", new_id()))
    batch = ledger.seal(by=HUB)
    assert batch
    page = words(administrator.get("/hub/seals/"))
    assert f"Every entry up to {batch.last_seq} is as it was sealed" in page
    LedgerEntry.objects.filter(seq=1).update(verb="test.forged")
    assert "Entry 1: it is not what was sealed." in words(administrator.get("/hub/seals/"))


def test_failed_messages_show_what_and_why_and_never_whom(administrator: Client) -> None:
    person = make_person()
    outbox.post(template="offer-sent", about=("offer", new_id()), to_person=person.pk)
    with clock.at(clock.now() + timedelta(minutes=1)):
        (message,) = outbox.claim(by=HUB)
    outbox.mark_failed(by=HUB, message=message, failure="No such mailbox", final=True)
    page = words(administrator.get("/hub/failed-messages/"))
    assert "Offer sent" in page
    assert "No such mailbox" in page
    for secret in (str(person.pk), person.given_name, person.family_name):
        assert secret not in page


def test_account_is_added_and_given_a_role(administrator: Client) -> None:
    make_place("E07000121")
    form = {"display_name": "Nia Hughes", "email": "Nia@Example.org"}
    answer = administrator.post("/hub/accounts/add/", form)
    user = User.objects.get(email="nia@example.org")
    assert answer["Location"] == f"/hub/accounts/{user.pk}/give-role/"
    assert not user.has_usable_password()
    assert not may_ever(actor_for_user(user), Permission.PAGE_TODAY)
    role = {
        "role": "outreach-officer",
        "agency": str(partner().pk),
        "districts": ["E07000121"],
        "ends-day": "31",
        "ends-month": "12",
        "ends-year": "2099",
    }
    answer = administrator.post(answer["Location"], role)
    assert answer["Location"] == f"/hub/accounts/{user.pk}/"
    grant, public = actor_for_user(user).grants
    assert public.role is RoleKey.PUBLIC
    assert (grant.role, grant.districts) == (RoleKey.OUTREACH_OFFICER, frozenset({"E07000121"}))
    page = words(administrator.get(answer["Location"]))
    assert "Outreach officer" in page
    assert "until 31 December 2099" in page


def test_new_account_s_holder_sets_a_password_by_the_link_sent_to_them(
    administrator: Client, mailoutbox: list[Any]
) -> None:
    administrator.post("/hub/accounts/add/", {"display_name": "Nia", "email": "nia@example.org"})
    Client().post("/account/password/reset/", {"email": "nia@example.org"})
    assert mailoutbox[0].to == ["nia@example.org"]
    assert "/account/password/reset/key/" in mailoutbox[0].body


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({}, "Enter name"),
        ({"display_name": "A", "email": "not an address"}, "Enter an email address"),
        ({"display_name": "A", "email": "administrator@example.org"}, "There is an account with"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_beside_the_question(
    administrator: Client, form: dict[str, str], message: str
) -> None:
    page = words(administrator.post("/hub/accounts/add/", form))
    assert message in page
    assert "There is a problem" in page
    assert User.objects.count() == 1


def test_role_form_without_answers_asks_for_them(administrator: Client) -> None:
    user = account(name="new")
    page = words(administrator.post(f"/hub/accounts/{user.pk}/give-role/", {}))
    assert "There is a problem" in page
    assert "Select a role" in page
    assert not Membership.objects.filter(user=user).exists()


@pytest.mark.parametrize("role", ["hub", "public", "volunteer-by-link", "king"])
def test_role_that_is_never_given_cannot_be_given(administrator: Client, role: str) -> None:
    user = account(name="new")
    form = {"role": role, "agency": str(partner().pk)}
    assert administrator.post(f"/hub/accounts/{user.pk}/give-role/", form).status_code == 200
    assert not Membership.objects.filter(user=user).exists()


def test_role_is_ended_at_once(administrator: Client) -> None:
    user = account(RoleKey.COORDINATOR)
    held = Membership.objects.get(user=user)
    address = f"/hub/accounts/{user.pk}/roles/{held.pk}/end/"
    assert "End the role Coordinator" in words(administrator.get(address))
    administrator.post(address)
    assert [grant.role for grant in actor_for_user(user).grants] == [RoleKey.PUBLIC]
    assert "ended" in words(administrator.get(f"/hub/accounts/{user.pk}/"))


def test_administrator_cannot_lock_the_door_from_outside(administrator: Client) -> None:
    own = User.objects.get(email="administrator@example.org")
    held = Membership.objects.get(user=own)
    answer = administrator.post(f"/hub/accounts/{own.pk}/roles/{held.pk}/end/")
    assert answer.status_code == 403
    assert "Another administrator must end your own role." in words(answer)
    assert administrator.get("/hub/").status_code == 200


def test_role_of_another_account_is_not_found(administrator: Client) -> None:
    one, other = account(RoleKey.COORDINATOR), account(RoleKey.REFERRER)
    held = Membership.objects.get(user=other)
    assert administrator.get(f"/hub/accounts/{one.pk}/roles/{held.pk}/end/").status_code == 404


def test_list_of_accounts_makes_as_many_queries_for_many_as_for_few(
    administrator: Client,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert administrator.get("/hub/accounts/").status_code == 200
        return len(caught)

    queries()
    few = queries()
    for n in range(20):
        account(RoleKey.REFERRER, name=f"person-{n:02}")
    assert queries() == few


def test_long_list_of_accounts_is_read_page_by_page(administrator: Client) -> None:
    for n in range(30):
        account(name=f"person-{n:02}")
    first = administrator.get("/hub/accounts/")
    found = first.context["page"]
    second = administrator.get(f"/hub/accounts/?after={found.next}")
    names = [a.name for a in (*found.items, *second.context["page"].items)]
    assert len(names) == 31
    assert names == sorted(names)
    assert b"Next" in first.content


@pytest.mark.parametrize(
    "role", [RoleKey.COORDINATOR, RoleKey.OUTREACH_OFFICER, RoleKey.REFERRER, RoleKey.VOLUNTEER]
)
def test_nobody_else_opens_these_pages(client: Client, role: RoleKey) -> None:
    user = account(role)
    client.force_login(user)
    for path in (
        "/hub/",
        "/hub/seals/",
        "/hub/keys/",
        "/hub/accounts/",
        f"/hub/accounts/{user.pk}/",
    ):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "Your role does not include this page." in words(answer)


@pytest.mark.parametrize("path", ["/needs/", "/people/", "/referrals/", "/plan/", "/today/"])
def test_administrator_opens_no_casework(administrator: Client, path: str) -> None:
    assert administrator.get(path).status_code in {403, 404}


class TestStartPage:
    @pytest.mark.parametrize(
        ("role", "address"),
        [
            (RoleKey.COORDINATOR, "/today/"),
            (RoleKey.OUTREACH_OFFICER, "/today/"),
            (RoleKey.REFERRER, "/referrals/"),
            (RoleKey.ADMINISTRATOR, "/hub/"),
        ],
    )
    def test_leads_everybody_to_where_their_work_begins(
        self, client: Client, role: RoleKey, address: str
    ) -> None:
        client.force_login(account(role))
        answer = client.get("/")
        assert answer["Location"] == address
        assert client.get(address).status_code == 200

    def test_leads_the_public_to_a_referral_and_to_sign_in(self, client: Client) -> None:
        page = words(client.get("/"))
        assert "Make a referral" in page
        assert 'href="/refer/"' in page
        assert 'href="/account/login/"' in page
        assert "Use the link in the message that we sent you." in page

    def test_account_without_a_role_today_gets_the_public_page(self, client: Client) -> None:
        user = account(RoleKey.COORDINATOR)
        Membership.objects.filter(user=user).update(ends=date(2020, 1, 1))
        client.force_login(user)
        with clock.at(datetime(2026, 3, 2, tzinfo=UTC)):
            assert client.get("/").status_code == 200


def test_coordinator_opens_what_a_failed_message_was_about(client: Client) -> None:
    about = new_id()
    outbox.post(template="offer-sent", about=("offer", about), to_person=make_person().pk)
    with clock.at(clock.now() + timedelta(minutes=1)):
        (message,) = outbox.claim(by=HUB)
    outbox.mark_failed(by=HUB, message=message, failure="No such mailbox", final=True)
    client.force_login(account(RoleKey.COORDINATOR))
    page = client.get("/hub/failed-messages/").content.decode()
    assert f'href="/offers/{about}/"' in page
    # The administrator's sections are not theirs to open.
    assert "/hub/accounts/" not in page
