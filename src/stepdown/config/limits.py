"""How often somebody without an account may ask for a page, counted for all processes together.

Sign-in and password reset have limits of their own (``config/sign_in.py``). Here are the hub's own
public pages. Counts lie in the cache that the hub has, which is a table of its database: a place in
a window is taken by adding a row whose key nobody else can add, so that no two processes ever take
the same place, and none is lost between reading a count and writing it.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from stepdown.config.origin import address_of
from stepdown.hub.web.errors import too_many_requests

access = logging.getLogger("stepdown.access")
Answer = Callable[[HttpRequest], HttpResponse]
ASKING, SENDING = frozenset({"GET", "HEAD"}), frozenset({"POST"})


@dataclass(frozen=True)
class Limit:
    """So many requests of these methods in so many seconds, from one address and in one session."""

    most: int
    seconds: int
    of_session: int = 0  # of one browser session; 0 for as many as the address may
    methods: frozenset[str] = SENDING


# A hospital or a council reaches the hub from one address: those limits are for all its staff.
DEFAULT = Limit(most=60, seconds=300, of_session=30)
LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        # Each makes a draft that is kept for days.
        "refer": Limit(most=30, seconds=3600, of_session=10),
        "refer-step": Limit(most=200, seconds=300, of_session=60),
        # A reference and a code are tried here; a referral counts its wrong codes as well.
        "refer-return": Limit(most=20, seconds=900, of_session=10),
        # Secrets in addresses. They are too long to guess: this only spares the database.
        "link": Limit(most=60, seconds=300, methods=ASKING | SENDING),
        "calendar-feed": Limit(most=120, seconds=300, methods=ASKING | SENDING),
    }
)
# Sign-in keeps its own counts, by name and by address, and says so in its own words.
ELSEWHERE = ("account_", "mfa_")


def take(counted: str, most: int, seconds: int, *, now: float | None = None) -> bool:
    """Take a place in the present window; False when all are taken. Safe for many processes.

    ``counted`` is who and what, in words that never reach the cache: only their keyed hash does.
    Two queries as a rule. Windows are fixed, so that twice ``most`` may pass about a boundary.
    """
    window = int((time.time() if now is None else now) // seconds)
    name = salted_hmac("stepdown.limits", f"{counted} {window}", algorithm="sha256").hexdigest()
    places = [f"limit:{name}:{number}" for number in range(most)]
    taken = cache.get_many(places)
    return any(cache.add(place, 1, timeout=seconds) for place in places if place not in taken)


class LimitMiddleware:
    """Answers 429 to whoever without an account asks too often. Stands before the page is drawn,
    so the answer is the same whether or not what was asked for exists."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """None to go on."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        limit = LIMITS.get(name, DEFAULT)
        if request.method not in limit.methods or name.startswith(ELSEWHERE):
            return None
        if request.user.is_authenticated:
            return None
        where = address_of(request) or "unknown"
        good = take(f"{name} from {where}", limit.most, limit.seconds)
        session = request.session.session_key
        if good and limit.of_session and session:
            good = take(f"{name} in {session}", limit.of_session, limit.seconds)
        if good:
            return None
        access.warning("limited: %s", name, extra={"event": "limited", "page": name})
        answer = too_many_requests(request)
        answer["Retry-After"] = str(limit.seconds)
        return answer
