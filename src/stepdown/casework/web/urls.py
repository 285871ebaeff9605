from django.urls import path

from stepdown.casework.web import gaps, refer, refer_send, referrals, today, triage

urlpatterns = [
    path("refer/", refer.start, name="refer"),
    path("refer/go-on/", refer.carry_on, name="refer-carry-on"),
    path("refer/check/", refer_send.check, name="refer-check"),
    path("refer/sent/", refer_send.sent, name="refer-sent"),
    path("refer/return/", refer_send.come_back, name="refer-return"),
    path("refer/stop/", refer_send.stop, name="refer-stop"),
    path("refer/resume/<uuid:id>/", refer.resume, name="refer-resume"),
    path("refer/<slug:slug>/", refer.step, name="refer-step"),
    path("referrals/", referrals.index, name="referrals"),
    path("referrals/<uuid:id>/", referrals.show, name="referral"),
    path("referrals/<uuid:id>/need/", triage.make_need, name="referral-need"),
    path("referrals/<uuid:id>/duplicate/", triage.mark_duplicate, name="referral-duplicate"),
    path("referrals/<uuid:id>/reject/", triage.reject, name="referral-reject"),
    path("referrals/<uuid:id>/withdraw/", triage.withdraw, name="referral-withdraw"),
    path("referrals/<uuid:id>/reopen/", triage.reopen, name="referral-reopen"),
    path("agreements/gaps/", gaps.gaps, name="agreement-gaps"),
    path("today/", today.today, name="today"),
]
