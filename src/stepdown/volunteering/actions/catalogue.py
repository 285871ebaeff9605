"""The partnership's lists: skills, languages, kinds of credential."""

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
from stepdown.volunteering.models import CredentialType, Language, Skill

SKILL_SET = Verb("skill.set", _("Skill named"))
LANGUAGE_SET = Verb("language.set", _("Language named"))
CREDENTIAL_TYPE_SET = Verb("credential-type.set", _("Kind of credential described"))


@transaction.atomic
def set_skill(*, by: Actor, key: str, name: str) -> Skill:
    """A skill that needs may ask for; an existing key gets the new name."""
    require(by, Permission.SCHEME_CHANGE)
    check = Check()
    key, name = _key(check, key, 40), _name(check, name, 80)
    taken = Skill.objects.filter(name=name).exclude(pk=key).exists()
    check.that(not taken, "name", gettext("There is one of this name already."))
    check.done()
    skill, _new = Skill.objects.update_or_create(key=key, defaults={"name": name})
    record(by=by, verb=SKILL_SET, about=("skill", id_for("skill", key)), payload={"name": name})
    return skill


@transaction.atomic
def set_language(*, by: Actor, code: str, name: str) -> Language:
    """A language by its ISO 639 code; an existing code gets the new name."""
    require(by, Permission.SCHEME_CHANGE)
    check = Check()
    code, name = _key(check, code, 8, field="code"), _name(check, name, 80)
    taken = Language.objects.filter(name=name).exclude(pk=code).exists()
    check.that(not taken, "name", gettext("There is one of this name already."))
    check.done()
    language, _new = Language.objects.update_or_create(code=code, defaults={"name": name})
    about = ("language", id_for("language", code))
    record(by=by, verb=LANGUAGE_SET, about=about, payload={"name": name})
    return language


@transaction.atomic
def set_credential_type(
    *,
    by: Actor,
    key: str,
    name: str,
    kind: str,
    good_for_months: int | None = None,
    source: str,
    verified: bool = False,
) -> CredentialType:
    """A kind of check, training or licence. ``source`` says where the period comes from."""
    require(by, Permission.SCHEME_CHANGE)
    check = Check()
    key, name = _key(check, key, 40), _name(check, name, 100)
    taken = CredentialType.objects.filter(name=name).exclude(pk=key).exists()
    check.that(not taken, "name", gettext("There is one of this name already."))
    columns = {
        "name": name,
        "kind": check.choice(
            "kind", kind, CredentialType.Kind.values, gettext("Select the kind of credential.")
        ),
        "good_for_months": check.whole_or_none("good_for_months", good_for_months, 1, 600),
        "source": check.words(
            "source", source, most=200, missing=gettext("Say where this rule comes from.")
        ),
        "verified": verified,
    }
    check.done()
    found, _new = CredentialType.objects.update_or_create(key=key, defaults=columns)
    about = ("credential-type", id_for("credential-type", key))
    record(by=by, verb=CREDENTIAL_TYPE_SET, about=about, payload=columns)
    return found


def _key(check: Check, key: str, most: int, *, field: str = "key") -> str:
    text = check.words(field, key, most=most, missing=gettext("Enter a short key."))
    good = text.replace("-", "").isalnum() and text.isascii() and text == text.lower()
    check.that(good, field, gettext("Use small letters, figures and hyphens."))
    return text


def _name(check: Check, name: str, most: int) -> str:
    return check.words("name", name, most=most, missing=gettext("Enter a name."))
