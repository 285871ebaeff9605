"""The wall of every table of the hub. A table without a rule fails `stepdown database check`.

What a record of a kind is, and by what its facts are known, comes from the queries that pages use.
"""

from stepdown.casework.queries import caller, case, meeting, referral, rota
from stepdown.hub.queries.row_rules import (
    Behind,
    ByCategory,
    Ground,
    HubOnly,
    Kept,
    Root,
    Rule,
    Shown,
    Unwalled,
    models,
)
from stepdown.people.queries import person
from stepdown.people.queries.row_kept import kept
from stepdown.policy.categories import Category as C  # noqa: N817  read in every line of the table
from stepdown.policy.permissions import Kind as K  # noqa: N817
from stepdown.records.queries import rights_request
from stepdown.sharing.queries import override
from stepdown.sharing.queries.row_clauses import clauses_asked, walled
from stepdown.volunteering.queries import (
    credential,
    exclusion,
    hours,
    need,
    offer,
    placement,
    risk,
    volunteer,
)

# People are known by these.
KEPT = {
    "volunteering.Need": walled("volunteering.Need", need.COLUMNS),
    "casework.Case": walled("casework.Case", case.COLUMNS, case.sent_or_own),
}
ROOTS = {
    K.PERSON: kept(Root("people.Person", person.COLUMNS), KEPT),
    K.CONSENT: kept(Root("people.Person", person.COLUMNS), KEPT),
    K.VOLUNTEER: Root("volunteering.Volunteer", volunteer.COLUMNS),
    K.CREDENTIAL: Root("volunteering.Credential", credential.COLUMNS),
    K.EXCLUSION: kept(Root("volunteering.Exclusion", exclusion.COLUMNS), KEPT),
    K.NEED: KEPT["volunteering.Need"],
    K.RISK: walled("volunteering.RiskAssessment", risk.COLUMNS),
    K.OFFER: walled("volunteering.Offer", offer.COLUMNS),
    K.PLACEMENT: walled("volunteering.Placement", placement.COLUMNS),
    K.HOURS: walled("volunteering.HoursEntry", hours.COLUMNS),
    K.REFERRAL: walled("casework.Referral", referral.COLUMNS, referral.sent_or_own),
    K.CASE: KEPT["casework.Case"],
    K.CALLER: Root("casework.Caller", caller.COLUMNS),
    K.MEETING: Root("casework.Meeting", meeting.COLUMNS),
    K.ROTA: Root("casework.Post", rota.COLUMNS),
    K.OVERRIDE: Root("sharing.Override", override.COLUMNS),
    K.RIGHTS: Root("records.RightsRequest", rights_request.COLUMNS),
}

# A volunteer's name is read on the offers, placements and hours of needs that one may see, and the
# name of the person supported on their need, wherever they live.
PERSON = (
    Behind(K.PERSON, category=C.IDENTITY),
    Behind(K.NEED, "id", "person", C.IDENTITY),
    Behind(K.VOLUNTEER, "id", "person", C.IDENTITY),
    Behind(K.OFFER, "id", "volunteer__person", C.IDENTITY),
    Behind(K.PLACEMENT, "id", "volunteer__person", C.IDENTITY),
    Behind(K.EXCLUSION, "id", "person", C.IDENTITY),
    Behind(K.EXCLUSION, "id", "volunteer__person", C.IDENTITY),
)
VOLUNTEER = (
    Behind(K.VOLUNTEER),
    Behind(K.OFFER, "id", "volunteer"),
    Behind(K.PLACEMENT, "id", "volunteer"),
    Behind(K.EXCLUSION, "id", "volunteer"),
)
NEED = (
    Behind(K.NEED),
    Behind(K.OFFER, "id", "need"),
    Behind(K.PLACEMENT, "id", "need"),
)
OF_VOLUNTEER = tuple(Behind(b.kind, "volunteer_id", b.lookup) for b in VOLUNTEER)
OF_NEED = tuple(Behind(b.kind, "need_id", b.lookup) for b in NEED)

LISTS = Shown("The partnership's own lists: nobody is in them.")
AGREEMENTS = Shown("Agreements name agencies, and are what the other walls are made of.")
SIGN_IN = Unwalled("Read and written by sign-in, before anybody is known.")
BOOKS = HubOnly("The books of the ledger: pages ask by way of the record they are about.")
PLANS = HubOnly("A plan is about everybody at once: its pages show what the actor may see of it.")

