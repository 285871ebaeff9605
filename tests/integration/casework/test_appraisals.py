"""Appraisals: what a programme comes to is worked out from stored lines, each with its source."""

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import appraisal_lines, appraisals
from stepdown.casework.models import Appraisal, AppraisalLine
from stepdown.casework.queries import appraisal as queries
from stepdown.cli.demonstration import appraising
from stepdown.cli.demonstration.ground import Ground
from stepdown.hub.models import Agency, LedgerEntry
from stepdown.kernel import clock
from stepdown.kernel.errors import Conflict, InvalidInput, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.agencies import make_agency
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
HEAD = "kind,what,year,pounds,whose,source\n"
THOUSAND = Decimal(1_000)


@pytest.fixture
def police() -> Agency:
    return make_agency("Police")


@pytest.fixture
def by(police: Agency) -> Actor:
    return actor_of(make_user(RoleKey.COORDINATOR, agency=police))


def diversion(by: Actor) -> Appraisal:
    """The story's own, told by its own module."""
    other = actor_of(make_user(RoleKey.COORDINATOR, agency=make_agency("Council")))
    ground = Ground(clock.today(), random.Random(1))
    ground.actors |= {"coordinator": by, "approver": other}
    appraising.keep(ground)
    return Appraisal.objects.get()


def start(by: Actor, **more: Any) -> Appraisal:
    given: dict[str, Any] = {
        "title": "A hub", "pathway": "", "base_year": 2016, "rate": Decimal("3.5"),
        "rate_source": "The Green Book", "rate_dated": date(2011, 7, 1),
    }  # fmt: skip
    return appraisals.start(by=by, **{**given, **more})


def add(by: Actor, held: Appraisal, **more: Any) -> AppraisalLine:
    given: dict[str, Any] = {
        "kind": "cost", "what": "Rent", "year": "2016/17", "pounds": Decimal(10),
        "whose": "Police", "source": "The bid",
    }  # fmt: skip
    return appraisal_lines.add(by=by, appraisal=held, **{**given, **more})


def test_the_diversion_hub_comes_out_of_its_stored_lines(by: Actor) -> None:
    """V22, V23 and V24."""
    held = diversion(by)
    found = queries.worked(held, queries.lines_of(held))
    streams = found.streams
    assert [one / THOUSAND for one in streams.costs] == [933, 977, 823, 823, 823]
    assert (sum(streams.costs), sum(streams.savings)) == (4_379_000, 7_200_000)
    assert streams.net == 2_821_000
    assert round(streams.ratio or Decimal(0), 3) == Decimal("1.644")
    assert [one / THOUSAND for one in streams.cumulative] == [-933, -110, 867, 1_844, 2_821]
    assert found.even == 2018
    assert round(streams.present_cost / THOUSAND, 1) == Decimal("4104.7")
    assert round(streams.present_saving / THOUSAND, 1) == Decimal("6611.5")
    assert round(streams.present_net / THOUSAND, 1) == Decimal("2506.8")
    assert round(streams.present_ratio or Decimal(0), 3) == Decimal("1.611")
    assert found.cases == (0, 1_800, 1_800, 1_800, 1_800)
    # One figure is entered otherwise, and everything that rests on it is otherwise.
    line = held.lines.get(kind="cost", year=2016)
    appraisal_lines.change(
        by=by, line=line, version=1, kind="cost", what=line.what, year="2016",
        pounds=Decimal(833_000), whose="Police", source="Another paper",
    )  # fmt: skip
    found = queries.worked(held, queries.lines_of(held))
    assert found.streams.net == 2_921_000
    assert {one.source for one in found.rests} == {appraising.BID, "Another paper"}


