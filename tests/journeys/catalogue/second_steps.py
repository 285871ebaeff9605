"""An account that is signed in to with more than a password."""

import json

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from stepdown.cli.demonstration.personas import PASSWORD
from stepdown.hub.models import User
from tests.support.passkey import Passkey

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOST = "localhost"


def second_steps(user: User) -> Authenticator:
    """An authenticator app, recovery codes, and a passkey, which its own page takes in."""
    client = Client(HTTP_HOST=HOST)
    client.force_login(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/webauthn/add/")
    key = Passkey(f"http://{HOST}").create(page.context["js_data"]["creation_options"])
    given = {"name": "Work laptop", "passwordless": "on", "credential": json.dumps(key)}
    client.post("/account/2fa/webauthn/add/", given)
    TOTP.activate(user, SECRET)
    return Authenticator.objects.get(user=user, type="webauthn")
