"""What Checkout refuses: what Stripe itself would, and what only the stand-in cannot do."""

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

DAY = 86400
_HALF_HOUR = 1800
_SLACK = 60
ECHOED = (
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_email",
    "locale",
    "submit_type",
    "success_url",
)
"""Parameters that the session shows as they came."""
TAKES = frozenset(
    {
        *ECHOED,
        "allow_promotion_codes",
        "customer_creation",
        "discounts.coupon",
        "discounts.promotion_code",
        "expires_at",
        "invoice_creation.enabled",
        *(f"invoice_creation.invoice_data.{name}" for name in ("description", "footer", "metadata")),
        "line_items.price",
        "line_items.quantity",
        "metadata",
        "mode",
        *(f"payment_intent_data.{name}" for name in ("description", "metadata", "receipt_email")),
        "payment_intent_data.statement_descriptor_suffix",
        "payment_method_collection",
        "payment_method_types",
        "subscription_data.description",
        "subscription_data.metadata",
        "ui_mode",
    }
)
_NOT_TOGETHER = [
    ("allow_promotion_codes", "discounts"),
    ("customer", "customer_email"),
    ("customer", "customer_creation"),
]
_NOT_IN_MODE = [
    ("payment", "subscription_data"),
    ("subscription", "payment_intent_data"),
    ("subscription", "invoice_creation"),
]


def check(backend: Backend, params: Obj) -> None:
    """Raises StripeError for the first thing that makes no sense."""
    _check_mode(params)
    if not params.get("success_url"):
        raise StripeError.invalid("Missing required param: success_url.", "success_url", "parameter_missing")
    if params.get("customer"):
        backend.need("customer", params["customer"], "customer")
    _check_pairs(params)
    _check_expiry(params.get("expires_at", backend.now() + DAY) - backend.now())


def _check_mode(params: Obj) -> None:
    if params.get("mode") not in ("payment", "subscription"):
        raise StripeError.invalid("The stand-in does `payment` and `subscription`.", "mode", "parameter_missing")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise StripeError.invalid("The stand-in has hosted pages only.", "ui_mode")


def _check_pairs(params: Obj) -> None:
    for pair in _NOT_TOGETHER:
        if all(params.get(name) for name in pair):
            raise StripeError.invalid(f"You may only specify one of these parameters: {', '.join(pair)}.", pair[0])
    for mode, name in _NOT_IN_MODE:
        if params["mode"] == mode and name in params:
            raise StripeError.invalid(f"You can not pass `{name}` in `{mode}` mode.", name)


def _check_expiry(seconds: int) -> None:
    if not _HALF_HOUR - _SLACK <= seconds <= DAY + _SLACK:
        rule = "must be between 30 minutes and 24 hours from Checkout Session creation."
        raise StripeError.invalid(f"The `expires_at` timestamp {rule}", "expires_at")
