"""The published register: what is in force, for everybody, and nobody's name."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.kernel import clock
from stepdown.sharing.actions import agreements
from tests.factories import make_agency, make_agreement
from tests.factories.agreements import signatory

pytestmark = pytest.mark.django_db


def read(client: Client) -> str:
    answer = client.get(reverse("sharing-register"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_reads_what_is_in_force_and_what_it_lets_be_seen(client: Client) -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    held = make_agreement(trust, council)
    assert held.title in read(client)
    address = reverse("sharing-register-one", args=[held.reference])
    assert address in read(client)
    page = client.get(address).content.decode()
    assert "A trust" in page
    assert "identity, contact" in page.lower()
    assert "UK GDPR Article 6(1)(e)" in page


def test_what_is_not_in_force_is_as_if_it_were_not_there(client: Client) -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    unsigned = make_agreement(trust, council, signed=False)
    later = make_agreement(trust, council, starts=clock.today() + timedelta(days=3))
    ended = make_agreement(trust, council)
    agreements.withdraw(by=signatory(trust), agreement=ended, agency=trust, reason="Merged")
    assert "No agreement is in force" in read(client)
    unknown = client.get(reverse("sharing-register-one", args=["ISA-0000-0000"]))
    for held in (unsigned, later, ended):
        answer = client.get(reverse("sharing-register-one", args=[held.reference]))
        assert answer.status_code == unknown.status_code == 404


def test_it_names_no_person_and_says_nothing_written_for_the_parties_alone(client: Client) -> None:
    held = make_agreement(make_agency("A trust", "nhs"), make_agency("B council"))
    address = reverse("sharing-register-one", args=[held.reference])
    page = read(client) + client.get(address).content.decode()
    for signature in held.signatures.all():
        assert str(signature.user_id) not in page
    for answer in held.dpia_answers.all():
        assert answer.answer not in page
    assert "Signed by" not in page


def test_a_long_register_asks_as_few_questions_as_a_short_one(
    client: Client, django_assert_max_num_queries: object
) -> None:
    trust, council = make_agency("A trust", "nhs"), make_agency("B council")
    for _ in range(6):
        make_agreement(trust, council)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        read(client)
