"""Early fraud warnings: the card network suspects a payment before its owner disputes it."""

import stripe
import stripe.params.radar as p

from billing.stripe_standin.api.routes import Route, readable
from billing.stripe_standin.state.backend import Backend
from billing.stripe_standin.state.store import Obj


def warn(backend: Backend, charge: Obj) -> Obj:
    warning = backend.add(
        stripe.radar.EarlyFraudWarning,
        "issfr",
        actionable=not charge["refunded"],
        charge=charge["id"],
        fraud_type="made_with_stolen_card",
        payment_intent=charge["payment_intent"],
    )
    backend.emit("radar.early_fraud_warning.created", warning)
    return warning


ROUTES: list[Route] = readable(
    "radar.early_fraud_warning",
    "/v1/radar/early_fraud_warnings",
    p.EarlyFraudWarningRetrieveParams,
    p.EarlyFraudWarningListParams,
)
