"""Every address of the hub: each page declares who may open it, and none opens to anybody else.

The walk finds the addresses by itself, so a new page is under test as soon as it has an address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from stepdown.hub.actions import links
from stepdown.hub.models import AccessLink
from stepdown.hub.web.page import permission_of
from stepdown.people.actions import accounts
from stepdown.policy.actors import Actor
from stepdown.policy.decide import may_ever
from stepdown.policy.pathways import reaches_of
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import ROLES as TABLE
from stepdown.policy.roles import RoleKey
from tests.factories.people import make_person
from tests.factories.users import make_user
from tests.factories.volunteers import make_volunteer

# Views that declare no permission, each with its reason. Nothing else may.
EXCEPTIONS = {
    "allauth.": "sign-in keeps its own guard: what is behind it asks for the account, or a link",
    "django.views.i18n.set_language": "changes the reader's own language and shows nothing",
    "stepdown.config.account_urls.shut": "answers that there is no such page, to everybody",
}
ROLES = ["public", "link", *(key.value for key in RoleKey if key.value not in {"public", "hub"})]
ROLES.remove(RoleKey.VOLUNTEER_BY_LINK.value)


@dataclass(frozen=True)
class Address:
    """One page: its route, its view, and an address of it that names no record there is."""

    route: str
    view: Any
    path: str
    named: bool

    @property
    def view_name(self) -> str:
        view = getattr(self.view, "view_class", self.view)
        return f"{view.__module__}.{view.__qualname__}"

    @property
    def permission(self) -> Permission | None:
        return permission_of(self.view)

    @property
    def public(self) -> bool:
        return self.permission is not None and may_ever(Actor.public(), self.permission)

    @property
    def for_programs(self) -> bool:
        """Opened by a token alone: tests/integration/api walks those with one."""
        return hasattr(self.view, "operations")

    @property
    def excepted(self) -> bool:
        return any(self.view_name.startswith(start) for start in EXCEPTIONS)


def filled(converter: Any) -> str:
    """Something of the right shape that no record has."""
    if isinstance(converter, UUIDConverter):
        return str(uuid4())
    return "999999" if isinstance(converter, IntConverter) else "unknown"


def walk(resolver: URLResolver, before: str = "", path: str = "/") -> Iterator[Address]:
    """All addresses under a resolver, however deep they lie."""
    for pattern in resolver.url_patterns:
        route, text = str(pattern.pattern), str(pattern.pattern)
        converters = getattr(pattern.pattern, "converters", {})
        for name, converter in converters.items():
            for start in (f"<{name}>", *(f"<{kind}:{name}>" for kind in KINDS)):
                text = text.replace(start, filled(converter))
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, before + route, path + text)
        else:
            assert isinstance(pattern, URLPattern)
            whole = path + text
            if "(?P" in whole:  # allauth's two regular expressions
                whole = REGULAR[route]
            yield Address(before + route, pattern.callback, whole, bool(converters) or "<" in path)


KINDS = ("uuid", "uuidstr", "int", "str", "slug", "path")
REGULAR = {
    r"^confirm-email/(?P<key>[-:\w]+)/$": "/account/confirm-email/unknown/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "/account/password/reset/key/1-unknown/"
    ),
}
ADDRESSES = list(walk(get_resolver()))
OURS = [address for address in ADDRESSES if not address.excepted]


def ids(address: Address) -> str:
    return address.route or "/"


def test_walk_finds_what_is_there() -> None:
    assert len(ADDRESSES) > 40
    routes = {address.route for address in ADDRESSES}
    assert {"", "hub/", "account/login/", "refer/", "account/2fa/webauthn/login/"} <= routes
    assert all("<" not in address.path and "(" not in address.path for address in ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES, ids=ids)
def test_page_declares_its_permission(address: Address) -> None:
    if not address.excepted:
        assert address.permission is not None, (
            f"{address.view_name} at /{address.route} declares no permission: "
            "give it @page(Permission.…)"
        )


def test_every_exception_is_still_needed() -> None:
    for start in EXCEPTIONS:
        assert any(address.view_name.startswith(start) for address in ADDRESSES), start


def test_page_for_the_public_is_public_on_purpose() -> None:
    """Nobody opens a page to everybody without this list being changed too."""
    public = {address.view_name.rpartition(".")[0] for address in OURS if address.public}
    assert public == {
        "stepdown.hub.web.home",
        "stepdown.hub.web.statements",
        "stepdown.sharing.web.register",
        "stepdown.casework.web.refer",
        "stepdown.casework.web.refer_send",
        # What programs could ask for; to ask it, they need a token.
        "stepdown.config.api",
        "stepdown.config.api_guide",
        # The secret in the address is the key: an unknown one opens nothing.
        "stepdown.volunteering.web.calendar",
        "stepdown.volunteering.web.link",
    }


def visitor(role: str) -> Client:
    """A browser in which somebody of the role is at work."""
    client = Client(raise_request_exception=True)
    if role == "public":
        return client
    if role == "link":
        person = make_volunteer().person
        links.make(by=Actor.hub(), person_id=person.pk, purpose="volunteer")
        session = client.session
        session["link"] = str(AccessLink.objects.get().pk)
        session.save()
        return client
    user = make_user(role)
    person = make_volunteer().person if role == "volunteer" else make_person()
    accounts.link_user(by=Actor.hub(), person=person, user=user)
    client.force_login(user)
    return client


def check_headers(answer: Any, path: str) -> None:
    """What every answer says to the browser, whoever asks and whatever it is."""
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["X-Frame-Options"] == "DENY", path
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin", path
    assert "camera=()" in headers["Permissions-Policy"], path
    assert "no-store" in headers["Cache-Control"], path
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, path
    assert "script-src 'self';" in f"{policy};", path
    assert "unsafe" not in policy, path


def check_page(answer: Any, path: str) -> None:
    """A page keeps to the strict policy, has a title, and one heading of the first order."""
    html = answer.content.decode()
    for script in re.findall(r"<script\b([^>]*)>", html):
        assert "src=" in script or 'type="application/json"' in script, f"{path}: {script}"
    tags = re.findall(r"<[a-z][^>]*>", html)
    assert not [tag for tag in tags if re.search(r"\s(style|on[a-z]+)=", tag)], path
    assert "javascript:" not in html, path
    assert "<style" not in html, path
    assert len(re.findall(r"<h1\b", html)) == 1, path
    assert re.search(r"<title>\s*\S", html), path
    assert re.search(r'<html lang="\w+"', html), path


def check_answer(role: str, address: Address, answer: Any) -> None:
    status, path = answer.status_code, f"{role} {address.path}"
    assert status < 500, path
    check_headers(answer, path)
    if status != 302 and answer.headers["Content-Type"].startswith("text/html") and answer.content:
        check_page(answer, path)
    if address.for_programs:
        assert status == 401, f"{path}: no session opens it"
        assert answer.headers["Content-Type"] == "application/problem+json", path
        return
    if address.excepted or address.public:
        return
    if address.named:
        assert status != 200, f"{path}: there is no such record"
    if role == "public":
        assert status in {302, 404}, path
        if status == 302:
            assert answer["Location"].startswith("/account/login/?next="), path
    elif role != "link" and status == 200:
        assert address.permission is not None
        assert address.permission in ALLOWED[role], path


ALLOWED = {key.value: frozenset(one for one in Permission if reaches_of(key, one)) for key in TABLE}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize("role", ROLES)
def test_no_page_opens_to_those_it_is_not_for_and_none_breaks(role: str, verb: str) -> None:
    client, opened = visitor(role), 0
    for address in ADDRESSES:
        if address.route != "account/logout/":
            answer = getattr(client, verb)(address.path)
            check_answer(role, address, answer)
            opened += answer.status_code == 200
    assert opened > 4


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "delete", "patch", "options", "head", "trace"])
def test_other_methods_break_no_page(method: str) -> None:
    client = visitor("coordinator")
    for address in OURS:
        answer = getattr(client, method)(address.path)
        assert answer.status_code < 500, f"{method} {address.path}"


@pytest.mark.django_db
def test_address_that_is_not_there_is_not_found_for_anybody() -> None:
    for role in ("public", "coordinator"):
        client = visitor(role)
        answer = client.get("/no/such/page/")
        assert answer.status_code == 404
        check_headers(answer, "/no/such/page/")
        assert b"Page not found" in answer.content
