"""Hours and pounds: what a pathway adds up, at dated rates, each line at its own."""

import csv
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import rates
from stepdown.casework.models import Case, Rate
from stepdown.casework.queries.figures import figures_for, span_of
from stepdown.casework.queries.rate import money, rates_on
from stepdown.hub.models import LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, Refused
from stepdown.pathways.figures import Figure, Figures
from stepdown.pathways.schema import Text
from stepdown.policy.roles import RoleKey
from tests.factories import actor_of, coordinator, make_user
from tests.factories.cases import do_step, make_case, now

pytestmark = pytest.mark.django_db
DAY = date(2016, 1, 1)
# 113 detentions avoided: police 1,204 hours; the same hours shortened elsewhere, at another rate.
PUBLISHED = [
    ("police-avoided", "Police", "hour", "26.94", 1_204 * 60),
    ("police-shortened", "Police", "hour", "39.50", 121 * 60),
    ("ambulance-avoided", "Ambulance service", "each", "130.25", 113),
    ("emergency-avoided", "Emergency department", "each", "64.19", 113),
]


def enter(line: str, payer: str, per: str, pounds: str, **more: Any) -> Rate:
    given: dict[str, Any] = {"by": coordinator(), "valid_from": DAY, "source": "The report"}
    return rates.enter(
        line=f"mh-triage/{line}", payer=payer, per=per, pounds=Decimal(pounds), **{**given, **more}
    )


def summed() -> Figures:
    sums = [
        Figure(key, Text(en=key), number, days=Counter({DAY: number}))
        for key, *_rest, number in PUBLISHED
    ]
    return Figures(113, [], sums)


def test_pounds_are_hours_at_the_rate_of_each_line_and_two_rates_of_one_payer_are_named() -> None:
    assert money("mh-triage", summed()) is None
    for key, payer, per, pounds, _number in PUBLISHED:
        enter(key, payer, per, pounds)
    found = money("mh-triage", summed())
    assert found is not None
    assert [line.pounds for line, _rate in found.lines] == [
        Decimal("32435.76"), Decimal("4779.50"), Decimal("14718.25"), Decimal("7253.47"),
    ]  # fmt: skip
    assert found.total.hours == 1_325
    # The founding table's £59,182, but for what its rates were rounded by.
    assert found.total.pounds == Decimal("59186.98")
    assert found.total.differing == {"Police": (Decimal("26.94"), Decimal("39.50"))}
    assert found.without == ()


def test_a_later_rate_takes_over_on_its_day_and_a_sum_without_one_is_named() -> None:
    enter("police-avoided", "Police", "hour", "26.94")
    enter("police-avoided", "Police", "hour", "30", valid_from=date(2017, 1, 1))
    assert rates_on("mh-triage", date(2016, 12, 31))["police-avoided"].pounds == Decimal("26.94")
    assert rates_on("mh-triage", date(2017, 1, 1))["police-avoided"].pounds == Decimal(30)
    assert rates_on("mh-triage", DAY - timedelta(days=1)) == {}
    found = money("mh-triage", summed())
    assert found is not None
    assert len(found.without) == 3
    assert LedgerEntry.objects.filter(verb="rate.set").count() == 2


def test_each_hour_is_at_the_rate_of_the_day_it_was_recorded_on(client: Client) -> None:
    user = make_user(RoleKey.COORDINATOR)
    by, first = actor_of(user), clock.now() - timedelta(days=100)
    for line in ("police-avoided", "police-shortened"):
        for days, pounds in ((60, "20"), (30, "30")):
            since = clock.today() - timedelta(days=days)
            enter(line, "Police", "hour", pounds, valid_from=since, source=f"From {since}")
    # Opened together; recorded 90, 60, 31, 30 and no days ago.
    for ago, minutes in ((90, 60), (60, 60), (31, 120), (30, 30), (0, 60)):
        with clock.at(first):
            case = make_case("mh-triage", by=by)
        Case.objects.filter(pk=case.pk).update(stage="outcome")
        with clock.at(clock.now() - timedelta(days=ago)):
            do_step(now(case), "power", by=by, used="avoided")
            do_step(now(case), "time", by=by, police=minutes)
    found = figures_for(by, "mh-triage", span_of("year", clock.today()))
    spent = money("mh-triage", found)
    assert spent is not None
    assert [(line.hours, line.pounds) for line, _rate in spent.lines if line.hours] == [
        (Decimal(3), Decimal(60)), (Decimal("1.5"), Decimal(45)),
    ]  # fmt: skip
    assert spent.total.pounds == Decimal(105)
    assert [day for _name, day in spent.before] == [clock.today() - timedelta(days=60)]
    # A rate that changed is no second rate of that payer.
    assert spent.total.differing == {}
    client.force_login(user)
    address = reverse("case-figures") + "?pathway=mh-triage"
    shown = client.get(address).text
    assert shown.count("At the rate from") == 2
    assert "£105.00" in shown
    assert "what was recorded before is in no pounds" in shown
    sheet = client.get(reverse("case-figures-download") + "?pathway=mh-triage").text
    assert "No rate before" in sheet


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("line", {"line": "nothing"}), ("payer", {"payer": " "}), ("per", {"per": "year"}),
        ("pounds", {"pounds": "-1"}), ("pounds", {"pounds": "10000.01"}),
        ("pounds", {"pounds": "1.005"}), ("source", {"source": ""}),
    ],
)  # fmt: skip
def test_a_rate_that_makes_no_sense_is_refused(field: str, wrong: dict[str, str]) -> None:
    given: dict[str, Any] = {
        "line": "police-avoided", "payer": "Police", "per": "hour", "pounds": "1",
    }  # fmt: skip
    with pytest.raises(InvalidInput) as refused:
        enter(**{**given, **wrong})
    assert field in refused.value.errors
    assert not Rate.objects.exists()


