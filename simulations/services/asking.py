"""What to answer about a simulation that has no credit yet."""

from __future__ import annotations

from billing import payments
from billing.errors import PaymentRequired, StripeUnavailable
from simulations.models import Simulation
from simulations.visitor import Visitor


def payment_required(simulation: Simulation, visitor: Visitor) -> PaymentRequired:
    """The 402 for a kept simulation. When Stripe does not answer, nothing is kept. Call it outside a transaction."""
    try:
        return payments.payment_required(simulation=simulation.public_id, user=visitor.user)
    except StripeUnavailable:
        simulation.delete()
        raise
