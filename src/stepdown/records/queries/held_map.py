"""The map of what is held about a person: every table, how its rows lead to them, and each field.

A model that leads to a person and is not in ``TABLES`` is found all the same (``held.py``), field
by field, with every word of it taken out until somebody has looked at it.
"""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stepdown.policy.categories import Category
from stepdown.policy.categories import Category as C  # noqa: N817  read in every line of the table
from stepdown.policy.permissions import Kind

Words = str | Promise
SECRET_ADDRESS: Words = _(
    "An address that is kept secret is held. It is printed nowhere: ask us, and we read it to you."
)


@dataclass(frozen=True)
class Held:
    """One field. ``third`` says that its words are known to be of or about somebody else: they are
    taken out until a handler keeps them. ``free`` says that names of others may stand in it."""

    name: str
    words: Words
    category: Category
    third: bool = False
    free: bool = False


@dataclass(frozen=True)
class Table:
    """One table. ``people`` are lookups from a row to the person. ``kind`` and ``root`` say which
    record the row belongs to, so that only what the agency may see is found; without them it hangs
    on the person (``held_reach.py``). ``ledger`` is what its record is called there, ``key`` the
    lookup of its id. ``unread`` tables say only that there is something: no value of theirs is ever
    read. ``moving`` ones the hub itself keeps changing. ``asked`` is the lookup of the request that
    a row came of: it belongs to the agency that was asked. ``only_own`` is the lookup of the one
    agency that ever sees a row, ``of_account`` says that rows are about an account. ``by_row`` ones
    name in a column of each row of which category it is."""

    model: str
    words: Words
    people: tuple[str, ...]
    fields: tuple[Held, ...]
    kind: Kind | None = None
    root: str = ""
    ledger: str = ""
    key: str = "pk"
    unread: bool = False
    moving: bool = False
    asked: str = ""
    only_own: str = ""
    of_account: bool = False
    by_row: bool = False
    order: tuple[str, ...] = field(default=("pk",))


def _fields(category: Category, *held: tuple[str, Words] | Held) -> tuple[Held, ...]:
    return tuple(one if isinstance(one, Held) else Held(one[0], one[1], category) for one in held)


_NEED = "need__person"
_BOTH = ("need__person", "volunteer__person")

