"""Stripe's published test cards, and what each of them does."""

from dataclasses import dataclass
from enum import StrEnum


class Behaviour(StrEnum):
    PAYS = "pays"
    DECLINED = "generic_decline"
    NO_FUNDS = "insufficient_funds"
    DISPUTED = "disputed"
    FAILS_ON_RENEWAL = "fails_on_renewal"


@dataclass(frozen=True)
class Card:
    number: str
    brand: str
    behaviour: Behaviour
    note: str

    @property
    def declines_now(self) -> bool:
        return self.behaviour in MESSAGES


MESSAGES = {Behaviour.DECLINED: "Your card was declined.", Behaviour.NO_FUNDS: "Your card has insufficient funds."}

CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "visa", Behaviour.PAYS, "pays"),
        Card("5555555555554444", "mastercard", Behaviour.PAYS, "pays"),
        Card("4000000000000002", "visa", Behaviour.DECLINED, "is declined"),
        Card("4000000000009995", "visa", Behaviour.NO_FUNDS, "has no funds"),
        Card("4000000000000259", "visa", Behaviour.DISPUTED, "pays, and is disputed at once"),
        Card("4000000000000341", "visa", Behaviour.FAILS_ON_RENEWAL, "pays, and fails when a subscription renews"),
    )
}


def card_of(number: str) -> Card | None:
    """The test card with this number, however it is spaced."""
    return CARDS.get("".join(filter(str.isdigit, number)))
