"""Shapes of the requests and answers, for validation and for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from billing.api.strict import StrictSerializer
from billing.models import EntryKind, LotSource


def sold(*keys: str, **options: Any) -> serializers.ChoiceField:
    """One of the products that an address sells."""
    message = f"'{{input}}' is not sold here; choose {' or '.join(keys)}."
    return serializers.ChoiceField(choices=keys, error_messages={"invalid_choice": message}, **options)


class PayRequest(StrictSerializer):
    product = sold("single_run", default="single_run")
    simulation = serializers.CharField(
        required=False, max_length=40, help_text="A simulation of yours that waits for payment; it starts when paid."
    )


class BuyRequest(StrictSerializer):
    product = sold("pack_10", "pilot_250", "single_run")


class ProblemBody(serializers.Serializer[Any]):
    """application/problem+json (RFC 9457)."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = serializers.ListField(  # type: ignore[assignment]  # the name is RFC 9457's custom, and DRF's
        child=serializers.DictField(child=serializers.CharField()), required=False
    )


class OpenPayment(serializers.Serializer[Any]):
    id = serializers.CharField()
    url = serializers.URLField(help_text="Short link for a person: leads to Checkout.")
    status_url = serializers.URLField(help_text="Poll it with `Authorization: Bearer <claim_secret>`.")
    claim_secret = serializers.CharField(help_text="Shown once; whoever has it gets the run token.")
    expires_at = serializers.DateTimeField(allow_null=True)


class OpenedPaymentBody(serializers.Serializer[Any]):
    amount = serializers.IntegerField(help_text="Minor units.")
    currency = serializers.CharField()
    checkout_url = serializers.URLField()
    payment = OpenPayment()


class PollBody(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.ChoiceField(
        choices=["pending", "processing", "paid", "consumed", "expired", "refunded", "disputed"]
    )
    simulation = serializers.CharField(allow_null=True)
    token = serializers.CharField(allow_null=True, help_text="Bearer of POST /simulate; ask again for a fresh one.")
    token_expires_at = serializers.DateTimeField(allow_null=True)


class Option(serializers.Serializer[Any]):
    product = serializers.CharField()
    amount = serializers.IntegerField()
    runs = serializers.IntegerField()
    interval = serializers.ChoiceField(choices=["month"], required=False)


class OptionsBody(serializers.Serializer[Any]):
    options = Option(many=True)


class LotBody(serializers.Serializer[Any]):
    id = serializers.CharField()
    source = serializers.ChoiceField(choices=LotSource.choices)  # type: ignore[assignment]  # as in the contract
    quantity = serializers.IntegerField()
    remaining = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Reserved for runs under way.")
    frozen = serializers.BooleanField(help_text="A dispute or a refund is open.")
    expires_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class CreditsBody(serializers.Serializer[Any]):
    object = serializers.SerializerMethodField()
    available = serializers.IntegerField(help_text="Runs that can start now.")
    held = serializers.IntegerField()
    debt = serializers.IntegerField(help_text="Used runs whose money went back; a new pack settles them.")
    lots = LotBody(many=True)

    def get_object(self, balance: Any) -> str:
        return "credits"


class EntryBody(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=EntryKind.choices)
    delta = serializers.IntegerField()
    reference = serializers.CharField(help_text="What caused it: a simulation, a payment, a code.")
    lot = serializers.CharField(source="lot.public_id")
    created_at = serializers.DateTimeField()
