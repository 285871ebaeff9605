"""Today, referrals to decide on, and the plan."""

from playwright.sync_api import Page

from tests.journeys.catalogue.state import State, choose, fill, press, visit
from tests.support.planning import made_meanwhile

BY = "coordinator"


def make_plan(page: Page) -> None:
    """Ask for a plan, and wait until the hub has made it."""
    press("Make a new plan")(page)
    page.wait_for_url("**/plan/run/*/")
    made_meanwhile(page)
    page.wait_for_url("**/plan/")


TODAY = (
    State("today", "today", "Today", BY),
    State("today-officer", "today", "Today", "officer"),
    State("today-first-day", "today", "Today", BY, first_day=True),
    State("today-all-of-one", "today", "Today", BY, query="show=checks"),
)  # fmt: skip
REFERRALS = (
    State("referrals", "referrals", "Rosa Referred", BY),
    State("referrals-filtered", "referrals", "Filter", BY,
          query="state=received&district=E07000123"),
    State("referrals-nothing-found", "referrals", "Referrals", BY, query="reference=R-0000-0000"),
    State("referrals-first-day", "referrals", "Referrals", BY, first_day=True),
    State("referral", "referral", "Address is secret", BY, ("referral",)),
    State("referral-unsafe", "referral", "Not safe to contact", BY, ("referral-unsafe",)),
    State("referral-officer", "referral", "It waits for a coordinator’s decision", "officer",
          ("referral",)),
    State("referral-duplicates", "referral", "Possible duplicates", BY, ("alike",)),
    State("referral-rejected", "referral", "Reason", BY, ("rejected",)),
    State("referral-need", "referral-need", "Make a need from this referral", BY, ("referral",)),
    State("referral-need-wrong", "referral-need", "There is a problem", BY, ("referral",),
          do=(fill("What the help is", ""), press("Make the need"))),
    State("referral-case", "referral-case", "On which pathway?", BY, ("referral",)),
    State("referral-case-wrong", "referral-case", "Select a pathway", BY, ("referral",),
          do=(press("Go on to"),)),
    State("referral-duplicate", "referral-duplicate", "Which referral does it repeat?", BY,
          ("alike",)),
    State("referral-duplicate-wrong", "referral-duplicate", "There is no referral with this", BY,
          ("referral",), do=(choose("Another one"), fill("Reference", "R-0000-0000"),
                             press("Mark as a duplicate"))),
    State("referral-reject", "referral-reject", "Why is this referral rejected?", BY,
          ("referral",)),
    State("referral-reject-wrong", "referral-reject", "Select why the referral is rejected", BY,
          ("referral",), do=(press("Reject"),)),
    State("referral-withdraw", "referral-withdraw", "Withdraw this referral?", BY, ("referral",)),
    State("referral-reopen", "referral-reopen", "Open this referral again?", BY, ("rejected",)),
    State("referral-decided", "referral-reject", "Important", BY, ("rejected",),
          lands="referral"),
)  # fmt: skip
PLAN = (
    State("plan", "plan", "Proven best", BY),
    State("plan-officer", "plan", "Plan", "officer"),
    State("plan-made", "plan", "The plan is ready", BY, do=(make_plan,)),
    State("plan-first-day", "plan", "There is no plan yet", BY, first_day=True),
    State("plan-run", "plan", "Waiting to begin", BY, do=(press("Make a new plan"),),
          lands="plan-run"),
    State("plan-run-cancelled", "plan", "The plan was cancelled by", BY,
          do=(press("Make a new plan"), press("Cancel this plan")), lands="plan-run"),
    State("plan-under-way", "plan", "A new plan is being made", BY,
          do=(press("Make a new plan"), visit("/plan/"))),
    State("plan-changed", "plan", "Matches that this plan makes otherwise", BY,
          do=(make_plan, visit("/plan/changed/")), lands="plan-changed"),
    State("plan-matches", "plan", "Proposed matches", BY,
          do=(make_plan, visit("/plan/matches/")), lands="plan-pairs"),
    State("plan-matches-filtered", "plan-pairs", "Proposed matches", BY, query="band=2"),
    State("plan-gaps", "plan", "Places left empty", BY,
          do=(make_plan, visit("/plan/empty/")), lands="plan-gaps"),
    State("plan-gaps-filtered", "plan-gaps", "Places left empty", BY,
          query="district=E07000123&band=3"),
    State("plan-nothing-ticked", "plan", "Select at least one", BY,
          do=(make_plan, visit("/plan/matches/"), press("Send the offers ticked")),
          lands="plan-pairs"),
    State("plan-send", "plan", "Check before you send", BY,
          do=(make_plan, visit("/plan/matches/"), choose("Send this offer"),
              press("Send the offers ticked")), lands="plan-send"),
    State("plan-sent", "plan", "1 offer sent", BY,
          do=(make_plan, visit("/plan/matches/"), choose("Send this offer"),
              press("Send the offers ticked"), press("Send 1 offer")), lands="plan-sent"),
    State("plan-matches-first-day", "plan-pairs", "There is no plan yet", BY, lands="plan",
          first_day=True),
)  # fmt: skip
PLACES = (
    State("places", "places", "Preston", BY),
    State("place", "place", "Preston", BY, ("E07000123",)),
    State("place-county", "place", "Lancashire", BY, ("E10000017",)),
    State("place-first-day", "place", "Preston", BY, ("E07000123",), first_day=True),
    State("place-not-found", "place", "Page not found", BY, ("E99999999",), status=404),
)  # fmt: skip
STATES = (*TODAY, *REFERRALS, *PLAN, *PLACES)
