"""Roles that accounts hold for partners."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import tokens, transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import Agency, Membership, Place, User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.policy.roles import RoleKey

MEMBERSHIP_GRANTED = Verb("membership.granted", _("Role given"))
MEMBERSHIP_ENDED = Verb("membership.ended", _("Role ended"))

# The other roles come with the way somebody arrives and are never given.
GIVEN = (
    RoleKey.COORDINATOR,
    RoleKey.OUTREACH_OFFICER,
    RoleKey.REFERRER,
    RoleKey.ADMINISTRATOR,
    RoleKey.DATA_PROTECTION_OFFICER,
    RoleKey.SIGNATORY,
    RoleKey.VOLUNTEER,
)


@transaction.atomic
def grant(
    *,
    by: Actor,
    user: User,
    agency: Agency,
    role: RoleKey | str,
    districts: Iterable[Place | str] = (),
    starts: date | None = None,
    ends: date | None = None,
) -> Membership:
    """A role for a partner, in some districts (none named: all), from a day to the end of a day.

    Given again to somebody who held it before, the same membership is renewed with the new terms.
    """
    require(by, Permission.USER_CHANGE)
    check = Check()
    check.choice("role", role, [key.value for key in GIVEN], gettext("Select a role."))
    named = check.many("districts", Place, districts, gettext("Select districts from the list."))
    check.that(
        all(place.kind == Place.Kind.DISTRICT for place in named),
        "districts",
        gettext("Select districts from the list."),
    )
    check.that(
        not (starts and ends) or starts <= ends,
        "ends",
        gettext("The last day must be on or after the first day."),
    )
    check.done()
    key = RoleKey(role).value
    membership, _made = Membership.objects.select_for_update().update_or_create(
        user=user, agency=agency, role=key, defaults={"starts": starts, "ends": ends}
    )
    membership.districts.set(named)
    record(
        by=by,
        verb=MEMBERSHIP_GRANTED,
        about=("user", user.pk),
        subjects=[("agency", agency.pk)],
        payload={
            "role": key,
            "districts": [place.pk for place in named],
            "starts": starts.isoformat() if starts else None,
            "ends": ends.isoformat() if ends else None,
        },
    )
    return membership


@transaction.atomic
def end(*, by: Actor, membership: Membership) -> Membership:
    """The role ends now: yesterday was its last day. The account's tokens end with it."""
    require(by, Permission.USER_CHANGE)
    held = Membership.objects.select_for_update().get(pk=membership.pk)
    yesterday = clock.today() - timedelta(days=1)
    if held.ends and held.ends <= yesterday:
        raise Refused(gettext("This role has already ended."))
    if held.role == RoleKey.ADMINISTRATOR and held.user_id == by.user:
        raise Refused(gettext("Another administrator must end your own role."))
    held.ends = yesterday
    if held.starts and held.starts > yesterday:
        held.starts = yesterday
    held.save(update_fields=["starts", "ends"])
    tokens.revoke_all(by=by, user_id=held.user_id)
    record(
        by=by,
        verb=MEMBERSHIP_ENDED,
        about=("user", held.user_id),
        subjects=[("agency", held.agency_id)],
        payload={"role": held.role},
    )
    return held
