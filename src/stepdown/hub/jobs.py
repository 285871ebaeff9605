"""Sending what waits in the outbox. Words and addresses are found when a message leaves.

The words of a message are a text template, ``messages/<template>.txt``, in the wing that posts it:
its first line is the subject, the rest the body. It is given ``partnership``, ``link`` and
``contact`` and nothing else: no name, no address, no place can get into it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from stepdown.hub.actions import links, outbox
from stepdown.hub.queries.recipient import address_of_user
from stepdown.policy.actors import Actor

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


def drain(
    *, by: Actor, deliver: Deliver, address_of_person: AddressOfPerson, most: int = 50
) -> int:
    """Send the messages that are due. The number sent.

    What cannot be delivered is tried again later; what has nowhere safe to go is given up and shown
    to coordinators. One message that fails keeps none of the others waiting.
    """
    sent = 0
    for message in outbox.claim(by=by, most=most):
        # The mail before it may have taken long: an offer withdrawn meanwhile is not sent.
        if not outbox.still_wanted(by=by, message=message):
            continue
        person, user = message.to_person, message.to_user
        if person is not None:
            address, nowhere = address_of_person(person), NO_ADDRESS
        else:
            address, nowhere = (address_of_user(user) if user else None), CLOSED
        if address is None:
            outbox.mark_failed(by=by, message=message, failure=nowhere, final=True)
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
