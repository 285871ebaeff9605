"""Requests about people's data: for those who deal with them, and for whoever asks."""

from datetime import timedelta

from stepdown.cli.demonstration.personas import DEPUTY
from stepdown.hub.models import Agency, User
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.records.actions import rights_answers, rights_requests
from stepdown.records.models import RightsRequest
from stepdown.records.queries.rights_copy import reviewed
from stepdown.volunteering.models import Need
from tests.factories.needs import make_need
from tests.factories.people import make_person
from tests.factories.users import actor_of, make_user
from tests.journeys.catalogue.state import State, Step, choose, fill, press
from tests.support.world import World

OFFICER, DEPUTY_KEY, ASKS = "protection", DEPUTY.key, "volunteer"


def make_rights(world: World, person: Person) -> None:
    """The demonstration's own requests, a copy to look through, and an answer to approve."""
    world.users[DEPUTY_KEY] = User.objects.get(email=DEPUTY.email)
    by = world.actor(OFFICER)
    world["rights-overdue"] = RightsRequest.objects.get(kind="rectification", state="in-hand")
    world["rights-question"] = RightsRequest.objects.get(state="question-asked")
    world["rights-own"] = RightsRequest.objects.get(channel="online")
    agency = world["rights-own"].agency
    _restrained(world)
    with clock.at(clock.now() - timedelta(days=5)):
        kinds = {"copy": "access", "waits": "restriction", "to-erase": "erasure"}
        for name, kind in kinds.items():
            made = rights_requests.receive(
                by=by, agency=agency, kind=kind, channel="letter", received_on=clock.today(),
                person=person, asked_for="Everything about this summer.",
            )  # fmt: skip
            world[f"rights-{name}"] = rights_requests.take(by=by, request=made)
        waits = world["rights-waits"]
        rights_answers.submit(by=by, request=waits, outcome="Nobody uses them until March.")
    erasure = RightsRequest.objects.get(kind="erasure", state="for-approval")
    second = world.actor(DEPUTY_KEY)
    world["rights-erase"] = rights_answers.approve(by=second, request=erasure)
    stopped = rights_requests.receive(
        by=by, agency=agency, kind="objection", channel="letter", received_on=clock.today(),
        person=make_person("Iris", "Sample"), asked_for="Do not use it.",
    )  # fmt: skip
    world["rights-stopped"] = rights_requests.take(by=by, request=stopped)
    several, other = make_person("Noor", "Sample"), Agency.objects.exclude(pk=agency.pk)[0]
    kept = make_need("A lift", by=actor_of(make_user(agency=other)), agency=other)
    Need.objects.filter(pk=kept.pk).update(person=several)
    passing = rights_requests.receive(
        by=by, agency=agency, kind="erasure", channel="letter", received_on=clock.today(),
        person=several, asked_for="Delete me.",
    )  # fmt: skip
    world["rights-several"] = rights_requests.take(by=by, request=passing)
    world["rights-item"] = next(one.item.key for one in reviewed(world["rights-copy"]))


def _restrained(world: World) -> None:
    """Two people of the demonstration: use of one's record is restricted, one has their say."""
    world["rights-objects"] = RightsRequest.objects.get(kind="objection")
    world["rights-said"] = RightsRequest.objects.get(kind="rectification", state="refused")
    for name in ("objects", "said"):
        world[f"person-{name}"] = person = world[f"rights-{name}"].person
        world[f"need-{name}"] = Need.objects.filter(person=person)[0]


def _asking(slug: str, says: str, *do: Step, name: str) -> State:
    """A question of the course, with those before it answered."""
    return State(f"my-request-step-{name}", "my-request-step", says, ASKS, (slug,), do=do)


_ANSWERED: tuple[Step, ...] = (
    choose("A copy of my records"), press("Continue"), choose("Example County Council"),
    press("Continue"), press("Continue"),
)  # fmt: skip

