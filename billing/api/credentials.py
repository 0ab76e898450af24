"""The claim secret as a credential: only for the payment it was made for."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from billing import claims
from billing.authentication import API_TOKEN_PREFIX
from billing.models import Payment


@dataclass(frozen=True)
class Claim:
    payment: Payment


class ClaimSecretAuthentication(BaseAuthentication):
    """Sets request.auth to a Claim when the bearer is the secret of the payment in the address.

    A wrong secret is nobody: the view then answers 404 as for a payment that does not exist.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Claim] | None:
        scheme, _, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer" or secret.startswith(API_TOKEN_PREFIX):
            return None
        payment = Payment.objects.filter(public_id=request.parser_context["kwargs"]["payment_id"]).first()
        if payment is None or not claims.matches(payment, secret.decode(errors="replace").strip()):
            return None
        return AnonymousUser(), Claim(payment)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="payment"'
