"""The rota of the triage team: nine posts, three for each division, and three of them vacant."""

from datetime import timedelta
from typing import TYPE_CHECKING

from stepdown.casework.actions import rotas
from stepdown.casework.queries.rota import WEEK, monday_of
from stepdown.kernel import clock

if TYPE_CHECKING:
    from stepdown.cli.demonstration.ground import Ground

TRIAGE = "mh-triage"
EACH = 3
# Who is in the posts of each division, first to last; the last of the south has just begun.
HOLDERS = {
    "east": ("Nadia Teal", "Owen Marten", ""),
    "south": ("Priya Linnet", "Gareth Moss", "Ines Dunnock"),
    "west": ("Tom Whinchat", "", ""),
}
# Shifts of the days of a week, by a post's number.
PATTERNS = (
    ("early", "early", "late", "late", "", "", ""),
    ("", "", "night", "night", "night", "", ""),
    ("late", "", "", "", "early", "late", "late"),
)
WEEKS = 6


def keep(ground: "Ground") -> None:
    """Open and fill the posts, and set the shifts of some weeks up to the next."""
    by = ground.actors["coordinator"]
    opened, begun = ground.day(-140), ground.day(-5)
    posts = []
    with clock.at(opened):
        for division, names in HOLDERS.items():
            for number, name in enumerate(names):
                post = rotas.open_post(
                    by=by, pathway=TRIAGE, division=division, opened_on=opened.date()
                )
                posts.append((post, name, number))
    for post, name, number in posts:
        late = number == EACH - 1
        with clock.at(begun if late else opened):
            if name:
                rotas.fill(by=by, post=post, name=name, since=clock.today())
    # Somebody has left the west.
    gone = next(post for post, name, number in posts if post.division == "west" and number == 1)
    with clock.at(opened):
        rotas.fill(by=by, post=gone, name="Ruth Siskin", since=opened.date(), inducted=True)
    with clock.at(ground.day(-20)):
        rotas.leave(by=by, post=gone, last_day=clock.today())
    for back in range(WEEKS, -2, -1):
        with clock.at(min(ground.day(-7 * back), ground.day(0, hour=15))):
            monday = monday_of(ground.day(-7 * back).date())
            for post, name, number in posts:
                days = [monday + timedelta(days=at) for at in range(WEEK)]
                said = dict(zip(days, PATTERNS[number], strict=True))
                if name and number == EACH - 1:
                    said = {day: one for day, one in said.items() if day >= begun.date()}
                if name:
                    rotas.set_shifts(by=by, post=post, monday=monday, shifts=said)
