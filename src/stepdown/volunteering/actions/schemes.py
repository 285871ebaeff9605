"""Kinds of volunteering, and what each asks from a day on."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check
from stepdown.hub.actions.ledger import record
from stepdown.hub.queries.named import id_for
from stepdown.hub.verbs import Verb
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission
from stepdown.volunteering.models import CredentialType, RequirementSet, Scheme

SCHEME_ADDED = Verb("scheme.added", _("Scheme added"))
SCHEME_REQUIRES = Verb("scheme.requires", _("What the scheme asks was changed"))


@transaction.atomic
def add(
    *,
    by: Actor,
    key: str,
    name: str,
    description: str,
    conflicts_with: Iterable[Scheme | str] = (),
    additional_not_substitute: bool = True,
) -> Scheme:
    """A kind of volunteering. Nobody who serves in one it conflicts with is placed in it."""
    require(by, Permission.SCHEME_CHANGE)
    check = Check()
    key = check.words("key", key, most=40, missing=gettext("Enter a short key."))
    name = check.words("name", name, most=80, missing=gettext("Enter a name."))
    description = check.words(
        "description", description, most=300, missing=gettext("Describe the scheme.")
    )
    rivals = check.many(
        "conflicts_with", Scheme, conflicts_with, gettext("Select schemes from the list.")
    )
    known = Scheme.objects.filter(key=key) | Scheme.objects.filter(name=name)
    check.that(not known.exists(), "name", gettext("There is a scheme of this name already."))
    check.done()
    scheme = Scheme.objects.create(
        key=key,
        name=name,
        description=description,
        additional_not_substitute=additional_not_substitute,
    )
    scheme.conflicts_with.set(rivals)
    record(
        by=by,
        verb=SCHEME_ADDED,
        about=("scheme", id_for("scheme", key)),
        payload={"name": name, "conflicts_with": [rival.pk for rival in rivals]},
    )
    return scheme


@transaction.atomic
def require_from(
    *,
    by: Actor,
    scheme: Scheme,
    valid_from: date,
    minimum_age: int | None,
    credential_types: Iterable[CredentialType | str],
    source: str,
    verified: bool = False,
) -> RequirementSet:
    """What the scheme asks from a day on. The set before it ends the day before.

    What held on earlier days stays as it was. A set cannot be put before one that is there.
    """
    require(by, Permission.SCHEME_CHANGE)
    held = Scheme.objects.select_for_update().get(pk=scheme.pk)
    check = Check()
    age = check.whole_or_none("minimum_age", minimum_age, 1, 99)
    types = check.many(
        "credential_types", CredentialType, credential_types, gettext("Select from the list.")
    )
    source = check.words(
        "source", source, most=200, missing=gettext("Say where this rule comes from.")
    )
    last = RequirementSet.objects.filter(scheme=held).order_by("-valid_from").first()
    check.that(
        last is None or last.valid_from < valid_from,
        "valid_from",
        gettext("The first day must be after the first day of the rules that are there."),
    )
    check.done()
    eve = valid_from - timedelta(days=1)
    if last is not None and (last.valid_to is None or last.valid_to > eve):
        last.valid_to = eve
        last.save(update_fields=["valid_to"])
    made = RequirementSet.objects.create(
        scheme=held, valid_from=valid_from, minimum_age=age, source=source, verified=verified
    )
    made.credential_types.set(types)
    record(
        by=by,
        verb=SCHEME_REQUIRES,
        about=("scheme", id_for("scheme", held.pk)),
        payload={
            "valid_from": valid_from.isoformat(),
            "minimum_age": age,
            "credential_types": [one.pk for one in types],
            "source": source,
        },
    )
    return made
