"""The administrator's page of keys tells which there are, and never a key."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stepdown.adapters import signing
from stepdown.adapters.backup_keys import BackupKeys
from stepdown.hub.actions import shielded_keys
from stepdown.hub.queries.shielded import box
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories import make_user
from tests.factories.people import make_person
from tests.factories.places import make_postcode

pytestmark = pytest.mark.django_db


def test_keys_are_named_with_what_lies_under_them(settings: Any, tmp_path: Path) -> None:
    settings.STEPDOWN_BACKUP_KEYS = tmp_path / "backup.keys"
    settings.STEPDOWN_SHIELDED_KEYS = tmp_path / "shielded.keys"
    settings.STEPDOWN_KEYS = tmp_path / "keys"
    client = Client()
    client.force_login(make_user(RoleKey.ADMINISTRATOR))
    page = reverse("hub-keys")
    first_day = client.get(page).content.decode()
    assert "There is no key for shielded addresses yet" in first_day
    assert "There is no key for backups here" in first_day
    make_postcode("PR1 1AA")
    make_person(postcode="PR1 1AA", shielded=True)
    old = box().names[-1]
    new = shielded_keys.make(by=Actor.hub())
    BackupKeys(settings.STEPDOWN_BACKUP_KEYS).add()
    signs = signing.signing_key(settings.STEPDOWN_KEYS).key
    said = client.get(page).content.decode()
    for words in (
        old,
        new,
        signs,
        "Opens what is older",
        "Closes what is recorded now",
        "Signs now",
    ):
        assert words in said
    for path in tmp_path.rglob("*"):
        for secret in path.read_text().split() if path.is_file() else ():
            assert len(secret) < 40 or secret not in said
    settings.STEPDOWN_SHIELDED_KEYS.unlink()
    assert "Missing: add its line" in client.get(page).content.decode()


def test_nobody_else_opens_it() -> None:
    client = Client()
    client.force_login(make_user(RoleKey.COORDINATOR))
    assert client.get(reverse("hub-keys")).status_code == 403
