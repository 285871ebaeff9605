"""The administrator's pages."""

from tests.journeys.catalogue.account import CONFIRM
from tests.journeys.catalogue.state import State, fill, press

ADMIN = "administrator"
STATES = (
    State("hub", "hub", "Health of the hub", ADMIN),
    State("hub-first-day", "hub", "Health of the hub", ADMIN, first_day=True),
    State("hub-seals", "hub-seals", "Seals of the ledger", ADMIN),
    State("hub-keys", "hub-keys", "Closes what is recorded now", ADMIN),
    State("hub-messages-failed", "hub-failed-messages", "No safe email address", "coordinator"),
    State("hub-messages-none", "hub-failed-messages", "Messages that could not be sent", ADMIN,
          first_day=True),
    State("hub-accounts", "hub-accounts", "Carol Kestrel", ADMIN),
    State("hub-account", "hub-account", "Olive Plover", ADMIN, ("account",)),
    State("hub-account-add", "hub-add-account", "Add an account", ADMIN),
    State("hub-account-add-wrong", "hub-add-account", "There is a problem", ADMIN,
          do=(fill("Work email address", "coordinator@demo.example"), press("Add account"))),
    State("hub-role-give", "hub-give-role", "Give a role", ADMIN, ("account",)),
    State("hub-role-give-wrong", "hub-give-role", "There is a problem", ADMIN, ("account",),
          do=(press("Give role"),)),
    State("hub-role-end", "hub-end-role", "End the role", ADMIN, ("account", "role")),
    State("hub-account-close", "hub-close-account", "Close this account?", ADMIN, ("account",)),
    State("hub-account-with-token", "hub-account", "Weekly list of open needs", ADMIN,
          ("token-holder",)),
    State("hub-token-revoke", "hub-revoke-token", "Revoke this token?", ADMIN,
          ("token-holder", "token")),
    State("tokens", "tokens", "Weekly list of open needs", "coordinator"),
    State("tokens-none", "tokens", "You have made no token", "officer"),
    State("token-add", "token-add", "Make a token", "coordinator", do=CONFIRM),
    State("token-add-wrong", "token-add", "There is a problem", "coordinator",
          do=(*CONFIRM, press("Make token"))),
    State("token-made", "token-add", "Copy your token now", "coordinator",
          do=(*CONFIRM, fill("What is it for?", "Monthly figures"), press("Make token"))),
    State("token-revoke", "token-revoke", "Revoke this token?", "coordinator", ("token",)),
    State("api-guide", "api-guide", "For programs"),
    State("places-administrator", "places", "fewer than", ADMIN),
    State("administrator-forbidden", "person", "Your role does not include this page", ADMIN,
          ("plain",), status=403),
)  # fmt: skip
