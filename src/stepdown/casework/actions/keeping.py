"""Keeping answers, each category in its row, and an address on its proper side of the wall."""

from typing import Any

from django.utils.translation import gettext_lazy

from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.queries.answers import NAME_KEY, name_key
from stepdown.hub.actions import ledger, shielding
from stepdown.hub.verbs import Verb
from stepdown.people.models import Person
from stepdown.people.queries.address import is_shielded
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category

SHIELDED = Verb("referral.shielded", gettext_lazy("The address in it is kept secret from now"))


def merge(referral: Referral, category: Category, given: dict[str, Any]) -> None:
    """Add answers to those of a category; keys not named keep what they had."""
    row, _made = ReferralAnswers.objects.get_or_create(referral=referral, category=category)
    if category is Category.SHIELDED_LOCATION:
        shielding.add(row, given).save()
        return
    row.answers = {**row.answers, **given}
    if category is Category.IDENTITY:
        first, last = row.answers.get("given_name", ""), row.answers.get("family_name", "")
        row.answers[NAME_KEY] = name_key(first, last)
    row.save()


def move_address(referral: Referral, secret: bool) -> None:
    """Keep one address at most, on its proper side of the wall."""
    rows = ReferralAnswers.objects.filter(referral=referral)
    open_row = rows.filter(category=Category.LOCATION).first()
    was_secret = bool(open_row and open_row.answers.get("secret"))
    if secret and not was_secret and open_row is not None:
        where = {k: v for k, v in open_row.answers.items() if k != "secret"}
        open_row.answers = {}
        open_row.save()
        if where:
            merge(referral, Category.SHIELDED_LOCATION, where)
    elif was_secret and not secret:
        rows.filter(category=Category.SHIELDED_LOCATION).delete()


def shield_referrals_of(by: Actor, person: Person) -> None:
    """A person's address became shielded: so do those in the referrals that asked for them.

    Part of recording the address, whose right has been checked; not a verb of its own.
    """
    for referral in Referral.objects.select_for_update().filter(person=person).order_by("id"):
        _shield(by, referral)


def shield_if_hidden(by: Actor, referral: Referral) -> None:
    """The same for a referral that a verb has just joined to a person who may live hidden."""
    if referral.person_id is None:
        return
    # Locked, so that an address shielded in this moment is seen here, or sees this referral.
    Person.objects.select_for_update(no_key=True).get(pk=referral.person_id)
    if is_shielded(referral.person_id):
        _shield(by, referral)


def _shield(by: Actor, referral: Referral) -> None:
    rows = ReferralAnswers.objects.filter(referral=referral, category=Category.LOCATION)
    if all(row.answers.get("secret") for row in rows):
        return
    move_address(referral, secret=True)
    merge(referral, Category.LOCATION, {"secret": True})
    subjects = [("person", referral.person_id)] if referral.person_id else []
    ledger.record(by=by, verb=SHIELDED, about=("referral", referral.pk), subjects=subjects)
