"""What runs cost, for lists: one question to the ledger for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from billing.models import CreditEntry, EntryKind
from simulations.models import Simulation


def charged_among(simulations: Iterable[Simulation]) -> frozenset[str]:
    """Public ids of those that were charged for."""
    references = [simulation.public_id for simulation in simulations if not simulation.is_sample]
    captures = CreditEntry.objects.filter(kind=EntryKind.CAPTURE, reference__in=references)
    return frozenset(captures.values_list("reference", flat=True))