TABLES: tuple[Table, ...] = (
    Table(
        "people.Person", _("Who you are"), ("pk",),
        _fields(C.IDENTITY, ("given_name", _("First name")), ("family_name", _("Last name")),
                ("known_as", _("Known as")), ("say_it", _("How to say the name")),
                ("pronouns", _("Pronouns")), ("date_of_birth", _("Date of birth")),
                ("district", _("District that looks after you")),
                ("made_at", _("On record since"))),
        ledger="person",
    ),
    Table(
        "people.Contact", _("Ways to reach you"), ("person",),
        _fields(C.CONTACT, ("kind", _("Kind")), ("value", _("Email or number")),
                ("safe", _("Safe to use")), ("preferred", _("Preferred")),
                Held("safe_note", _("When and how it is safe"), C.CONTACT, free=True)),
        ledger="person", key="person_id",
    ),
    Table(
        "people.Allowance", _("Uses of your data while it was restricted"),
        ("restriction__person",),
        _fields(C.IDENTITY, ("use", _("What for")), ("ground", _("Ground")),
                ("until", _("Last day")),
                Held("reason", _("Why"), C.IDENTITY, third=True, free=True)),
        ledger="person", key="restriction__person_id", asked="restriction__asked_in",
    ),
    Table(
        "people.PersonStatement", _("What you say of your record"), ("person",),
        (Held("about", _("About"), C.IDENTITY),
         Held("words", _("In your words"), C.IDENTITY, free=True),
         Held("kept_on", _("Kept since"), C.IDENTITY)),
        ledger="person", key="person_id", asked="asked_in", by_row=True,
    ),
    Table(
        "people.Address", _("Where you live"), ("person",),
        _fields(C.LOCATION, ("lines", _("Address")), ("postcode", _("Postcode"))),
        ledger="person", key="person_id",
    ),
    Table("people.ShieldedAddress", _("Where you live"), ("person",), (), unread=True),
    Table(
        "people.EqualityRecord", _("Equality"), ("person",),
        _fields(C.EQUALITY, ("gender", _("Gender"))), ledger="person", key="person_id",
    ),
    Table(
        "people.Consent", _("What you agreed to"), ("person",),
        _fields(C.IDENTITY, ("purpose", _("For what")), ("answer", _("Your answer")),
                ("explained_on", _("Explained to you on")), ("at", _("Written down on"))),
        ledger="person", key="person_id",
    ),
    Table(
        "volunteering.Volunteer", _("You as a volunteer"), ("person",),
        _fields(C.SUPPORT, ("agency", _("Agency")), ("state", _("State")), ("slots", _("Times")),
                ("travel_limit_m", _("How far you travel, in metres")),
                ("capacity", _("How many people at once")),
                ("weekly_cap_minutes", _("Minutes a week at most")), ("skills", _("Skills")),
                ("languages", _("Languages")), ("schemes", _("Schemes")),
                ("preferred_schemes", _("Schemes you like best")), ("joined_on", _("Joined on"))),
        Kind.VOLUNTEER, ledger="volunteer",
    ),
    Table(
        "volunteering.Credential", _("Checks, training and licences"), ("person",),
        _fields(C.SUPPORT, ("type", _("What")), ("state", _("State")), ("valid_from", _("From")),
                ("valid_to", _("To")), ("verified_by", _("Checked by")),
                ("reference", _("Reference"))),
        Kind.CREDENTIAL, ledger="credential",
    ),
    Table(
        "volunteering.Exclusion", _("Somebody you are not brought together with"),
        ("person", "volunteer__person"),
        _fields(C.SAFEGUARDING, Held("reason", _("Why"), C.SAFEGUARDING, third=True),
                ("recorded_at", _("Written down on")), ("ended_at", _("Ended on"))),
        Kind.EXCLUSION, ledger="exclusion",
    ),
    Table(
        "volunteering.Need", _("Help that was asked for you"), ("person",),
        _fields(C.SUPPORT, ("reference", _("Reference")),
                Held("title", _("What help"), C.SUPPORT, free=True), ("scheme", _("Scheme")),
                ("agency", _("Agency")), ("state", _("State")), ("band", _("How urgent")),
                ("starts", _("From")), ("ends", _("To")), ("slots", _("Times")),
                ("weekly_minutes", _("Minutes a week")), ("skills", _("Skills asked for")),
                ("languages", _("Languages asked for")), ("gender", _("Gender asked for")),
                ("gender_reason", _("Why a gender was asked for")),
                ("minimum_age", _("Least age asked for")), ("outcome", _("What became of it")),
                ("made_at", _("Written down on")), ("closed_at", _("Closed on"))),
        Kind.NEED, ledger="need",
    ),
    Table(
        "volunteering.NeedLocation", _("Where help is given"), (_NEED,),
        _fields(C.LOCATION, ("postcode", _("Postcode"))), Kind.NEED, "need", "need", "need_id",
    ),
    Table(
        "volunteering.NeedShieldedLocation", _("Where help is given"), (_NEED,), (),
        Kind.NEED, "need", unread=True,
    ),
    Table(
        "volunteering.RiskAssessment", _("Risk assessments"), (_NEED,),
        _fields(C.SAFEGUARDING, ("version", _("Version")), ("state", _("State")),
                Held("hazards", _("Hazards and controls"), C.SAFEGUARDING, third=True, free=True),
                ("lone_working", _("Lone working")), ("review_on", _("Review on")),
                Held("decision_note", _("Note on the decision"), C.SAFEGUARDING, third=True,
                     free=True)),
        Kind.RISK, "", "risk",
    ),
    Table(
        "volunteering.Offer", _("Offers"), _BOTH,
        _fields(C.SUPPORT, ("need", _("For")), ("state", _("State")), ("sent_at", _("Sent on")),
                ("lapses_at", _("To be answered by")), ("answered_at", _("Answered on")),
                Held("decline_reason", _("Why it was declined"), C.SUPPORT, third=True),
                ("lapse_reason", _("Why it lapsed"))),
        Kind.OFFER, ledger="offer",
    ),
    Table(
        "volunteering.Placement", _("Placements"), _BOTH,
        _fields(C.SUPPORT, ("need", _("For")), ("state", _("State")), ("starts", _("From")),
                ("ended_on", _("Ended on")), ("end_reason", _("Why it ended")),
                ("suspended_at", _("Suspended on")),
                Held("suspend_reason", _("Why it was suspended"), C.SUPPORT, third=True, free=True),
                ("step_back_asked_at", _("Asked to step back on"))),
        Kind.PLACEMENT, ledger="placement",
    ),
    Table(
        "volunteering.HoursEntry", _("Hours"),
        ("placement__volunteer__person", "placement__need__person"),
        _fields(C.SUPPORT, ("on", _("Day")), ("minutes", _("Minutes")), ("state", _("State")),
                Held("query_note", _("Question about them"), C.SUPPORT, third=True, free=True),
                ("logged_at", _("Written down on"))),
        Kind.HOURS, ledger="hours",
    ),
    Table(
        "volunteering.PlanPair", _("Suggestions made by a plan"), ("need__person",
                                                                   "volunteer__person"),
        _fields(C.SUPPORT, ("plan__on", _("Plan of")), ("need", _("For")),
                ("quality", _("Quality of the match"))),
        Kind.NEED, "need",
    ),
    Table(
        "volunteering.PlanGap", _("Places that a plan could not fill"), (_NEED,),
        _fields(C.SUPPORT, ("plan__on", _("Plan of")), ("places_unfilled", _("Places"))),
        Kind.NEED, "need",
    ),
    Table(
        "casework.Referral", _("Referrals"), ("person",),
        _fields(C.SUPPORT, ("reference", _("Reference")), ("agency", _("Agency")),
                ("state", _("State")), ("reject_reason", _("Why it was rejected")),
                ("received_at", _("Received on")), ("triaged_at", _("Dealt with on"))),
        Kind.REFERRAL, ledger="referral",
    ),
    Table(
        "casework.ReferralAnswers", _("What a referral says"), ("referral__person",),
        (Held("answers", _("Answers"), C.SUPPORT, free=True),),
        Kind.REFERRAL, "referral", "referral", "referral_id",
    ),
    Table(
        "casework.Case", _("Cases"), ("people__person",),
        _fields(C.SUPPORT, ("reference", _("Reference")), ("pathway", _("Pathway")),
                ("agency", _("Agency")), ("stage", _("Stage")), ("opened_on", _("Opened on")),
                ("closed_on", _("Closed on")), ("outcome", _("What became of it"))),
        Kind.CASE, ledger="case",
    ),
    Table(
        "casework.CasePerson", _("Your part in a case"), ("person",),
        _fields(C.SUPPORT, ("role", _("Part")), ("added_on", _("From")), ("ended_on", _("To"))),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.CaseAnswers", _("What a case says"), ("case__people__person",),
        (Held("answers", _("Answers"), C.SUPPORT, third=True, free=True),),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.CaseStage", _("Stages of a case"), ("case__people__person",),
        _fields(C.SUPPORT, ("stage", _("Stage")), ("entered_on", _("From"))),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.CaseStep", _("Steps of a case"), ("case__people__person",),
        _fields(C.SUPPORT, ("step", _("Step")), ("done_on", _("Done on"))),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.CaseMeasure", _("Measures"), ("person",),
        _fields(C.HEALTH, ("measure", _("What")), ("occasion", _("When")),
                ("taken_on", _("Taken on")), ("total", _("Total"))),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.CaseNote", _("Notes on a case"), ("case__people__person",),
        (Held("words", _("Note"), C.SUPPORT, third=True, free=True),
         Held("written_at", _("Written down on"), C.SUPPORT)),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.MeetingItem", _("Meetings that talked about a case"), ("case__people__person",),
        _fields(C.SUPPORT, ("waits_since", _("Waited since")), ("outcome", _("What came of it")),
                ("decided_on", _("Decided on"))),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.MeetingDecision", _("Decisions of meetings"), ("case__people__person",),
        _fields(C.SUPPORT, ("kind", _("What")), ("to", _("Stage")), ("outcome", _("Outcome")),
                ("reason", _("Why")), ("at", _("Decided on"))),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.MeetingAction", _("What a meeting asked of somebody"), ("case__people__person",),
        (Held("what", _("What"), C.SUPPORT, third=True, free=True),
         Held("by_when", _("By when"), C.SUPPORT), Held("done_on", _("Done on"), C.SUPPORT)),
        Kind.CASE, "case", "case", "case_id",
    ),
    Table(
        "casework.Caller", _("Your number in a call log"), ("case__people__person",),
        _fields(C.CONTACT, ("number", _("Number")), ("found_on", _("Found on"))),
        Kind.CASE, "case", "case", "case_id", only_own="agency",
    ),
    Table(
        "casework.CallerDay", _("Days on which the number rang"), ("caller__case__people__person",),
        _fields(C.SUPPORT, ("day", _("Day")), ("calls", _("Calls")),
                ("emergency", _("Of these to 999"))),
        Kind.CASE, "caller__case", "case", "caller__case_id", only_own="caller__agency",
    ),
    Table(
        "sharing.Override", _("Records of yours opened in an emergency"), ("RECORDS:record_id",),
        _fields(C.SAFEGUARDING, ("reference", _("Reference")), ("agency", _("Opened by")),
                ("reason", _("Why")), ("opened_at", _("Opened on")), ("until", _("Open until")),
                Held("words", _("What had happened"), C.SAFEGUARDING, third=True, free=True),
                ("outcome", _("What the review found")),
                Held("review_words", _("Words of the review"), C.SAFEGUARDING, third=True,
                     free=True)),
        Kind.OVERRIDE, ledger="override",
    ),
    Table(
        "hub.User", _("Your account"), ("ACCOUNT",),
        _fields(C.CONTACT, ("email", _("Sign-in name")), ("display_name", _("Shown name")),
                ("joined_at", _("Made on")), ("last_login", _("Last signed in on"))),
        ledger="user", moving=True, of_account=True,
    ),
    Table(
        "hub.Membership", _("Roles you hold"), ("ACCOUNT:user",),
        _fields(C.IDENTITY, ("role", _("Role")), ("agency", _("Agency")), ("starts", _("From")),
                ("ends", _("To"))),
        ledger="user", key="user_id", of_account=True,
    ),
    Table(
        "hub.ApiToken", _("Access tokens you made"), ("ACCOUNT:user",),
        _fields(C.CONTACT, ("name", _("For what")), ("may_write", _("May change records")),
                ("made_at", _("Made on")), ("last_day", _("Last day")),
                ("used_at", _("Last used on")), ("revoked_at", _("Ended on"))),
        ledger="token", moving=True, of_account=True,
    ),
    Table(
        "casework.PostHolder", _("Posts on a rota that you hold"), ("ACCOUNT:user",),
        _fields(C.IDENTITY, ("name", _("Name")), ("since", _("From")), ("until", _("To")),
                ("induction_until", _("In induction until"))),
        ledger="post", key="post_id", of_account=True,
    ),
    Table(
        "casework.PostShift", _("Shifts of yours"), ("ACCOUNT:holder__user",),
        _fields(C.IDENTITY, ("day", _("Day")), ("shift", _("Shift"))),
        ledger="post", key="post_id", of_account=True,
    ),
    Table(
        "hub.AccessLink", _("Links sent to you"), ("ID:person_id",),
        _fields(C.CONTACT, ("purpose", _("For what")), ("made_at", _("Made on")),
                ("expires_at", _("Good until")), ("revoked_at", _("Ended on"))),
        moving=True,
    ),
    Table(
        "hub.OutboxMessage", _("Messages to you"), ("ID:to_person", "ACCOUNT_ID:to_user"),
        _fields(C.CONTACT, ("template", _("What")), ("state", _("State")), ("made_at", _("On")),
                ("sent_at", _("Sent on"))),
        moving=True,
    ),
    Table(
        "records.RightsRequest", _("Your requests about your data"), ("person",),
        _fields(C.IDENTITY, ("reference", _("Reference")), ("kind", _("What you asked")),
                ("state", _("State")), ("received_on", _("Came on")),
                Held("asked_for", _("In your words"), C.IDENTITY, free=True)),
        Kind.RIGHTS,
    ),
)  # fmt: skip

# Models that lead to a person and are found nowhere above, each with its reason.
ELSEWHERE: dict[str, str] = {
    "hub.DisclosedPerson": "listed as who has looked",
    "hub.Disclosure": "listed as who has looked",
    "hub.LedgerSubject": "listed as what was done",
    "hub.LedgerEntry": "listed as what was done",
    "hub.LedgerPayload": "listed as what was done",
    "casework.CallerRank": "says the same as the days on which the number rang",
    "volunteering.Hold": "says the same as the offer or placement that holds it",
    "records.RightsQuestion": "the person was told it, and answered it",
    "records.RightsChoice": "holds nothing of the person but which letters are taken out",
    "records.RightsPack": "is the copy itself",
    "records.RetentionReview": "says of the record as a whole that it is kept",
    "records.LegalHold": "says of the record as a whole that it is kept",
    "people.Restriction": "says the same as the request it follows from",
}
