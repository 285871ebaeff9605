from stepdown.casework.models.referral import Referral, ReferralAnswers

__all__ = ["Referral", "ReferralAnswers"]
