"""Who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import User

if TYPE_CHECKING:
    from billing.models import Payment


@dataclass(frozen=True, kw_only=True, slots=True)
class Visitor:
    """An account, the bearer of a paid run's token, a browser's session, or nobody in particular.

    fmus, simulations: public ids that this browser made without an account.
    """

    user: User | None = None
    payment: Payment | None = None
    fmus: frozenset[str] = frozenset()
    simulations: frozenset[str] = frozenset()
    address: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.user is None and self.payment is None
