"""What is said of one person: details, needs, what has happened."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stepdown.hub.queries.ledger import timeline_page
from stepdown.hub.web.page import HubRequest, page
from stepdown.kernel.errors import NotVisible
from stepdown.pages.parts import Cell, Row, Table
from stepdown.pages.words import gov_date
from stepdown.people.queries import address as addresses
from stepdown.people.queries import equality
from stepdown.policy.categories import Category
from stepdown.policy.permissions import Permission
from stepdown.volunteering.queries import choices, need
from stepdown.volunteering.queries.sight import told
from stepdown.volunteering.web.need_words import address
from stepdown.volunteering.web.person_record import Record, open_record, show
from stepdown.volunteering.web.person_timeline import events_for


@page(Permission.PERSON_VIEW)
@require_safe
def person(request: HubRequest, person_id: UUID) -> HttpResponse:
    """Who they are, how to reach them, where they live."""
    record = open_record(request, person_id)
    may_change = record.may(Permission.PERSON_CHANGE)
    shows_place = record.reads(Category.LOCATION)
    gender = equality.gender_of(request.actor, record.person)
    shows = {Category.LOCATION} if shows_place else set()
    return show(
        record,
        "volunteering/people/person.html",
        {
            "rows": _details(record, gender),
            "may_change": may_change,
            "shows_contacts": record.reads(Category.CONTACT),
            "shows_place": shows_place,
            "address": addresses.address_of(request.actor, record.person) if shows_place else None,
        },
        page="person",
        shows=shows | ({Category.EQUALITY} if gender else set()),
    )


@page(Permission.NEED_VIEW)
@require_safe
def needs(request: HubRequest, person_id: UUID) -> HttpResponse:
    """The needs there have been for them."""
    record = open_record(request, person_id)
    bands = {int(value): str(label) for value, label in choices.BANDS}
    rows = [
        [
            Cell(one.title, address("need", one.pk), hint=one.reference),
            Cell(one.state, status=True),
            Cell(bands[one.band]),
            Cell(gov_date(one.starts)),
            Cell(one.officer.display_name if one.officer else _("Nobody yet")),
        ]
        for one in need.of_person(request.actor, record.person.pk)
    ]
    headings = [_("Need"), _("State"), _("How urgent"), _("Starts"), _("Looked after by")]
    return show(
        record,
        "volunteering/people/needs.html",
        {"table": Table(_("Needs, newest first"), headings, rows)},
        page="person-needs",
        shows=[Category.SUPPORT],
    )


@page(Permission.LEDGER_VIEW)
@require_safe
def timeline(request: HubRequest, person_id: UUID) -> HttpResponse:
    """What has been done about them, newest first."""
    record = open_record(request, person_id)
    if not record.may(Permission.LEDGER_VIEW):
        raise NotVisible("No such record.")
    found = timeline_page(
        "person",
        record.person.pk,
        after=request.GET.get("after"),
        told=told(request.actor),
    )
    return show(
        record,
        "volunteering/people/timeline.html",
        {"events": events_for(request.actor, found.items), "page": found},
        page="person-timeline",
        shows=[Category.SUPPORT],
    )


def _details(record: Record, gender: str) -> list[Row]:
    person = record.person
    rows = [
        Row(_("First name"), person.given_name),
        Row(_("Last name"), person.family_name),
        Row(_("Known as"), person.known_as),
        Row(_("How to say the name"), person.say_it),
        Row(_("Pronouns"), person.pronouns),
        Row(_("Date of birth"), gov_date(person.date_of_birth)),
        Row(_("District"), person.district.name if person.district else ""),
    ]
    if gender:
        rows.append(Row(_("Gender"), dict(equality.genders()).get(gender, gender)))
    return rows
