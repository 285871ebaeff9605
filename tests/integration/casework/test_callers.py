"""From a call log to ranked callers, a referral, and calls before and after."""

import gzip
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import callers
from stepdown.casework.jobs import forget_callers
from stepdown.casework.models import Caller, CallerDay, CallLog, Case, CaseAnswers
from stepdown.casework.queries import caller as queries
from stepdown.cli.main import main
from stepdown.hub.models import Agency, Disclosure, LedgerEntry, User
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.policy.roles import RoleKey
from tests.factories.agencies import make_agency
from tests.factories.cases import do_step, make_case
from tests.factories.places import DISTRICT, make_place
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

FIRST, LAST = date(2026, 2, 1), date(2026, 7, 31)
BUSY, LESS, SHOP = "01772900001", "01772900002", "01772900003"


def call_log(folder: Path) -> Path:
    """BUSY rings daily until May and weekly then; LESS every other day; a shop and a stranger."""
    rows = ["called_at,number,line,premises"]
    for n in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=n)
        rang = [(SHOP, "business"), ("", "residential")]
        if day < date(2026, 5, 1) or n % 7 == 0:
            rang.append((f"+44 {BUSY[1:]}", "residential"))
        if n % 2 == 0:
            rang.append((LESS, "residential"))
        rows += [f"{day} 09:00:00,{number},999,{kind}" for number, kind in rang]
    rows += [f"{LAST} 10:00:00,0177290{n:04},101,residential" for n in range(100, 200)]
    path = folder / "calls.csv.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    return path


@pytest.fixture
def police() -> Agency:
    make_place(DISTRICT)
    return make_agency("Police")


@pytest.fixture
def coordinator(police: Agency) -> User:
    return make_user(RoleKey.COORDINATOR, agency=police)


def read(path: Path, *more: str) -> int:
    return main(["callers", str(path), "--since", str(FIRST), "--until", str(LAST), *more])


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_only_the_callers_that_are_ranked_enter_the_hub(
    police: Agency, coordinator: User, tmp_path: Path, capsys: Any
) -> None:
    path = call_log(tmp_path)
    assert read(path) == 0
    assert not Caller.objects.exists()
    assert read(path, "--keep", "police") == 0
    said = capsys.readouterr().out
    assert BUSY not in said
    assert "left out: not from a home" in said
    by = actor_of(coordinator)
    log = queries.logs(by)[0]
    assert log.excluded == {"not from a home": 181, "no number, or withheld": 181}
    assert (log.rows, log.numbers) == (log.counted + 362, 102)
    assert [(one.place, one.number) for one in queries.ranked(by, log)] == [(1, BUSY), (2, LESS)]
    assert Caller.objects.count() == 2
    assert BUSY not in str(list(LedgerEntry.objects.values()))
    # The same log once more changes no day.
    before = set(CallerDay.objects.values_list("caller", "day", "calls"))
    assert read(path, "--keep", "police") == 0
    assert set(CallerDay.objects.values_list("caller", "day", "calls")) == before


def test_wrong_input_keeps_nothing(police: Agency, tmp_path: Path, capsys: Any) -> None:
    path = call_log(tmp_path)
    assert read(path, "--keep", "Fire") == 2
    assert read(path, "--keep", "Police", "--number", "phone") == 2
    assert read(path, "--keep", "Police", "--organisations", str(tmp_path / "none")) == 2
    assert "Nothing was kept." in capsys.readouterr().err
    assert not CallLog.objects.exists()


def test_callers_are_their_agency_s(police: Agency, coordinator: User, tmp_path: Path) -> None:
    read(call_log(tmp_path), "--keep", "Police")
    one = Caller.objects.get(number=BUSY)
    for other in (
        make_user(RoleKey.COORDINATOR, agency=make_agency("Council")),
        make_user(RoleKey.OUTREACH_OFFICER, agency=police),
    ):
        assert queries.ranked(actor_of(other), CallLog.objects.get()) == []
        assert browser(other).get(reverse("caller", args=[one.pk])).status_code in {403, 404}
        with pytest.raises(NotVisible):
            callers.set_aside(by=actor_of(other), caller=one, reason="known")


