"""What the hub does by itself, every few seconds: lapses, alerts, messages, seals, plans."""

from collections.abc import Callable
from uuid import UUID

from django.core.mail import EmailMessage

from stepdown.hub import jobs as hub
from stepdown.hub.jobs import Letter
from stepdown.people.queries.contact import safe_email
from stepdown.people.queries.restriction import Use, is_stopped
from stepdown.policy.actors import Actor
from stepdown.volunteering.actions import offers, placements, plan_runs
from stepdown.volunteering.queries import resident
from stepdown.volunteering.queries.sight import hears

Job = Callable[[], int]
STILL_SENT = frozenset({"offer-withdrawn", "placement-ended", "placement-suspended"})


def lapse_due() -> int:
    """Lapse offers whose time is up or whose pair breaks a rule. How many."""
    return offers.lapse_due(by=Actor.hub())


def suspend_lapsed() -> int:
    """Suspend placements whose required checks or risk assessment no longer hold. How many."""
    return placements.suspend_lapsed(by=Actor.hub())


def drain() -> int:
    """Send messages that wait, by email. How many."""
    return hub.drain(
        by=Actor.hub(),
        deliver=email,
        address_of_person=safe_email,
        may_hear=hears,
        may_write=may_write,
    )


def may_write(person: UUID, template: str) -> bool:
    """Whether somebody may be sent a message: not while their data is kept and not used, but for
    word that they are not expected."""
    return template in STILL_SENT or not is_stopped(Use.SEND, [person])


def seal() -> int:
    """Seal the ledger's newest entries. How many."""
    return hub.seal()


def keep_index() -> int:
    """Keep the index of volunteers current, in a hub that has one. How many were read again."""
    return resident.keep()


def make_plan(*, stop: plan_runs.Stop = plan_runs.never) -> int:
    """Make the plan that somebody asked for, if one waits. How many were made.

    When ``stop`` says so it is put back, and made when the jobs run again.
    """
    return plan_runs.work(stop=stop)


def email(letter: Letter) -> None:
    """Hand one message to the mail server that the settings name."""
    EmailMessage(subject=letter.subject, body=letter.body, to=[letter.to]).send()


# In this order: what lapses puts messages into the outbox, and everything leaves ledger entries,
# which the index follows once they are sealed.
TICK: tuple[Job, ...] = (lapse_due, suspend_lapsed, drain, seal, keep_index, make_plan)
