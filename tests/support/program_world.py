"""Two agencies without an agreement: one has a record of each kind that programs may ask for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from stepdown.casework.models import Case, Referral
from stepdown.hub.models import User
from stepdown.kernel import clock
from stepdown.people.models import Person
from stepdown.policy.roles import RoleKey
from stepdown.volunteering.actions import hours
from stepdown.volunteering.models import Need, Placement
from tests.factories import actor_of, make_agency, make_person, make_ready_need, make_user
from tests.factories.cases import make_case
from tests.factories.offers import make_placement
from tests.factories.referrals import make_referral

SECRET = "7 Hidden Mews"


@dataclass
class ProgramWorld:
    """``ours`` and ``theirs`` are coordinators of the two agencies; the records are ours."""

    ours: User
    theirs: User
    admin: User
    person: Person
    need: Need
    placement: Placement
    referral: Referral
    case: Case

    @property
    def records(self) -> dict[str, list[UUID]]:
        """Ids by the word that stands before them in an address."""
        return {
            "needs": [self.need.pk],
            "placements": [self.placement.pk],
            "referrals": [self.referral.pk],
            "cases": [self.case.pk],
        }

    def addresses(self, made_up: bool = False) -> list[str]:
        """Every address about one record; of records that there are not, where asked."""
        tails = {"needs": ("", "/placements"), "placements": ("", "/hours")}
        return [
            f"/{word}/{uuid4() if made_up else id}{tail}"
            for word, [id] in self.records.items()
            for tail in tails.get(word, ("",))
        ]


def make_records(**named: Any) -> tuple[Person, Need, Placement, Referral, Case]:
    """One record of each kind, of the first agency. The referral's address is kept secret."""
    person = make_person(**named)
    with clock.at(clock.now() - timedelta(days=30)):
        need = make_ready_need(person=person, places=2, starts=clock.today())
        placement = make_placement(need)
        by = actor_of(make_user())
        referral = make_referral(by, secret=True, lines=SECRET, health="Tires easily")
        case = make_case(by=by)
    return person, need, placement, referral, case


def program_world() -> ProgramWorld:
    """All of it."""
    person, need, placement, referral, case = make_records()
    ours = make_user()
    entry = hours.log(
        by=actor_of(ours),
        placement=placement,
        on=clock.today() - timedelta(days=9),
        minutes=90,
    )
    assert entry.minutes == 90
    return ProgramWorld(
        ours=ours,
        theirs=make_user(agency=make_agency("Elsewhere trust", "nhs")),
        admin=make_user(RoleKey.ADMINISTRATOR),
        person=person,
        need=need,
        placement=placement,
        referral=referral,
        case=case,
    )
