"""What the hub does by itself: sending what waits in the outbox, sealing the ledger.

Words and addresses of a message are found when it leaves.

The words of a message are a text template, ``messages/<template>.txt``, in the wing that posts it:
its first line is the subject, the rest the body. It is given ``partnership``, ``link`` and
``contact`` and nothing else: no name, no address, no place can get into it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from stepdown.adapters import signing, witness
from stepdown.hub.actions import ledger, links, outbox
from stepdown.hub.queries.ledger_heads import heads, last_head
from stepdown.hub.queries.ledger_witness import agrees
from stepdown.hub.queries.recipient import address_of_user
from stepdown.kernel.errors import Unusable
from stepdown.kernel.heads import Head, Witnessed
from stepdown.policy.actors import Actor

# After a great load there is more than one batch to seal; and other calls must have their turn.
MOST_BATCHES = 20
NO_ADDRESS = "No safe email address"
CLOSED = "The account is closed"


@dataclass(frozen=True)
class Letter:
    """One message as it leaves. Address and body, with the link's secret, stay out of its repr."""

    to: str = field(repr=False)
    subject: str
    body: str = field(repr=False)


Deliver = Callable[[Letter], None]
AddressOfPerson = Callable[[UUID], str | None]
# Whether an account may still see the record of a kind that a message is about.
MayHear = Callable[[UUID, str, UUID], bool]
# Whether a person may be sent a message of this name.
MayWrite = Callable[[UUID, str], bool]


def drain(
    *,
    by: Actor,
    deliver: Deliver,
    address_of_person: AddressOfPerson,
    may_hear: MayHear,
    may_write: MayWrite,
    most: int = 50,
) -> int:
    """Send the messages that are due. The number sent.

    One whose reader may no longer see what it is about, as when an agreement ended since, or may no
    longer be written to, is taken back.

    What cannot be delivered is tried again later; what has nowhere safe to go is given up and shown
    to coordinators. One message that fails keeps none of the others waiting.
    """
    sent = 0
    for message in outbox.claim(by=by, most=most):
        # The mail before it may have taken long: an offer withdrawn meanwhile is not sent.
        if not outbox.still_wanted(by=by, message=message):
            continue
        person, user = message.to_person, message.to_user
        if person is not None and not may_write(person, message.template):
            outbox.take_back(by=by, message=message)
            continue
        if person is not None:
            address, nowhere = address_of_person(person), NO_ADDRESS
        else:
            address, nowhere = (address_of_user(user) if user else None), CLOSED
        if address is None:
            outbox.mark_failed(by=by, message=message, failure=nowhere, final=True)
            continue
        if user and not may_hear(user, message.about_kind, message.about_id):
            outbox.take_back(by=by, message=message)
            continue
        try:
            deliver(_letter(by, message.template, address, person))
        except Exception as failed:  # whatever it is, the next message must still leave
            # The name of the error only: its words may hold the address.
            outbox.mark_failed(by=by, message=message, failure=type(failed).__name__)
        else:
            outbox.mark_sent(by=by, message=message)
            sent += 1
    return sent


def _letter(by: Actor, template: str, address: str, person: UUID | None) -> Letter:
    """The message in words. A person without an account gets a link that stands for them."""
    link = settings.STEPDOWN_PUBLIC_URL.rstrip("/") + "/"
    if person is not None:
        link += f"v/{links.make(by=by, person_id=person, purpose='volunteer')}/"
    text = render_to_string(
        f"messages/{template}.txt",
        {
            "partnership": settings.STEPDOWN_PARTNERSHIP_NAME,
            "contact": settings.STEPDOWN_CONTACT_EMAIL,
            "link": link,
        },
    )
    subject, _, body = text.strip().partition("\n")
    return Letter(to=address, subject=subject.strip(), body=body.strip() + "\n")


class WitnessDisagrees(Unusable):
    """The ledger is not the one that was witnessed. Nothing more is written to the witness."""


def seal() -> int:
    """Seal the ledger's newest lines, sign the head, and write it to the witness. How many lines.

    Heads that could not be witnessed before, as when its disk was full, are witnessed now. Nothing
    is sealed in a ledger that is not the one the witness knows.
    """
    # A witness that cannot be read keeps nothing from its seal: it is told, and asked, later.
    with suppress(OSError):
        _agreed(witness.at(settings.STEPDOWN_WITNESS).last())
    key, sealed = signing.signing_key(settings.STEPDOWN_KEYS), 0
    for _ in range(MOST_BATCHES):
        batch = ledger.seal(by=Actor.hub(), signer=key, most=ledger.MOST)
        witness_heads()
        sealed += 0 if batch is None else batch.last_seq - batch.first_seq + 1
        if batch is None or batch.last_seq - batch.first_seq + 1 < ledger.MOST:
            break
    return sealed


def witness_heads() -> int:
    """Write the signed heads that the witness does not have yet. How many."""
    keeper = witness.at(settings.STEPDOWN_WITNESS)
    last = keeper.last()
    _agreed(last)
    written = 0
    signed = (head for head in heads(last.head.number if last else 0) if head.key)
    while some := list(islice(signed, 1_000)):
        keeper.write(some)
        written += len(some)
    return written


def _agreed(last: Witnessed | None) -> None:
    if not agrees(last):
        raise WitnessDisagrees(
            "The ledger is not the one that its witness knows: run `stepdown ledger verify`."
        )


def witness_put_back() -> Head | None:
    """Tell the witness that the database was put back to before what it witnessed last: to which
    head, or None where there is nothing to tell. WitnessDisagrees where it never knew that head."""
    keeper, ours = witness.at(settings.STEPDOWN_WITNESS), last_head()
    last = keeper.last()
    if last is None or ours is None or agrees(last):
        return None
    if ours.digest() not in {line.head.digest() for line in keeper.lines()}:
        _agreed(last)
    keeper.write([ours], restored=True)
    return ours
