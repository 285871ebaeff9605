"""What a table is called on a certificate, which speaks of nobody in particular."""

from collections import Counter
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from stepdown.records.queries.held_map import Words

_WORDS: dict[str, Words] = {
    "people.Person": _("Names and dates of birth"),
    "people.Contact": _("Ways to reach somebody"),
    "people.Address": _("Addresses"),
    "people.ShieldedAddress": _("Shielded addresses"),
    "people.EqualityRecord": _("Equality records"),
    "people.Consent": _("Consents"),
    "people.PersonStatement": _("Statements about records"),
    "people.Restriction": _("Stops to the use of data"),
    "people.Allowance": _("Stops to the use of data"),
    "volunteering.Need": _("Needs"),
    "volunteering.NeedLocation": _("Places where help was needed"),
    "volunteering.NeedShieldedLocation": _("Places where help was needed"),
    "volunteering.RiskAssessment": _("Risk assessments"),
    "volunteering.Volunteer": _("Volunteer profiles"),
    "volunteering.Credential": _("Checks and training"),
    "volunteering.Exclusion": _("Exclusions"),
    "volunteering.Offer": _("Offers"),
    "volunteering.Hold": _("Places in the calendar"),
    "volunteering.PlanPair": _("Lines of plans"),
    "volunteering.PlanGap": _("Lines of plans"),
    "casework.Referral": _("Referrals"),
    "casework.ReferralAnswers": _("Answers in referrals"),
    "casework.Case": _("Cases"),
    "casework.CasePerson": _("Parts in cases"),
    "casework.CaseMeasure": _("Measures in cases"),
    "casework.Caller": _("Numbers in call logs"),
    "casework.CallerDay": _("Numbers in call logs"),
    "casework.CallerRank": _("Numbers in call logs"),
    "records.RightsRequest": _("Requests about data"),
    "records.RightsQuestion": _("Requests about data"),
    "records.RightsChoice": _("Requests about data"),
    "records.RightsPack": _("Copies"),
    "records.RetentionReview": _("Reviews"),
    "records.LegalHold": _("Holds"),
    "sharing.Override": _("Openings in an emergency"),
    "hub.User": _("Accounts"),
    "hub.AccessLink": _("Links in messages"),
    "hub.OutboxMessage": _("Messages"),
    "hub.LedgerPayload": _("Words of the ledger"),
    "account.EmailAddress": _("Accounts"),
    "mfa.Authenticator": _("Ways to sign in"),
    "hub.ApiToken": _("Access tokens"),
}


def counted_in_words(counts: Mapping[str, int]) -> dict[str, int]:
    """How many rows of what went; a table that has no word is among the parts of what went."""
    found: Counter[str] = Counter()
    for label, count in counts.items():
        whole = _WORDS.get(label)
        if whole is None and label.startswith("casework."):
            whole = _("Parts of cases")
        found[str(whole or _("What belongs to these"))] += count
    return dict(sorted(found.items()))
