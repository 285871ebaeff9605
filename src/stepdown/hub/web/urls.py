from django.urls import path
from django.views.i18n import set_language

from stepdown.hub.web import statements

urlpatterns = [
    path("about/", statements.about, name="about"),
    path("accessibility/", statements.accessibility, name="accessibility"),
    path("privacy/", statements.privacy, name="privacy"),
    path("language/", set_language, name="set_language"),
]
