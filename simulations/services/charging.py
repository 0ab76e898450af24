"""Which runs cost a credit, and the ledger's part in each of their steps."""

from __future__ import annotations

from billing import ledger
from billing.errors import OutOfCredit
from simulations.models import FmuHolding, Simulation
from simulations.visitor import Visitor


def is_free(holding: FmuHolding) -> bool:
    """Samples are free for everybody; without Stripe everything is."""
    return holding.is_sample or not ledger.charging()


def hold(simulation: Simulation, visitor: Visitor) -> bool:
    """Reserve one credit of the token or the account, in the caller's transaction. Whether there was one."""
    try:
        if visitor.payment is not None:
            ledger.hold(reference=simulation.public_id, payment=visitor.payment)
        elif visitor.user is not None:
            ledger.hold(reference=simulation.public_id, user=visitor.user)
        else:
            return False
    except OutOfCredit:
        return False
    return True


def settle(simulation: Simulation, *, charge: bool) -> None:
    """Take the reserved credit, or give it back. Nothing happens for a free run."""
    if charge:
        ledger.capture(simulation.public_id)
    else:
        ledger.release(simulation.public_id)
