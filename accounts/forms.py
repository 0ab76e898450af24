"""Forms of the account's own pages."""

from __future__ import annotations

from django import forms

from accounts.models import ApiToken, User

MAX_TOKENS = 50
LIFETIMES = {"30": "30 days", "90": "90 days", "365": "A year", "": "Until I revoke it"}


class TokenForm(forms.Form):
    """A name to recognise the token by, and how long it lives."""

    name = forms.CharField(
        max_length=100, widget=forms.TextInput(attrs={"placeholder": "nightly sweep", "autocomplete": "off"})
    )
    days = forms.ChoiceField(label="Expires after", choices=list(LIFETIMES.items()), required=False, initial="90")

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.user = user

    def clean_days(self) -> int | None:
        return int(self.cleaned_data["days"]) if self.cleaned_data["days"] else None

    def clean(self) -> None:
        if ApiToken.objects.filter(user=self.user).count() >= MAX_TOKENS:
            raise forms.ValidationError(f"An account has at most {MAX_TOKENS} tokens. Revoke one that is not used.")


class DeleteAccountForm(forms.Form):
    """One more conscious step before everything goes."""

    sure = forms.BooleanField(label="Yes, erase my models, results and personal data. This cannot be undone.")
