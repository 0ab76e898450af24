"""How often payments are opened and polled from one network, whoever asks: each is a request to Stripe, or a guess."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from rest_framework.request import Request

from accounts import rates
from accounts.addresses import address_of
from accounts.models import User


@dataclass(frozen=True)
class Payer:
    """An account, or the network of an address where there is none or it does not matter."""

    user: User | None
    address: str


def pace(bucket: str, request: HttpRequest | Request) -> rates.Rate:
    """Count one request. Raises TooManyRequests."""
    return rates.spend(bucket, Payer(None, address_of(request)))


def pace_checkout(request: HttpRequest) -> None:
    """The same count for pages, whose buttons lead to Stripe too. Raises TooManyRequests in their words."""
    try:
        pace("checkout", request)
    except rates.TooManyRequests as error:
        words = f"You asked for too many payments within a minute; nothing was kept. Go on in {error.rate.resets_in} s."
        raise rates.TooManyRequests(error.rate, words) from error
