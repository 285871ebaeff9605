from stepdown.hub.models.acceptance import Acceptance
from stepdown.hub.models.agency import Agency, Membership
from stepdown.hub.models.disclosure import DisclosedPerson, Disclosure
from stepdown.hub.models.ledger import LedgerBatch, LedgerEntry, LedgerPayload, LedgerSubject
from stepdown.hub.models.link import AccessLink
from stepdown.hub.models.outbox import OutboxMessage
from stepdown.hub.models.place import Place
from stepdown.hub.models.postcode import Postcode
from stepdown.hub.models.token import ApiToken
from stepdown.hub.models.user import User

__all__ = [
    "Acceptance",
    "AccessLink",
    "Agency",
    "ApiToken",
    "DisclosedPerson",
    "Disclosure",
    "LedgerBatch",
    "LedgerEntry",
    "LedgerPayload",
    "LedgerSubject",
    "Membership",
    "OutboxMessage",
    "Place",
    "Postcode",
    "User",
]
