"""Filling in a referral: starting, answering, coming back, sending. Open to anybody."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stepdown.casework.actions.answers import checked
from stepdown.casework.actions.keeping import merge, move_address
from stepdown.casework.models import Referral, ReferralAnswers
from stepdown.casework.models.referral import REFERRAL_STATES, ReferralEvent, ReferralState
from stepdown.casework.queries.answers import BANDS, Intake, all_answers, intake_from
from stepdown.casework.queries.referral import draft_for, is_expired, reference_typed
from stepdown.hub.actions import ledger, outbox, transaction
from stepdown.hub.queries.place import by_code, position
from stepdown.hub.verbs import Verb
from stepdown.kernel import clock
from stepdown.kernel.errors import InvalidInput
from stepdown.kernel.ids import ALPHABET, new_reference
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.decide import require
from stepdown.policy.permissions import Permission

STARTED = Verb("referral.started", gettext_lazy("Referral started"))
ANSWERED = Verb("referral.answered", gettext_lazy("Answers saved"))
CODE_MADE = Verb("referral.code-made", gettext_lazy("A code to come back was given"))
CAME_BACK = Verb("referral.came-back", gettext_lazy("Referral opened again with its code"))
SUBMITTED = Verb("referral.submitted", gettext_lazy("Referral sent"))
DISCARDED = Verb("referral.discarded", gettext_lazy("Unfinished referral discarded"))

MOST_WRONG_CODES = 10
_ROUNDS = 50_000


@transaction.atomic
def start(*, by: Actor) -> tuple[Referral, str]:
    """A new draft, and the code to come back to it: shown once, kept only as a hash.

    Whoever is signed in finds the draft among their own, and needs no code: theirs is empty.
    """
    require(by, Permission.REFERRAL_MAKE)
    code = "" if by.user else _new_code()
    reference = new_reference("R")
    now = clock.now()
    referral = Referral.objects.create(
        reference=reference,
        agency_id=next((g.agency for g in by.grants if g.agency), None),
        made_by_id=by.user,
        return_hash=_hash(reference, code) if code else None,
        started_at=now,
        draft_expires_at=now + settings.STEPDOWN_DRAFT_KEPT_FOR,
    )
    _record(by, STARTED, referral, {"reference": reference})
    return referral, code


@transaction.atomic
def answer(
    *, by: Actor, referral: Referral, category: Category, answers: Mapping[str, Any]
) -> Referral:
    """Keep some answers of one category in a draft; keys not named keep what they had.

    When the address becomes one to keep secret, what was given moves behind that wall. When it
    stops being secret it is dropped and asked for again, so that no later visitor to the draft
    can bring a secret address to light.
    """
    locked = _locked_draft(by, referral)
    require(by, Permission.REFERRAL_MAKE)
    locked.state = REFERRAL_STATES.next(locked.state, ReferralEvent.ANSWER)
    given = checked(category, answers)
    if "secret" in given:
        move_address(locked, bool(given["secret"]))
    merge(locked, category, given)
    locked.draft_expires_at = clock.now() + settings.STEPDOWN_DRAFT_KEPT_FOR
    locked.save(update_fields=["state", "draft_expires_at"])
    _record(by, ANSWERED, locked, {"category": category.value})
    return locked


@transaction.atomic
def new_code(*, by: Actor, referral: Referral) -> str:
    """Another code to come back with, shown once; the earlier one no longer opens the draft."""
    locked = _locked_draft(by, referral)
    require(by, Permission.REFERRAL_MAKE)
    REFERRAL_STATES.next(locked.state, ReferralEvent.ANSWER)
    code = _new_code()
    locked.return_hash, locked.wrong_codes = _hash(locked.reference, code), 0
    locked.save(update_fields=["return_hash", "wrong_codes"])
    _record(by, CODE_MADE, locked)
    return code


@transaction.atomic
def come_back(*, by: Actor, reference: str, code: str) -> Referral | None:
    """The referral that a reference and its code open, or None, for whatever reason.

    A wrong code is counted, and after some no code opens it: hence None instead of an error,
    which would undo the count. An unknown reference takes as long to refuse as a wrong code.
    """
    require(by, Permission.REFERRAL_MAKE)
    wanted = reference_typed(reference)
    found = Referral.objects.select_for_update().filter(reference=wanted).first()
    given = _hash(wanted, _tidy_code(code))
    kept = bytes(found.return_hash or b"") if found else b""
    right = hmac.compare_digest(given, kept.ljust(len(given), b"\0"))
    if found is None or not kept or found.wrong_codes >= MOST_WRONG_CODES:
        return None
    if not right:
        found.wrong_codes += 1
        found.save(update_fields=["wrong_codes"])
        return None
    if found.state == ReferralState.DRAFT and is_expired(found):
        return None
    found.wrong_codes = 0
    found.save(update_fields=["wrong_codes"])
    _record(by, CAME_BACK, found)
    return found


@transaction.atomic
def submit(*, by: Actor, referral: Referral) -> Referral:
    """Send it. What is missing is said question by question."""
    locked = _locked_draft(by, referral)
    require(by, Permission.REFERRAL_MAKE)
    locked.state = REFERRAL_STATES.next(locked.state, ReferralEvent.SUBMIT)
    intake = intake_from(all_answers(locked))
    if missing := missing_answers(intake):
        raise InvalidInput(missing)
    locked.band = BANDS[intake.soon]
    locked.district_id = _district_of(intake)
    locked.received_at, locked.draft_expires_at = clock.now(), None
    locked.save()
    _record(by, SUBMITTED, locked, {"reference": locked.reference, "band": locked.band})
    if locked.made_by_id:
        about = ("referral", locked.pk)
        outbox.post(template="referral-received", about=about, to_user=locked.made_by_id)
    return locked


@transaction.atomic
def discard_expired(*, by: Actor, most: int = 500) -> int:
    """Drafts that nobody came back to lose their answers for good. The number discarded."""
    require(by, Permission.REFERRAL_WITHDRAW)
    expired = list(
        Referral.objects.select_for_update()
        .filter(state=ReferralState.DRAFT, draft_expires_at__lte=clock.now())
        .order_by("draft_expires_at")[:most]
    )
    for draft in expired:
        draft.state = REFERRAL_STATES.next(draft.state, ReferralEvent.WITHDRAW)
        discard(draft)
        _record(by, DISCARDED, draft)
    return len(expired)


def discard(draft: Referral) -> None:
    """Forget what an unsent referral said. Called inside an action that has locked it."""
    ReferralAnswers.objects.filter(referral=draft).delete()
    draft.return_hash, draft.draft_expires_at = None, None
    draft.save()


def missing_answers(intake: Intake) -> dict[str, str]:
    """Question → what is missing, for all that a referral cannot be sent without."""
    gaps = {
        "referrer_kind": not intake.referrer_kind,
        "referrer_name": not (intake.referrer_name or intake.for_self),
        "referrer_phone": not (intake.for_self or intake.referrer_phone or intake.referrer_email),
        "consent": not (intake.consent or intake.for_self),
        "given_name": not intake.given_name,
        "family_name": not intake.family_name,
        # Who looks after somebody is never read off a secret address: it is asked.
        "area": not (intake.area or (intake.postcode and not intake.secret)),
        "safe": not intake.safe,
        "help": not (intake.help or intake.skills),
        "soon": intake.soon not in BANDS,
    }
    words = {
        "referrer_kind": _("Say who is making this referral"),
        "referrer_name": _("Give your name"),
        "referrer_phone": _("Say how we can reach you"),
        "consent": _("Say whether the person agrees"),
        "given_name": _("Give the person’s first name"),
        "family_name": _("Give the person’s last name"),
        "area": _("Say where the person lives"),
        "safe": _("Say whether it is safe to contact the person"),
        "help": _("Say what help is needed"),
        "soon": _("Say how soon help is needed"),
    }
    return {key: words[key] for key, missing in gaps.items() if missing}


def _locked_draft(by: Actor, referral: Referral) -> Referral:
    draft_for(by=by, id=referral.pk)
    return Referral.objects.select_for_update().get(pk=referral.pk)


def _record(
    by: Actor, verb: Verb, referral: Referral, payload: Mapping[str, Any] | None = None
) -> None:
    ledger.record(by=by, verb=verb, about=("referral", referral.pk), payload=payload)


def _district_of(intake: Intake) -> str | None:
    """The district of the postcode, else the area that was named; None outside the partnership.

    Never of a postcode to be kept secret: where somebody hides is not to be read off who may see
    their records.
    """
    found = position(intake.postcode) if intake.postcode and not intake.secret else None
    code = found.district_code if found else intake.area
    place = by_code(code) if code else None
    return place.code if place else None


def _new_code() -> str:
    """Eight characters to be copied from a screen: 40 random bits."""
    body = "".join(secrets.choice(ALPHABET) for _n in range(8))
    return f"{body[:4]}-{body[4:]}"


def _tidy_code(text: str) -> str:
    mended = text.upper().replace("O", "0").replace("I", "1").replace("L", "1")
    body = "".join(c for c in mended if c.isalnum())
    return f"{body[:4]}-{body[4:]}"


def _hash(reference: str, code: str) -> bytes:
    """32 bytes, slow to make and keyed with the hub's secret: a stolen table opens no draft."""
    key = salted_hmac("stepdown.referral.return", reference, algorithm="sha256").digest()
    return hashlib.pbkdf2_hmac("sha256", code.encode(), key, _ROUNDS)
