from django.urls import path

from stepdown.records.web import (
    my_requests,
    rights,
    rights_deeds,
    rights_letter,
    rights_pack,
    rights_receive,
    rights_records,
)

urlpatterns = [
    path("my/requests/", my_requests.index, name="my-requests"),
    path("my/requests/ask/", my_requests.start, name="my-request-start"),
    path("my/requests/ask/<slug:step>/", my_requests.step, name="my-request-step"),
    path("my/requests/<uuid:id>/", my_requests.show, name="my-request"),
    path("my/requests/<uuid:id>/withdraw/", my_requests.withdraw, name="my-request-withdraw"),
    path("rights/", rights.index, name="rights"),
    path("rights/receive/", rights_receive.receive, name="rights-receive"),
    path("rights/<uuid:id>/", rights.show, name="rights-request"),
    path("rights/<uuid:id>/find/", rights_receive.find, name="rights-find"),
    path("rights/<uuid:id>/find/<uuid:person_id>/", rights_receive.name, name="rights-name"),
    path("rights/<uuid:id>/letter/", rights_letter.letter, name="rights-letter"),
    path("rights/<uuid:id>/copy/<slug:form>/", rights_pack.download, name="rights-copy"),
    path("rights/<uuid:id>/records/", rights_records.index, name="rights-records"),
    path("rights/<uuid:id>/records/<path:key>/", rights_records.item, name="rights-item"),
    path("rights/<uuid:id>/<slug:key>/", rights_deeds.deed, name="rights-deed"),
]
