"""A shielded address is planted, and then looked for wherever the hub puts anything down."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from stepdown.hub.actions import shielding
from stepdown.hub.queries.reader import as_hub
from stepdown.kernel import clock
from stepdown.people.actions import addresses
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.models import Volunteer
from stepdown.volunteering.queries.resident_rows import read, tables
from tests.factories import (
    DISTRICT,
    coordinator,
    make_person,
    make_postcode,
    make_ready_need,
    make_user,
    make_volunteer,
)
from tests.factories.offers import make_offer, make_placement
from tests.factories.referrals import make_referral
from tests.support.canaries import (
    EASTING,
    LINES,
    NORTHING,
    POSTCODE,
    everything_logged,
    found_in,
    tables_with_it,
)


@pytest.mark.django_db
def test_a_planted_address_is_found_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    make_postcode(POSTCODE, EASTING, NORTHING)
    user = make_user(RoleKey.COORDINATOR, [DISTRICT])
    client = Client(raise_request_exception=False)
    client.force_login(user)
    with everything_logged() as heard:
        person, helper = make_person("Ada"), make_person("Bea")
        for one in (person, helper):
            addresses.set_address(
                by=coordinator(), person=one, postcode=POSTCODE, lines=LINES, shielded=True
            )
        volunteer = make_volunteer(helper, capacity=3)
        make_placement(make_ready_need(person=person), volunteer)
        need = make_ready_need("Help at home", person=person)
        make_offer(make_ready_need("Asked", person=person), make_volunteer())
        referral = make_referral(secret=True, lines=LINES, postcode=POSTCODE)
        typed = client.post(
            reverse("person-address", args=[person.pk]),
            {"postcode": POSTCODE, "lines": LINES, "shielded": "yes"},
            follow=True,
        )
        assert typed.status_code == 200
        pages = [
            client.get(address)
            for address in (
                reverse("person", args=[person.pk]),
                reverse("person-address", args=[person.pk]),
                reverse("person-timeline", args=[person.pk]),
                reverse("need", args=[need.pk]),
                reverse("need-match", args=[need.pk]),
                reverse("referral", args=[referral.pk]),
                reverse("place", args=[DISTRICT]),
            )
        ]
        assert {page.status_code for page in pages} == {200}
        # What fails just before it is closed would like to say with what.
        with monkeypatch.context() as broken:
            broken.setattr(shielding, "as_bytes", _fails)
            failed = client.post(
                reverse("person-address", args=[person.pk]),
                {"postcode": POSTCODE, "lines": LINES, "shielded": "yes"},
            )
        assert failed.status_code == 500
        with as_hub("as the index is made"):
            rows = read(Volunteer.objects.all(), tables(), clock.today())
    said = heard.getvalue()
    assert "ValueError" in said
    assert "django.db.backends" in said
    assert found_in(said) == []
    for page in (typed, *pages, failed):
        assert found_in(page.content.decode()) == [], page
    assert tables_with_it() == {}
    assert found_in(" ".join(f"{one.subject} {one.body}" for one in mail.outbox)) == []
    assert EASTING not in rows.people.easting
    assert NORTHING not in rows.people.northing
    # The looking itself finds what is there.
    make_person(postcode=POSTCODE)
    assert set(tables_with_it()) == {"people_address"}


def _fails(plain: object) -> bytes:
    raise ValueError(f"{plain} of {LINES} {POSTCODE}")
