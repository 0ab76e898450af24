"""Build complete Stripe objects: the field names come from the official stripe-python classes."""

from typing import Any, ClassVar, Union, get_args, get_origin

import stripe

from billing.stripe_standin.state.store import Obj

# What Stripe leaves out unless asked for, or does not document any more; other optional fields are null.
ABSENT: dict[str, set[str]] = {
    "account": {
        "capabilities",
        "company",
        "deleted",
        "external_accounts",
        "future_requirements",
        "groups",
        "individual",
        "requirements",
        "tos_acceptance",
    },
    "charge": {"authorization_code", "level3", "presentment_details", "radar_options", "refunds", "source", "transfer"},
    "checkout.session": {
        "branding_settings",
        "excluded_payment_method_types",
        "integration_identifier",
        "line_items",
        "name_collection",
        "optional_items",
        "presentment_details",
        "redirect_on_completion",
        "return_url",
        "tax_id_collection",
    },
    "coupon": {"applies_to", "currency_options", "deleted"},
    "customer": {
        "business_name",
        "cash_balance",
        "deleted",
        "individual_name",
        "invoice_credit_balance",
        "sources",
        "subscriptions",
        "tax",
        "tax_ids",
    },
    "discount": {"deleted"},
    "dispute": {"network_reason_code"},
    "event": {"account", "context"},
    "invoice": {"confirmation_secret", "deleted", "payments", "threshold_reason"},
    "item": {"adjustable_quantity", "discounts", "taxes"},
    "payment_intent": {
        "allowed_payment_method_types",
        "amount_details",
        "hooks",
        "payment_details",
        "presentment_details",
        "source",
    },
    "price": {"currency_options", "deleted", "tiers"},
    "product": {"deleted", "type"},
    "refund": {
        "customer",
        "customer_account",
        "description",
        "failure_balance_transaction",
        "failure_reason",
        "instructions_email",
        "next_action",
        "payment_method",
        "pending_reason",
        "presentment_details",
    },
    "subscription": {"presentment_details"},
    "subscription_item": {"billed_until", "deleted", "plan"},
    "webhook_endpoint": {"deleted", "secret"},
}
_DELETED = "deleted_"
_PAYMENT_METHOD = {"allow_redisplay", "customer", "customer_account", "metadata"}


def make(cls: type[stripe.StripeObject], **values: Any) -> Obj:
    """Every field that `cls` declares: ours as given, the optional ones null.

    Raises TypeError for a required field that is missing and for a field Stripe does not have.
    """
    fields = {name: note for name, note in cls.__annotations__.items() if _is_field(name, note)}
    values = _with_name(cls, values)
    absent = _absent(values, fields)
    missing = [name for name, note in fields.items() if name not in {*values, *absent} and not _is_optional(note)]
    unknown = sorted(values.keys() - fields.keys())
    if missing or unknown:
        raise TypeError(f"{cls.__qualname__}: missing {missing}, unknown {unknown}")
    return {name: values.get(name) for name in fields if name in values or name not in absent}


def tombstone(obj: Obj) -> Obj:
    """What stays of a deleted object that can still be read."""
    return {"id": obj["id"], "object": _DELETED + obj["object"]}


def visible(value: Any) -> Any:
    """A copy as Stripe shows it: without the stand-in's own fields, tombstones by the name of what they were."""
    if isinstance(value, dict):
        shown = {key: visible(item) for key, item in value.items() if not key.startswith("_")}
        kind = str(value.get("object", ""))
        return {**shown, "object": kind.removeprefix(_DELETED), "deleted": True} if kind.startswith(_DELETED) else shown
    if isinstance(value, list):
        return [visible(item) for item in value]
    return value


def _with_name(cls: type[stripe.StripeObject], values: Obj) -> Obj:
    name = getattr(cls, "OBJECT_NAME", None)
    return {"object": name, **values} if name else values


def _absent(values: Obj, fields: Obj) -> set[str]:
    if values.get("object") == "payment_method":  # one optional part per type of payment method
        return fields.keys() - _PAYMENT_METHOD - {values["type"]}
    return ABSENT.get(values.get("object", ""), set())


def _is_field(name: str, note: object) -> bool:
    return not name.startswith("_") and get_origin(note) is not ClassVar


def _is_optional(note: object) -> bool:
    return get_origin(note) is Union and type(None) in get_args(note)
