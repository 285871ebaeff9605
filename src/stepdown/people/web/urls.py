from django.urls import path

from stepdown.people.web import wordings

urlpatterns = [
    path("agreements/consent/", wordings.index, name="consent-wordings"),
    path("agreements/consent/add/", wordings.add, name="consent-wording-add"),
]
