from stepdown.casework.models.appraisal import Appraisal, AppraisalLine
from stepdown.casework.models.caller import Caller, CallerDay, CallerRank, CallLog
from stepdown.casework.models.case import Case, CaseAnswers, CaseNeed, CasePerson, CaseWorker
from stepdown.casework.models.case_note import CaseNote
from stepdown.casework.models.case_step import CaseMeasure, CaseNotice, CaseStage, CaseStep
from stepdown.casework.models.funding import FundingLine
from stepdown.casework.models.meeting import (
    Meeting,
    MeetingAction,
    MeetingAttendee,
    MeetingDecision,
    MeetingItem,
)
from stepdown.casework.models.pathway_file import PathwayFile
from stepdown.casework.models.performance import PerformanceFigure, PerformanceMeasure
from stepdown.casework.models.rate import Rate
from stepdown.casework.models.referral import Referral, ReferralAnswers
from stepdown.casework.models.rota import Post, PostHolder, PostShift

__all__ = [
    "Appraisal",
    "AppraisalLine",
    "CallLog",
    "Caller",
    "CallerDay",
    "CallerRank",
    "Case",
    "CaseAnswers",
    "CaseMeasure",
    "CaseNeed",
    "CaseNote",
    "CaseNotice",
    "CasePerson",
    "CaseStage",
    "CaseStep",
    "CaseWorker",
    "FundingLine",
    "Meeting",
    "MeetingAction",
    "MeetingAttendee",
    "MeetingDecision",
    "MeetingItem",
    "PathwayFile",
    "PerformanceFigure",
    "PerformanceMeasure",
    "Post",
    "PostHolder",
    "PostShift",
    "Rate",
    "Referral",
    "ReferralAnswers",
]
