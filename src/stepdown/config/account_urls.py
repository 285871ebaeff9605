"""The addresses of sign-in: allauth's, less signing up, which is by invitation."""

from django.urls import include, path

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
