"""Skills, languages, kinds of credential."""

from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import catalogue
from stepdown.volunteering.models import CredentialType, Language, Skill


def make_skill(key: str = "shopping") -> Skill:
    """A skill, made once for each key."""
    known = Skill.objects.filter(pk=key).first()
    return known or catalogue.set_skill(by=Actor.hub(), key=key, name=key.capitalize())


def make_language(code: str = "ur") -> Language:
    """A language, made once for each code."""
    known = Language.objects.filter(pk=code).first()
    return known or catalogue.set_language(by=Actor.hub(), code=code, name=f"Language {code}")


def make_credential_type(
    key: str = "dbs", kind: str = CredentialType.Kind.CHECK, good_for_months: int | None = None
) -> CredentialType:
    """A kind of credential, made once for each key."""
    return CredentialType.objects.filter(pk=key).first() or catalogue.set_credential_type(
        by=Actor.hub(),
        key=key,
        name=f"Credential {key}",
        kind=kind,
        good_for_months=good_for_months,
        source="Made up for a test",
    )
