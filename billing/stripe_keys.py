"""The keys that dj-stripe remembers. Of several it takes the oldest, also one that Stripe refuses by now."""

from __future__ import annotations

from django.conf import settings
from djstripe.models import APIKey


def forget_old_keys() -> None:
    """Only today's key stays. A process that still has an older one notes it again, so the sweep comes back."""
    APIKey.objects.exclude(secret=settings.STRIPE_SECRET_KEY).delete()
