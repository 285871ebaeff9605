from django.urls import path

from stepdown.sharing.web import agreements, course, draft, overrides, register

urlpatterns = [
    path("sharing-register/", register.index, name="sharing-register"),
    path("sharing-register/<str:reference>/", register.show, name="sharing-register-one"),
    path("emergency/", overrides.open_record, name="override-open"),
    path("overrides/", overrides.index, name="overrides"),
    path("overrides/<uuid:id>/", overrides.show, name="override"),
    path("overrides/<uuid:id>/end/", overrides.end, name="override-end"),
    path("agreements/", agreements.index, name="agreements"),
    path("agreements/add/", draft.add, name="agreement-add"),
    path("agreements/<uuid:id>/", agreements.show, name="agreement"),
    path("agreements/<uuid:id>/change/", draft.change, name="agreement-change"),
    path("agreements/<uuid:id>/clauses/add/", draft.add_clause, name="agreement-clause-add"),
    path(
        "agreements/<uuid:id>/clauses/<int:number>/remove/",
        draft.remove_clause,
        name="agreement-clause-remove",
    ),
    path("agreements/<uuid:id>/assessment/", draft.assessment, name="agreement-assessment"),
    path("agreements/<uuid:id>/check/", draft.check, name="agreement-check"),
    path("agreements/<uuid:id>/sign/", course.sign, name="agreement-sign"),
    path("agreements/<uuid:id>/withdraw/", course.withdraw, name="agreement-withdraw"),
    path("agreements/<uuid:id>/renew/", course.renew, name="agreement-renew"),
]
