"""The way in for programs: a token and nothing else, gone at once when it is taken away."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from stepdown.hub.actions import backups, memberships, sign_ins, tokens, users
from stepdown.hub.models import ApiToken, LedgerEntry, Membership
from stepdown.hub.queries import token as queries
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from tests.factories import actor_of, make_need, make_user, make_volunteer
from tests.factories.users import PASSWORD
from tests.support.programs import ROOT, Program, token_of

HUB = Actor.hub()
PROBLEM = "application/problem+json"


def test_a_token_is_kept_as_a_keyed_hash_and_shown_once() -> None:
    user = make_user()
    token, secret = tokens.make(by=actor_of(user), name="Weekly list")
    kept = ApiToken.objects.get()
    assert secret.startswith("stepdown_")
    assert len(secret) > 50
    assert bytes(kept.secret_hash) == queries.hash_of(secret)
    assert secret.encode() not in bytes(kept.secret_hash)
    assert token.last_day == clock.today() + timedelta(days=30)
    assert not token.may_write
    assert secret not in str(LedgerEntry.objects.get(verb="token.made").payload.body)
    [seen] = queries.tokens_of(by=actor_of(user), user_id=user.pk)
    assert (seen.name, seen.state, seen.used_at) == ("Weekly list", "live", None)


def test_what_cannot_be_made() -> None:
    by = actor_of(make_user())
    today = clock.today()
    for wrong in (
        {"name": ""},
        {"name": "x" * 81},
        {"name": "Late", "last_day": today + timedelta(days=91)},
        {"name": "Past", "last_day": today - timedelta(days=1)},
    ):
        with pytest.raises(InvalidInput):
            tokens.make(by=by, **wrong)
    for number in range(tokens.MOST):
        tokens.make(by=by, name=f"Number {number}")
    with pytest.raises(Refused, match="tokens already"):
        tokens.make(by=by, name="One more")
    for other in (
        HUB,
        Actor.public(),
        Actor.by_link(make_volunteer().person.pk),
        actor_of(make_user(RoleKey.VOLUNTEER)),
        actor_of(make_user(None)),
    ):
        with pytest.raises((Refused, NotVisible)):
            tokens.make(by=other, name="None of theirs")


def test_nothing_but_a_token_in_the_header_opens_anything() -> None:
    user = make_user()
    secret = token_of(user)
    signed_in = Client()
    signed_in.force_login(user)
    tries = (
        signed_in.get(f"{ROOT}/needs"),
        Client().get(f"{ROOT}/needs", {"token": secret}),
        Client().get(f"{ROOT}/needs", HTTP_AUTHORIZATION=secret),
        Client().get(f"{ROOT}/needs", HTTP_AUTHORIZATION=f"Basic {secret}"),
        Client().get(f"{ROOT}/needs", HTTP_AUTHORIZATION=f"Bearer {secret[:-1]}"),
        Client().get(f"{ROOT}/no/such/thing"),
        Client().post(f"{ROOT}/referrals", "{}", content_type="application/json"),
    )
    for answer in tries:
        assert answer.status_code == 401
        assert answer["Content-Type"] == PROBLEM
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.content == tries[0].content
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
    good = Program(secret).get("/needs")
    assert good.status_code == 200
    assert not good.cookies
    assert ApiToken.objects.get().used_at is not None


def test_what_a_token_reads_a_page_of_its_holder_reads() -> None:
    need = make_need()
    assert Program.of(make_user()).get(f"/needs/{need.pk}").json()["reference"] == need.reference
    refused = Program.of(make_user(RoleKey.ADMINISTRATOR)).get(f"/needs/{need.pk}")
    assert refused.status_code == 403
    assert refused.json()["detail"] == "Your role does not include this."


def test_a_token_that_only_reads_writes_nothing() -> None:
    program = Program.of(make_user(), may_write=False)
    answer = program.post("/referrals", {})
    # What was sent is read before anything: and then nothing is done with it.
    assert answer.status_code in {403, 422}
    sent = {
        "referrer_kind": "self", "given_name": "Ada", "family_name": "Specimen", "secret": False,
        "safe": "yes", "risk": "no", "soon": "week",
    }  # fmt: skip
    assert program.post("/referrals", sent).json()["detail"] == "This token only reads."


def test_a_token_ends_at_once_with_what_it_stands_on() -> None:
    def revoked(user: object) -> None:
        tokens.revoke(by=actor_of(user), token_id=ApiToken.objects.get(user=user).pk)  # type: ignore[arg-type, misc]

    def over(user: object) -> None:
        ApiToken.objects.filter(user=user).update(last_day=clock.today() - timedelta(days=1))  # type: ignore[misc]

    ways = (
        revoked,
        over,
        lambda user: users.close(by=HUB, user=user),
        lambda user: memberships.end(by=HUB, membership=Membership.objects.get(user=user)),
        lambda user: sign_ins.password_set(user_id=user.pk),
        lambda user: backups.restored(by=HUB, of=clock.now()),
        lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False),
    )
    for way in ways:
        user = make_user()
        program = Program.of(user)
        assert program.get("/needs").status_code == 200
        way(user)
        assert program.get("/needs").status_code == 401
    with pytest.raises(Refused, match="revoked already"):
        revoked(ApiToken.objects.exclude(revoked_at=None).first().user)  # type: ignore[union-attr]


def test_a_role_that_ended_of_itself_opens_nothing_by_a_token() -> None:
    user = make_user()
    program = Program.of(user)
    Membership.objects.filter(user=user).update(ends=clock.today())
    with clock.at(clock.now() + timedelta(days=1)):
        assert program.get("/needs").status_code == 403
        assert program.get("/schemes").status_code == 403


def test_an_account_opened_again_has_its_old_tokens_no_more() -> None:
    user = make_user()
    program = Program.of(user)
    users.close(by=HUB, user=user)
    users.reopen(by=HUB, user=user)
    assert program.get("/needs").status_code == 401


def test_an_administrator_sees_and_revokes_and_nobody_else_does() -> None:
    holder, admin = make_user(), make_user(RoleKey.ADMINISTRATOR)
    program = Program.of(holder)
    [token] = queries.tokens_of(by=actor_of(admin), user_id=holder.pk)
    stranger = actor_of(make_user())
    for ask in (
        lambda: tokens.revoke(by=stranger, token_id=token.id),
        lambda: queries.get(by=stranger, id=token.id),
        lambda: queries.tokens_of(by=stranger, user_id=holder.pk),
    ):
        with pytest.raises(NotVisible):
            ask()
    page = Client()
    page.force_login(admin)
    shown = page.get(f"/hub/accounts/{holder.pk}/")
    assert "Tests" in shown.content.decode()
    address = f"/hub/accounts/{holder.pk}/tokens/{token.id}/revoke/"
    assert page.get(f"/hub/accounts/{admin.pk}/tokens/{token.id}/revoke/").status_code == 404
    assert page.get(address).status_code == 200
    assert page.post(address).status_code == 302
    assert page.post(address).status_code == 403
    assert program.get("/needs").status_code == 401


def test_pages_of_ones_own_tokens() -> None:
    user = make_user(password=PASSWORD)
    page = Client()
    page.force_login(user)
    asked = page.get("/account/tokens/add/")
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert page.post("/account/tokens/add/", {"name": "List", "scope": "read"}).status_code == 302
    assert not ApiToken.objects.exists()
    page.post("/account/reauthenticate/", {"password": PASSWORD})
    ApiToken.objects.all().delete()
    made = page.post("/account/tokens/add/", {"name": "List", "scope": "write"})
    secret = made.content.decode().split("<code>")[1].split("</code>")[0]
    assert Program(secret).get("/schemes").status_code == 200
    listed = page.get("/account/tokens/").content.decode()
    assert "Last used" in listed
    assert secret not in listed
    assert page.post("/account/tokens/add/", {"name": "", "scope": "read"}).status_code == 422
    token = ApiToken.objects.get()
    other = Client()
    other.force_login(make_user())
    assert other.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert page.get(f"/account/tokens/{token.pk}/revoke/").status_code == 200
    assert page.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert Program(secret).get("/schemes").status_code == 401
    volunteer = Client()
    volunteer.force_login(make_user(RoleKey.VOLUNTEER))
    assert volunteer.get("/account/tokens/").status_code == 403


def test_too_many_requests_are_answered_429(settings: object) -> None:
    settings.STEPDOWN_API_A_MINUTE = 3  # type: ignore[attr-defined]
    cache.clear()
    program, other = Program.of(make_user()), Program.of(make_user())
    with clock.at(clock.now()):
        found = [program.get("/schemes").status_code for _n in range(5)]
    assert found[:3] == [200] * 3
    assert found[-1] == 429
    assert program.get("/schemes")["Retry-After"] == "60"
    assert other.get("/schemes").status_code == 200
    guesses = [Program(f"guess {n}").get("/schemes").status_code for n in range(65)]
    assert guesses[0] == 401
    assert guesses[-1] == 429
    assert other.get("/schemes").status_code == 200


def test_an_account_without_a_second_step_opens_nothing(settings: object) -> None:
    settings.STEPDOWN_SECOND_STEP = True  # type: ignore[attr-defined]
    answer = Program.of(make_user()).get("/schemes")
    assert answer.status_code == 403
    assert "second step" in answer.json()["detail"]


def test_a_demonstration_account_is_good_on_this_machine_alone() -> None:
    user = make_user()
    type(user).objects.filter(pk=user.pk).update(demonstration=True)
    secret = token_of(user)
    near = {"HTTP_HOST": "localhost", "HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client(**near).get(f"{ROOT}/schemes").status_code == 200  # type: ignore[arg-type]
    far = Client(**near, REMOTE_ADDR="192.0.2.7")  # type: ignore[arg-type]
    assert far.get(f"{ROOT}/schemes").status_code == 403


def test_every_problem_is_a_problem_document() -> None:
    program = Program.of(make_user())
    bad = program.client
    answers = {
        404: program.get("/no/such/thing"),
        405: bad.put(f"{ROOT}/needs"),
        422: program.get("/needs", size=0),
        400: bad.post(f"{ROOT}/referrals", "{", content_type="application/json"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer["Content-Type"] == PROBLEM
        assert answer.json()["status"] == status
    assert answers[422].json()["errors"].keys() == {"size"}
    assert program.get("/needs", nonsense="1").status_code == 422
    assert program.get("/needs", scheme="a\0b").status_code == 400
    assert bad.delete(f"{ROOT}/needs").status_code == 405
