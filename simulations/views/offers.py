"""What the run button says: the price stands on the button that spends it."""

from __future__ import annotations

from dataclasses import dataclass

from billing import ledger
from billing.prices import price_of
from billing.templatetags.billing import cost
from simulations.models import FmuHolding
from simulations.services import charging
from simulations.services.entitlements import unused_payment
from simulations.visitor import Visitor


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """label: of the button; note: what it costs and what happens next."""

    label: str
    note: str


def offer(holding: FmuHolding, visitor: Visitor) -> Offer:
    """For running this FMU as this visitor, now."""
    if charging.is_free(holding):
        note = "Samples are free for everybody." if holding.is_sample else "Every run is free on this site."
        return Offer(label="Run free", note=note)
    if visitor.user is None:
        return _for_guest(visitor)
    runs = ledger.available(visitor.user)
    if runs:
        left = f"{runs} credit{'s'[: runs != 1]}"
        return Offer(label="Run for 1 credit", note=f"{left} left. Charged only if the run succeeds.")
    price, pack = cost(price_of("single_run")), price_of("pack_10")
    note = (
        f"No credits left. Next you choose {price} for this run or {cost(pack)} for {pack.runs}; it starts once paid."
    )
    return Offer(label=f"Run for {price}", note=note)


def _for_guest(visitor: Visitor) -> Offer:
    price = cost(price_of("single_run"))
    if unused_payment(visitor):
        return Offer(
            label="Run, already paid", note=f"Your earlier run did not succeed, so its {price} is good for this one."
        )
    note = (
        "By card on a page of Stripe, no account. If the run fails, the payment is good for another try or comes back."
    )
    return Offer(label=f"Pay {price} and run", note=note)
