"""A passkey in software: what a phone or a security key answers to a page (WebAuthn level 2)."""

import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
PRESENT_AND_VERIFIED = FLAG.UP | FLAG.UV
ATTESTED = FLAG.AT


class Passkey:
    """One key for one account, which its holder always unlocks."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user = ""
        self.counter = 0

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to "make a key for this account"."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        client = CollectedClientData.create(
            "webauthn.create", websafe_decode(asked["challenge"]), self.origin
        )
        data = AuthenticatorData.create(
            sha256(asked["rp"]["id"].encode()),
            PRESENT_AND_VERIFIED | ATTESTED,
            self.counter,
            AttestedCredentialData.create(Aaguid.NONE, self.id, public),
        )
        attested = AttestationObject.create("none", data, {})
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "attestationObject": websafe_encode(attested),
                "transports": ["internal"],
            }
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to "prove that you hold a key"."""
        asked = options["publicKey"]
        client = CollectedClientData.create(
            "webauthn.get", websafe_decode(asked["challenge"]), self.origin
        )
        self.counter += 1
        data = AuthenticatorData.create(
            sha256(asked["rpId"].encode()), PRESENT_AND_VERIFIED, self.counter
        )
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": self.user,
            }
        )

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "type": "public-key",
            "id": name,
            "rawId": name,
            "response": response,
            "clientExtensionResults": {"credProps": {"rk": True}},
        }
