"""News of money for the apps above. Receivers must be idempotent: the sweep and the polls say it again."""

from __future__ import annotations

from django.dispatch import Signal

# After commit, when a payment became paid. kwargs: payment.
payment_settled = Signal()

# After commit, when an account got runs or its debt was settled. kwargs: user.
credits_granted = Signal()
