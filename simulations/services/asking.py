"""What to answer about a simulation that has no credit yet."""

from __future__ import annotations

from billing import payments
from billing.closing import close_of
from billing.errors import PaymentRequired, StripeUnavailable
from billing.models import Payment
from simulations.models import Simulation, Status
from simulations.services.start import awaits_payment
from simulations.visitor import Visitor


def payment_required(simulation: Simulation, visitor: Visitor) -> PaymentRequired | None:
    """The 402 for a kept simulation; None when it does not wait for money any more, and then it is read anew.

    When Stripe does not answer, nothing is kept that nobody was asked to pay for. Call it outside a transaction.
    """
    if awaits_payment(simulation.public_id):
        required = _asked(simulation, visitor)
        if awaits_payment(simulation.public_id):
            return required
        # Opening it closed an older one, which had just been paid; or a credit came.
        close_of(simulation.public_id)
    simulation.refresh_from_db()
    return None


def _asked(simulation: Simulation, visitor: Visitor) -> PaymentRequired:
    try:
        return payments.payment_required(simulation=simulation.public_id, user=visitor.user)
    except StripeUnavailable:
        _forget_unasked(simulation)
        raise


def _forget_unasked(simulation: Simulation) -> None:
    """Somebody may hold the link of an earlier 402, pay by it and wait for this run."""
    if not Payment.objects.filter(simulation=simulation.public_id).exists():
        Simulation.objects.filter(pk=simulation.pk, status=Status.AWAITING_PAYMENT).delete()
