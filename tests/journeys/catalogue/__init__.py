"""Every page of the hub, in every state that a reader may meet it in."""

from tests.journeys.catalogue import (
    account,
    cases,
    evidence,
    hub,
    mine,
    needs,
    overrides,
    people,
    public,
    retention,
    rights,
    sharing,
    work,
)
from tests.journeys.catalogue.state import State

# In two halves, for two processes at once.
OPEN: tuple[State, ...] = (
    *public.STATES, *account.STATES, *mine.STATES, *hub.STATES, *sharing.STATES,
    *overrides.STATES,
)  # fmt: skip
STAFF: tuple[State, ...] = (
    *work.STATES, *needs.STATES, *people.STATES, *cases.STATES, *rights.STATES, *retention.STATES,
    *evidence.STATES,
)  # fmt: skip
STATES = (*OPEN, *STAFF)

# One picture of each page will do, of the first of its states; and these.
_MORE = {
    "refer-name", "refer-safe", "refer-safe-wrong", "refer-help", "referrals-own",
    "my-offer-accepted", "my-placement-suspended", "link-over", "sign-in-locked",
    "referrer-forbidden",
    "referral-of-another", "today-first-day", "plan-first-day", "needs-filtered",
    "need-without-risk-assessment", "need-match-found", "risk-none", "risk-decide",
    "risk-write-second-hazard", "placement-suspended", "person-shielded", "person-under-18",
    "place-county",
    "rights-erase",
}  # fmt: skip
PICTURED = frozenset(
    {one.lands or one.page: one.name for one in (*reversed(OPEN), *reversed(STAFF))}.values()
) | frozenset(_MORE)

# Addresses that are no page to look at, each with the reason.
NO_PAGE = {
    "set_language": "sends the reader back to the page they were on",
    "calendar-feed": "a calendar, read by programs",
    "caller-refer": "begins a referral and leads to its first page",
    "caller-take-up": "changes and leads back to the caller",
    "override-end": "shuts and leads back to the override",
    "case-figures-download": "a file for a spreadsheet",
    "appraisal-download": "a file for a spreadsheet",
    "funding-download": "a file for a spreadsheet",
    "performance-download": "a file for a spreadsheet",
    "appraisal-verify": "verifies and leads back to the appraisal",
    "rota-download": "a file for a spreadsheet",
    "case-refer-resume": "leads to the first page not answered",
    "refer-resume": "opens a draft and leads to its page",
    "refer-carry-on": "leads to the first page not answered",
    "hours-confirm": "confirms and leads back to the placement",
    "my-break": "changes and leads back to the availability",
    "my-calendar-end": "ends and leads back to the offers",
    "my-request-start": "begins anew and leads to the first question",
    "need-offer": "sends and leads back to the need; a refusal is the need's page",
    "need-risk-approve": "decides and leads back to the assessment",
    "need-risk-submit": "submits and leads back to the assessment",
    "placement-goes-on": "settles and leads back to the placement",
    "plan-make": "asks for a plan and leads to the page that waits for it",
    "plan-run-cancel": "cancels and leads back to the page that waited",
    "disposal-certificate": "a file, for a reader",
    "rights-copy": "a file, for a reader or a machine",
    "rights-name": "names the person and leads back to the request",
    "security-txt": "a file of text, read by programs",
    "volunteer-pause": "changes and leads back to the profile",
    "volunteer-resume": "changes and leads back to the profile",
    "api-schema": "the description of the interface, read by programs",
    **dict.fromkeys(
        (
            "api-cases",
            "api-case",
            "api-needs",
            "api-need",
            "api-need-placements",
            "api-people",
            "api-placement",
            "api-hours",
            "api-referrals",
            "api-referral",
            "api-schemes",
        ),
        "answers programs",
    ),
    "account_email": "shut: an administrator changes the address",
    "account_email_verification_sent": "shut: no address is confirmed",
    "account_confirm_email": "shut: no address is confirmed",
    "account_confirm_login_code": "shut: no sign-in by a code in a message",
    "account_set_password": "leads on: every account that gets so far has a password",
    "mfa_download_recovery_codes": "a file of text",
    "mfa_login_webauthn": "answers the sign-in page's script",
}

__all__ = ["NO_PAGE", "OPEN", "PICTURED", "STAFF", "STATES", "State"]
