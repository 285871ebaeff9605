"""A rota: posts that are held or vacant, inductions, weeks of shifts, and who was on."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.transaction import atomic
from django.test import Client
from django.urls import reverse

from stepdown.casework.actions import case_referrals, rotas
from stepdown.casework.models import Post, PostHolder, PostShift
from stepdown.casework.queries import rota as queries
from stepdown.casework.queries.definitions import FOLDER, vocabulary
from stepdown.hub.models import LedgerEntry, LedgerPayload
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.pathways.library import read_definition
from stepdown.pathways.tree import Faulty
from stepdown.people.actions import accounts
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.records.actions import removing
from tests.factories.agencies import make_agency
from tests.factories.cases import make_draft
from tests.factories.people import make_person
from tests.factories.users import actor_of, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
TRIAGE = "mh-triage"
DIVISIONS = ("east", "south", "west")


def nine(by: Actor, since: date) -> dict[str, list[Post]]:
    """Three posts for each division; the last of each is vacant."""
    posts: dict[str, list[Post]] = {}
    for at in range(9):
        where = DIVISIONS[at % 3]
        post = rotas.open_post(by=by, pathway=TRIAGE, division=where, opened_on=since)
        posts.setdefault(where, []).append(post)
        if post.number < 3:
            rotas.fill(by=by, post=post, name=f"Nurse {at}", since=since)
    return posts


def test_nine_posts_three_vacant_and_who_is_on(client: Client) -> None:
    user = make_user(RoleKey.COORDINATOR, agency=make_agency())
    by, today = actor_of(user), clock.today()
    since, monday = today - timedelta(days=60), queries.monday_of(today)
    posts = nine(by, since)
    held = queries.standing(by, TRIAGE)
    assert [(one.post.division, one.post.number) for one in held] == [
        (where, number) for where in DIVISIONS for number in (1, 2, 3)
    ]
    assert queries.counted(held) == queries.Posts(9, 3, 0)
    assert {one.vacant_since for one in held if one.holder is None} == {since}
    # Three are recruited: one is here and in induction for two weeks, one comes later.
    east, south = posts["east"][2], posts["south"][2]
    new = rotas.fill(by=by, post=east, name="New One", since=today)
    assert new.induction_until == today + timedelta(days=13)
    rotas.fill(by=by, post=south, name="Later One", since=today + timedelta(days=20))
    held = queries.standing(by, TRIAGE)
    assert queries.counted(held) == queries.Posts(9, 2, 1)
    assert [one.next.name for one in held if one.next] == ["Later One"]
    assert queries.counted(queries.standing(by, TRIAGE, today + timedelta(days=20))).vacant == 1
    # Shifts of the week, set again in place of what was said before.
    week = [monday + timedelta(days=at) for at in range(7)]
    assert rotas.set_shifts(by=by, post=posts["east"][0], monday=monday,
                            shifts=dict.fromkeys(week, "night")) == 7  # fmt: skip
    first = {week[0]: "early", week[1]: "night", week[2]: ""}
    assert rotas.set_shifts(by=by, post=posts["east"][0], monday=monday, shifts=first) == 2
    rotas.set_shifts(by=by, post=east, monday=monday, shifts={today: "early"})
    on = queries.on_from(by, TRIAGE, monday)
    assert [(one.day, one.shift, one.name, one.alone) for one in on if one.alone] == [
        (week[0], "early", "Nurse 0", True), (week[1], "night", "Nurse 0", True),
    ]  # fmt: skip
    # The night goes on past midnight, and is a shift of the day it began on.
    for day, hour, names in ((week[2], 3, ["Nurse 0"]), (week[2], 7, []), (week[1], 23,
                             ["Nurse 0"]), (week[1], 22, [])):  # fmt: skip
        there = queries.on_duty(by, TRIAGE, day, hour, "east")
        assert [one.name for one in there if one.alone] == names, (day, hour)
    assert queries.on_duty(by, TRIAGE, week[2], 3, "west") == []
    client.force_login(user)
    _pages(client, posts, monday)
    _incident(client, by, week[2])
    # Somebody leaves: what they would have done after is nobody's.
    rotas.leave(by=by, post=posts["east"][0], last_day=week[0])
    assert PostShift.objects.filter(post=posts["east"][0]).count() == 1
    assert queries.counted(queries.standing(by, TRIAGE, week[1])).vacant == 3
    verbs = LedgerEntry.objects.filter(object_kind="post").values_list("verb", flat=True)
    assert set(verbs) == {"post.opened", "post.filled", "post.left", "post.shifts-set"}
    assert "Nurse" not in str(list(LedgerPayload.objects.values_list("body", flat=True)))


def _pages(client: Client, posts: dict[str, list[Post]], monday: date) -> None:
    shown = client.get(reverse("rota", args=[TRIAGE])).text
    assert "9 posts, 2 vacant. 1 in induction." in shown
    assert "Nurse 0" in shown
    assert "New One (in induction)" in shown
    assert client.get(reverse("rota", args=[TRIAGE]) + "?week=nonsense").status_code == 200
    listed = client.get(reverse("rota-posts", args=[TRIAGE])).text
    assert listed.count("Vacant since") == 2
    assert "Later One from" in listed
    sheet = client.get(reverse("rota-download", args=[TRIAGE])).text.lstrip("\ufeff")
    rows = list(csv.reader(sheet.splitlines()))
    assert rows[0] == ["Day", "Shift", "Post", "Name", "In induction"]
    assert [monday.isoformat(), "Early", "East 1", "Nurse 0", "No"] in rows
    # The forms say what is wrong, and do it.
    assert "Select the division" in client.post(reverse("rota-open", args=[TRIAGE]), {}).text
    vacant = posts["west"][2]
    fill = reverse("rota-fill", args=[vacant.pk])
    assert "2 weeks" in client.get(fill).text
    assert "Enter the name" in client.post(fill, {}).text
    day = clock.today()
    given = {"since-day": day.day, "since-month": day.month, "since-year": day.year}
    assert "another post" in client.post(fill, {"name": "Nurse 1", **given}).text
    shifts = reverse("rota-shifts", args=[posts["west"][0].pk]) + f"?week={monday.isoformat()}"
    assert client.post(shifts, {monday.isoformat(): "late"}).status_code == 302
    assert "Nobody holds this post" in client.get(
        reverse("rota-shifts", args=[vacant.pk])
    ).text  # fmt: skip


def _incident(client: Client, by: Actor, day: date) -> None:
    """The case of an incident says who was on shift, and the figures how many posts there are."""
    case = make_draft(TRIAGE, by=by)
    answers = {"happened-on": day.isoformat(), "hour": 3, "division": "east", "worry": "Crisis"}
    case_referrals.answer(by=by, case=case, screen="incident", answers=answers)
    case_referrals.send(by=by, case=case)
    shown = client.get(reverse("case", args=[case.pk])).text
    assert "On shift when it happened" in shown
    assert "Nurse 0, Night" in shown
    figures = client.get(reverse("case-figures") + f"?pathway={TRIAGE}").text
    assert "9 posts, 2 vacant." in figures
    sheet = client.get(reverse("case-figures-download") + f"?pathway={TRIAGE}").text
    assert "Rota,Vacant,2" in sheet


def test_who_may_keep_and_see_a_rota(client: Client) -> None:
    keeper = make_user(RoleKey.COORDINATOR, agency=make_agency())
    by, today = actor_of(keeper), clock.today()
    post = rotas.open_post(by=by, pathway=TRIAGE, division="east", opened_on=today)
    holder = rotas.fill(by=by, post=post, name="Nurse", since=today, inducted=True)
    assert holder.induction_until is None
    other = make_user(RoleKey.COORDINATOR, agency=make_agency())
    referrer = make_user(RoleKey.REFERRER, agency=keeper.memberships.get().agency)
    # Another agency's coordinator sees it, and keeps their own; a referrer does neither.
    assert queries.standing(actor_of(other), TRIAGE)[0].holder == holder
    with pytest.raises(Refused):
        rotas.leave(by=actor_of(other), post=post, last_day=today)
    with pytest.raises(NotVisible):
        rotas.leave(by=actor_of(referrer), post=post, last_day=today)
    with pytest.raises(Refused):
        rotas.open_post(by=actor_of(referrer), pathway=TRIAGE, division="east", opened_on=today)
    assert queries.standing(actor_of(referrer), TRIAGE) == []
    client.force_login(referrer)
    assert client.get(reverse("rota", args=[TRIAGE])).status_code in {403, 404}
    client.force_login(other)
    assert client.get(reverse("rota-fill", args=[post.pk])).status_code == 403
    assert client.get(reverse("rota", args=["avert"])).status_code == 404
    assert "Open a post" in client.get(reverse("rota-posts", args=[TRIAGE])).text
    monday = queries.monday_of(today)
    refused: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        (rotas.fill, {"name": "Second", "since": today}),
        (rotas.close, {}),
        (rotas.set_shifts, {"monday": monday, "shifts": {today: "noon"}}),
        (rotas.set_shifts, {"monday": monday, "shifts": {today - timedelta(days=8): "late"}}),
        (rotas.set_shifts, {"monday": monday + timedelta(days=1), "shifts": {}}),
        (rotas.set_shifts, {"monday": monday - timedelta(days=70), "shifts": {}}),
        (rotas.leave, {"last_day": today - timedelta(days=1)}),
    ]
    for deed, more in refused:
        with pytest.raises((Refused, InvalidInput)):
            deed(by=by, post=post, **more)
    # Somebody who was to begin and does not leaves nothing behind.
    rotas.leave(by=by, post=post, last_day=today)
    rotas.fill(by=by, post=post, name="Never", since=today + timedelta(days=9))
    rotas.leave(by=by, post=post, last_day=today + timedelta(days=1))
    assert [one.name for one in PostHolder.objects.all()] == ["Nurse"]
    with clock.at(clock.now() + timedelta(days=1)):
        closed = rotas.close(by=by, post=post)
        assert queries.counted(queries.standing(by, TRIAGE)).all == 0
        with pytest.raises(Refused, match="closed"):
            rotas.close(by=by, post=closed)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  role: nurse\n", "  role: doctor\n", r"1.yaml:\d+: There is no team role “doctor”"),
        ("{key: west, name: West}]\n  shifts", "{key: far, name: Far}]\n  shifts",
         "no division “west”, which"),
        ("hour: hour", "hour: worry", "names no number that the referral asks"),
        ("agency: [keep-rota]", "agency: [see-rota]", "Nobody may keep the rota"),
        ("induction: 2 weeks", "induction: soon", "is no length of time"),
        ("{key: night,", "{key: late,", "is there twice under “shifts”"),
    ],
)  # fmt: skip
def test_a_rota_that_leads_nowhere_is_a_fault_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = (FOLDER / "mh-triage.1.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mh-triage.1.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Faulty, match=said):
        read_definition(path, vocabulary())


def test_name_in_a_post_goes_with_the_records_of_its_person() -> None:
    by, today = actor_of(make_user(RoleKey.COORDINATOR)), clock.today()
    post = rotas.open_post(by=by, pathway=TRIAGE, division="east", opened_on=today)
    person, user = make_person(by=by), make_user(RoleKey.OUTREACH_OFFICER)
    accounts.link_user(by=Actor.hub(), person=person, user=user)
    rotas.fill(by=by, post=post, name="", user=user, since=today)
    monday = queries.monday_of(today)
    rotas.set_shifts(by=by, post=post, monday=monday, shifts={today: "late"})
    with atomic():
        removing.remove_person(Person.objects.get(pk=person.pk))
    holder = PostHolder.objects.get()
    assert (holder.name, holder.user) == ("", None)
    assert [one.name for one in queries.on_from(by, TRIAGE, monday)] == [holder.shown]
