"""Keeping a rota: posts are opened, filled, left and closed, and shifts are set week by week."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.models import Post, PostHolder, PostShift
from stepdown.casework.queries import rota as queries
from stepdown.casework.queries.case import holidays
from stepdown.hub.actions import transaction
from stepdown.hub.actions.given import Check, require_new
from stepdown.hub.actions.ledger import record
from stepdown.hub.models import User
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput, NotVisible, Refused
from stepdown.policy.actors import Actor
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

OPENED = Verb("post.opened", gettext_lazy("Post opened"))
FILLED = Verb("post.filled", gettext_lazy("Post filled"))
LEFT = Verb("post.left", gettext_lazy("Post left"))
CLOSED = Verb("post.closed", gettext_lazy("Post closed"))
SHIFTS_SET = Verb("post.shifts-set", gettext_lazy("Shifts of a post set"))

BACK = timedelta(days=28)  # so long after a week, what was wrong of it is still put right


@transaction.atomic
def open_post(*, by: Actor, pathway: str, division: str, opened_on: date) -> Post:
    """One more post of a division. It is vacant until somebody is found for it."""
    rota, agency = queries.rota_of(pathway), queries.agency_for(by, pathway)
    require_new(by, Permission.ROTA_KEEP, {"pathway": pathway, "agency": agency})
    check = Check()
    known = [one.key for one in rota.divisions]
    where = check.choice("division", division, known, _("Select the division."))
    check.done()
    assert agency is not None  # noqa: S101 - for the type checker
    alike = Post.objects.filter(pathway=pathway, agency=agency, division=where)
    last = alike.select_for_update().order_by("-number").values_list("number", flat=True).first()
    post = Post.objects.create(
        pathway=pathway,
        division=where,
        number=(last or 0) + 1,
        agency_id=agency,
        opened_on=opened_on,
    )
    record(by=by, verb=OPENED, about=("post", post.pk), payload=_of(post))
    return post


@transaction.atomic
def fill(
    *,
    by: Actor,
    post: Post,
    name: str,
    since: date,
    user: User | None = None,
    inducted: bool = False,
) -> PostHolder:
    """Somebody holds the post from a day, which may lie ahead. Unless they have been inducted
    already, they are in their induction for as long as the pathway says."""
    held = _locked(by, post)
    check = Check()
    words = check.words("name", name or (user.display_name if user else ""), most=120,
                        missing=_("Enter the name."))  # fmt: skip
    check.that(since >= held.opened_on, "since", _("The post was opened later than that."))
    others = list(PostHolder.objects.filter(post=held))
    check.that(
        not any(one.until is None or one.until >= since for one in others),
        "since",
        _("Somebody else holds the post on that day."),
    )
    alike = PostHolder.objects.filter(post__pathway=held.pathway, until=None).exclude(post=held)
    same = alike.filter(user=user) if user is not None else alike.filter(name=words)
    check.that(not same.exists(), "name", _("They hold another post of this rota."))
    check.done()
    span = queries.rota_of(held.pathway).induction
    until = span.after(since, holidays()) - timedelta(days=1) if span and not inducted else None
    made = PostHolder.objects.create(
        post=held, name=words, user=user, since=since, induction_until=until
    )
    payload = {**_of(held), "since": since.isoformat()}
    record(by=by, verb=FILLED, about=("post", held.pk), payload=payload)
    return made


@transaction.atomic
def leave(*, by: Actor, post: Post, last_day: date) -> Post:
    """Whoever holds the post leaves it, and their shifts after their last day go. Somebody who was
    to begin later and does not: ``last_day`` lies before their first, and nothing of them stays."""
    held = _locked(by, post)
    holder = PostHolder.objects.filter(post=held, until=None).first()
    if holder is None:
        raise Refused(_("Nobody holds this post."))
    gone = PostShift.objects.filter(holder=holder, day__gt=last_day)
    count, _rows = gone.delete()
    if last_day < holder.since:
        if PostShift.objects.filter(holder=holder).exists() or holder.since <= clock.today():
            raise InvalidInput({"last_day": _("They began later than that.")})
        holder.delete()
    else:
        holder.until = last_day
        holder.save()
    payload = {**_of(held), "last day": last_day.isoformat(), "shifts": count}
    record(by=by, verb=LEFT, about=("post", held.pk), payload=payload)
    return held


@transaction.atomic
def close(*, by: Actor, post: Post) -> Post:
    """There is no such post any more. Nobody may hold it, now or later."""
    held = _locked(by, post)
    today = clock.today()
    there = PostHolder.objects.filter(post=held)
    if any(one.until is None or one.until >= today for one in there):
        raise Refused(_("Somebody holds this post. They have to leave it first."))
    held.closed_on = today
    held.save()
    record(by=by, verb=CLOSED, about=("post", held.pk), payload=_of(held))
    return held


@transaction.atomic
def set_shifts(*, by: Actor, post: Post, monday: date, shifts: Mapping[date, str]) -> int:
    """When the holder of a post is on, in one week, in place of what was set before. How often."""
    held = _locked(by, post)
    known = {one.key for one in queries.rota_of(held.pathway).shifts}
    days = [monday + timedelta(days=at) for at in range(queries.WEEK)]
    if monday.weekday() or monday < queries.monday_of(clock.today()) - BACK:
        raise Refused(_("The shifts of that week stay as they are."))
    holders = list(PostHolder.objects.filter(post=held))
    errors: dict[str, str] = {}
    found: list[PostShift] = []
    for day, shift in shifts.items():
        who = queries.holder_on(holders, day)
        if not shift:
            continue
        if day not in days or shift not in known:
            errors[day.isoformat()] = _("Select a shift of this week.")
        elif who is None:
            errors[day.isoformat()] = _("Nobody holds the post on this day.")
        else:
            found.append(PostShift(post=held, holder=who, day=day, shift=shift))
    if errors:
        raise InvalidInput(errors)
    PostShift.objects.filter(post=held, day__in=days).delete()
    PostShift.objects.bulk_create(found)
    payload = {**_of(held), "week": monday.isoformat(), "shifts": len(found)}
    record(by=by, verb=SHIFTS_SET, about=("post", held.pk), payload=payload)
    return len(found)


def _locked(by: Actor, post: Post) -> Post:
    """The post as it is now, for this transaction alone; the actor may change it."""
    found = Post.objects.select_for_update().filter(pk=post.pk).first()
    if found is None or not queries.is_visible(by, found):
        raise NotVisible("No such post.")
    require(by, Permission.ROTA_KEEP, queries.facts(found))
    if found.closed_on is not None:
        raise Refused(_("This post is closed."))
    return found


def _of(post: Post) -> dict[str, object]:
    """What the ledger says of a post. Nobody is named."""
    return {"pathway": post.pathway, "division": post.division, "number": post.number}
