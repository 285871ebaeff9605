"""Accounts."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import tokens, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import User
from stepdown.hub.verbs import Verb
from stepdown.kernel.errors import Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

USER_ADDED = Verb("user.added", _("Account added"))
USER_CLOSED = Verb("user.closed", _("Account closed"))
USER_REOPENED = Verb("user.reopened", _("Account opened again"))


@transaction.atomic
def add(
    *,
    by: Actor,
    email: str,
    display_name: str,
    password: str | None = None,
    demonstration: bool = False,
) -> User:
    """An account, without any role yet. Without a password its holder sets one by email.

    Demonstration passwords are short on purpose and known to all; sign-in refuses them elsewhere.
    """
    require(by, Permission.USER_CHANGE)
    check = Check()
    email = check.words(
        "email", email, most=254, missing=gettext("Enter an email address.")
    ).lower()
    name = check.words("display_name", display_name, most=120, missing=gettext("Enter a name."))
    try:
        validate_email(email)
    except ValidationError:
        check.that(False, "email", gettext("Enter an email address like name@example.com."))
    taken = User.objects.filter(email=email).exists()
    check.that(not taken, "email", gettext("There is an account with this email address already."))
    if password is not None and not demonstration:
        try:
            validate_password(password, User(email=email, display_name=name))
        except ValidationError as weak:
            check.that(False, "password", " ".join(weak.messages))
    check.done()
    user = User.objects.create_user(email, password, display_name=name, demonstration=demonstration)
    record(
        by=by, verb=USER_ADDED, about=("user", user.pk), payload={"demonstration": demonstration}
    )
    return user


@transaction.atomic
def close(*, by: Actor, user: User) -> User:
    """Nobody signs in with it any more: its sessions end at their next request, and its tokens."""
    require(by, Permission.USER_CHANGE)
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.pk == by.user:
        raise Refused(gettext("Another administrator must close your own account."))
    if not held.is_active:
        raise Refused(gettext("This account is closed already."))
    held.is_active = False
    held.save(update_fields=["is_active"])
    tokens.revoke_all(by=by, user_id=held.pk)
    record(by=by, verb=USER_CLOSED, about=("user", held.pk))
    return held


@transaction.atomic
def reopen(*, by: Actor, user: User) -> User:
    """Its holder may sign in again, with the roles that still hold. Sessions that ended stay so."""
    require(by, Permission.USER_CHANGE)
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.is_active:
        raise Refused(gettext("This account is open."))
    held.is_active = True
    held.save(update_fields=["is_active"])
    record(by=by, verb=USER_REOPENED, about=("user", held.pk))
    return held
