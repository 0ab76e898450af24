"""News from the accounts that other apps act on."""

from __future__ import annotations

from django.dispatch import Signal

# kwargs: user. Inside the transaction that blanks the account, while the row still says who it was.
# Receivers erase what they keep of the person; raise accounts.errors.DeletionRefused to stop it.
account_deleted = Signal()
