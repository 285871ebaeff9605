"""Every pathway that is a file is referred into and opened on its own pages."""

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.models import Case, CaseAnswers
from stepdown.casework.queries.case import consents
from stepdown.casework.queries.case_facts import standing_of
from stepdown.casework.queries.definitions import definition, library
from stepdown.pathways.facts import REFERRAL
from stepdown.policy.roles import RoleKey
from tests.factories.cases import do_step, make_case, name_all, now
from tests.factories.places import DISTRICT, make_place
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
EVERY = [one.key for one in library().latest()]


@pytest.fixture
def client() -> Client:
    make_place(DISTRICT)
    found = Client()
    found.force_login(make_user(RoleKey.COORDINATOR))
    return found


def words(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", plain)).split())


@pytest.mark.parametrize("key", EVERY)
def test_referral_form_and_record_have_the_files_own_words(client: Client, key: str) -> None:
    one = definition(key)
    by = actor_of(make_user(RoleKey.COORDINATOR))
    case = make_case(key, by=by)
    shown = words(client, reverse("case", args=[case.pk]))
    assert one.name.en in shown
    assert one.first.name.en in shown
    name_all(case, by=by)
    todo = next(todo for todo in standing_of(now(case)).todos if todo.open)
    form = words(client, reverse("case-step", args=[case.pk, todo.step.key]))
    for field in todo.step.fields:
        assert field.name.en in form
    do_step(now(case), todo.step.key, by=by)
    assert todo.step.name.en in words(client, reverse("case", args=[case.pk]))


def test_plan_about_nobody_is_referred_without_a_name(client: Client) -> None:
    client.post(reverse("case-refer"), {"pathway": "theme-plan"})
    draft = Case.objects.get()
    who = reverse("case-refer-page", args=[draft.pk, "who"])
    shown = words(client, who)
    assert "Where it is and who refers" in shown
    assert "First name" not in shown
    given = {"district": DISTRICT, "source": "partnership", "family_name": "Sample"}
    assert client.post(who, given).status_code == 302
    page = reverse("case-refer-page", args=[draft.pk, "theme"])
    client.post(page, {"theme": "hate", "aim": "Fewer incidents"})
    page = reverse("case-refer-page", args=[draft.pk, "measure"])
    day = {"ends-on-day": "1", "ends-on-month": "6", "ends-on-year": "2027"}
    client.post(page, {"measure": "Reports", "baseline": "40", **day})
    check = reverse("case-refer-check", args=[draft.pk])
    assert "Date of birth" not in words(client, check)
    assert client.post(check)["Location"] == reverse("case", args=[draft.pk])
    shown = words(client, reverse("case", args=[draft.pk]))
    assert "Name a person" not in shown
    assert "Name not shown" not in shown
    assert client.get(reverse("case-person", args=[draft.pk])).status_code == 404
    kept = CaseAnswers.objects.filter(case=draft, step=REFERRAL)
    assert not any("family_name" in row.answers for row in kept)


def test_whose_consent_opens_a_case_is_asked_of_its_own_pathway_alone(client: Client) -> None:
    by = actor_of(make_user(RoleKey.COORDINATOR))
    case = make_case("early-help", by=by)
    name_all(case, by=by)
    assert Case.objects.filter(consents("early-help"), pk=case.pk).exists()
    assert Case.objects.filter(consents(), pk=case.pk).exists()
    assert not Case.objects.filter(consents("diversion"), pk=case.pk).exists()
    other = make_case("diversion", by=by)
    name_all(other, by=by, consent=False)
    assert not Case.objects.filter(consents("diversion"), pk=other.pk).exists()