def test_caller_is_referred_with_what_the_log_says(
    police: Agency, coordinator: User, tmp_path: Path
) -> None:
    read(call_log(tmp_path), "--keep", "Police")
    client, one = browser(coordinator), Caller.objects.get(number=BUSY)
    page = client.get(reverse("callers")).content.decode()
    assert BUSY in page
    assert "No number, or withheld" in page
    assert Disclosure.objects.filter(page="callers", people__person_id=one.pk).exists()
    answer = client.post(reverse("caller-refer", args=[one.pk]))
    case = Case.objects.get()
    assert answer["Location"] == reverse("case-refer-page", args=[case.pk, "who"])
    said = {k: v for row in CaseAnswers.objects.filter(case=case) for k, v in row.answers.items()}
    assert said["number"] == 102
    assert said["identified-on"] == str(LAST + timedelta(days=1))
    one.refresh_from_db()
    assert (one.state, one.case) == ("referred", case)
    assert client.post(reverse("caller-refer", args=[one.pk])).status_code == 403
    # Whoever discards the draft finds the caller waiting to be looked at again.
    client.post(reverse("case-refer-stop", args=[case.pk]))
    one.refresh_from_db()
    assert one.case is None
    client.post(reverse("caller-take-up", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "new"


def test_caller_set_aside_needs_a_reason(police: Agency, coordinator: User, tmp_path: Path) -> None:
    read(call_log(tmp_path), "--keep", "Police")
    client, one = browser(coordinator), Caller.objects.get(number=LESS)
    page = reverse("caller-set-aside", args=[one.pk])
    assert "Select why" in client.post(page).content.decode()
    assert client.post(page, {"reason": "known"}).status_code == 302
    assert (
        "Somebody works with them already"
        in client.get(reverse("caller", args=[one.pk])).content.decode()
    )
    with pytest.raises(Refused):
        callers.set_aside(by=actor_of(coordinator), caller=one, reason="known")


def test_caller_may_have_a_case_already(police: Agency, coordinator: User, tmp_path: Path) -> None:
    read(call_log(tmp_path), "--keep", "Police")
    client, one = browser(coordinator), Caller.objects.get(number=LESS)
    case = make_case("vulnerable-callers", by=actor_of(coordinator))
    other = make_case("early-help", by=actor_of(coordinator))
    page = reverse("caller-link", args=[one.pk])
    for wrong in (other.reference, "C-0000-0000", ""):
        assert "There is a problem" in client.post(page, {"reference": wrong}).content.decode()
    client.post(page, {"reference": case.reference.lower().replace("-", " ")})
    one.refresh_from_db()
    assert (one.state, one.case) == ("referred", case)


def test_both_counts_are_shown_with_what_a_fall_does_not_prove(
    police: Agency, coordinator: User, tmp_path: Path
) -> None:
    read(call_log(tmp_path), "--keep", "Police")
    by, one = actor_of(coordinator), Caller.objects.get(number=BUSY)
    client = browser(coordinator)
    assert "no caller yet" in client.get(reverse("caller-results")).content.decode()
    case = callers.refer(by=by, caller=one)
    Case.objects.filter(pk=case.pk).update(stage="work", stage_since=FIRST, opened_on=FIRST)
    do_step(Case.objects.get(), "plan", by=by, began_on="2026-05-01")
    found = queries.before_and_after(by)
    assert found is not None
    # 1 February to 30 April is 89 days, daily; then every seventh day.
    assert (found.counts.people, found.counts.before, found.counts.after) == (1, 89, 13)
    assert found.others is None  # LESS was found on the log's last day: nothing is known after it
    page = client.get(reverse("caller-results")).content.decode()
    for words in ("89", "13", "85.4 % fewer", "A fall does not show by itself", "few people"):
        assert words in page
    assert "85.4 % fewer" in client.get(reverse("caller", args=[one.pk])).content.decode()


def test_caller_on_whom_nothing_is_done_is_forgotten(
    police: Agency, coordinator: User, tmp_path: Path
) -> None:
    read(call_log(tmp_path), "--keep", "Police")
    callers.refer(by=actor_of(coordinator), caller=Caller.objects.get(number=BUSY))
    with clock.at(datetime(2027, 7, 31, 12, tzinfo=clock.now().tzinfo)):
        assert forget_callers() == 0
    with clock.at(datetime(2027, 8, 3, 12, tzinfo=clock.now().tzinfo)):
        assert forget_callers() == 1
    assert [one.number for one in Caller.objects.all()] == [BUSY]
    assert CallerDay.objects.exclude(caller__number=BUSY).count() == 0
