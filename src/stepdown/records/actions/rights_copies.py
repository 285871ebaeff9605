"""What goes out of all that is held, thing by thing; and the copy that is made of it."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stepdown.hub.actions import transaction
from stepdown.hub.actions.disclosure import disclose
from stepdown.hub.actions.given import Check
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import NotVisible, Refused
from stepdown.kernel.redaction import Span, everywhere, merged, sentences
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import decide, require
from stepdown.policy.permissions import Permission
from stepdown.records.actions.rights_requests import locked, note
from stepdown.records.actions.rights_row import account, row
from stepdown.records.models import RightsChoice, RightsPack, RightsRequest
from stepdown.records.models.rights_request import RightsEvent, RightsState
from stepdown.records.queries.rights_copy import find, reviewed
from stepdown.records.queries.rights_request import facts

CHOSEN = Verb("rights.chosen", _("Chosen what goes out"))
COPY_MADE = Verb("rights.copy-made", _("Copy made"))
COPY_STALE = Verb("rights.copy-stale", _("No copy made: the records have changed"))
COLLECTED = Verb("rights.collected", _("Copy handed out"))
COPY_REMOVED = Verb("rights.copy-removed", _("Copy removed"))

KEPT_FOR = timedelta(days=42)


@transaction.atomic
def choose(
    *,
    by: Actor,
    request: RightsRequest,
    key: str,
    treatment: str,
    out: Iterable[int] = (),
    phrases: str = "",
    exemption: str = "",
    reason: str = "",
) -> RightsChoice:
    """What is done with one thing. ``out`` are sentences by number that are taken out; ``phrases``
    words that are, one on each line, wherever they stand."""
    held = locked(by, request, Permission.RIGHTS_HANDLE, RightsEvent.WORK)
    found = find(reviewed(held), key)
    if found is None:
        raise NotVisible("No such item.")
    check = Check()
    kinds = RightsChoice.Treatment
    check.choice("treatment", treatment, kinds.values, gettext("Select what is done with it."))
    spans: list[Span] = []
    if treatment == kinds.REDACT:
        spans = _spans(check, found.item.text, out, phrases)
        check.that(spans, "out", gettext("Select what is taken out, or let it go out whole."))
    if treatment == kinds.WITHHOLD or exemption:
        allowed = RightsChoice.Exemption.values
        check.choice("exemption", exemption, allowed, gettext("Select which exemption applies."))
    missing = gettext("Enter why.") if treatment == kinds.WITHHOLD else ""
    reason = check.words("reason", reason, most=300, missing=missing)
    check.done()
    made, _new = RightsChoice.objects.update_or_create(
        request=held,
        item=key,
        defaults={
            "digest": found.digest,
            "treatment": treatment,
            "spans": [list(span) for span in spans],
            "exemption": exemption,
            "reason": reason,
            "made_by_id": account(by),
            "made_at": clock.now(),
        },
    )
    note(by, CHOSEN, held, {"item": key, "treatment": treatment, "exemption": exemption})
    return made


def _spans(check: Check, text: str, out: Iterable[int], phrases: str) -> list[Span]:
    every = sentences(text)
    spans = [every[number] for number in out if 0 <= number < len(every)]
    for phrase in phrases.splitlines():
        if phrase.strip():
            places = everywhere(text, phrase)
            check.that(places, "phrases", gettext("One of these does not stand in the text."))
            spans += places
    return merged(spans, len(text))


def begin(request: RightsRequest) -> None:
    """Have a copy made, in the approving action's transaction. Not a verb of its own."""
    RightsPack.objects.update_or_create(
        request=request,
        defaults={
            "state": RightsPack.State.ASKED,
            "asked_at": clock.now(),
            "ready_at": None,
            "kept_until": None,
            "collected_at": None,
        },
    )


@transaction.atomic
def finish(*, by: Actor, pack: RightsPack, state: str) -> RightsPack:
    """The job has made the copy, or could not."""
    require(by, Permission.RIGHTS_COPY)
    held = RightsPack.objects.select_for_update().select_related("request").get(pk=pack.pk)
    if held.state != RightsPack.State.ASKED:
        return held
    held.state = RightsPack.State(state)
    if held.state == RightsPack.State.READY:
        held.ready_at, held.kept_until = clock.now(), clock.today() + KEPT_FOR
    held.save()
    note(by, COPY_MADE if held.ready_at else COPY_STALE, held.request)
    return held


@transaction.atomic
def remove(*, by: Actor, pack: RightsPack) -> None:
    """The copy has been there long enough."""
    require(by, Permission.RIGHTS_COPY)
    held = RightsPack.objects.select_for_update().select_related("request").get(pk=pack.pk)
    held.state = RightsPack.State.GONE
    held.save(update_fields=["state"])
    note(by, COPY_REMOVED, held.request)


@transaction.atomic
def collect(*, by: Actor, request: RightsRequest, form: str) -> RightsPack:
    """The copy is handed out: to a handler once it is approved, to the person once answered. It is
    so, and stands in the ledger, only if the read log can say who was shown it."""
    held = row(request)
    known = facts(held)
    if not decide(by, Permission.RIGHTS_HANDLE, known).allowed:
        require(by, Permission.RIGHTS_ASK, known)
        if held.state != RightsState.ANSWERED:
            raise Refused(gettext("Your copy is not ready yet."))
    if held.state == RightsState.WITHDRAWN:
        raise Refused(gettext("This request was withdrawn: no copy of it goes out."))
    pack = RightsPack.objects.select_for_update().filter(request=held).first()
    if pack is None or pack.state != RightsPack.State.READY:
        raise Refused(gettext("There is no copy: it is being made, or was removed."))
    pack.collected_at = clock.now()
    pack.save(update_fields=["collected_at"])
    note(by, COLLECTED, held, {"form": form})
    if held.person_id is not None:
        disclose(
            by=by,
            people={held.person_id: set(Category) - {Category.SHIELDED_LOCATION}},
            purpose="own-record" if held.person_id == by.person else "rights",
            page="rights-copy",
        )
    return pack
