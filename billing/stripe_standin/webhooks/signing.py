"""Sign a delivery as Stripe does."""

import hashlib
import hmac


def signature(payload: str, secret: str, second: int) -> str:
    """The value of the `Stripe-Signature` header."""
    digest = hmac.new(secret.encode(), f"{second}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={second},v1={digest}"
