"""A rota in words: shifts, how a post stands, how many there are."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stepdown.casework.queries.case_words import in_words
from stepdown.casework.queries.rota import Held, On, Posts, on_duty, rota_of, sees
from stepdown.pages.words import and_list, gov_date
from stepdown.pathways.facts import REFERRAL
from stepdown.pathways.rota import Rota, Shift

if TYPE_CHECKING:
    from stepdown.casework.models import Post
    from stepdown.policy.actors import Actor


def shift_words(shift: Shift) -> str:
    """A shift with its hours."""
    told = {"name": in_words(shift.name), "from": f"{shift.begins:02d}:00",
            "to": f"{shift.ends:02d}:00"}  # fmt: skip
    return _("%(name)s, %(from)s to %(to)s") % told


def post_words(rota: Rota, post: "Post") -> str:
    """What a post is called: its division, and its number there."""
    name = next((in_words(d.name) for d in rota.divisions if d.key == post.division), post.division)
    return f"{name} {post.number}"


def names(some: Iterable[On]) -> str:
    """Who is on, in one line; who is in their induction is said."""
    return and_list(
        [
            one.name if one.alone else _("%(name)s (in induction)") % {"name": one.name}
            for one in some
        ]
    )


def count_words(posts: Posts) -> str:
    """How many posts there are, and what of them, in one sentence."""
    told = {"n": posts.all, "vacant": posts.vacant}
    words = ngettext("%(n)d post, %(vacant)d vacant.", "%(n)d posts, %(vacant)d vacant.", posts.all)
    found = [words % told]
    if posts.in_induction:
        more = ngettext("%(n)d in induction.", "%(n)d in induction.", posts.in_induction)
        found.append(more % {"n": posts.in_induction})
    return " ".join(found)


def holder_words(held: Held) -> tuple[str, str]:
    """Who holds a post, and since when, or what else is known of it."""
    ahead = ""
    if held.next is not None:
        told = {"name": held.next.shown, "day": gov_date(held.next.since)}
        ahead = _("%(name)s from %(day)s") % told
    if held.holder is None:
        return _("Vacant"), ahead
    found = [_("Since %(day)s") % {"day": gov_date(held.holder.since)}]
    if not held.inducted:
        until = gov_date(held.holder.induction_until)
        found.append(_("in induction until %(day)s") % {"day": until})
    if held.holder.until is not None:
        found.append(_("leaves after %(day)s") % {"day": gov_date(held.holder.until)})
    if ahead:
        found.append(ahead)
    return held.holder.shown, ", ".join(found)


def on_shift(
    by: "Actor", pathway: str, answers: Mapping[tuple[str, int], Mapping[str, Any]]
) -> list[str] | None:
    """Who was on shift when something happened, as lines; None where the pathway has no rota that
    says so, or the reader may not see it or read when and where it was."""
    if not sees(by, pathway):
        return None
    rota = rota_of(pathway)
    incident = rota.incident
    told = answers.get((REFERRAL, 1), {})
    if incident is None or not all(
        told.get(key) not in (None, "") for key in (incident.day, incident.hour)
    ):
        return None
    division = str(told.get(incident.division, "")) if incident.division else ""
    if incident.division and not division:
        return None
    day, hour = date.fromisoformat(str(told[incident.day])), int(told[incident.hour])
    there = on_duty(by, pathway, day, hour, division)
    return [f"{names([one])}, {in_words(rota.shift(one.shift).name)}" for one in there]
