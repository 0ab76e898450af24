"""Coupons and promotion codes: what makes a purchase cheaper, or free."""

from typing import Any

import stripe
import stripe.params as p

from billing.stripe_standin.api.errors import StripeError
from billing.stripe_standin.api.routes import Route, delete_of, readable, updatable
from billing.stripe_standin.resources import lines
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.ids import random_text
from billing.stripe_standin.state.store import Obj


def apply(backend: Backend, session: Obj, *, promotion_code: str | None = None, coupon: str | None = None) -> None:
    """Put one discount on an open session."""
    code = backend.need("promotion_code", promotion_code, "discounts[0][promotion_code]") if promotion_code else None
    chosen = backend.need("coupon", code["promotion"]["coupon"] if code else coupon, "discounts[0][coupon]")
    _check_usable(backend, session, chosen, code)
    taken = lines.discount(session["_lines"], chosen)
    session["discounts"] = [{"coupon": chosen["id"], "promotion_code": code["id"] if code else None}]
    session["total_details"]["amount_discount"] = taken
    session["amount_total"] = session["amount_subtotal"] - taken


def apply_text(backend: Backend, session: Obj, text: str) -> str | None:
    """The buyer typed a code. Returns what is wrong with it, or None."""
    codes = _active_codes(backend, text.strip())
    try:
        apply(backend, session, promotion_code=codes[0]["id"] if codes else "unknown")
    except StripeError:
        return "This code is invalid."
    return None


def _active_codes(backend: Backend, text: str) -> list[Obj]:
    """Codes do not care about upper and lower case."""
    codes = backend.store.find("promotion_code", {"active": True})
    return [code for code in codes if code["code"].casefold() == text.casefold()]


def redeem(backend: Backend, session: Obj) -> None:
    """Count the use of the discounts of a paid session."""
    for used in session["discounts"]:
        for kind, id_ in (("coupon", used["coupon"]), ("promotion_code", used["promotion_code"])):
            if id_:
                _count(backend.need(kind, id_))


def _count(obj: Obj) -> None:
    obj["times_redeemed"] += 1
    if obj["max_redemptions"] and obj["times_redeemed"] >= obj["max_redemptions"]:
        obj["valid" if obj["object"] == "coupon" else "active"] = False


def _check_usable(backend: Backend, session: Obj, coupon: Obj, code: Obj | None) -> None:
    now = backend.now()
    over = (coupon["redeem_by"] and coupon["redeem_by"] <= now) or (
        code and code["expires_at"] and code["expires_at"] <= now
    )
    foreign = code and code["customer"] and code["customer"] != session["customer"]
    currency = coupon["currency"] not in (None, session["currency"])
    if over or foreign or currency or not coupon["valid"] or (code and not code["active"]):
        raise StripeError.invalid("This promotion code is invalid.", "discounts", "coupon_expired")


def _create_coupon(backend: Backend, params: Obj) -> Obj:
    if ("percent_off" in params) == ("amount_off" in params):
        raise StripeError.invalid(
            "You must pass either `percent_off` or `amount_off`.", "percent_off", "parameter_missing"
        )
    if params.get("duration") == "repeating":
        raise StripeError.invalid("The stand-in's coupons last `once` or `forever`.", "duration")
    given: dict[str, Any] = {"id": params.get("id") or random_text(8), "duration": params.get("duration", "once")}
    coupon = backend.add(
        stripe.Coupon,
        "coupon",
        **given,
        **{name: params.get(name) for name in _COUPON_PLAIN},
        metadata=params.get("metadata") or {},
        times_redeemed=0,
        valid=True,
    )
    backend.emit("coupon.created", coupon)
    return coupon


def _create_code(backend: Backend, params: Obj) -> Obj:
    coupon = backend.need("coupon", params["promotion"].get("coupon"), "promotion[coupon]")
    if params.get("code") and _active_codes(backend, params["code"]):
        raise StripeError.invalid(
            "An active promotion code with this code already exists.", "code", "resource_already_exists"
        )
    code = backend.add(
        stripe.PromotionCode,
        "promo",
        code=params.get("code") or random_text(8).upper(),
        active=params.get("active", True),
        customer=params.get("customer"),
        expires_at=params.get("expires_at"),
        max_redemptions=params.get("max_redemptions"),
        metadata=params.get("metadata") or {},
        promotion={"coupon": coupon["id"], "type": "coupon"},
        times_redeemed=0,
        restrictions={"first_time_transaction": False, "minimum_amount": None, "minimum_amount_currency": None},
    )
    backend.emit("promotion_code.created", code)
    return code


_COUPON_PLAIN = ("amount_off", "currency", "max_redemptions", "name", "percent_off", "redeem_by")
_COUPON_TAKES = frozenset({*_COUPON_PLAIN, "duration", "id", "metadata"})
_CODE_TAKES = frozenset(
    {"active", "code", "customer", "expires_at", "max_redemptions", "metadata", "promotion.coupon", "promotion.type"}
)
ROUTES = [
    Route("POST", "/v1/coupons", p.CouponCreateParams, _create_coupon, _COUPON_TAKES),
    updatable("coupon", "/v1/coupons", p.CouponModifyParams, {"metadata", "name"}, "coupon.updated"),
    Route("DELETE", "/v1/coupons/{id}", p.CouponDeleteParams, delete_of("coupon", "coupon.deleted")),
    *readable("coupon", "/v1/coupons", p.CouponRetrieveParams, p.CouponListParams),
    Route("POST", "/v1/promotion_codes", p.PromotionCodeCreateParams, _create_code, _CODE_TAKES),
    updatable(
        "promotion_code",
        "/v1/promotion_codes",
        p.PromotionCodeModifyParams,
        {"active", "metadata"},
        "promotion_code.updated",
    ),
    *readable(
        "promotion_code",
        "/v1/promotion_codes",
        p.PromotionCodeRetrieveParams,
        p.PromotionCodeListParams,
        {"coupon": "promotion.coupon"},
    ),
]
