"""The founding documents' figures, read back from the pages of a hub that holds their records.

Where a document gives a total and not what it was made from, the records here are of those that
give it; each test says which numbers are the document's.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import callers, performance, rates
from stepdown.casework.models import Caller
from stepdown.casework.queries import performance as measures
from stepdown.cli.main import main
from stepdown.hub.models import Agency, User
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories.agencies import make_agency
from tests.factories.case_rows import Told, cases_like
from tests.factories.cases import make_case
from tests.factories.places import DISTRICT, make_place
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
Lines = dict[tuple[str, str], dict[str, str]]


@pytest.fixture
def police() -> Agency:
    make_place(DISTRICT)
    return make_agency("Police")


@pytest.fixture
def user(police: Agency) -> User:
    return make_user(RoleKey.COORDINATOR, agency=police)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def figures(user: User, pathway: str) -> Lines:
    """The download of a pathway's figures, by table and figure."""
    answer = browser(user).get(reverse("case-figures-download"), {"pathway": pathway})
    rows = csv.DictReader(io.StringIO(answer.content.decode()))
    return {(one["Table"], one["Figure"]): one for one in rows}


def shared(total: int, number: int) -> list[int]:
    """Whole numbers as even as can be, that come to a total."""
    least, more = divmod(total, number)
    return [least + 1] * more + [least] * (number - more)


def test_avoided_detentions_come_to_what_the_triage_table_says(user: User) -> None:
    """V5 to V8. The document gives 113 avoided, £26.94 and £39.50 an hour, and the totals."""
    by = actor_of(user)
    for line, payer, per, rate in (
        ("police-avoided", "Police", "hour", "26.94"),
        ("police-shortened", "Police", "hour", "39.50"),
        ("ambulance-avoided", "Ambulance service", "hour", "66.00"),
        ("emergency-avoided", "Emergency department", "each", "117.00"),
    ):
        rates.enter(
            by=by, line=f"mh-triage/{line}", payer=payer, per=per, pounds=Decimal(rate),
            valid_from=clock.today() - timedelta(days=9), source="The report",
        )  # fmt: skip
    avoided = zip(shared(72_229, 113), shared(13_380, 113), shared(62, 113), strict=True)
    told = [
        Told({"power.used": "avoided", "time.police": police, "time.ambulance": ambulance,
              "time.emergency": visits})
        for police, ambulance, visits in avoided
    ] + [
        Told({"power.used": "shortened", "time.police": minutes})
        for minutes in shared(7_259, 20)
    ]  # fmt: skip
    cases_like(make_case("mh-triage", by=by), told)
    found = figures(user, "mh-triage")
    count = int(found["What is counted", "Detentions avoided"]["Number"])
    assert count == 113
    money = {k[1]: v for k, v in found.items() if k[0] == "In hours and pounds"}
    total = Decimal(money.pop("In all")["Pounds"])
    lines = {(one["Whose"], one["Rate"]): one for one in money.values()}
    avoided_hours = Decimal(lines["Police", "26.94"]["Number"])
    pounds = {key: Decimal(one["Pounds"]) for key, one in lines.items()}
    police, ambulance = pounds["Police", "26.94"], pounds["Ambulance service", "66.00"]
    visits, shorter = pounds["Emergency department", "117.00"], pounds["Police", "39.50"]
    assert [round(one) for one in (police, ambulance, visits)] == [32_431, 14_718, 7_254]
    assert round(police + ambulance + visits) == 54_403
    assert (round(shorter), round(total)) == (4_779, 59_182)
    hours = avoided_hours, Decimal(lines["Police", "39.50"]["Number"])
    assert [round(one) for one in (*hours, sum(hours))] == [1_204, 121, 1_325]
    each = [round(one / count, 2) for one in (police, ambulance, visits)]
    assert each == [Decimal("287.00"), Decimal("130.25"), Decimal("64.19")]
    assert round((police + ambulance + visits) / count, 2) == Decimal("481.44")
    assert round(avoided_hours / count, 2) == Decimal("10.65")
    assert round(police / avoided_hours, 2) == Decimal("26.94")
    page = browser(user).get(reverse("case-figures"), {"pathway": "mh-triage"}).content.decode()
    assert "The lines of Police are at different rates: £26.94, £39.50" in page


def test_restorative_sources_come_to_43_of_which_20_ended_without_a_conference(user: User) -> None:
    """V19 and V20: 20, 15, 5 and 3 by source; 3 conferences, 20 live. The document says 42."""
    sources = ["victims-hub"] * 20 + ["police"] * 15 + ["partner"] * 5 + ["self"] * 3
    told = []
    for number, source in enumerate(sources):
        held = Told(source=source)
        if number < 3:
            held = Told(source=source, done=("conference",), reached=("closed",),
                        outcome=("conference-agreed", ""))  # fmt: skip
        elif number < 23:
            held = Told(source=source, reached=("closed",), outcome=("not-held", "harmed-no"))
        told.append(held)
    cases_like(make_case("restorative-justice", by=actor_of(user)), told)
    found = figures(user, "restorative-justice")
    by_source = [int(one["Number"]) for key, one in found.items() if key[0] == "Who referred"]
    assert sorted(by_source) == [3, 5, 15, 20]
    assert sum(by_source) == 43
    assert {one["Out of"] for key, one in found.items() if key[0] == "Who referred"} == {"43"}
    assert found["What is counted", "Conferences held"]["Number"] == "3"
    ended = {key[1]: int(one["Number"]) for key, one in found.items() if key[0] == "How they ended"}
    assert sum(ended.values()) - ended["Conference with an agreement"] == 20
    waiting = [one for key, one in found.items() if key[0] == "Where they stand"]
    assert sorted(int(one["Number"]) for one in waiting) == [20, 23]


