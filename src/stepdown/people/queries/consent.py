"""What people consent to, read whenever somebody asks."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from stepdown.hub.queries.user import names_of
from stepdown.people.models import Consent, ConsentWording, Person
from stepdown.policy.sharing import Purpose


@dataclass(frozen=True)
class Statement:
    """One thing a person said, with the wording that was explained and by whom."""

    purpose: str
    answer: str
    wording: int | None
    explained_by: str
    explained_on: date | None
    recorded_by: str
    at: datetime


@dataclass(frozen=True)
class Wording:
    """One version of a purpose's words."""

    id: UUID
    purpose: str
    number: int
    text: str
    made_at: datetime


def last_said(person: str, purpose: Purpose) -> tuple[Exists, Exists]:
    """For queries on records whose column ``person`` leads to somebody: whether they said anything
    about the purpose, and whether the last of it was yes."""
    said = Consent.objects.filter(person=OuterRef(person), purpose=purpose.value)
    later = Consent.objects.filter(
        person=OuterRef("person"), purpose=purpose.value, id__gt=OuterRef("id")
    )
    yes = said.filter(answer=Consent.Answer.GIVEN).filter(~Exists(later))
    return Exists(said), Exists(yes)


def statements(person: Person) -> list[Statement]:
    """All a person said, newest first. Two queries. The caller may see the person's consents."""
    rows = list(Consent.objects.filter(person=person).select_related("wording").order_by("-id"))
    names = names_of(
        user for row in rows for user in (row.explained_by_id, row.recorded_by_id) if user
    )
    return [
        Statement(
            purpose=row.purpose,
            answer=row.answer,
            wording=row.wording.number if row.wording else None,
            explained_by=names.get(row.explained_by_id, "") if row.explained_by_id else "",
            explained_on=row.explained_on,
            recorded_by=names.get(row.recorded_by_id, "") if row.recorded_by_id else "",
            at=row.at,
        )
        for row in rows
    ]


def wordings() -> list[Wording]:
    """All versions of all wordings, the newest of each purpose first. One query."""
    return [
        Wording(row.pk, row.purpose, row.number, row.text, row.made_at)
        for row in ConsentWording.objects.all()
    ]


def current_wording(purpose: str) -> Wording | None:
    """The newest words of a purpose; None where nobody has written any."""
    return next((one for one in wordings() if one.purpose == purpose), None)
