"""A referral that does not exist for a reader changes no byte of any page that they can open."""

import re

import pytest
from django.test import Client

from stepdown.casework.models import Referral
from stepdown.hub.models import Agency
from stepdown.policy.categories import Category
from stepdown.policy.roles import RoleKey
from stepdown.sharing.models import Agreement
from tests.factories import (
    actor_of,
    make_agency,
    make_agreement,
    make_person,
    make_referral,
    make_scheme,
    make_user,
)
from tests.factories.agreements import asked, make_draft_agreement, protection_officer

pytestmark = pytest.mark.django_db
# What differs from one answer to the next without anybody's doing.
CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|<time [^>]*>[^<]*</time>'
)


@pytest.fixture
def council() -> Agency:
    return make_agency("B council")


@pytest.fixture
def staff(client: Client, council: Agency) -> Client:
    client.force_login(make_user(RoleKey.COORDINATOR, agency=council))
    return client


def _pages(staff: Client, shown: list[Referral]) -> dict[str, str]:
    paths = ["/", "/today/", "/referrals/", "/referrals/?state=received&state=rejected", "/needs/",
             "/people/", "/people/?name=Specimen", "/plan/"]  # fmt: skip
    for referral in shown:
        paths += [f"/referrals/?reference={referral.reference}"]
        paths += [
            f"/referrals/{referral.pk}/{page}"
            for page in ("", "need/", "duplicate/", "reject/", "withdraw/")
        ]
    found = {}
    for path in paths:
        answer = staff.get(path)
        body = CHANGING.sub("", answer.content.decode())
        found[path] = f"{answer.status_code} {answer.headers.get('Location', '')} {body}"
    return found


@pytest.mark.parametrize("drafted", [False, True], ids=["no agreement", "one not signed by all"])
def test_an_invisible_referral_changes_no_byte(
    staff: Client, council: Agency, drafted: bool
) -> None:
    make_scheme()
    friend, stranger = make_agency("A trust", "nhs"), make_agency("C police", "police")
    make_agreement(friend, council, categories=[Category.IDENTITY, Category.SUPPORT])
    shown = [
        make_referral(),
        make_referral(actor_of(make_user(RoleKey.REFERRER, agency=council))),
        make_referral(actor_of(make_user(RoleKey.REFERRER, agency=friend))),
    ]
    make_person("Ada", "Specimen")
    maker = actor_of(make_user(RoleKey.REFERRER, agency=stranger))
    before = _pages(staff, shown)
    assert all(page.startswith(("200", "302")) for page in before.values())
    if drafted:
        make_agreement(stranger, council, signed=False)
        make_draft_agreement(
            asked(stranger, council),
            parties=(stranger, council),
            by=protection_officer(stranger),
        )
        assert Agreement.objects.count() == 3
    for answers in ({}, {"date_of_birth": ""}, {"family_name": "Other", "secret": True}):
        make_referral(maker, **answers)
    after = _pages(staff, shown)
    for path, page in before.items():
        assert after[path] == page, path


def test_a_foreign_referral_answers_as_one_that_is_not_there(
    staff: Client, council: Agency
) -> None:
    foreign = make_referral(
        actor_of(make_user(RoleKey.REFERRER, agency=make_agency("C police", "police")))
    )
    nobodys = "00000000-0000-7000-8000-000000000000"
    for page in ("", "need/", "duplicate/", "reject/", "withdraw/", "reopen/"):
        answers = []
        for one in (str(foreign.pk), nobodys):
            for ask in (staff.get, staff.post):
                answer = ask(f"/referrals/{one}/{page}")
                body = CHANGING.sub("", answer.content.decode()).replace(one, "")
                answers.append((ask.__name__, answer.status_code, body))
        assert answers[:2] == answers[2:], page
        assert {status for _ask, status, _body in answers if _ask == "get"} == {404}
