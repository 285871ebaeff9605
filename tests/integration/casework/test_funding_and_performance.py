"""Funding and published performance, kept as printed: what they come to is worked out from rows."""

import csv
import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import funding, performance
from stepdown.casework.models import FundingLine, PerformanceFigure, PerformanceMeasure
from stepdown.casework.queries import funding as funds
from stepdown.casework.queries import performance as queries
from stepdown.cli.demonstration import measuring
from stepdown.cli.demonstration.ground import Ground
from stepdown.hub.models import Agency, LedgerEntry, User
from stepdown.kernel import clock
from stepdown.kernel.errors import Conflict, InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.agencies import make_agency
from tests.factories.cases import make_case
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
DAYS: dict[str, Any] = {"since": date(2015, 4, 1), "until": date(2015, 9, 30)}


@pytest.fixture
def police() -> Agency:
    return make_agency("Police")


@pytest.fixture
def user(police: Agency) -> User:
    return make_user(RoleKey.COORDINATOR, agency=police)


@pytest.fixture
def by(user: User) -> Actor:
    return actor_of(user)


def told(by: Actor) -> None:
    """The story's own, by its own module."""
    ground = Ground(clock.today(), random.Random(1))
    ground.actors["coordinator"] = by
    measuring.keep(ground)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_restorative_justice_was_given_326_thousand_pounds(user: User, by: Actor) -> None:
    """V21: from the rows, on their own page and on the pathway's figures."""
    told(by)
    lines = funds.lines_for(by, "restorative-justice")
    assert [int(one.pounds) for one in lines] == [52_000, 90_000, 184_000]
    assert funds.total(lines) == 326_000
    client = browser(user)
    assert "£326,000" in client.get(reverse("funding")).content.decode()
    make_case("restorative-justice", by=by)
    query = "?pathway=restorative-justice"
    assert "£326,000" in client.get(reverse("case-figures") + query).content.decode()
    sheet = client.get(reverse("case-figures-download") + query).content.decode()
    assert [one for one in csv.reader(sheet.splitlines()) if one[0] == "Funding"][-1] == [
        "Funding", "In all", "", "", "", "", "", "", "326000.00",
    ]  # fmt: skip
    # A line more, and the total is another.
    funding.enter(
        by=by, pathway="restorative-justice", year="2016/17", fund="Grant", pounds=Decimal(1_000),
        source="Minutes",
    )  # fmt: skip
    assert "£327,000" in client.get(reverse("funding")).content.decode()


def test_specials_and_their_hours_come_out_of_the_rows(user: User, by: Actor) -> None:
    """V40, and the reading of V12 and V13 that the page says."""
    told(by)
    client = browser(make_user(RoleKey.OUTREACH_OFFICER))
    held = {one.name: one for one in queries.every(by)}

    def page(name: str) -> str:
        return client.get(reverse("performance-measure", args=[held[name].pk])).content.decode()

    shown = page("Special constables")
    assert "88.7 % of the target of 300: 34 short" in shown
    assert 'role="img"' in shown
    shown = page("Hours of special constables")
    assert "13.7 % more than 67,829 before" in shown
    assert "Before 1 October 2014 to 30 September 2015 67,829; " in shown
    assert "365 days" in shown
    assert "289.8" in shown
    assert "contradict" not in shown
    shown = page("Fewer calls of vulnerable callers")
    for words in ("from 3,521–3,527 to 1,706–1,712", "from 3,739–3,746 to 1,815"):
        assert words in shown
    listed = client.get(reverse("performance")).content.decode()
    assert "88.7 % of the target" in listed
    sheet = client.get(
        reverse("performance-download", args=[held["Hours of special constables"].pk])
    ).content.decode()
    one = next(csv.DictReader(sheet.splitlines()))
    assert (one["value"], one["percent"], one["each"]) == ("77100", "13.7", "289.8")


