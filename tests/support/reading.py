"""What tests of pages ask: who is signed in, what a page says, whom the read log names."""

import html
import re
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stepdown.hub.models import Disclosure, User
from stepdown.policy.roles import RoleKey
from tests.factories import make_user
from tests.integration.pages.markup import faults


def sign_in(client: Client, role: RoleKey | str = RoleKey.COORDINATOR, *districts: str) -> User:
    """A new account with a role (in all districts where none is named), signed in."""
    user = make_user(role, districts)
    client.force_login(user)
    return user


def words_of(response: Any) -> str:
    """The words of a page's main part, as one line; the page's markup has no faults."""
    source = response.content.decode()
    assert faults(source) == []
    main = source[source.index("<main") : source.index("</main>")]
    without = re.sub(r"<(script|title|desc)\b.*?</\1>", " ", main, flags=re.S)
    words = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without)).split())
    return re.sub(r" ([.,:])", r"\1", words)


def disclosed(page: str) -> set[UUID]:
    """Whom the newest showing of a page named."""
    last = Disclosure.objects.filter(page=page).order_by("-id").first()
    return set(last.people.values_list("person_id", flat=True)) if last else set()


def queries_of(client: Client, url: str) -> int:
    """How many queries a page takes that opens, once the session has been written."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)
