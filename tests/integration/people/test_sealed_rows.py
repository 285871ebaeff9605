"""A shielded address in the database: closed, bound to its row, and lost without its key."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from stepdown.adapters.shielded_box import ShieldedBox
from stepdown.casework.models import ReferralAnswers
from stepdown.hub.queries.shielded import (
    opened,
    require_keys,
    rows_under,
    sealed_models,
)
from stepdown.kernel import clock
from stepdown.kernel.errors import Unusable
from stepdown.people.models import ShieldedAddress
from stepdown.volunteering.models import Need, NeedShieldedLocation
from stepdown.volunteering.queries.world import build
from tests.factories import make_need, make_person, make_postcode, make_volunteer
from tests.factories.referrals import make_referral
from tests.support.shielded import inside

SECRETS = ("LA9 9ZZ", "LA99ZZ", "Hidden Row", "351237", "492381")


@pytest.fixture
def keys(tmp_path: Path, settings: LazySettings) -> Path:
    settings.STEPDOWN_SHIELDED_KEYS = tmp_path / "shielded.keys"
    return tmp_path / "shielded.keys"


def _everything_in(table: str) -> str:
    """Every column of every row, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
        rows = cursor.fetchall()
    assert rows, table
    plain = [bytes(cell) if isinstance(cell, memoryview) else cell for row in rows for cell in row]
    return " ".join(cell.decode("latin-1") if isinstance(cell, bytes) else str(cell)
                    for cell in plain)  # fmt: skip


@pytest.mark.django_db
def test_nothing_of_it_is_in_a_row_and_nothing_opens_elsewhere(keys: Path) -> None:
    make_postcode("LA9 9ZZ", 351_237, 492_381)
    one = make_person(postcode="LA9 9ZZ", shielded=True)
    two = make_person(postcode="LA9 9ZZ", shielded=True)
    make_volunteer(one)
    need = make_need(person=two)
    referral = make_referral(secret=True, lines="7 Hidden Row", postcode="LA9 9ZZ")
    tables = {model._meta.db_table for model in sealed_models()}
    assert tables == {
        "people_shieldedaddress", "volunteering_needshieldedlocation", "casework_referralanswers",
    }  # fmt: skip
    for table in tables:
        kept = _everything_in(table)
        assert not any(secret in kept for secret in SECRETS), table
    # All of it is there for those that may: both homes, the need, the referral.
    homes = list(ShieldedAddress.objects.all())
    assert {inside(home)["easting"] for home in homes} == {351_237}
    assert inside(NeedShieldedLocation.objects.get(need=need))["northing"] == 492_381
    answers = ReferralAnswers.objects.get(referral=referral, category="shielded-location")
    assert inside(answers)["lines"] == "7 Hidden Row"
    (key,) = ShieldedBox(keys).names
    assert rows_under() == {key: 4}

    # A row that is put into another's place opens no more, rather than as another's home.
    mine, others = homes
    mine.sealed, mine.sealed_key = others.sealed, others.sealed_key
    mine.save()
    with pytest.raises(Unusable):
        opened(ShieldedAddress.objects.get(pk=mine.pk))

    # Without the key nothing opens, nothing new is closed under another, and the hub says why.
    kept_apart = keys.read_text()
    keys.unlink()
    for fails in (
        require_keys,
        lambda: opened(others),
        lambda: build(on=clock.today(), needs=Need.objects.filter(pk=need.pk)),
        lambda: make_person(postcode="LA9 9ZZ", shielded=True),
    ):
        with pytest.raises(Unusable) as said:
            fails()
        assert key in str(said.value)
        assert not any(secret in str(said.value) for secret in SECRETS)
    assert not keys.exists()
    keys.write_text(kept_apart)
    require_keys()
    assert inside(others)["postcode"] == "LA9 9ZZ"


BEFORE = [("people", "0002_consent"), ("volunteering", "0003_plan_most_changes"),
          ("casework", "0003_callers")]  # fmt: skip
SEALING = {"people": "0003_seal_addresses", "volunteering": "0004_seal_locations",
           "casework": "0004_seal_answers"}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_hub_that_has_them_in_clear_is_brought_along(keys: Path) -> None:
    executor = MigrationExecutor(connection)
    steps = [executor.loader.graph.nodes[app, name] for app, name in SEALING.items()]
    old: Any = executor.loader.project_state(BEFORE)
    person, need = make_person(), make_need()
    referral = make_referral(secret=True, lines="7 Hidden Row", postcode="PR1 8RJ")
    ReferralAnswers.objects.filter(category="shielded-location").delete()
    for step in steps:
        # Back to the former form: the step's own columns, without the sealing, which has no way
        # back.
        backwards = type(step)(step.name, step.app_label)
        backwards.operations = [one for one in step.operations if one.reversible]
        with connection.schema_editor(atomic=True) as editor:
            backwards.unapply(old, editor)
    where = {"postcode": "LA9 9ZZ", "easting": 351_237, "northing": 492_381}
    home = old.apps.get_model("people", "ShieldedAddress").objects.create(
        person_id=person.pk, lines="7 Hidden Row", **where
    )
    old.apps.get_model("volunteering", "NeedShieldedLocation").objects.create(
        need_id=need.pk, **where
    )
    old.apps.get_model("casework", "ReferralAnswers").objects.create(
        referral_id=referral.pk,
        category="shielded-location",
        answers={"lines": "7 Hidden Row", "postcode": "LA9 9ZZ"},
    )
    state = old
    for step in steps:
        with connection.schema_editor(atomic=True) as editor:
            state = step.apply(state.clone(), editor)
    assert inside(ShieldedAddress.objects.get(pk=home.pk)) == {"lines": "7 Hidden Row", **where}
    assert inside(NeedShieldedLocation.objects.get(need=need)) == where
    answers = ReferralAnswers.objects.get(referral=referral, category="shielded-location")
    assert inside(answers) == {"lines": "7 Hidden Row", "postcode": "LA9 9ZZ"}
    for model in sealed_models():
        kept = _everything_in(model._meta.db_table)
        assert not any(secret in kept for secret in SECRETS), model
