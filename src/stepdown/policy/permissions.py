"""Every permission of the hub. A page or verb names exactly one; what is not named is refused."""

from enum import StrEnum


class Kind(StrEnum):
    """What a permission is about. A record of a kind brings its facts (see ``facts``)."""

    PAGE = "page"
    PERSON = "person"
    VOLUNTEER = "volunteer"
    CREDENTIAL = "credential"
    EXCLUSION = "exclusion"
    REFERRAL = "referral"
    NEED = "need"
    RISK = "risk"
    OFFER = "offer"
    PLACEMENT = "placement"
    HOURS = "hours"
    PLAN = "plan"
    PLACE = "place"
    SCHEME = "scheme"
    MESSAGE = "message"
    LEDGER = "ledger"
    USER = "user"
    AGREEMENT = "agreement"
    CONSENT = "consent"
    CASE = "case"
    RIGHTS = "rights"
    RETENTION = "retention"
    CALLER = "caller"
    MEETING = "meeting"
    RATE = "rate"
    EVIDENCE = "evidence"
    OVERRIDE = "override"
    ROTA = "rota"
    STEP = "step"
    TOKEN = "token"  # noqa: S105


class Permission(StrEnum):
    """``kind.verb``. ``kind.view`` makes records of the kind visible at all."""

    PAGE_PUBLIC = "page.public"
    PAGE_SIGNED_IN = "page.signed-in"
    PAGE_TODAY = "page.today"

    PERSON_VIEW = "person.view"
    PERSON_ADD = "person.add"
    PERSON_CHANGE = "person.change"

    VOLUNTEER_VIEW = "volunteer.view"
    VOLUNTEER_ADD = "volunteer.add"
    VOLUNTEER_CHANGE = "volunteer.change"

    CREDENTIAL_VIEW = "credential.view"
    CREDENTIAL_RECORD = "credential.record"

    EXCLUSION_VIEW = "exclusion.view"
    EXCLUSION_RECORD = "exclusion.record"

    REFERRAL_VIEW = "referral.view"
    REFERRAL_MAKE = "referral.make"
    REFERRAL_TRIAGE = "referral.triage"
    REFERRAL_WITHDRAW = "referral.withdraw"

    NEED_VIEW = "need.view"
    NEED_ADD = "need.add"
    NEED_CHANGE = "need.change"
    NEED_CLOSE = "need.close"

    RISK_VIEW = "risk.view"
    RISK_WRITE = "risk.write"
    RISK_APPROVE = "risk.approve"

    OFFER_VIEW = "offer.view"
    OFFER_SEND = "offer.send"
    OFFER_ANSWER = "offer.answer"
    OFFER_LAPSE = "offer.lapse"

    PLACEMENT_VIEW = "placement.view"
    PLACEMENT_CHANGE = "placement.change"
    PLACEMENT_STEP_BACK = "placement.step-back"

    HOURS_VIEW = "hours.view"
    HOURS_LOG = "hours.log"
    HOURS_CONFIRM = "hours.confirm"

    PLAN_VIEW = "plan.view"
    PLAN_RUN = "plan.run"

    PLACE_VIEW = "place.view"
    PLACE_LOAD = "place.load"
    SCHEME_CHANGE = "scheme.change"
    MESSAGE_VIEW = "message.view"
    MESSAGE_SEND = "message.send"
    LEDGER_VIEW = "ledger.view"
    LEDGER_SEAL = "ledger.seal"
    USER_VIEW = "user.view"
    USER_CHANGE = "user.change"

    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_DRAFT = "agreement.draft"
    AGREEMENT_SIGN = "agreement.sign"
    AGREEMENT_WITHDRAW = "agreement.withdraw"

    CONSENT_VIEW = "consent.view"
    CONSENT_RECORD = "consent.record"
    CONSENT_WORD = "consent.word"

    RIGHTS_VIEW = "rights.view"
    RIGHTS_ASK = "rights.ask"
    RIGHTS_HANDLE = "rights.handle"
    RIGHTS_APPROVE = "rights.approve"
    RIGHTS_COPY = "rights.copy"

    RETENTION_VIEW = "retention.view"
    RETENTION_REVIEW = "retention.review"
    RETENTION_AGREE = "retention.agree"
    RETENTION_HOLD = "retention.hold"
    RETENTION_RULE = "retention.rule"

    CALLER_VIEW = "caller.view"
    CALLER_DECIDE = "caller.decide"
    CALLER_KEEP = "caller.keep"

    MEETING_VIEW = "meeting.view"
    MEETING_PLAN = "meeting.plan"
    MEETING_HOLD = "meeting.hold"
    MEETING_FORGET = "meeting.forget"

    RATE_VIEW = "rate.view"
    RATE_ENTER = "rate.enter"

    # What programmes cost, were given and did, as figures with their source: nobody is in them.
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_KEEP = "evidence.keep"
    EVIDENCE_CHECK = "evidence.check"

    OVERRIDE_VIEW = "override.view"
    OVERRIDE_OPEN = "override.open"
    OVERRIDE_REVIEW = "override.review"

    # What lets a program of somebody's own read, and perhaps write, as they themselves may.
    TOKEN_VIEW = "token.view"  # noqa: S105
    TOKEN_MAKE = "token.make"  # noqa: S105
    TOKEN_REVOKE = "token.revoke"  # noqa: S105

    # Which role may do these, how far, is said by each pathway's definition (``pathways``).
    CASE_VIEW = "case.view"
    CASE_REFER = "case.refer"
    CASE_ASSIGN = "case.assign"
    CASE_WORK = "case.work"
    CASE_NOTE = "case.note"
    CASE_MOVE = "case.move"
    CASE_CLOSE = "case.close"
    CASE_REOPEN = "case.reopen"
    CASE_BRING = "case.bring"
    ROTA_VIEW = "rota.view"
    ROTA_KEEP = "rota.keep"
    # The steps of a case that a volunteer does: theirs are the cases they are placed in.
    STEP_VIEW = "step.view"
    STEP_DO = "step.do"

    @property
    def kind(self) -> Kind:
        """The kind of record this permission is about."""
        return Kind(self.value.partition(".")[0])


def view_of(kind: Kind) -> Permission | None:
    """The permission that makes records of a kind visible; None where a kind has no records."""
    try:
        return Permission(f"{kind.value}.view")
    except ValueError:
        return None
