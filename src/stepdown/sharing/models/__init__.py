from stepdown.sharing.models.agreement import Agreement, AgreementParty, Signature
from stepdown.sharing.models.clause import Clause, ClauseCover
from stepdown.sharing.models.dpia import DpiaAnswer

__all__ = [
    "Agreement",
    "AgreementParty",
    "Clause",
    "ClauseCover",
    "DpiaAnswer",
    "Signature",
]
