"""Balance transactions: what each movement leaves after fees."""

import math

import stripe
import stripe.params as p

from billing.stripe_standin.api.routes import Route, readable
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj

_SETTLES_AFTER = 7 * 86400
DISPUTE_FEE = 2000


def card_fee(amount: int) -> int:
    """UK standard cards: 1.5 % and 20 pence."""
    return math.ceil(amount * 0.015) + 20


def record(backend: Backend, amount: int, currency: str, source: str, type_: str, fee: int = 0) -> Obj:
    category = "dispute" if type_ == "adjustment" else type_
    return backend.add(
        stripe.BalanceTransaction,
        "txn",
        amount=amount,
        available_on=backend.now() + _SETTLES_AFTER,
        balance_type="payments",
        currency=currency,
        fee=fee,
        fee_details=_fee_details(fee, currency),
        net=amount - fee,
        reporting_category=category,
        source=source,
        status="pending",
        type=type_,
    )


def _fee_details(fee: int, currency: str) -> list[Obj]:
    if not fee:
        return []
    return [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]


ROUTES: list[Route] = readable(
    "balance_transaction",
    "/v1/balance_transactions",
    p.BalanceTransactionRetrieveParams,
    p.BalanceTransactionListParams,
)