def test_the_page_says_what_it_comes_to_and_what_rests_on_what(by: Actor) -> None:
    held = diversion(by)
    officer = Client()
    officer.force_login(make_user(RoleKey.OUTREACH_OFFICER))
    page = officer.get(reverse("appraisal", args=[held.pk])).content.decode()
    for words in (
        "£4,379,000", "£7,200,000", "£2,821,000", "1.644", "In 2018/19", "£4,104,736", "£6,611,543",
        "£2,506,806", "1.611", "1,800 in the year with most benefits", "−£933,000", "−£110,000",
        appraising.BID, "Verified by", 'role="img"', "2016/17 −£933,000; 2017/18 −£110,000",
    ):  # fmt: skip
        assert words in page, words
    assert "Add a line" not in page
    sheet = officer.get(reverse("appraisal-download", args=[held.pk])).content.decode()
    assert sheet.splitlines()[1] == (
        f'cost,Running the hub,2016/17,933000.00,Police,"{appraising.BID}"'
    )
    assert len(sheet.splitlines()) == 10
    # What was downloaded reads back in as it was.
    before = list(held.lines.values_list("kind", "what", "year", "pounds", "whose", "source"))
    assert appraisal_lines.replace(by=by, appraisal=held, text=sheet) == 9
    assert list(held.lines.values_list("kind", "what", "year", "pounds", "whose", "source")) == (
        before
    )


def test_lines_are_replaced_whole_or_not_at_all(by: Actor) -> None:
    held = start(by)
    add(by, held)
    rows = [
        "cost,Rent,2016/17,100,Police,Bid",
        "gift,Rent,2016/17,100,Police,Bid",
        "cost,Rent,2016/17,100,Police,Bid",
        "cost,,2015/16,ten,Police,",
        "cost,Rent",
    ]
    with pytest.raises(appraisal_lines.WrongRows) as wrong:
        appraisal_lines.replace(by=by, appraisal=held, text=HEAD + "\n".join(rows))
    found = [(one.row, one.column) for one in wrong.value.faults]
    assert found == [
        (3, "kind"), (4, "what"), (5, "what"), (5, "year"), (5, "pounds"), (5, "source"), (6, ""),
    ]  # fmt: skip
    assert held.lines.get().pounds == 10
    for text in ("", "kind,what\n", HEAD, HEAD + 'cost,"Rent', HEAD + "cost,a,2016,NaN,b,c"):
        with pytest.raises(appraisal_lines.WrongRows):
            appraisal_lines.replace(by=by, appraisal=held, text=text)
    assert not LedgerEntry.objects.filter(verb="appraisal.lines-replaced").exists()
    # A cell that a spreadsheet would have run comes back as it was.
    text = HEAD + 'benefit,\'=sum,2017/18,"1,000.50",Police,Bid'
    assert appraisal_lines.replace(by=by, appraisal=held, text=text) == 1
    one = held.lines.get()
    assert (one.what, one.pounds, one.year) == ("=sum", Decimal("1000.50"), 2017)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", {"kind": "gift"}),
        ("what", {"what": " "}),
        ("what", {}),
        ("year", {"year": "2015/16"}),
        ("year", {"year": "2016/18"}),
        ("year", {"year": "2047"}),
        ("pounds", {"pounds": Decimal(-1)}),
        ("pounds", {"pounds": Decimal("0.001")}),
        ("whose", {"whose": ""}),
        ("source", {"source": "x" * 201}),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(
    by: Actor, field: str, wrong: dict[str, Any]
) -> None:
    held = start(by)
    add(by, held)
    with pytest.raises(InvalidInput) as refused:
        add(by, held, **({"what": "Heat"} if wrong and field != "what" else {}), **wrong)
    assert set(refused.value.errors) == {field}
    assert held.lines.count() == 1


def test_the_rate_is_verified_by_somebody_else_and_again_after_a_change(
    by: Actor, police: Agency
) -> None:
    held = start(by)
    other = actor_of(make_user(RoleKey.COORDINATOR, agency=make_agency("Council")))
    with pytest.raises(Refused, match="Somebody else"):
        appraisals.verify_rate(by=by, appraisal=held, version=1)
    officer = actor_of(make_user(RoleKey.OUTREACH_OFFICER, agency=police))
    with pytest.raises(Refused):
        appraisals.verify_rate(by=officer, appraisal=held, version=1)
    assert appraisals.verify_rate(by=other, appraisal=held, version=1).rate_verified_on
    with pytest.raises(Refused, match="already"):
        appraisals.verify_rate(by=other, appraisal=held, version=2)
    given: dict[str, Any] = {
        "title": "The hub", "pathway": "diversion", "base_year": 2016, "rate": Decimal("3.5"),
        "rate_source": "The Green Book", "rate_dated": date(2011, 7, 1),
    }  # fmt: skip
    held = appraisals.change(by=by, appraisal=held, version=2, **given)
    assert held.rate_verified_on is not None
    held = appraisals.change(by=by, appraisal=held, version=3, **{**given, "rate": Decimal(3)})
    assert (held.rate_verified_on, held.rate_verified_by_id) == (None, None)
    with pytest.raises(Conflict):
        appraisals.change(by=by, appraisal=held, version=3, **given)
    add(by, held, year="2017")
    for wrong in ({"base_year": 2018}, {"each": Decimal(0)}, {"each": Decimal(5)}):
        with pytest.raises(InvalidInput):
            appraisals.change(by=by, appraisal=held, version=4, **{**given, **wrong})