STATES = (
    State("rights", "rights", "1 request is overdue", OFFICER),
    State("rights-ended", "rights", "Refused", OFFICER, query="show=ended"),
    State("rights-receive", "rights-receive", "Write down a request", OFFICER),
    State("rights-receive-wrong", "rights-receive", "There is a problem", OFFICER,
          do=(press("Save and continue"),)),
    State("rights-find", "rights-find", "It is this person", OFFICER, ("rights-overdue",),
          do=(fill("First name", "Percy"), fill("Last name", "Plain"), press("Find"))),
    State("rights-request", "rights-request", "overdue", OFFICER, ("rights-overdue",)),
    State("rights-request-question", "rights-request", "The clock stands still", OFFICER,
          ("rights-question",)),
    State("rights-request-approve", "rights-request", "Waits for approval", DEPUTY_KEY,
          ("rights-waits",)),
    State("rights-deed", "rights-deed", "Refuse this request", OFFICER,
          ("rights-overdue", "refuse")),
    State("rights-deed-wrong", "rights-deed", "There is a problem", OFFICER,
          ("rights-overdue", "refuse"), do=(press("Refuse"),)),
    State("rights-submit-erasure", "rights-deed", "First to be ended: a need is open", OFFICER,
          ("rights-to-erase", "submit-erasure")),
    State("rights-erase", "rights-deed", "Send the letter first", OFFICER,
          ("rights-erase", "erase")),
    State("rights-request-stopped", "rights-request", "Allowed all the same", OFFICER,
          ("rights-stopped",)),
    State("rights-allow-use", "rights-deed", "Why does the law let it?", OFFICER,
          ("rights-stopped", "allow-use")),
    State("rights-objects", "rights-request", "They object, and it is not decided", OFFICER,
          ("rights-objects",)),
    State("rights-said", "rights-request", "Weekends are better", OFFICER, ("rights-said",)),
    State("rights-keep-statement", "rights-deed", "Keep what they say beside the record", OFFICER,
          ("rights-said", "keep-statement")),
    State("rights-keep-statement-wrong", "rights-deed", "There is a problem", OFFICER,
          ("rights-said", "keep-statement"), do=(press("Keep their statement"),)),
    State("rights-remove-statement", "rights-deed", "Take their statement away", OFFICER,
          ("rights-said", "remove-statement")),
    State("rights-request-several", "rights-request", "Pass it on", OFFICER, ("rights-several",)),
    State("rights-pass-on", "rights-deed", "Pass this request on", OFFICER,
          ("rights-several", "pass-on")),
    State("need-restricted", "need", "Use of this record is restricted", "coordinator",
          ("need-objects",)),
    State("need-risk-restricted", "need-risk", "Use of this record is restricted", "coordinator",
          ("need-objects",)),
    State("person-restricted", "person", "Use of this record is restricted", "coordinator",
          ("person-objects",)),
    State("need-said", "need", "Weekends are better", "coordinator", ("need-said",)),
    State("person-said", "person", "Weekends are better", "coordinator", ("person-said",)),
    State("rights-letter", "rights-letter", "So that we find the right records", OFFICER,
          ("rights-question",)),
    State("rights-records", "rights-records", "Everything held", OFFICER, ("rights-copy",)),
    State("rights-item", "rights-item", "What is done with it?", OFFICER,
          ("rights-copy", "rights-item")),
    State("rights-item-wrong", "rights-item", "There is a problem", OFFICER,
          ("rights-copy", "rights-item"), do=(press("Save"),)),
    State("my-requests", "my-requests", "A copy of my records", ASKS),
    State("my-request", "my-request", "We have your request", ASKS, ("rights-own",)),
    State("my-request-withdraw", "my-request-withdraw", "Take back your request", ASKS,
          ("rights-own",)),
    State("my-request-step", "my-request-step", "What do you want?", ASKS, ("what",)),
    _asking("what", "There is a problem", press("Continue"), name="wrong"),
    _asking("what", "Check your answers", *_ANSWERED, name="check"),
    State("my-requests-first-day", "my-requests", "Ask for your records", ASKS, first_day=True),
)  # fmt: skip
