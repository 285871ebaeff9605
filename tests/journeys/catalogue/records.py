"""The partnership of the catalogue: the demonstration, and what its story tells too seldom."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from stepdown.casework.actions import referrals
from stepdown.cli.demonstration.personas import PASSWORD
from stepdown.hub import jobs
from stepdown.hub.actions import links, memberships, outbox, tokens, users
from stepdown.hub.models import Agency, Postcode
from stepdown.hub.queries.link import link_behind
from stepdown.kernel import clock
from stepdown.kernel.slots import SLOTS
from stepdown.people.actions import accounts, addresses, consents, contacts, people
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.roles import RoleKey
from stepdown.sharing.actions import agreements as sharing
from stepdown.sharing.models import Agreement
from stepdown.volunteering.actions import (
    credentials,
    exclusions,
    hours,
    needs,
    offers,
    placements,
    risk_assessments,
    volunteers,
)
from stepdown.volunteering.models import HoursEntry, Need, Offer, Placement, Volunteer
from tests.factories.agreements import asked, make_draft_agreement
from tests.factories.referrals import make_answered, make_draft, make_referral
from tests.factories.risk import HAZARDS
from tests.factories.users import actor_of, make_user
from tests.journeys.catalogue.cases import make_cases
from tests.journeys.catalogue.evidence import make_evidence
from tests.journeys.catalogue.overrides import make_overrides
from tests.journeys.catalogue.retention import make_retention
from tests.journeys.catalogue.rights import make_rights
from tests.journeys.catalogue.second_steps import second_steps
from tests.support.world import World, first_day, partnership

PRESTON = "E07000123"


def catalogue() -> World:
    """Everything that the states are states of."""
    world = partnership()
    made = _Made(world)
    with clock.at(made.ago(60)):
        made.people()
    made.needs()
    made.pairs()
    made.referrals()
    made.accounts()
    made.messages()
    made.agreements()
    world["token"], _secret = tokens.make(
        by=world.actor("coordinator"), name="Weekly list of open needs"
    )
    world["token-holder"] = world.users["coordinator"]
    make_rights(world, world["plain"])
    make_retention(world)
    make_overrides(world)
    make_evidence(world)
    make_cases(world, made.person("Cecily", "Casework", date(1948, 3, 9)))
    return world


def first_morning() -> World:
    """A hub in which nothing has happened yet, and a volunteer who has just joined."""
    world = first_day()
    made = _Made(world)
    world["newcomer"] = made.person("Nell", "Newcomer", date(1990, 4, 4))
    world["newcomer-profile"] = made.volunteer(world["newcomer"])
    accounts.link_user(by=Actor.hub(), person=world["newcomer"], user=world.users["volunteer"])
    return world


class _Made:
    """Makes records by the verbs of those who would."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.by = world.actor("coordinator")
        self.approver = world.actor("approver")
        self.council = Agency.objects.get(name="Example County Council")
        self.now = clock.now()
        codes = Postcode.objects.filter(district_code=PRESTON).order_by("code")
        self.postcodes: list[str] = list(codes.values_list("code", flat=True)[500:540])

    def agreements(self) -> None:
        """In force, out for signature, a draft, and one that a party withdrew from."""
        known = {one.title: one for one in Agreement.objects.all()}
        self.world["agreement"] = known["Referrals for volunteer support"]
        self.world["agreement-reference"] = self.world["agreement"].reference
        self.world["agreement-waiting"] = known["Referrals from good neighbours"]
        fire = Agency.objects.get(name="Example Fire and Rescue")
        drafter = self.world.actor("protection")
        parties = (self.council, fire)
        clause = asked(fire, self.council)
        self.world["agreement-draft"] = make_draft_agreement(clause, parties=parties, by=drafter)
        gone = make_draft_agreement(clause, parties=parties, by=drafter)
        sharing.issue(by=drafter, agreement=gone)
        self.world["agreement-withdrawn"] = sharing.withdraw(
            by=self.world.actor("signatory"),
            agreement=gone,
            agency=self.council,
            reason="Another way was found",
        )
        consents.say(
            by=self.by,
            person=self.world["plain"],
            purpose="support",
            yes=True,
            explained_by=str(self.by.user),
            explained_on=self.ago(3).date(),
        )
        firefighter = make_user(RoleKey.REFERRER, agency=fire)
        make_referral(actor_of(firefighter), family_name="Unseen")

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def person(self, given: str, family: str, born: date | None, **more: Any) -> Person:
        return people.add(by=self.by, given_name=given, family_name=family, date_of_birth=born,
                          district=PRESTON, **more)  # fmt: skip

    def volunteer(self, person: Person, *, capacity: int = 9, checks: bool = True) -> Volunteer:
        addresses.set_address(by=self.by, person=person, postcode=self.postcodes.pop())
        if checks:
            for key in ("dbs-basic", "dbs-enhanced", "safeguarding-adults"):
                credentials.record(by=self.by, person=person, type=key,
                                   valid_from=self.ago(90).date(),
                                   verified_by=self.council)  # fmt: skip
        return volunteers.add(by=self.by, person=person, agency=self.council, capacity=capacity,
                              slots=(1 << len(SLOTS)) - 1, travel_limit_m=20_000,
                              skills=["shopping", "listening"], languages=["en", "pl"],
                              schemes=["good-neighbour", "community-support"],
                              joined_on=self.ago(90).date())  # fmt: skip

    def people(self) -> None:
        by, world = self.by, self.world
        hidden = self.person("Selma", "Shelter", date(1988, 2, 29), known_as="Sel",
                             say_it="SELL-muh", pronouns="she/her")  # fmt: skip
        contacts.add(by=by, person=hidden, kind="mobile", value="07700 900 111", safe=False,
                     safe_note="Somebody else reads the messages")  # fmt: skip
        contacts.add(by=by, person=hidden, kind="email", value="sel@demo.example", safe=True,
                     safe_note="Only on weekday mornings", preferred=True)  # fmt: skip
        world["hidden-postcode"] = self.postcodes.pop()
        addresses.set_address(by=by, person=hidden, postcode=world["hidden-postcode"],
                              lines="99 Concealment Crescent", shielded=True)  # fmt: skip
        world["shielded"] = hidden
        world["contact"] = hidden.contacts.get(kind="email")
        young = self.person("Yusuf", "Young", date(self.now.year - 17, 1, 1), pronouns="he/him")
        world["young"] = young
        world["young-profile"] = self.volunteer(young, checks=False)
        world["plain"] = self.person("Percy", "Plain", date(1950, 6, 1))
        world["shopper"] = self.person("Sadie", "Shopper", date(1944, 8, 8))
        addresses.set_address(by=by, person=world["plain"], postcode=self.postcodes.pop(),
                              lines="1 Example Row")  # fmt: skip
        for name, (given, family) in {"helper": ("Vera", "Volunteer"), "paused": ("Paul", "Paused"),
                                      "spare": ("Stella", "Spare"), "near": ("Nadia", "Nearby"),
                                      "ready-to-help": ("Reg", "Ready")}.items():  # fmt: skip
            world[name] = self.person(given, family, date(1970, 7, 7))
            world[f"{name}-profile"] = self.volunteer(world[name])
        contacts.add(by=by, person=world["helper"], kind="email", value="vera@demo.example")
        volunteers.pause(by=by, volunteer=world["paused-profile"])
        world["check"] = credentials.record(
            by=by, person=world["helper"], type="first-aid", valid_from=self.ago(900).date(),
            valid_to=self.ago(-20).date(), verified_by=self.council,
        )  # fmt: skip
        self.lapse(world["helper"])
        world["exclusion"] = exclusions.record(by=by, volunteer=world["spare-profile"],
                                               person=world["plain"], reason="request")  # fmt: skip

        with clock.at(self.ago(40)):
            world["old-secret"] = links.make(by=Actor.hub(), person_id=world["helper"].pk,
                                             purpose="volunteer")  # fmt: skip

    def lapse(self, person: Person) -> None:
        credentials.record(by=self.by, person=person, type="driving",
                           valid_from=self.ago(500).date(), valid_to=self.ago(40).date(),
                           verified_by=self.council)  # fmt: skip

    def need(self, title: str, *, days: int = 30, **more: Any) -> Need:
        given: dict[str, Any] = {
            "title": title, "scheme": "good-neighbour", "agency": self.council, "band": 2,
            "officer": self.world.users["officer"], "postcode": self.postcodes.pop(),
            "skills": ["shopping"], "weekly_minutes": 120,
        }  # fmt: skip
        with clock.at(self.ago(days)):
            return needs.add(by=self.by, starts=clock.today(), **{**given, **more})

    def ready(self, title: str, *, days: int = 30, **more: Any) -> Need:
        need = self.need(title, days=days, **more)
        with clock.at(self.ago(days)):
            sent = risk_assessments.submit(by=self.by, assessment=self.assess(need))
        with clock.at(self.ago(days - 1)):
            risk_assessments.approve(by=self.approver, assessment=sent)
        return need

    def assess(self, need: Need, hazards: Sequence[Any] = HAZARDS) -> Any:
        return risk_assessments.write(by=self.by, need=need, hazards=hazards, lone_working=True,
                                      review_on=self.ago(-180).date())  # fmt: skip

    def needs(self) -> None:
        by, world = self.by, self.world
        world["unassessed"] = self.need("Help after a stay in hospital", person=world["plain"])
        world["drafted"] = self.need("Company on Sundays")
        self.assess(world["drafted"])
        world["submitted"] = self.need("Walking a dog")
        risk_assessments.submit(by=by, assessment=self.assess(world["submitted"]))
        world["returned"] = self.need("Letters read aloud")
        sent = risk_assessments.submit(by=by, assessment=self.assess(world["returned"]))
        risk_assessments.send_back(by=self.approver, assessment=sent,
                                   note="Say who is told when the visit is over.")  # fmt: skip
        world["ready"] = self.ready("Shopping once a week", person=world["shopper"], places=2,
                                    slots=0b111, languages=["pl"])  # fmt: skip
        world["refuge"] = self.ready("Company at appointments", person=world["shielded"],
                                     postcode=world["hidden-postcode"], shielded=True,
                                     gender="female", gender_reason="abuse",
                                     scheme="community-support")  # fmt: skip
        world["closed"] = self.ready("A garden made safe")
        needs.close(by=by, need=world["closed"], outcome="stepped-down")
        world["withdrawn"] = self.need("Asked for twice")
        needs.withdraw(by=by, need=world["withdrawn"])

    def offer(self, need: Need, *, days: int = 0, to: str = "helper-profile") -> Offer:
        with clock.at(self.ago(days)):
            return offers.send(by=self.by, need=need, volunteer=self.world[to])

    def placed(self, need: Need, *, days: int = 28) -> Placement:
        offer = self.offer(need, days=days)
        with clock.at(self.ago(days - 1)):
            return offers.accept(by=self.helper, offer=offer)

    @property
    def helper(self) -> Actor:
        return Actor.by_link(self.world["helper"].pk)

    def pairs(self) -> None:
        """In the order of the days, as the ledger keeps it."""
        by, world = self.by, self.world
        titles = {
            "live": "A weekly visit", "suspended": "Post collected",
            "stepping-back": "A pond cleared", "ended": "Moving house",
            "lapsed": "Small jobs in the house", "declined": "Cooking for one",
            "taken-back": "A form filled in", "offer-to-answer": "Prescriptions fetched",
        }  # fmt: skip
        ready = {
            name: self.ready(title, person=world["plain"] if name == "live" else None)
            for name, title in titles.items()
        }
        world["visited"] = ready["live"]
        for name in ("live", "suspended", "stepping-back", "ended"):
            world[name] = self.placed(ready[name])
        for days, name in ((20, "confirmed"), (13, "questioned")):
            world[name] = self.gave(days)
        with clock.at(self.ago(12)):
            hours.confirm(by=by, entry=world["confirmed"])
            hours.query(by=by, entry=world["questioned"], note="Was this one hour or two?")
        world["lapsed"] = self.offer(ready["lapsed"], days=10)
        with clock.at(self.ago(7)):
            offers.lapse_due(by=Actor.hub())
        world["logged"] = self.gave(6)
        with clock.at(self.ago(5)):
            placements.end(by=by, placement=world["ended"], reason="done")
            placements.suspend(by=by, placement=world["suspended"],
                               reason="A check is being renewed")  # fmt: skip
        world["declined"] = self.offer(ready["declined"], days=2)
        with clock.at(self.ago(1)):
            offers.decline(by=self.helper, offer=world["declined"], reason="times")
            placements.ask_to_step_back(by=self.helper, placement=world["stepping-back"])
        world["offer"] = self.offer(world["ready"])
        world["offer-to-answer"] = self.offer(ready["offer-to-answer"])
        world["taken-back"] = self.offer(ready["taken-back"])
        offers.withdraw(by=by, offer=world["taken-back"])

    def gave(self, days: int) -> HoursEntry:
        """An hour and a half of the helper's, told the same day."""
        with clock.at(self.ago(days)):
            return hours.log(by=self.helper, placement=self.world["live"], on=clock.today(),
                             minutes=90)  # fmt: skip

    def referrals(self) -> None:
        world = self.world
        world["referral"] = make_referral(
            given_name="Rosa", family_name="Referred", secret=True, safe="care",
            postcode=self.postcodes.pop(), lines="7 Hidden Mews",
            safe_note="Only on weekday mornings", consent="unsure",
        )  # fmt: skip
        world["referral-unsafe"] = make_referral(given_name="Una", family_name="Unsafe", safe="no")
        for name in ("alike", "alike-again"):
            world[name] = make_referral(given_name="Dora", family_name="Duplicate")
        world["own"] = make_referral(world.actor("referrer"), given_name="Otto", family_name="Own")
        world["draft"] = make_draft(world.actor("referrer"))
        world["answered"] = make_answered(
            world.actor("referrer"), languages=["ur"], communication="Speak slowly", slots=0b1001
        )
        world["rejected"] = make_referral(given_name="Rex", family_name="Rejected")
        referrals.reject(by=self.by, referral=world["rejected"], reason="not-offered")

    def accounts(self) -> None:
        """Somebody with every second step, somebody without a role, somebody whose role ends."""
        world, hub = self.world, Actor.hub()
        for key, name in {"keyholder": "Keith Keyholder", "nobody": "Nora Norole",
                          "idle": "Ida Idle"}.items():  # fmt: skip
            world.users[key] = users.add(by=hub, email=f"{key}@demo.example", display_name=name,
                                         password=PASSWORD, demonstration=True)  # fmt: skip
        memberships.grant(by=hub, user=world.users["keyholder"], agency=self.council,
                          role=RoleKey.COORDINATOR)  # fmt: skip
        memberships.grant(by=hub, user=world.users["idle"], agency=self.council,
                          role=RoleKey.VOLUNTEER)  # fmt: skip
        idle = self.person("Ida", "Idle", date(1999, 9, 9))
        self.volunteer(idle, checks=False)
        accounts.link_user(by=hub, person=idle, user=world.users["idle"])
        forgetful = world.users["approver"]
        world["reset-user"] = user_pk_to_url_str(forgetful)
        world["reset-key"] = default_token_generator.make_token(forgetful)
        world["account"] = world.users["officer"]
        world["role"] = world.users["officer"].memberships.get()
        world["passkey"] = second_steps(world.users["keyholder"])

    def messages(self) -> None:
        """One message failed for good, the others left; a link each of both kinds."""
        world, hub = self.world, Actor.hub()
        failed, *others = outbox.claim(by=hub, most=500)
        outbox.mark_failed(by=hub, message=failed, failure=jobs.NO_ADDRESS, final=True)
        for message in others:
            outbox.mark_sent(by=hub, message=message)
        helper = world["helper"].pk
        world["secret"] = links.make(by=hub, person_id=helper, purpose="volunteer")
        world["link"] = link_behind(secret=world["secret"], purpose="volunteer")
