"""The campaign on the interface for programs: every operation, whoever asks, whatever is sent."""

from collections import Counter
from functools import cache
from typing import Any

from tests.soak.ledger import _home

Found = tuple[Counter[str], list[str]]
# Of what each reader sends in one world: so many requests of each kind to each operation.
EXAMPLES = 20


@cache
def _world() -> Any:
    """Two agencies in a hub of this process's own, and everybody's token."""
    _home()
    import logging

    from django.conf import settings

    from stepdown.hub.models import ApiToken
    from stepdown.kernel import clock
    from stepdown.policy.roles import RoleKey
    from tests.factories.users import make_user
    from tests.support.fuzzing import Reader
    from tests.support.program_world import program_world
    from tests.support.programs import token_of

    settings.LOGGING_CONFIG = None
    logging.disable(logging.CRITICAL)
    world = program_world()
    foreign = tuple(id for [id] in world.records.values())
    others = {"wrong agency": world.theirs, "administrator": world.admin}
    for role in (RoleKey.REFERRER, RoleKey.DATA_PROTECTION_OFFICER, RoleKey.SIGNATORY):
        others[role.value] = make_user(role)
    readers = [Reader("right agency", token_of(world.ours)), Reader("nobody")]
    readers += [Reader(name, token_of(user), foreign) for name, user in others.items()]
    assert ApiToken.objects.filter(last_day__gt=clock.today()).count() == len(others) + 1
    return readers, world.records


def fuzzing(seed: int) -> Found:
    """No operation breaks, and every answer is as the interface describes it."""
    readers, records = _world()
    from tests.support.fuzzing import fuzz

    reader = readers[seed % len(readers)]
    count, wrong, _asked = fuzz([reader], records, examples=EXAMPLES, number=seed)
    return count, list(dict.fromkeys(wrong))[:20]
