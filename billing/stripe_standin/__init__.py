"""A stand-in for Stripe: a process of its own that speaks Stripe's API on loopback, for development and tests.

No money moves. It knows nothing of Django and of the site; the site reaches it over HTTP, as it reaches Stripe.
docs/stripe-standin.md tells how to run it, what it does and how its fidelity is proven.
"""

from typing import Final

API_VERSION: Final = "2026-05-27.dahlia"
ACCOUNT_ID: Final = "acct_1StandInNotStripe"
