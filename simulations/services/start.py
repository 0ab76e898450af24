"""Begin what was kept while it waited for money."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from billing.errors import AccountBlocked, HoldEnded, OutOfCredit
from billing.models import Payment
from simulations.models import Simulation, Status
from simulations.services import charging
from simulations.services.queue import enqueue_run
from simulations.services.transition import transition
from simulations.visitor import Visitor


def start_paid(payment: Payment) -> None:
    """Start the simulation that this payment was opened for. Again for the same payment: no change."""
    waiting = Simulation.objects.filter(public_id=payment.simulation, status=Status.AWAITING_PAYMENT).first()
    if waiting is not None:
        start(waiting, Visitor(user=waiting.user, payment=payment))


def start_waiting(user: User) -> None:
    """Start this account's waiting simulations, oldest first, while its credit lasts."""
    waiting = Simulation.objects.filter(user=user, status=Status.AWAITING_PAYMENT).light().order_by("id")
    for simulation in list(waiting):
        if not start(simulation, Visitor(user=user)) and awaits_payment(simulation.public_id):
            return


def awaits_payment(public_id: str) -> bool:
    """Whether this simulation waits for money now: not canceled, started or deleted meanwhile."""
    return Simulation.objects.filter(public_id=public_id, status=Status.AWAITING_PAYMENT).exists()


def start(simulation: Simulation, visitor: Visitor) -> bool:
    """Reserve a credit and queue it. Whether there was one; without one it goes on waiting."""
    payment = visitor.payment.public_id if visitor.payment else ""
    try:
        with transaction.atomic():
            if not transition(simulation, to=Status.QUEUED, source=Status.AWAITING_PAYMENT, payment=payment):
                return False
            _hold(simulation, visitor)
            enqueue_run(simulation)
    except (OutOfCredit, AccountBlocked, HoldEnded):
        simulation.refresh_from_db()
        return False
    return True


def _hold(simulation: Simulation, visitor: Visitor) -> None:
    if not charging.hold(simulation, visitor):
        raise OutOfCredit