def test_an_appraisal_is_changed_by_its_own_agency_alone(by: Actor) -> None:
    held = start(by)
    line = add(by, held)
    other = actor_of(make_user(RoleKey.COORDINATOR, agency=make_agency("Council")))
    assert [one.pk for one in queries.every(other)] == [held.pk]
    for deed in (
        lambda: add(other, held, what="Heat"),
        lambda: appraisal_lines.replace(by=other, appraisal=held, text=HEAD),
        lambda: appraisal_lines.change(
            by=other, line=line, version=1, kind="cost", what="x", year="2016",
            pounds=Decimal(1), whose="x", source="x",
        ),
    ):  # fmt: skip
        with pytest.raises(Refused):
            deed()
    assert queries.every(actor_of(make_user(RoleKey.REFERRER))) == []


def test_the_pages_start_an_appraisal_add_lines_and_replace_them(police: Agency) -> None:
    client = Client()
    client.force_login(make_user(RoleKey.COORDINATOR, agency=police))
    page = reverse("appraisal-start")
    assert "Enter what is appraised." in client.post(page, {}).content.decode()
    given = {
        "title": "A hub", "base_year": "2016/17", "rate": "3.5", "rate_source": "The Green Book",
        "rate_dated-day": "1", "rate_dated-month": "7", "rate_dated-year": "2011",
    }  # fmt: skip
    assert client.post(page, {**given, "base_year": "soon"}).status_code == 422
    started = client.post(page, given)
    held = Appraisal.objects.get()
    assert started["Location"] == reverse("appraisal", args=[held.pk])
    empty = client.get(started["Location"]).content.decode()
    assert "There are no lines yet" in empty
    assert "Not verified" in empty
    line = {
        "kind": "cost", "what": "Rent", "year": "2016/17", "pounds": "1,000", "whose": "Police",
        "source": "Bid",
    }  # fmt: skip
    page = reverse("appraisal-line-add", args=[held.pk])
    wrong = client.post(page, {**line, "year": "2015/16"})
    assert wrong.status_code == 422
    assert "Enter a year from 2016/17 to 2046/47." in wrong.content.decode()
    assert client.post(page, line).status_code == 302
    one = held.lines.get()
    page = reverse("appraisal-line", args=[held.pk, one.pk])
    assert 'value="2016/17"' in client.get(page).content.decode()
    assert client.post(page, {**line, "pounds": "2000", "version": "1"}).status_code == 302
    stale = client.post(page, {**line, "version": "1"})
    assert "Somebody else changed this record" in stale.content.decode()
    assert held.lines.get().pounds == 2_000
    page = reverse("appraisal-read", args=[held.pk])
    assert "Paste the lines." in client.post(page, {}).content.decode()
    wrong = client.post(page, {"rows": HEAD + "cost,Rent,2016/17,ten,Police,Bid"})
    assert wrong.status_code == 422
    for words in ("Nothing was changed", "Enter an amount in pounds", "cost,Rent,2016/17,ten"):
        assert words in wrong.content.decode()
    pasted = (HEAD + "benefit,Time,2017,50,Police,Bid").replace(",", "\t")
    assert client.post(page, {"rows": pasted}).status_code == 302
    assert held.lines.get().what == "Time"
    verbs = {"appraisal.started", "appraisal.line-added", "appraisal.line-changed",
            "appraisal.lines-replaced"}  # fmt: skip
    assert verbs <= set(LedgerEntry.objects.values_list("verb", flat=True))