BEGAN, SINCE, UNTIL = date(2016, 1, 1), date(2015, 9, 1), date(2016, 5, 1)


def helped(by: Actor, agency: Agency, log: Path, number: int, before: int, after: int) -> None:
    """A call log, read by the hub's own command; each caller has a case whose plan says on which
    day help began."""
    rows = ["called_at,number,line,premises"]
    for at, (b, a) in enumerate(zip(shared(before, number), shared(after, number), strict=True)):
        days = [BEGAN - timedelta(days=1 + n % 80) for n in range(b)]
        days += [BEGAN + timedelta(days=n % 80) for n in range(a)]
        rows += [f"{day} 09:00:00,01772{at:06},999,residential" for day in days]
    log.write_text("\n".join(rows))
    asked = ["--since", str(SINCE), "--until", str(UNTIL), "--most", "400", "--keep", "Police"]
    assert main(["callers", str(log), *asked]) == 0
    told = [Told({"plan.began-on": BEGAN.isoformat()}, reached=("contact", "work"))] * number
    made = cases_like(make_case("vulnerable-callers", by=by), told)
    found = list(Caller.objects.filter(agency=agency))
    callers.link(by=by, caller=found[0], reference=made[0].reference)
    for row, case in zip(found[1:], made[1:], strict=True):
        row.state, row.case = Caller.State.REFERRED, case
    Caller.objects.bulk_update(found[1:], ["state", "case"], batch_size=500)


@pytest.mark.parametrize(
    ("number", "before", "after", "percent"),
    [(300, 3_524, 1_709, "51.5"), (300, 3_742, 1_815, "51.5"), (10, 284, 175, "38.4")],
    ids=["V12-1815-fewer", "V13-1815-left", "V14-109-fewer"],
)
def test_calls_before_and_after_show_both_counts(
    user: User, police: Agency, tmp_path: Path, number: int, before: int, after: int, percent: str
) -> None:
    """V12 to V14. Either reading of 51.5 % (1,815) gives it: only both counts say which it was."""
    helped(actor_of(user), police, tmp_path / "calls.csv", number, before, after)
    page = browser(user).get(reverse("caller-results")).content.decode().replace(",", "")
    for words in (str(before), str(after), f"{percent} % fewer", "does not show by itself"):
        assert words in page, words


def test_of_1160_callers_300_were_worked_with(user: User) -> None:
    """V44."""
    worked, seen = Told(reached=("contact", "work")), Told()
    cases_like(make_case("vulnerable-callers", by=actor_of(user)), [worked] * 300 + [seen] * 860)
    found = figures(user, "vulnerable-callers")
    assert found["What is counted", "Callers identified"]["Number"] == "1160"
    reached = found["What is counted", "Callers worked with"]
    assert (reached["Number"], reached["Out of"], reached["Percent"]) == ("300", "1160", "25.9 %")


def test_a_cohort_is_held_as_published_counts_alone(user: User) -> None:
    """V43: 1,183 members and 843 others at risk; 49 of 203 groups; 5.8 members for each group.

    The hub holds no record of groups or of who belongs to them: no intelligence content.
    """
    by = actor_of(user)
    span = {"since": date(2016, 1, 1), "until": date(2016, 3, 31)}

    def enter(name: str, value: int, per: str = "", **more: object) -> str:
        held = performance.begin(by=by, name=name, unit="counted", per=per)
        given = {"by": by, "measure": held, "value": Decimal(value), "source": "Report", **span}
        performance.enter(**given, **more)  # type: ignore[arg-type]
        return str(held.pk)

    groups = enter("Groups", 203)
    gangs = enter("Gangs", 49, against="whole", comparator=Decimal(203), stated="24.1")
    members = enter("Members", 1_183, per=groups)
    people = enter("People", 2_026, parts="Members, 1183\nOthers at risk, 843")
    client = browser(user)

    def page(key: str) -> str:
        return client.get(reverse("performance-measure", args=[key])).content.decode()

    assert "24.1 % of 203" in page(gangs)
    assert "5.8" in page(members)
    assert "2,026" in page(people)
    held = {one.name: one for one in measures.every(by)}
    worked: Sequence[measures.Worked] = measures.worked(
        held["Members"], list(held["Members"].figures.all())
    )
    assert round(worked[0].each or Decimal(0), 1) == Decimal("5.8")
    assert "contradict" not in page(people)
