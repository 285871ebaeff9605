"""Pages for everybody: what the hub is, making a referral, and what goes wrong on the way."""

from tests.journeys.catalogue.state import (
    State,
    Step,
    choose,
    fill,
    lose_cookies,
    press,
    visit,
)

PAGES = (
    State("home", "home", "Help from volunteers"),
    State("home-in-welsh", "home", "Neidio i’r prif gynnwys", do=(press("Cymraeg", "footer"),)),
    State("about", "about", "About"),
    State("accessibility", "accessibility", "Accessibility"),
    State("privacy", "privacy", "Privacy"),
    State("refer", "refer", "Ask for help for somebody"),
    State("refer-unfinished", "refer", "You have a referral that is not finished",
          do=(press("Start now"), visit("/refer/"))),
    State("refer-begun", "refer", "Code:", do=(press("Start now"),)),
    State("refer-who-wrong", "refer", "There is a problem", lands="refer-step",
          do=(press("Start now"), press("Continue"))),
    State("refer-saved", "refer", "Your answers so far are saved", lands="refer-step",
          do=(press("Start now"), choose("I am a relative"), press("Save and come back"))),
    State("refer-return", "refer-return", "Come back to your referral"),
    State("refer-return-wrong", "refer-return", "We cannot open a referral with this reference",
          do=(fill("Reference", "R-0000-0000"), fill("Code", "0000-0000"), press("Continue"))),
    State("refer-stop", "refer", "Delete this referral?", lands="refer-stop",
          do=(press("Start now"), visit("/refer/stop/"))),
    State("refer-stopped", "refer", "The referral is deleted", lands="refer-stop",
          do=(press("Start now"), visit("/refer/stop/"), press("Delete the referral"))),
    State("page-out-of-date", "refer", "Your page was open too long", status=403,
          do=(lose_cookies, press("Start now"))),
)  # fmt: skip


def _step(slug: str, says: str, *do: Step, name: str = "") -> State:
    """A page of questions, reached in a draft that has every answer."""
    there = (press("Go on with it"), visit(f"/refer/{slug}/"))
    return State(f"refer-{name or slug}", "referral", says, "referrer", ("answered",),
                 do=(*there, *do), lands="refer-step")  # fmt: skip


QUESTIONS = (
    _step("who", "Who is making this referral?"),
    _step("you", "Your details"),
    _step("you", "Enter your full name", fill("Full name", ""), press("Continue"),
          name="you-wrong"),
    _step("consent", "Does the person know about this referral"),
    _step("name", "What is the person’s name?"),
    _step("age", "How old is the person?"),
    _step("age", "There is a problem", fill("Month", "13"), press("Continue"), name="age-wrong"),
    _step("secret", "Must the person’s address be kept secret?"),
    _step("where", "Where does the person live?"),
    _step("where", "We do not know this postcode", fill("Postcode", "ZZ1 1ZZ"), press("Continue"),
          name="where-wrong"),
    _step("where", "We have an address, and keep it secret", visit("/refer/secret/"),
          choose("Yes"), press("Continue"), visit("/refer/where/"), name="where-secret"),
    _step("safe", "Is it safe for us to contact the person?"),
    _step("safe", "Say how and when it is safe", choose("Only at certain times"),
          press("Continue"), name="safe-wrong"),
    _step("reach", "How can we reach the person?"),
    _step("help", "What help is needed?"),
    _step("health", "the person’s health"),
    _step("risk", "Could a visit be risky"),
    _step("language", "Language and communication"),
    _step("soon", "How soon is help needed?"),
    _step("times", "Which times of the week suit the person?"),
    State("refer-check", "referral", "Check your answers", "referrer", ("answered",),
          do=(press("Go on with it"), visit("/refer/check/")), lands="refer-check"),
    State("refer-sent", "referral", "What happens next", "referrer", ("answered",),
          do=(press("Go on with it"), visit("/refer/check/"), press("Confirm and send")),
          lands="refer-sent"),
    State("refer-page-not-found", "referral", "Page not found", "referrer", ("answered",),
          do=(press("Go on with it"), visit("/refer/no-such-page/")), lands="refer-step",
          status=404),
)  # fmt: skip

REFERRERS = (
    State("referrals-own", "referrals", "Your referrals", "referrer"),
    State("referral-own", "referral", "What became of it", "referrer", ("own",)),
    State("referral-draft", "referral", "You have not finished this referral", "referrer",
          ("draft",)),
    State("referrer-forbidden", "needs", "Your role does not include this page", "referrer",
          status=403),
    State("referral-of-another", "referral", "Page not found", "referrer", ("referral",),
          status=404),
)  # fmt: skip

STATES = (*PAGES, *QUESTIONS, *REFERRERS)
