"""Rotas: which posts there are and who holds them, who is on when, as far as somebody may see."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from stepdown.casework.models import Post, PostHolder, PostShift
from stepdown.casework.queries.definitions import definition, library
from stepdown.hub.queries.scope import Columns, compile_scope
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible
from stepdown.pathways.rota import Rota
from stepdown.pathways.schema import Definition
from stepdown.policy.actors import Actor
from stepdown.policy.decide import decide, scope_for
from stepdown.policy.permissions import Permission
from stepdown.policy.predicates import Facts

COLUMNS: Columns = {"pathway": "pathway", "agency": "agency"}
WEEK = 7


@dataclass(frozen=True)
class Held:
    """How a post stands on a day. Nobody holds it: vacant since a day, and perhaps until ``next``
    begins."""

    post: Post
    holder: PostHolder | None
    vacant_since: date | None
    next: PostHolder | None = None
    inducted: bool = True


@dataclass(frozen=True)
class Posts:
    """How many posts there are on a day, vacant, and held by somebody in their induction."""

    all: int
    vacant: int
    in_induction: int

    @property
    def held(self) -> int:
        """How many somebody holds."""
        return self.all - self.vacant


@dataclass(frozen=True)
class On:
    """Somebody on a shift. ``alone``: past their induction, so that they count as on duty."""

    day: date
    shift: str
    division: str
    post: Post
    name: str
    alone: bool


def facts(post: Post) -> Facts:
    """What the policy is told of a post."""
    return {"pathway": post.pathway, "agency": post.agency_id}


def visible_to(by: Actor) -> QuerySet[Post]:
    """The posts that exist for the actor."""
    return Post.objects.filter(compile_scope(scope_for(by, Permission.ROTA_VIEW), COLUMNS))


def is_visible(by: Actor, post: Post) -> bool:
    """The same truth as ``visible_to``, of a post in hand."""
    return decide(by, Permission.ROTA_VIEW, facts(post)).allowed


def get(*, by: Actor, id: UUID) -> Post:
    """One post that exists for the actor and is not closed."""
    found = visible_to(by).filter(pk=id, closed_on=None).first()
    if found is None:
        raise NotVisible("No such post.")
    return found


def rota_of(pathway: str) -> Rota:
    """The rota of a pathway's newest version."""
    try:
        found = definition(pathway).rota
    except KeyError:
        found = None
    if found is None:
        raise NotVisible("No such rota.")
    return found


def rotas(by: Actor) -> list[Definition]:
    """The pathways whose rota the actor may see."""
    some = (one for one in library().latest() if one.rota is not None)
    return [one for one in some if sees(by, one.key)]


def sees(by: Actor, pathway: str) -> bool:
    """Whether there could be a post of the pathway's rota that the actor may see."""
    return _any(by, Permission.ROTA_VIEW, pathway) is not None


def agency_for(by: Actor, pathway: str) -> UUID | None:
    """The agency for which the actor may keep the rota of a pathway."""
    return _any(by, Permission.ROTA_KEEP, pathway)


def _any(by: Actor, permission: Permission, pathway: str) -> UUID | None:
    held = (grant.agency for grant in by.grants if grant.agency)
    asked = (
        (one, decide(by, permission, {"pathway": pathway, "agency": one}).allowed) for one in held
    )
    return next((one for one, allowed in asked if allowed), None)


def may_keep(by: Actor, post: Post) -> bool:
    """Whether the actor may change the post."""
    return decide(by, Permission.ROTA_KEEP, facts(post)).allowed


def standing(by: Actor, pathway: str, day: date | None = None) -> list[Held]:
    """How the posts that the actor may see stand, in the order of the divisions. Two queries."""
    today = day or clock.today()
    wanted = visible_to(by).filter(pathway=pathway, opened_on__lte=today)
    posts = list(wanted.filter(Q(closed_on=None) | Q(closed_on__gt=today)))
    holders: dict[UUID, list[PostHolder]] = defaultdict(list)
    for one in PostHolder.objects.filter(post__in=posts).order_by("since"):
        holders[one.post_id].append(one)
    order = {one.key: at for at, one in enumerate(rota_of(pathway).divisions)}
    posts.sort(key=lambda post: (order.get(post.division, len(order)), post.number, str(post.pk)))
    return [_held(post, holders[post.pk], today) for post in posts]


def _held(post: Post, holders: list[PostHolder], today: date) -> Held:
    now = holder_on(holders, today)
    ahead = next((one for one in holders if one.since > today), None)
    if now is not None:
        return Held(post, now, None, ahead, inducted=_alone(now, today))
    last = max((one.until for one in holders if one.until and one.until < today), default=None)
    return Held(post, None, last + timedelta(days=1) if last else post.opened_on, ahead)


def holder_on(holders: Iterable[PostHolder], day: date) -> PostHolder | None:
    """Who of them holds their post on a day."""
    there = (one for one in holders if one.since <= day)
    return next((one for one in there if one.until is None or day <= one.until), None)


def _alone(holder: PostHolder, day: date) -> bool:
    return holder.induction_until is None or holder.induction_until < day


def counted(some: Iterable[Held]) -> Posts:
    """How many of these are what."""
    every = list(some)
    vacant = sum(one.holder is None for one in every)
    return Posts(len(every), vacant, sum(not one.inducted for one in every))


def on_from(by: Actor, pathway: str, first: date, days: int = WEEK) -> list[On]:
    """Who is on from a day, by day, of the posts that the actor may see. Two queries."""
    last = first + timedelta(days=days - 1)
    return _on(by, Q(post__pathway=pathway, day__range=(first, last)))


def on_duty(by: Actor, pathway: str, day: date, hour: int, division: str = "") -> list[On]:
    """Who was on when something happened; in every division, where none is named."""
    rota = rota_of(pathway)
    when = Q(pk__in=[])
    for of, shift in rota.on_at(day, hour):
        when |= Q(day=of, shift=shift.key)
    where = Q(post__division=division) if division else Q()
    return _on(by, Q(post__pathway=pathway) & when & where)


def _on(by: Actor, wanted: Q) -> list[On]:
    rows = PostShift.objects.filter(wanted, post__in=visible_to(by).order_by().values("pk"))
    return [
        On(
            row.day,
            row.shift,
            row.post.division,
            row.post,
            row.holder.shown,
            _alone(row.holder, row.day),
        )
        for row in rows.select_related("post", "holder").order_by("day", "post__number", "id")
    ]


def shifts_of(post: Post, first: date) -> Mapping[date, str]:
    """The shifts of a post in the week from a day."""
    last = first + timedelta(days=WEEK - 1)
    rows = PostShift.objects.filter(post=post, day__range=(first, last))
    return dict(rows.values_list("day", "shift"))


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
