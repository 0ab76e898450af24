"""The fields a payer fills in, and what is wrong with them."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from billing.stripe_standin.pages.html import NOTHING, Html, join, render
from billing.stripe_standin.resources.cards import CARDS, Card, card_of

_EXPIRY = re.compile(r"(\d{1,2})\s*/\s*(?:20)?(\d{2})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True)
class CardForm:
    email: str = ""
    number: str = ""
    expiry: str = ""
    cvc: str = ""
    bank: bool = False

    @classmethod
    def of(cls, form: dict[str, str], known_email: str = "") -> Self:
        """An e-mail address the site already gave wins over a typed one."""
        typed = {name: form.get(name, "").strip() for name in ("email", "number", "expiry", "cvc")}
        return cls(**{**typed, "email": known_email or typed["email"]}, bank=form.get("method") == "bank")

    @property
    def card(self) -> Card | None:
        return None if self.bank else card_of(self.number)

    def problem(self, *, needs_card: bool) -> str | None:
        """The first thing that is wrong, said to the payer."""
        if not _EMAIL.fullmatch(self.email):
            return "Enter your email address."
        if not needs_card or self.bank:
            return None
        if self.card is None:
            return "This is no test card number. 4242 4242 4242 4242 pays."
        return self._expiry_problem() or (
            None if re.fullmatch(r"\d{3,4}", self.cvc) else "Enter the security code: any three digits."
        )

    def _expiry_problem(self) -> str | None:
        found = _EXPIRY.fullmatch(self.expiry)
        if not found or not 1 <= int(found[1]) <= 12:
            return "Enter the expiry date as month and year, like 12 / 34."
        today = dt.datetime.now(dt.UTC)
        return "Your card has expired." if (2000 + int(found[2]), int(found[1])) < (today.year, today.month) else None


def card_fields(form: CardForm, *, banks: bool) -> Html:
    """Inputs for a card and, where the order allows it, the choice of a bank debit."""
    cards = [
        render("test_card", number=" ".join(re.findall("....", card.number)), note=card.note) for card in CARDS.values()
    ]
    checked = {"card_checked": _checked(not form.bank), "bank_checked": _checked(form.bank)}
    methods = render("methods", **checked) if banks else NOTHING
    return render("card", methods=methods, number=form.number, expiry=form.expiry, cvc=form.cvc, cards=join(cards))


def _checked(is_: bool) -> Html:
    return Html("checked") if is_ else NOTHING
