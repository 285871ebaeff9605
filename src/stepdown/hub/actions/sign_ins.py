"""What becomes of an account's ways in."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import tokens, transaction
from stepdown.hub.actions.ledger import record
from stepdown.hub.verbs import Verb
from stepdown.policy.actors import Actor

PASSWORD_SET = Verb("user.password-set", _("Password changed"))


@transaction.atomic
def password_set(*, user_id: UUID) -> None:
    """The holder of an account has set its password, by the old one or by a link sent to them.

    The account itself is the actor: there is no right to check that the sign-in has not checked.
    Its tokens end: whoever knew the old password may have made one.
    """
    by = Actor(grants=(), user=user_id)
    record(by=by, verb=PASSWORD_SET, about=("user", user_id))
    tokens.revoke_all(by=by, user_id=user_id)
