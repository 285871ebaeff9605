from stepdown.records.models.retention import (
    Disposal,
    LegalHold,
    RetentionReview,
    RetentionRule,
)
from stepdown.records.models.rights_choice import RightsChoice, RightsPack
from stepdown.records.models.rights_request import RightsQuestion, RightsRequest

__all__ = [
    "Disposal",
    "LegalHold",
    "RetentionReview",
    "RetentionRule",
    "RightsChoice",
    "RightsPack",
    "RightsQuestion",
    "RightsRequest",
]
