"""Which referrals an agency would see if an agreement let it, and which data of those it sees."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from stepdown.casework.models import ReferralAnswers
from stepdown.hub.models import Agency
from stepdown.hub.queries.agency import holders_of
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import ACROSS, decide
from stepdown.policy.permissions import Kind, Permission
from stepdown.policy.roles import ROLES
from stepdown.policy.sharing import WALLS
from stepdown.sharing.queries.in_force import clauses_from

WALL = WALLS[Kind.REFERRAL]


@dataclass(frozen=True)
class Gap:
    """A flow without an agreement: the categories of data that do not pass. ``whole``: none do."""

    source: str
    target: str
    pathway: str
    categories: tuple[str, ...]
    whole: bool


def gaps(by: Actor) -> list[Gap]:
    """Flows that the partnership's work asks for and no agreement in force lets pass, by names.

    A flow is from an agency that has sent referrals, with the categories of data in them, to one
    whose staff would triage or follow them. Who may see an agreement between the two sees its gap.
    It says nothing of any person. Five queries.
    """
    sent = _sent()
    wanted = _readers()
    open_now = clauses_from(sent)
    names = dict(Agency.objects.values_list("pk", "name"))
    found = []
    for source, categories in sent.items():
        for target, readable in wanted.items():
            parties = {"agency": frozenset({source, target})}
            if source == target or not decide(by, Permission.AGREEMENT_VIEW, parties).allowed:
                continue
            passes = {
                category
                for clause in open_now.get(source, ())
                if clause.target == target
                and clause.purpose is WALL.purpose
                and WALL.people in clause.people
                and WALL.pathway in clause.pathways
                for category in clause.categories
            }
            asked = categories & readable
            lacking = asked - passes
            if lacking:
                keys = tuple(sorted(category.value for category in lacking))
                found.append(
                    Gap(names[source], names[target], str(WALL.pathway), keys, lacking == asked)
                )
    return sorted(found, key=lambda gap: (gap.source, gap.target))


def _sent() -> dict[UUID, set[Category]]:
    """The categories of data in the referrals that each agency has sent."""
    rows = ReferralAnswers.objects.filter(
        referral__received_at__isnull=False, referral__agency__isnull=False
    )
    found: dict[UUID, set[Category]] = defaultdict(set)
    for agency, category in rows.values_list("referral__agency", "category").distinct():
        found[agency].add(Category(category))
    return found


def _readers() -> dict[UUID, frozenset[Category]]:
    """The agencies whose staff see referrals beyond their own agency's, and what they would read.

    The shielded address is read by nobody, but goes on to matching.
    """
    roles = {
        key: role.categories | {Category.SHIELDED_LOCATION}
        for key, role in ROLES.items()
        if ACROSS & role.powers.get(Permission.REFERRAL_VIEW, frozenset())
    }
    found: dict[UUID, frozenset[Category]] = {}
    for agency, role in holders_of(roles):
        found[agency] = found.get(agency, frozenset()) | roles[role]
    return found
