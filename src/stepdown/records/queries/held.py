"""Everything that an agency holds or is shown about a person, field by field.

Read as the hub, because whoever answers for the data may see none of it in their daily work; and
only for a request that they handle, each time written into the read log by the page that shows it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from stepdown.casework.models import Referral
from stepdown.casework.queries import case, referral
from stepdown.hub.queries.reader import as_hub
from stepdown.people.models import Person
from stepdown.policy.actors import Actor
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Kind, Permission
from stepdown.records.models import RightsRequest
from stepdown.records.queries.held_map import ELSEWHERE, SECRET_ADDRESS, TABLES, Held, Table, Words
from stepdown.records.queries.held_reach import agency_of, of_the_person, open_to, seen
from stepdown.records.queries.held_source import Sources
from stepdown.records.queries.held_words import answer_words, is_referrers, text_of
from stepdown.volunteering.models import Need
from stepdown.volunteering.queries import need

# Tables whose rows are each of one category, named in a column.
_BY_CATEGORY = frozenset(
    {"casework.CaseAnswers", "casework.CaseMeasure", "casework.CaseNote", "casework.MeetingAction"}
)


@dataclass(frozen=True, repr=False)
class Item:
    """One field of one row. ``key`` names both, ``row`` the row alone. Has no ``repr``."""

    key: str
    row: str
    table: Words
    words: Words
    category: Category
    text: str
    third: bool = False
    free: bool = False
    moving: bool = False
    source: str = ""

    @property
    def wants_a_look(self) -> bool:
        """Whether it may be about others too, so that a handler must say what is done with it."""
        return self.third or self.free


def everything(request: RightsRequest) -> list[Item]:
    """All of it, in the order of the map. A constant number of queries, but for their chunks."""
    if request.person_id is None:
        return []
    # In one language, whoever looks: a choice is about words, and the same ones go out.
    with as_hub("everything that is held about whoever asks"), override("en"):
        person = Person.objects.select_related("user").get(pk=request.person_id)
        agency = agency_of(request.agency_id)
        sources = Sources(person)
        found = [item for table in TABLES for item in _of(table, person, agency, request, sources)]
        return found + [
            item for table in undescribed() for item in _of(table, person, agency, request, sources)
        ]


def seen_by(request: RightsRequest, person: Person) -> dict[str, set[UUID]]:
    """About whoever asks, the records of those kinds that stand behind walls, as far as the agency
    may see them."""
    agency = agency_of(request.agency_id)
    referrals = referral.visible_to(agency).filter(person=person).order_by()
    needs = need.visible_to(agency).filter(person=person).order_by()
    return {
        "referral": set(referrals.values_list("pk", flat=True)),
        "case": set(seen(Kind.CASE, person, agency)),
        "need": set(needs.values_list("pk", flat=True)),
    }


def _of(
    table: Table, person: Person, agency: Actor, request: RightsRequest, sources: Sources
) -> Iterator[Item]:
    table = _reached(table, person, request, sources)
    if not (table.fields or table.unread):
        return
    rows = _rows(table, person, agency, request, sources)
    if table.unread:
        for pk in rows.values_list("pk", flat=True):
            row = f"{table.model}/{pk}"
            what = Held("", _("Address"), Category.SHIELDED_LOCATION)
            yield _item(table, row, what, str(SECRET_ADDRESS), "")
        return
    held_rows = list(_with_related(rows, table).order_by(*table.order))
    sources.load(table, held_rows)
    for one in held_rows:
        row = f"{table.model}/{one.pk}"
        known = sources.of(table, one)
        if table.model == "casework.ReferralAnswers":
            yield from _answers(table, row, one, agency, known("answers"))
            continue
        fields = table.fields
        if table.by_row:
            fields = tuple(replace(held, category=Category(one.category)) for held in fields)
        if table.model in _BY_CATEGORY:
            category = Category(one.category)
            if not open_to(agency, category, one.case.agency_id, Permission.CASE_VIEW,
                            partial(case.facts, one.case)):  # fmt: skip
                continue
            fields = tuple(replace(held, category=category) for held in fields)
        for held in fields:
            text = text_of(one, held.name)
            if text:
                yield _item(table, row, held, text, known(held.name))


def _reached(table: Table, person: Person, request: RightsRequest, sources: Sources) -> Table:
    """The table with the fields that the request reaches, where it hangs on the person alone."""
    if table.kind is not None or table.asked:
        return table
    opens = sources.once("opens", partial(of_the_person, person, request.agency_id))
    if table.unread:
        return replace(table, unread=opens(table, Category.SHIELDED_LOCATION))
    return replace(table, fields=tuple(f for f in table.fields if opens(table, f.category)))


def _item(table: Table, row: str, held: Held, text: str, source: str) -> Item:
    return Item(
        key=f"{row}/{held.name}",
        row=row,
        table=table.words,
        words=held.words,
        category=held.category,
        text=text,
        third=held.third,
        free=held.free,
        moving=table.moving,
        source=source,
    )


def _answers(table: Table, row: str, one: Any, agency: Actor, source: str) -> Iterator[Item]:
    """Each answer of a referral by itself: those that a professional or a friend gave in their own
    words are theirs too, and are taken out until somebody has looked."""
    category = Category(one.category)
    if not open_to(agency, category, one.referral.agency_id, Permission.REFERRAL_VIEW,
                    partial(referral.facts, one.referral)):  # fmt: skip
        return
    if category is Category.SHIELDED_LOCATION:
        what = Held("address", _("Address"), category)
        yield _item(table, row, what, str(SECRET_ADDRESS), source)
        return
    for key, words, text, free in answer_words(one.answers):
        third = is_referrers(key, one.referral)
        held = Held(key, words, category, third=third, free=free or third)
        yield _item(table, row, held, text, source)


def _rows(
    table: Table, person: Person, agency: Actor, request: RightsRequest, sources: Sources
) -> QuerySet[Any]:
    """The rows of a table about the person that the agency answers for."""
    about = Q(pk__in=[])
    for path in table.people:
        way, _colon, column = path.partition(":")
        if way == "RECORDS":
            mine = sources.once("records", partial(_records_of, person))
            about |= Q(**{f"{column}__in": mine})
        elif way in ("ACCOUNT", "ACCOUNT_ID"):
            if person.user_id is not None:
                about |= Q(**{column or "pk": person.user_id})
        else:
            about |= Q(**{column if way == "ID" else path: person.pk})
    rows: QuerySet[Any] = apps.get_model(table.model)._default_manager.filter(about).distinct()
    if table.kind is Kind.RIGHTS:
        return rows.filter(agency=request.agency_id).exclude(pk=request.pk)
    if table.kind is Kind.OVERRIDE:
        return rows.filter(Q(agency=request.agency_id) | Q(holder=request.agency_id))
    if table.asked:
        asked = RightsRequest.objects.filter(agency=request.agency_id).values("pk")
        rows = rows.filter(**{f"{table.asked}__in": asked})
    if table.only_own:
        rows = rows.filter(**{table.only_own: request.agency_id})
    if table.kind is not None:
        there = sources.once(table.kind, partial(seen, table.kind, person, agency))
        rows = rows.filter(**{f"{table.root or 'pk'}__in": there})
    return rows


def _records_of(person: Person) -> list[UUID]:
    """The records about somebody that an emergency opens."""
    needs = Need.objects.filter(person=person).values_list("pk", flat=True)
    return [*needs, *Referral.objects.filter(person=person).values_list("pk", flat=True)]


def _with_related(rows: QuerySet[Any], table: Table) -> QuerySet[Any]:
    """With what its fields lead to, so that no row asks by itself."""
    if table.model == "casework.ReferralAnswers":
        return rows.select_related("referral").prefetch_related("referral__answers")
    if table.model in _BY_CATEGORY:
        return rows.select_related("case")
    to_one: list[str] = []
    to_many: list[str] = []
    for held in table.fields:
        first, _part, _rest = held.name.partition("__")
        one = rows.model._meta.get_field(first)
        if one.is_relation:
            (to_many if one.many_to_many else to_one).append(first)
    found = rows.select_related(*to_one) if to_one else rows
    return found.prefetch_related(*to_many)


def undescribed() -> list[Table]:
    """Models that lead straight to a person and are not on the map: all their fields, taken out."""
    known = {table.model for table in TABLES} | set(ELSEWHERE)
    return [
        Table(
            model._meta.label,
            str(model._meta.verbose_name).capitalize(),
            (link,),
            _all(model, link),
        )
        for model in apps.get_models()
        if model._meta.label not in known
        for link in _links(model)
    ]


def _links(model: type[Model]) -> Iterable[str]:
    fields = [one for one in model._meta.get_fields() if isinstance(one, Field)]
    return [
        one.name if one.is_relation else f"ID:{one.name}"
        for one in fields
        if one.related_model is Person or one.name in {"person_id", "to_person", "actor_person"}
    ]


def _all(model: type[Model], link: str) -> tuple[Held, ...]:
    names = [
        one.name
        for one in model._meta.concrete_fields
        if not one.primary_key and one.name != link.partition(":")[2] and one.name != link
    ]
    blank = Held("", "", Category.SUPPORT, third=True, free=True)
    return tuple(
        replace(blank, name=name, words=name.replace("_", " ").capitalize()) for name in names
    )