OF_CASE = (Behind(K.CASE, "case_id"),)

TABLES: dict[str, Rule] = {
    "hub_acceptance": Shown("What an administrator accepted in writing."),
    "hub_agency": LISTS,
    "hub_place": LISTS,
    "hub_postcode": LISTS,
    "hub_user": SIGN_IN,
    "hub_membership": SIGN_IN,
    "hub_membership_districts": SIGN_IN,
    "hub_accesslink": HubOnly("Secrets that stand for people."),
    "hub_apitoken": HubOnly("Secrets that stand for accounts."),
    "hub_outboxmessage": HubOnly("Whom the hub writes to."),
    "hub_disclosure": BOOKS,
    "hub_disclosedperson": BOOKS,
    "hub_ledgerbatch": BOOKS,
    "hub_ledgerentry": BOOKS,
    "hub_ledgerpayload": BOOKS,
    "hub_ledgersubject": BOOKS,
    "hub_cache": Unwalled("Counts of attempts, before anybody is known."),
    "sharing_agreement": AGREEMENTS,
    "sharing_agreementparty": AGREEMENTS,
    "sharing_signature": AGREEMENTS,
    "sharing_clause": AGREEMENTS,
    "sharing_clausecover": AGREEMENTS,
    "sharing_dpiaanswer": AGREEMENTS,
    "people_person": PERSON,
    "people_contact": (Behind(K.PERSON, "person_id", category=C.CONTACT),),
    "people_address": (
        Behind(K.PERSON, "person_id", category=C.LOCATION),
        Behind(K.VOLUNTEER, "person_id", "person", C.LOCATION),
    ),
    "people_shieldedaddress": (Behind(K.PERSON, "person_id", category=C.SHIELDED_LOCATION),),
    "people_equalityrecord": (Behind(K.PERSON, "person_id", category=C.EQUALITY),),
    "people_consentwording": Shown("Words, not what anybody said."),
    "people_consent": (Behind(K.CONSENT, "person_id"),),
    "people_personstatement": HubOnly("Shown with what it is about, by way of the hub."),
    "people_restriction": HubOnly("Whose data is kept and not used."),
    "people_allowance": HubOnly("Which use of it goes on all the same, and why."),
    "volunteering_skill": LISTS,
    "volunteering_language": LISTS,
    "volunteering_credentialtype": LISTS,
    "volunteering_scheme": LISTS,
    "volunteering_scheme_conflicts_with": LISTS,
    "volunteering_requirementset": LISTS,
    "volunteering_requirementset_credential_types": LISTS,
    "volunteering_credential": (
        Behind(K.CREDENTIAL),
        Behind(K.VOLUNTEER, "person_id", "person"),
    ),
    "volunteering_exclusion": (Behind(K.EXCLUSION),),
    "volunteering_hold": (
        Behind(K.NEED, "need_id"),
        Behind(K.VOLUNTEER, "volunteer_id"),
    ),
    "volunteering_hoursentry": (Behind(K.HOURS),),
    "volunteering_need": NEED,
    "volunteering_need_skills": OF_NEED,
    "volunteering_need_languages": OF_NEED,
    "volunteering_need_credential_types": OF_NEED,
    "volunteering_needlocation": (
        Behind(K.NEED, "need_id", category=C.LOCATION),
        Behind(K.OFFER, "need_id", "need", C.LOCATION),
        Behind(K.PLACEMENT, "need_id", "need", C.LOCATION),
    ),
    "volunteering_needshieldedlocation": (Behind(K.NEED, "need_id", category=C.SHIELDED_LOCATION),),
    "volunteering_offer": (Behind(K.OFFER),),
    "volunteering_placement": (Behind(K.PLACEMENT),),
    "volunteering_plan": PLANS,
    "volunteering_planpair": PLANS,
    "volunteering_plangap": PLANS,
    "volunteering_planrun": PLANS,
    "volunteering_riskassessment": (Behind(K.RISK),),
    "volunteering_volunteer": VOLUNTEER,
    "volunteering_volunteer_skills": OF_VOLUNTEER,
    "volunteering_volunteer_languages": OF_VOLUNTEER,
    "volunteering_volunteer_schemes": OF_VOLUNTEER,
    "volunteering_volunteer_preferred_schemes": OF_VOLUNTEER,
    "casework_referral": (Behind(K.REFERRAL),),
    "casework_referralanswers": (ByCategory(K.REFERRAL, "referral_id"),),
    "sharing_override": (Behind(K.OVERRIDE),),
    "sharing_overrideattempt": HubOnly("How often an account has asked."),
    "casework_caller": (Behind(K.CALLER),),
    "casework_callerday": (Behind(K.CALLER, "caller_id"),),
    "casework_callerrank": (Behind(K.CALLER, "caller_id"),),
    "casework_calllog": Shown("How much of a call log was counted, and nobody in it."),
    "casework_case": (Behind(K.CASE),),
    "casework_caseanswers": (ByCategory(K.CASE, "case_id"),),
    "casework_casemeasure": (ByCategory(K.CASE, "case_id"),),
    "casework_caseneed": OF_CASE,
    "casework_casenotice": HubOnly("Reminders that were sent."),
    "casework_casenote": (ByCategory(K.CASE, "case_id"),),
    "casework_caseperson": OF_CASE,
    "casework_casestage": OF_CASE,
    "casework_casestep": OF_CASE,
    "casework_caseworker": OF_CASE,
    "casework_pathwayfile": Shown("Digests of files."),
    "casework_fundingline": Shown("What a fund gave, and nobody in it."),
    "casework_performancefigure": Shown("Published numbers, and nobody in them."),
    "casework_performancemeasure": Shown("Published numbers, and nobody in them."),
    "casework_rate": Shown("What an hour costs, and nobody in it."),
    "casework_appraisal": Shown("What a programme costs, and nobody in it."),
    "casework_appraisalline": Shown("What a programme costs, and nobody in it."),
    "casework_post": (Behind(K.ROTA),),
    "casework_postholder": (Behind(K.ROTA, "post_id"),),
    "casework_postshift": (Behind(K.ROTA, "post_id"),),
    "casework_meeting": (Behind(K.MEETING),),
    "casework_meetingattendee": (Behind(K.MEETING, "meeting_id"),),
    "casework_meetingitem": OF_CASE,
    "casework_meetingdecision": OF_CASE,
    "casework_meetingaction": (ByCategory(K.CASE, "case_id"),),
    "records_rightsrequest": (Behind(K.RIGHTS),),
    "records_rightsquestion": (Behind(K.RIGHTS, "request_id"),),
    "records_rightschoice": HubOnly("Which words of a record are taken out, and why."),
    "records_rightspack": (Behind(K.RIGHTS, "request_id"),),
    "records_retentionrule": Shown("For how long records are kept."),
    "records_retentionreview": HubOnly("Reviews are read without names, by way of the hub."),
    "records_legalhold": HubOnly("Why somebody's records are kept is for few."),
    "records_disposal": Shown("A tombstone says nothing of whom."),
    "django_migrations": Kept("Which form the database has."),
    "django_content_type": SIGN_IN,
    "auth_permission": SIGN_IN,
    "auth_group_permissions": SIGN_IN,
    "auth_group": SIGN_IN,
    "django_session": SIGN_IN,
    "account_emailaddress": SIGN_IN,
    "account_emailconfirmation": SIGN_IN,
    "mfa_authenticator": SIGN_IN,
    "axes_accessfailurelog": SIGN_IN,
    "axes_accessattempt": SIGN_IN,
    "axes_accessattemptexpiration": SIGN_IN,
    "axes_accesslog": SIGN_IN,
}

# The ledger and the read log: nothing in them is changed or removed, but for the numbers that
# sealing gives, once. A batch is locked by number while it is sealed, and never changes.
ADDED_ONLY = {
    "hub_ledgerentry": ("seq", "batch_id"),
    "hub_disclosure": ("seq", "batch_id"),
    "hub_ledgerbatch": ("number",),
    "hub_ledgerpayload": (),
    "hub_ledgersubject": (),
    "hub_disclosedperson": (),
}

# The words of the ledger about somebody go when their records are disposed of.
DISPOSABLE = {"hub_ledgerpayload": "records_disposal"}

# A table that nobody has given a rule yet is the hub's alone.
UNRULED = HubOnly("Nobody has said who may read it.")

GROUND = Ground(
    ROOTS, {**dict.fromkeys(models(), UNRULED), **TABLES}, ADDED_ONLY, clauses_asked, DISPOSABLE
)
