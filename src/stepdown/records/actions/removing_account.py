"""The account of somebody whose records are disposed of: it stays as what others' records point
at, and is nobody's."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from stepdown.casework.models import PostHolder
from stepdown.hub.models import ApiToken, User
from stepdown.kernel.ids import new_id


def rows_of(account: User) -> list[QuerySet[Any]]:
    """What goes whole: the ways to sign in, and the tokens, which are named for what they did."""
    mine = [book.objects.filter(user=account) for book in (EmailAddress, Authenticator, ApiToken)]
    logs = (AccessAttempt, AccessFailureLog, AccessLog)
    return mine + [log.objects.filter(username__iexact=account.email) for log in logs]


def empty(account: User) -> None:
    """Nobody signs in by it, and nothing of it says whose it was."""
    PostHolder.objects.filter(user=account).update(name="", user=None)
    for session in Session.objects.all().iterator():
        if str(session.get_decoded().get("_auth_user_id", "")) == str(account.pk):
            session.delete()
    account.email = f"{new_id().hex}@disposed.invalid"
    account.display_name, account.is_active, account.last_login = "", False, None
    account.set_unusable_password()
    account.save()
    account.memberships.all().delete()
