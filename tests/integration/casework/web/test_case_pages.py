"""The pages of a case, as those who work on it walk through them."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_people, case_referrals
from stepdown.casework.models import Case, CaseAnswers, CaseStep
from stepdown.hub.models import Disclosure, User
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.people.models import Person
from stepdown.policy import pathways
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Need
from tests.factories.agencies import make_agency
from tests.factories.cases import do_step, make_case, make_draft, name_all, now
from tests.factories.places import DISTRICT, make_place
from tests.factories.schemes import make_scheme
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    """The words of a page."""
    assert answer.status_code == 200, answer.status_code
    plain = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", plain).split())


@pytest.fixture
def coordinator() -> User:
    make_place(DISTRICT)
    return make_user(RoleKey.COORDINATOR)


def test_referring_page_by_page(coordinator: User) -> None:
    client = browser(coordinator)
    assert "Early help" in text_of(client.get(reverse("case-refer")))
    answer = client.post(reverse("case-refer"), {"pathway": "early-help"})
    draft = Case.objects.get()
    assert answer["Location"] == reverse("case-refer-page", args=[draft.pk, "who"])
    page = reverse("case-refer-page", args=[draft.pk, "who"])
    assert "Enter their first name" in text_of(client.post(page, {}))
    who = {"given_name": "Ivy", "family_name": "Sample", "district": DISTRICT, "source": "school"}
    answer = client.post(page, who)
    others = reverse("case-refer-page", args=[draft.pk, "others"])
    assert answer["Location"] == others
    assert "Select what they are to the case" in text_of(client.post(others, {"add": "yes"}))
    dad = {"role": "parent", "given_name": "Ned", "family_name": "Sample", "add": "yes"}
    assert client.post(others, dad)["Location"] == others
    client.post(others, {**dad, "given_name": "Una"})
    assert "Ned Sample" in text_of(client.get(others))
    client.post(others, {"out": "0"})
    assert "Ned Sample" not in text_of(client.get(others))
    answer = client.post(others, {})
    assert answer["Location"] == reverse("case-refer-page", args=[draft.pk, "worries"])
    assert client.get(reverse("case-refer-resume", args=[draft.pk])).status_code == 302
    client.post(answer["Location"], {"worry": ["home", "school"], "story": "Rent arrears"})
    check = reverse("case-refer-check", args=[draft.pk])
    assert "Answer this page" in text_of(client.post(check))
    safety = reverse("case-refer-page", args=[draft.pk, "safety"])
    client.post(safety, {"significant-harm": "no"})
    agreed = reverse("case-refer-page", args=[draft.pk, "agreed"])
    assert client.post(agreed, {"family-agrees": "yes"})["Location"] == check
    shown = text_of(client.get(check))
    assert "Rent arrears" in shown
    assert "Home and money and School and learning" in shown
    answer = client.post(check)
    assert answer["Location"] == reverse("case", args=[draft.pk])
    assert "Screen the request" in text_of(client.get(answer["Location"]))


def test_draft_can_be_deleted(coordinator: User) -> None:
    client = browser(coordinator)
    client.post(reverse("case-refer"), {"pathway": "early-help"})
    stop = reverse("case-refer-stop", args=[Case.objects.get().pk])
    assert "Delete this referral?" in text_of(client.get(stop))
    client.post(stop)
    assert not Case.objects.exists()
    assert client.post(reverse("case-refer"), {"pathway": "no-such"}).status_code == 404


def test_case_page_says_what_is_to_be_done_and_why_not(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    case = make_case(by=by)
    page = text_of(client.get(reverse("case", args=[case.pk])))
    assert "Ivy Sample" in page
    assert "Take it on: not yet" in page
    assert "“Check the referral” is not done." in page
    assert "Nobody is named yet: Person supported." in page
    assert "Lead professional: 0 of 1 found." in page
    assert Disclosure.objects.filter(page="case").exists()
    assert b"<svg" in client.get(reverse("case", args=[case.pk])).content


def test_whole_way_by_pages(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    case = make_case(by=by)
    url = reverse("case", args=[case.pk])
    person = reverse("case-person", args=[case.pk])
    assert "Ivy" in client.get(person).content.decode()
    client.post(
        person,
        {"role": "supported", "person": "new", "given_name": "Ivy", "family_name": "Sample"},
    )
    assert Person.objects.filter(family_name="Sample").count() == 1
    client.post(
        reverse("case-assign", args=[case.pk]), {"role": "lead", "user": str(coordinator.pk)}
    )
    assert now(case).officer == coordinator
    step = reverse("case-step", args=[case.pk, "check-referral"])
    assert "Is there enough to go on?" in text_of(client.get(step))
    client.post(step, {"version": "0", "enough": "no", "draft": "1"})
    assert CaseStep.objects.get().done_on is None
    client.post(step, {"version": "1", "enough": "yes"})
    assert CaseStep.objects.get().done_on is not None
    move = reverse("case-move", args=[case.pk, "assessment"])
    assert "Take it on" in text_of(client.get(move))
    assert client.post(move)["Location"] == url
    assert "Getting to know the person" in text_of(client.get(url))
    named = case.people.get()
    measure = reverse("case-measure", args=[case.pk, "wellbeing", "start", named.pk])
    assert "Item 7" in text_of(client.get(measure))
    client.post(measure, {f"item-{n}": "3" for n in range(1, 8)} | {"missing": ""})
    assert "19.25, on a scale from 7 to 35" in text_of(client.get(url))
    close = reverse("case-move", args=[case.pk, "closed"])
    assert "Select how it ended" in text_of(client.post(close, {}))
    client.post(close, {"outcome": "not-helped", "why-not-helped": "moved"})
    page = text_of(client.get(url))
    assert "The support did not help: Moved away" in page
    assert "Open again" in page


def test_everybody_typed_in_a_referral_is_named_from_it(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    draft = make_draft("restorative-justice", by=by)
    said = {"role": "responsible-person", "given_name": "Odd", "family_name": "Other"}
    uma = {**said, "role": "supporter", "given_name": "Uma"}
    with pytest.raises(InvalidInput):
        case_referrals.say_others(by=by, case=draft, others=[{**said, "role": "nobody"}])
    with pytest.raises(InvalidInput):
        case_referrals.say_others(by=by, case=draft, others=[{**said, "date_of_birth": "soon"}])
    with pytest.raises(InvalidInput):
        case_referrals.say_others(by=by, case=draft, others=[said, said])
    case_referrals.say_others(by=by, case=draft, others=[said, uma])
    case = case_referrals.send(by=by, case=draft)
    page = text_of(client.get(reverse("case", args=[case.pk])))
    assert "Odd Other" in page
    person = reverse("case-person", args=[case.pk])
    assert 'value="Odd"' in client.get(f"{person}?typed=1").content.decode()
    given = {
        "role": "responsible-person",
        "person": "new",
        "given_name": "Odd",
        "family_name": "Other",
    }
    assert client.post(f"{person}?typed=1", given).status_code == 302
    kept = CaseAnswers.objects.get(case=case, step="referral", category="identity").answers
    assert kept["given_name"] == "Ivy"
    assert [one and one["given_name"] for one in kept["others"]] == [None, "Uma"]
    client.post(f"{person}?typed=2", {**given, "role": "supporter", "given_name": "Uma"})
    client.post(person, {**given, "role": "harmed-person", "given_name": "Ivy"})
    kept = CaseAnswers.objects.get(case=case, step="referral", category="identity").answers
    assert "others" not in kept
    assert "given_name" not in kept


def test_nobody_writes_what_they_may_not_read(coordinator: User) -> None:
    by = actor_of(coordinator)
    case = make_case("out-of-court", by=by)
    name_all(case, by=by)
    officer = make_user(RoleKey.OUTREACH_OFFICER, agency=case.agency)
    case_people.assign(by=by, case=case, role="lead", user=officer)
    theirs = actor_of(officer)
    installed = {one.pathway: one for one in pathways.installed()}
    blind = replace(installed["out-of-court"], reads={})
    pathways.install([*(installed | {"out-of-court": blind}).values()])
    try:
        with pytest.raises(Refused, match="kind of information this form asks for"):
            do_step(now(case), "decide", by=theirs)
    finally:
        pathways.install(installed.values())
    do_step(now(case), "decide", by=theirs)


def test_second_person_at_a_form_sees_what_the_first_saved(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    case = make_case("early-help", by=by)
    step = reverse("case-step", args=[case.pk, "screen"])
    other = browser(make_user(RoleKey.COORDINATOR, agency=case.agency, display_name="Bo Other"))
    other.post(step, {"version": "0", "known": "yes", "who-knows": "Housing", "draft": "1"})
    page = text_of(client.post(step, {"version": "0", "known": "no"}))
    assert "Somebody else saved this form while you were writing" in page
    assert "What Bo Other saved meanwhile" in page
    assert "Housing" in page
    shown = client.post(step, {"version": "0", "known": "no"}).content.decode()
    assert 'name="version" value="1"' in shown
    client.post(step, {"version": "1", "known": "no"})
    held = CaseAnswers.objects.get(case=case, step="screen")
    assert held.answers["known"] == "no"


def test_lists_filters_and_caseloads(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    one, two = make_case(by=by), make_case("restorative-justice", by=by)
    listed = text_of(client.get(reverse("cases")))
    assert one.reference in listed
    assert two.reference in listed
    narrowed = text_of(client.get(reverse("cases"), {"pathway": "restorative-justice"}))
    assert one.reference not in narrowed
    assert two.reference in narrowed
    queue = text_of(client.get(reverse("cases"), {"standing": "queue"}))
    assert "Waiting (2)" in queue
    found = text_of(client.get(reverse("cases"), {"reference": one.reference.lower()}))
    assert two.reference not in found
    loads = text_of(client.get(reverse("caseloads")))
    assert "Nobody yet" in loads
    assert "No case fits" in text_of(client.get(reverse("cases"), {"standing": "closed"}))


def test_team_cover_and_people_pages(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    case = make_case(by=by)
    name_all(case, by=by)
    other = make_user(RoleKey.OUTREACH_OFFICER, agency=case.agency)
    case_people.assign(by=by, case=case, role="lead", user=coordinator)
    cover = reverse("case-cover", args=[case.pk])
    day = {"until-day": "1", "until-month": "1", "until-year": "2099"}
    client.post(cover, {"user": str(other.pk), **day})
    assert now(case).cover == other
    url = reverse("case", args=[case.pk])
    assert "stands in until 1 January 2099" in text_of(client.get(url))
    end = reverse("case-person-end", args=[case.pk, case.people.get().pk])
    assert "Take this person out" in text_of(client.get(end))
    client.post(end)
    assert not case.people.filter(ended_on=None).exists()
    relieve = reverse("case-relieve", args=[case.pk, case.workers.get().pk])
    client.post(relieve)
    assert now(case).officer is None


def test_case_asks_for_a_volunteer(coordinator: User) -> None:
    client, by = browser(coordinator), actor_of(coordinator)
    make_scheme("community-support")
    case = make_case(by=by)
    name_all(case, by=by)
    ask = reverse("case-volunteer", args=[case.pk, "volunteer"])
    assert "What the help is" in text_of(client.get(ask))
    day = {"starts-day": "1", "starts-month": "1", "starts-year": "2099"}
    given = {"title": "Weekly visit", "person": "", "band": "3", "weekly_hours": "2", **day}
    client.post(ask, given)
    need = Need.objects.get()
    assert need.scheme_id == "community-support"
    assert need.reference in text_of(client.get(reverse("case", args=[case.pk])))


def test_referrer_sees_what_became_of_it_and_does_nothing(coordinator: User) -> None:
    referrer = make_user(RoleKey.REFERRER, agency=make_agency("School"))
    case = make_case("early-help", by=actor_of(referrer))
    client = browser(referrer)
    page = client.get(reverse("case", args=[case.pk]))
    assert "Request received" in text_of(page)
    assert b"Give a role to somebody" not in page.content
    assert client.get(reverse("case-assign", args=[case.pk])).status_code == 403
    assert client.get(reverse("case-move", args=[case.pk, "closed"])).status_code == 403
    assert browser(coordinator).get(reverse("case", args=[case.pk])).status_code == 404


def test_answer_in_a_category_the_reader_lacks_is_not_on_the_page(coordinator: User) -> None:
    by = actor_of(coordinator)
    case = make_case("restorative-justice", by=by)
    do_step(case, "check", by=by)
    client = browser(coordinator)
    assert "A broken window" in text_of(client.get(reverse("case", args=[case.pk])))
    draft = case_referrals.start(by=by, pathway="restorative-justice")
    assert client.get(reverse("case", args=[draft.pk])).status_code in {302, 404}
