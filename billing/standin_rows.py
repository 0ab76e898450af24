"""What the stand-in left in the database, which must not meet the real Stripe."""

from __future__ import annotations

from djstripe.models import Account, Customer, IdempotencyKey

from billing.models import Payment, PaymentStatus

STANDIN_ACCOUNT = "acct_1StandInNotStripe"


def exist() -> bool:
    return bool(Account.objects.filter(id=STANDIN_ACCOUNT).exists())


def forget() -> int:
    """Delete dj-stripe's rows of the stand-in's account; answers how many. Our ledgers stay, as test money."""
    Payment.objects.filter(status__in=(PaymentStatus.OPEN, PaymentStatus.PROCESSING), livemode=False).update(
        status=PaymentStatus.EXPIRED
    )
    # Customers without an owner account are missed by the cascade.
    Customer.objects.filter(djstripe_owner_account=None).delete()
    IdempotencyKey.objects.all().delete()
    deleted, _ = Account.objects.filter(id=STANDIN_ACCOUNT).delete()
    return int(deleted)
