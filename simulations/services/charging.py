"""Which runs cost a credit, and the ledger's part in each of their steps."""

from __future__ import annotations

from billing import ledger
from billing.errors import OutOfCredit
from simulations.models import FmuHolding, Simulation
from simulations.visitor import Visitor


def is_free(holding: FmuHolding) -> bool:
    """Samples are free for everybody; without Stripe everything is."""
    return holding.is_sample or not ledger.charging()


def hold(simulation: Simulation, visitor: Visitor, *, is_new: bool = False) -> bool:
    """Reserve one credit of the token or the account, in the caller's transaction. Whether there was one.

    is_new: nobody else knows of this simulation yet.
    """
    try:
        if visitor.payment is None and visitor.user is None:
            return False
        ledger.hold(reference=simulation.public_id, user=visitor.user, payment=visitor.payment, is_new=is_new)
    except OutOfCredit:
        return False
    return True


def settle(simulation: Simulation, *, charge: bool) -> None:
    """Take the reserved credit, or give it back. Nothing happens for a free run."""
    if charge:
        ledger.capture(simulation.public_id)
    else:
        ledger.release(simulation.public_id)