def test_one_rate_a_line_and_day_and_only_by_those_whose_work_it_is() -> None:
    enter("police-avoided", "Police", "hour", "26.94")
    with pytest.raises(InvalidInput) as refused:
        enter("police-avoided", "Police", "hour", "30")
    assert set(refused.value.errors) == {"valid_from"}
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER))
    with pytest.raises(Refused):
        enter("police-shortened", "Police", "hour", "30", by=officer)


def test_a_rate_is_verified_by_somebody_other_than_who_entered_it(client: Client) -> None:
    entered, other = make_user(RoleKey.COORDINATOR), make_user(RoleKey.COORDINATOR)
    made = enter("police-avoided", "Police", "hour", "26.94", by=actor_of(entered))
    assert not made.verified
    for by, words in (
        (entered, "Somebody else"),
        (make_user(RoleKey.OUTREACH_OFFICER), "Your role"),
    ):
        with pytest.raises(Refused, match=words):
            rates.verify(by=actor_of(by), rate=made)
    with pytest.raises(IntegrityError), atomic():
        Rate.objects.update(verified_by=entered, verified_on=DAY)
    page, button = reverse("rate-verify", args=[made.pk]), "I have compared it with its source"
    client.force_login(entered)
    assert page not in client.get(reverse("rates")).text
    assert button not in client.get(page).text
    assert "you entered it" in client.post(page, follow=True).text
    client.force_login(other)
    assert page in client.get(reverse("rates")).text
    assert button in client.get(page).text
    assert client.post(page)["Location"] == reverse("rates")
    made.refresh_from_db()
    assert (made.verified, made.verified_by) == (True, other)
    listed = client.get(reverse("rates")).text
    assert "Not verified" not in listed
    assert other.display_name in listed
    with pytest.raises(Refused, match="already"):
        rates.verify(by=coordinator(), rate=made)
    assert LedgerEntry.objects.filter(verb="rate.verified").count() == 1


def test_the_pages_enter_a_rate_and_show_what_it_comes_to(client: Client) -> None:
    user = make_user(RoleKey.COORDINATOR)
    by = actor_of(user)
    case = make_case("mh-triage", by=by)
    Case.objects.filter(pk=case.pk).update(stage="outcome")
    do_step(now(case), "power", by=by, used="avoided")
    do_step(now(case), "time", by=by, police=90)
    client.force_login(user)
    page, figures = reverse("rate-enter"), reverse("case-figures") + "?pathway=mh-triage"
    assert "No rate has been entered" in client.get(reverse("rates")).content.decode()
    empty = client.post(page, {})
    assert empty.status_code == 422
    assert "Enter an amount." in empty.content.decode()
    today = clock.today()
    given = {
        "line": "mh-triage/police-avoided", "payer": "Police", "per": "hour", "pounds": "26.94",
        "valid_from-day": today.day, "valid_from-month": today.month,
        "valid_from-year": today.year, "source": "The report of 2016",
    }  # fmt: skip
    assert client.post(page, given)["Location"] == reverse("rates")
    assert client.post(page, given).status_code == 422
    listed = client.get(reverse("rates")).content.decode()
    assert "£26.94 an hour" in listed
    assert "Not verified" in listed
    shown = client.get(figures).content.decode()
    assert "£40.41" in shown
    assert "it is in no pounds" in shown
    sheet = client.get(reverse("case-figures-download") + "?pathway=mh-triage").content.decode()
    lines = list(csv.reader(sheet.lstrip("\ufeff").splitlines()))
    heads, money = lines[0], [dict(zip(lines[0], one, strict=False)) for one in lines[1:]]
    money = [one for one in money if one["Table"] == "In hours and pounds"]
    assert len({len(heads), *(len(one) for one in lines if one[0] == "In hours and pounds")}) == 1
    assert [(one["Rate"], one["Verified"], one["Pounds"]) for one in money] == [
        ("26.94", "No", "40.41"),
        *[("No rate has been entered", "", "")] * 3,
        ("", "", "40.41"),
    ]
    assert money[0]["Number"] == "1.5"
    assert money[0]["Whose"] == "Police"