def test_sources_that_come_to_43_are_not_entered_as_42_unless_said_to_be_printed_so(
    user: User, by: Actor
) -> None:
    """V19: caught at entry. The days of the period have both its ends."""
    client = browser(user)
    client.post(reverse("performance-begin"), {"name": "Referrals", "unit": "referrals"})
    held = PerformanceMeasure.objects.get()
    parts = "Victims’ hub, 20\nPolice, 15\nPartners, 5\nSelf, 3"
    given = {
        "since-day": 1, "since-month": 4, "since-year": 2015,
        "until-day": 30, "until-month": 9, "until-year": 2015,
        "value": "42", "against": "", "parts": parts, "source": "Board papers",
    }  # fmt: skip
    page = reverse("performance-enter", args=[held.pk])
    caught = client.post(page, given)
    assert caught.status_code == 422
    assert "The parts add up to 43, and the figure is 42." in caught.content.decode()
    assert not PerformanceFigure.objects.exists()
    assert client.post(page, {**given, "as_printed": "on"}).status_code == 302
    shown = client.get(reverse("performance-measure", args=[held.pk])).content.decode()
    assert "The parts add up to 43, and not to 42." in shown
    assert "contradict themselves" in shown
    figure = held.figures.get()
    page = reverse("performance-figure", args=[held.pk, figure.pk])
    assert "Victims’ hub, 20" in client.get(page).content.decode()
    assert client.post(page, {**given, "value": "43", "version": "1"}).status_code == 302
    assert (
        "contradict"
        not in client.get(reverse("performance-measure", args=[held.pk])).content.decode()
    )
    stale = client.post(page, {**given, "version": "1"}).content.decode()
    assert "Somebody else changed this record" in stale
    # Another source with another number for the same days is shown too.
    performance.enter(by=by, measure=held, value=Decimal(42), source="Minutes", **DAYS)
    found = queries.worked(held, list(held.figures.all()))
    assert [[fault.value for fault in one.faults] for one in found] == [["twice"], ["twice"]]
    assert {one.days for one in found} == {183}
    verbs = {"measure.begun", "measure.figure-entered", "measure.figure-changed"}
    assert verbs <= set(LedgerEntry.objects.values_list("verb", flat=True))


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("until", {"until": date(2015, 3, 31)}),
        ("value", {"value": Decimal("0.001")}),
        ("comparator", {"against": "target"}),
        ("against", {"against": "luck", "comparator": Decimal(1)}),
        ("stated", {"stated": "about half"}),
        ("stated", {"against": "target", "comparator": Decimal(300), "stated": "88.6"}),
        ("parts", {"parts": "Police 15"}),
        ("parts", {"parts": "Police, many"}),
        ("source", {"source": ""}),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused(
    by: Actor, field: str, wrong: dict[str, Any]
) -> None:
    held = performance.begin(by=by, name="Specials", unit="people")
    with pytest.raises(InvalidInput) as refused:
        performance.enter(
            **{"by": by, "measure": held, "value": Decimal(266), "source": "x", **DAYS, **wrong}
        )
    assert set(refused.value.errors) == {field}


def test_others_see_and_do_not_change_and_funding_is_checked(user: User, by: Actor) -> None:
    told(by)
    other = actor_of(make_user(RoleKey.COORDINATOR, agency=make_agency("Council")))
    line, held = FundingLine.objects.all()[0], PerformanceMeasure.objects.all()[0]
    assert len(funds.lines_for(other)) == 3
    given: dict[str, Any] = {
        "pathway": "restorative-justice", "year": "2013", "fund": "Capability fund",
        "pounds": Decimal(5), "source": "x",
    }  # fmt: skip
    with pytest.raises(Refused):
        funding.change(by=other, line=line, version=1, **given)
    with pytest.raises(Refused):
        performance.change(by=other, measure=held, version=1, name="x", unit="x")
    with pytest.raises(Refused):
        performance.enter(by=other, measure=held, value=Decimal(1), source="x", **DAYS)
    for wrong in ({"fund": "Capability fund"}, {"year": "20"}, {"pathway": "none"},
                  {"pounds": Decimal(-1)}, {"source": ""}):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            funding.enter(by=by, **{**given, "fund": "Other", **wrong})
        assert set(refused.value.errors) == set(wrong)
    client = browser(user)
    page = reverse("funding-change", args=[line.pk])
    assert 'value="2013/14"' in client.get(page).content.decode()
    data = {**given, "pounds": "53,000", "version": "1"}
    assert client.post(page, data).status_code == 302
    assert FundingLine.objects.get(pk=line.pk).pounds == 53_000
    with pytest.raises(Conflict):
        funding.change(by=by, line=line, version=1, **given)
    wrong_page = client.post(reverse("funding-enter"), {})
    assert "Enter which fund it is." in wrong_page.content.decode()
    assert client.post(reverse("funding-enter"), {**data, "fund": "Other"}).status_code == 302
    assert "Other" in client.get(reverse("funding-download")).content.decode()
    page = reverse("performance-change", args=[held.pk])
    assert client.get(page).status_code == 200
    renamed = {"name": "Renamed", "unit": "people", "version": "1"}
    assert client.post(page, renamed).status_code == 302
    assert PerformanceMeasure.objects.get(pk=held.pk).name == "Renamed"
