"""The partnership's lists, for selects."""

from stepdown.volunteering.models import CredentialType, Language, Skill


def skill_choices() -> list[tuple[str, str]]:
    """Skills: key and name, by name."""
    return list(Skill.objects.values_list("key", "name"))


def language_choices() -> list[tuple[str, str]]:
    """Languages: code and name, by name."""
    return list(Language.objects.values_list("code", "name"))


def credential_type_choices() -> list[tuple[str, str]]:
    """Kinds of check, training and licence: key and name, by name."""
    return list(CredentialType.objects.values_list("key", "name"))
