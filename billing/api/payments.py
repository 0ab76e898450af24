"""POST /pay, POST /buy-credits and the poll of a payment."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import ApiTokenAuthentication
from billing import claim_tokens, ownership, payments
from billing.api.base import MoneyView, user_of
from billing.api.bodies import BuyRequest, OpenedPaymentBody, OptionsBody, PayRequest, PollBody
from billing.api.credentials import Claim, ClaimSecretAuthentication
from billing.api.docs import LIMITS, answer_header, problems
from billing.errors import NothingToPay
from billing.models import Payment

POLL_SECONDS = "2"
_OPENED = answer_header("Location", "Its `status_url`.", 201)
_ASK_AGAIN = answer_header("Retry-After", "Seconds, while nobody has paid; and of a 429.", 200, 429)


class PayView(MoneyView):
    permission_classes = [AllowAny]
    bucket = "checkout"

    @extend_schema(
        operation_id="pay",
        summary="Open a payment for one run",
        description="No account needed. A person opens `checkout_url`; poll `payment.status_url` for the run token.",
        parameters=[_OPENED, *LIMITS],
        request=PayRequest,
        responses={201: OpenedPaymentBody, **problems(400, 401, 403, 404, 409, 415, 503)},
        tags=["payments"],
    )
    def post(self, request: Request) -> Response:
        body = PayRequest(data=request.data)
        body.is_valid(raise_exception=True)
        simulation = body.validated_data.get("simulation")
        if simulation and not ownership.owns(request, simulation):
            raise NotFound(f"There is no simulation {simulation!r}, or it is not yours.")
        if simulation and not ownership.awaits_payment(simulation):
            raise NothingToPay(f"{simulation} does not wait for payment. Leave it out to buy a run for later.")
        opened = payments.open_payment(product="single_run", user=user_of(request), simulation=simulation)
        return _opened(opened)


class BuyCreditsView(MoneyView):
    def get_permissions(self) -> list[Any]:
        return [IsAuthenticated()] if self.request.method == "POST" else []

    def bucket_of(self, request: Request) -> str | None:
        return "checkout" if request.method == "POST" else None

    @extend_schema(
        operation_id="credit_options",
        summary="What can be bought",
        parameters=LIMITS,
        responses={200: OptionsBody, **problems()},
        tags=["payments"],
        auth=[],
    )
    def get(self, request: Request) -> Response:
        return Response({"options": payments.options()})

    @extend_schema(
        operation_id="buy_credits",
        summary="Open a payment for a pack or the plan",
        parameters=[_OPENED, *LIMITS],
        request=BuyRequest,
        responses={201: OpenedPaymentBody, **problems(400, 401, 403, 409, 415, 503)},
        tags=["payments"],
    )
    def post(self, request: Request) -> Response:
        body = BuyRequest(data=request.data)
        body.is_valid(raise_exception=True)
        return _opened(payments.open_payment(product=body.validated_data["product"], user=user_of(request)))


class PaymentView(MoneyView):
    authentication_classes = [ClaimSecretAuthentication, ApiTokenAuthentication, SessionAuthentication]
    bucket = "poll"

    @extend_schema(
        operation_id="payment",
        summary="How a payment stands, and its run token once it is paid",
        description="Send the payment's `claim_secret` as Bearer; an account may read its own with its API token.",
        parameters=[_ASK_AGAIN, *LIMITS],
        responses={200: PollBody, **problems(401, 404)},
        tags=["payments"],
    )
    def get(self, request: Request, payment_id: str) -> Response:
        answer = claim_tokens.poll(_payment(request, payment_id))
        return Response(PollBody(answer).data, headers={} if answer.final else {"Retry-After": POLL_SECONDS})


def _payment(request: Request, payment_id: str) -> Payment:
    """The claim's or the account's payment. Anybody else's does not exist."""
    if isinstance(request.auth, Claim):
        return request.auth.payment
    user = user_of(request)
    payment = Payment.objects.filter(public_id=payment_id, user=user).first() if user else None
    if payment is None:
        raise NotFound(f"There is no payment {payment_id!r}, or this is not its key. Send its claim_secret as Bearer.")
    return payment


def _opened(opened: payments.OpenedPayment) -> Response:
    payment = payments.payment_body(opened)
    body = {
        "amount": opened.payment.amount,
        "currency": opened.payment.currency,
        "checkout_url": opened.checkout_url,
        "payment": payment,
    }
    return Response(body, status=201, headers={"Location": payment["status_url"]})
