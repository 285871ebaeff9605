"""A gallery of the pages' components: test-only addresses that show each one in its states."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import include, path
from django.views.i18n import set_language

from stepdown.kernel.slots import mask_of
from stepdown.pages.context import NavItem
from stepdown.pages.forms import (
    Checkboxes,
    CheckboxesInline,
    Email,
    File,
    GovDateField,
    GovForm,
    Password,
    Phone,
    Radios,
    Select,
    SlotsField,
    Text,
    TextArea,
    YesNoField,
)
from stepdown.pages.parts import (
    Cell,
    Change,
    Event,
    Fact,
    FilterGroup,
    FilterTag,
    Flag,
    Reason,
    Row,
    Stat,
    Table,
    Task,
)

NAVIGATION = [
    NavItem("Today", "/gallery/casework/", True),
    NavItem("Referrals", "/gallery/list/"),
    NavItem("Needs", "#needs"),
    NavItem("Plan", "#plan"),
    NavItem("People", "#people"),
    NavItem("Places", "#places"),
]
HELP = [("shopping", "Shopping"), ("company", "Company at home"), ("lift", "A lift to hospital")]
CONTACT = [("phone", "By phone"), ("letter", "By letter"), ("no", "It is not safe to contact them")]


class Everything(GovForm):
    """Every kind of field."""

    name = forms.CharField(label="Full name", widget=Text(width=20))
    email = forms.EmailField(
        label="Email address", widget=Email(width=30), help_text="We write to it once."
    )
    born = GovDateField(label="Date of birth", past=True, help_text="For example, 31 3 1980")
    contact = forms.ChoiceField(
        label="How should we contact them?",
        choices=CONTACT,
        widget=Radios(
            conditional={"phone": "number"}, hints={"no": "We will then speak to you only."}
        ),
    )
    number = forms.CharField(label="Phone number", widget=Phone)
    safe = YesNoField(label="Can we leave a message?")
    needs = forms.MultipleChoiceField(
        label="What help is needed?",
        choices=HELP,
        widget=Checkboxes,
        help_text="Select all that apply.",
    )
    district = forms.ChoiceField(
        label="District",
        choices=[("", "Choose a district"), ("e1", "Preston"), ("e2", "Wyre")],
        widget=Select,
    )
    places = forms.IntegerField(label="Places", min_value=1, max_value=20)
    limit = forms.IntegerField(label="Travel limit", widget=Text(width=3, suffix="km"))
    more = forms.CharField(
        label="Anything else", widget=TextArea(max_characters=200), max_length=200
    )
    letter = forms.FileField(label="Letter", widget=File)
    secret = forms.CharField(label="Password", widget=Password)
    slots = SlotsField(label="When are you free?")
    agree = forms.BooleanField(label="I have asked the person, and they agree")


class OneQuestion(GovForm):
    """One question a page: the legend is the heading."""

    heading_field = "safe"
    safe = YesNoField(
        label="Is it safe to contact the person?",
        help_text="Somebody else might read or hear a message.",
    )


class Filters(GovForm):
    """What an MOJ filter asks."""

    status = forms.MultipleChoiceField(
        label="Status",
        required=False,
        choices=[("open", "Open"), ("filled", "Filled"), ("closed", "Closed")],
        widget=CheckboxesInline,
    )
    place = forms.CharField(label="Place", required=False, widget=Text)


PERSON: dict[str, Any] = {
    "name": "Elsie Fairweather-Example",
    "facts": [Fact("Age", 79), Fact("Place", "Garstang, Wyre"), Fact("Reference", "SD-2041")],
    "flags": [Flag("Do not leave messages"), Flag("Address is shielded", "orange")],
    "actions": [("Add a note", "#note"), ("Assess risk", "#risk")],
}
ROWS = [
    Row("Name", "Elsie Fairweather-Example", Change("#name", "name")),
    Row("Address", "1 Example Lane\nGarstang\nPR3 0AA", Change("#address", "address")),
    Row("Language", None, Change("#language", "language")),
    Row("Age", 79),
]
EVENTS = [
    Event("Offer accepted", datetime(2026, 11, 5, 15, 4, tzinfo=UTC), "Sam Coordinator"),
    Event("Risk assessed", date(2026, 11, 4), "Jo Officer", "Two stairs. A small dog."),
    Event("Referral received", datetime(2026, 11, 3, 12, 0, tzinfo=UTC), text="From a nurse"),
]
TASKS = [
    Task("About the person", "complete", "#person"),
    Task("What help is needed", "in_progress", "#help", "You can come back to this"),
    Task("Check your answers", "not_started"),
]
STATS = [
    Stat(14, "Referrals to triage", "#triage", "Oldest is 2 days old"),
    Stat(3, "Overdue", "#overdue", warning=True),
    Stat("92%", "Places filled"),
]
REASONS = [
    Reason("Lives 1.2 km away", points=420),
    Reason("Has said they like to give company", points=100),
    Reason("The check ends on 3 March 2027, before the need does", favourable=False),
]
TABLE = Table(
    "Needs that are open",
    ["Need", "Place", "Starts", "Places", "Status"],
    [
        [
            Cell("Company for Elsie F.", "#1", hint="SD-2041"),
            *map(Cell, ["Wyre", "5 November 2026", 1]),
            Cell("open", status=True),
        ],
        [
            Cell("A lift to hospital", "#2"),
            *map(Cell, ["Preston", "9 November 2026", 12]),
            Cell("part_filled", status=True),
        ],
    ],
    numeric=frozenset({3}),
    sortable=True,
)
CHOSEN = [FilterGroup("Status", [FilterTag("Open", "?"), FilterTag("Filled", "?")])]

PUBLIC = """{% extends "public.html" %}{% load stepdown %}{% block title %}Questions{% endblock %}
{% block content %}{% if title %}<h1 class="govuk-heading-l">{{ title }}</h1>{% endif %}
<form method="post" novalidate>{% csrf_token %}{{ form }}
<button class="govuk-button" data-module="govuk-button">Continue</button></form>{% endblock %}"""
CASEWORK = """{% extends "casework.html" %}{% load stepdown %}{% block title %}Person{% endblock %}
{% block back %}{% include "components/back_link.html" with url="#back" %}{% endblock %}
{% block identity %}{% include "components/identity_bar.html" %}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Overview</h1>
{% include "components/stats.html" %}
<div class="govuk-grid-row"><div class="govuk-grid-column-two-thirds">
{% include "components/warning.html" with text="The risk assessment ends in 3 days." %}
{% include "components/summary_list.html" with card="Details" %}
<h2 class="govuk-heading-m">Why this volunteer</h2>{% include "components/reasons.html" %}
<h2 class="govuk-heading-m">Availability</h2><p class="govuk-body">{{ mask|slots_words }}</p>
{% include "components/slots.html" with held_mask=held %}
{% include "components/task_list.html" %}
{% include "components/inset.html" with text="Set apart." %}
{% include "components/details.html" with summary="What is this?" text="More words." %}
{% include "components/empty.html" with text="None." action_text="Add a note" action_url="#n" %}
</div><div class="govuk-grid-column-one-third"><h2 class="govuk-heading-m">Timeline</h2>
{% include "components/timeline.html" %}</div></div>{% endblock %}"""
LIST = """{% extends "casework.html" %}{% load stepdown %}{% block title %}Needs{% endblock %}
{% block breadcrumbs %}{% include "components/breadcrumbs.html" with items=crumbs %}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Needs</h1><div class="app-filter-layout">
<div>{% include "components/filter.html" with clear_url="?" %}</div>
<div class="app-filter-layout__content">{% include "components/table.html" %}
{% include "components/pagination.html" with previous_url="?before=1" next_url="?after=2" %}
</div></div>
{% endblock %}"""
DONE = """{% extends "public.html" %}{% block title %}Sent{% endblock %}{% block content %}
{% include "components/panel.html" with title="Referral sent" text=text reference="SD-2041-77" %}
<h2 class="govuk-heading-m">What happens next</h2><p class="govuk-body">We read it today.</p>
{% endblock %}"""


def draw(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(template).render(context, request))


def form(request: HttpRequest) -> HttpResponse:
    posted = Everything(request.POST, request.FILES) if request.method == "POST" else Everything()
    return draw(request, PUBLIC, form=posted, title="Every kind of field", back_url="#back")


def errors(request: HttpRequest) -> HttpResponse:
    data = {"born-day": "31", "born-year": "1980", "contact": "phone", "places": "40", "email": "x"}
    return draw(request, PUBLIC, form=Everything(data, {}), title="Every kind of field")


def question(request: HttpRequest) -> HttpResponse:
    return draw(request, PUBLIC, form=OneQuestion())


def casework(request: HttpRequest) -> HttpResponse:
    request.navigation = NAVIGATION  # type: ignore[attr-defined]
    messages.success(request, "The offer was sent.")
    sub = [("Overview", "#", True), ("Passport", "#passport", False), ("Notes", "#notes", False)]
    held, mask = (
        mask_of(["tue-eve"]),
        mask_of(["mon-am", "tue-am", "wed-am", "thu-am", "fri-am", "tue-eve"]),
    )
    return draw(
        request, CASEWORK, **PERSON, rows=ROWS, events=EVENTS, tasks=TASKS, stats=STATS, mask=mask,
        reasons=REASONS, sub_navigation=sub, held=held,
    )  # fmt: skip


def listing(request: HttpRequest) -> HttpResponse:
    request.navigation = NAVIGATION  # type: ignore[attr-defined]
    form, crumbs = Filters(request.GET or None), [("Today", "#today")]
    return draw(request, LIST, form=form, table=TABLE, chosen=CHOSEN, crumbs=crumbs)


def done(request: HttpRequest) -> HttpResponse:
    return draw(request, DONE, text="Your reference number")


def template(request: HttpRequest, name: str) -> HttpResponse:
    context = {"reason": "The check ended on 3 March 2027.", "failure_limit": 5}
    return render(request, name, context)


urlpatterns = [
    path("", done, name="home"),
    path("gallery/form/", form),
    path("gallery/errors/", errors),
    path("gallery/question/", question),
    path("gallery/casework/", casework),
    path("gallery/list/", listing),
    path("gallery/done/", done),
    path("gallery/template/<path:name>", template),
    path("about/", template, {"name": "pages/about.html"}, name="about"),
    path("accessibility/", template, {"name": "pages/accessibility.html"}, name="accessibility"),
    path("privacy/", template, {"name": "pages/privacy.html"}, name="privacy"),
    path("language/", set_language, name="set_language"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
]
