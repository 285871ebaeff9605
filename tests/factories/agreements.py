"""Sharing agreements, drafted, sent out and signed as agencies would."""

from collections.abc import Iterable
from datetime import date, timedelta

from stepdown.hub.actions import acceptances
from stepdown.hub.models import Agency
from stepdown.hub.queries.walls import may_share_protected
from stepdown.kernel import clock
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.lawful import Basis, Condition
from stepdown.policy.roles import RoleKey
from stepdown.policy.sharing import Pathway, People, Purpose
from stepdown.sharing.actions import agreements
from stepdown.sharing.actions.clauses import Asked
from stepdown.sharing.models import Agreement
from stepdown.sharing.queries.agreement import questions
from tests.factories.users import actor_of, make_user

CASEWORK = (
    Category.IDENTITY,
    Category.CONTACT,
    Category.LOCATION,
    Category.SUPPORT,
    Category.HEALTH,
    Category.SAFEGUARDING,
)


def signatory(agency: Agency) -> Actor:
    """Somebody who signs for an agency."""
    return actor_of(make_user(RoleKey.SIGNATORY, agency=agency))


def protection_officer(agency: Agency) -> Actor:
    """The data-protection officer of an agency."""
    return actor_of(make_user(RoleKey.DATA_PROTECTION_OFFICER, agency=agency))


def asked(
    source: Agency,
    target: Agency,
    *,
    categories: Iterable[Category] = CASEWORK,
    purpose: Purpose = Purpose.SUPPORT,
    people: Iterable[People] = (People.SUPPORTED,),
    pathways: Iterable[str] = (Pathway.VOLUNTEER_SUPPORT,),
    consent: bool = False,
) -> Asked:
    """A clause from one agency to another."""
    return Asked(
        source=str(source.pk),
        target=str(target.pk),
        purpose=purpose.value,
        basis=(Basis.CONSENT if consent else Basis.PUBLIC_TASK).value,
        condition=(Condition.EXPLICIT_CONSENT if consent else Condition.SAFEGUARDING).value,
        categories=tuple(c.value for c in categories),
        people=tuple(p.value for p in people),
        pathways=tuple(str(p) for p in pathways),
    )


def accept_one_wall() -> None:
    """In writing, once, as an administrator would."""
    if not may_share_protected():
        acceptances.accept(by=Actor.hub(), name="A. Administrator", words="For these tests")


def make_draft_agreement(
    *clauses: Asked,
    parties: Iterable[Agency],
    by: Actor | None = None,
    starts: date | None = None,
    ends: date | None = None,
) -> Agreement:
    """A draft that lacks nothing, in a hub whose administrator accepted one wall if it has one."""
    accept_one_wall()
    parties = list(parties)
    by = by or protection_officer(parties[0])
    starts = starts or clock.today()
    ends = ends or starts + timedelta(days=365)
    held = agreements.draft(
        by=by,
        title="Referrals for volunteer support",
        agencies=parties,
        starts=starts,
        ends=ends,
        review_on=ends,
    )
    for clause in clauses:
        agreements.add_clause(by=by, agreement=held, asked=clause)
    answers = {key: "As the partnership's assessment says" for key, _words in questions()}
    agreements.assess(by=by, agreement=held, answers=answers)
    return Agreement.objects.get(pk=held.pk)


def make_agreement(
    source: Agency,
    target: Agency,
    *,
    categories: Iterable[Category] = CASEWORK,
    starts: date | None = None,
    ends: date | None = None,
    signed: bool = True,
    consent: bool = False,
    pathways: Iterable[str] = (Pathway.VOLUNTEER_SUPPORT,),
) -> Agreement:
    """An agreement by which one agency shows its referrals to another, in force from today."""
    by = protection_officer(source)
    held = make_draft_agreement(
        asked(source, target, categories=categories, consent=consent, pathways=pathways),
        parties=(source, target),
        by=by,
        starts=starts,
        ends=ends,
    )
    agreements.issue(by=by, agreement=held)
    for agency in (source, target) if signed else ():
        agreements.sign(by=signatory(agency), agreement=held, agency=agency)
    return Agreement.objects.get(pk=held.pk)
