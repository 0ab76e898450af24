"""allauth's form for a passkey, in our words."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is not typed
    """A passkey signs in by itself, unless one unticks it: then it is a second step only."""

    passwordless = forms.BooleanField(
        label="Sign in with it alone, without a password",
        required=False,
        initial=True,
        help_text="Your device asks for a fingerprint, a face or a PIN. Untick it for an older security key.",
    )
