"""The choices that forms offer, so that pages need not know the models."""

from stepdown.volunteering.models import Need, Offer, Placement

DECLINE_REASONS = Offer.DeclineReason.choices
LAPSE_REASONS = Offer.LapseReason.choices
END_REASONS = Placement.EndReason.choices
OUTCOMES = Need.Outcome.choices
BANDS = Need.Band.choices
GENDER_REASONS = Need.GenderReason.choices
