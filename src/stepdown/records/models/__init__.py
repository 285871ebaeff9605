from stepdown.records.models.rights_choice import RightsChoice, RightsPack
from stepdown.records.models.rights_mark import RightsMark
from stepdown.records.models.rights_request import RightsQuestion, RightsRequest

__all__ = ["RightsChoice", "RightsMark", "RightsPack", "RightsQuestion", "RightsRequest"]
