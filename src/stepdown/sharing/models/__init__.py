from stepdown.sharing.models.agreement import Agreement, AgreementParty, Signature
from stepdown.sharing.models.clause import Clause, ClauseCover
from stepdown.sharing.models.dpia import DpiaAnswer
from stepdown.sharing.models.override import Override, OverrideAttempt

__all__ = [
    "Agreement",
    "AgreementParty",
    "Clause",
    "ClauseCover",
    "DpiaAnswer",
    "Override",
    "OverrideAttempt",
    "Signature",
]
