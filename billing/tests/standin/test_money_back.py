"""Refunds, disputes and fraud warnings."""

from __future__ import annotations

import pytest
import stripe

from billing.tests.standin.walk import Shop


def test_part_of_a_charge_goes_back_and_then_the_rest(shop: Shop) -> None:
    charge = shop.charge(shop.paid())
    shop.client.v1.refunds.create({"charge": charge.id, "amount": 40})
    half = shop.client.v1.charges.retrieve(charge.id)
    assert (half.amount_refunded, half.refunded) == (40, False)
    shop.client.v1.refunds.create({"payment_intent": str(charge.payment_intent)})
    whole = shop.client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (whole.amount_refunded, whole.refunded) == (100, True)
    assert [refund.amount for refund in whole.refunds.data] == [60, 40]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("amount", "code"), [(101, "amount_too_large"), (0, "parameter_invalid_integer"), (-1, "parameter_invalid_integer")]
)
def test_no_more_than_the_charge_goes_back(shop: Shop, amount: int, code: str) -> None:
    charge = shop.charge(shop.paid()).id
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"charge": charge, "amount": amount})
    assert caught.value.code == code


def test_what_went_back_does_not_go_back_again(shop: Shop) -> None:
    charge = shop.charge(shop.paid()).id
    shop.client.v1.refunds.create({"charge": charge})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"charge": charge})
    assert caught.value.code == "charge_already_refunded"


def test_money_that_has_not_arrived_cannot_go_back(shop: Shop) -> None:
    session = shop.session()
    shop.standin.pay_by_bank(session.id)
    intent = shop.read(session.id).payment_intent.id  # type: ignore[union-attr]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"payment_intent": intent})
    assert caught.value.code == "payment_intent_unexpected_state"


def test_a_refund_that_the_bank_sends_back_counts_as_not_made(shop: Shop) -> None:
    charge = shop.charge(shop.paid()).id
    refund = shop.client.v1.refunds.create({"charge": charge})
    shop.standin.fail_refund(refund.id)
    assert shop.client.v1.refunds.retrieve(refund.id).status == "failed"
    assert shop.client.v1.charges.retrieve(charge).amount_refunded == 0
    assert shop.standin.events("refund.failed")


def test_the_disputed_card_is_disputed_after_it_paid(shop: Shop) -> None:
    charge = shop.charge(shop.paid("4000000000000259"))
    assert charge.disputed
    dispute = shop.client.v1.disputes.list({"charge": charge.id}).data[0]
    assert (dispute.status, dispute.amount) == ("needs_response", 100)
    types = [event["type"] for event in shop.standin.events()]
    assert types.index("checkout.session.completed") < types.index("charge.dispute.created")


@pytest.mark.parametrize(("won", "status"), [(True, "won"), (False, "lost")])
def test_a_dispute_ends_won_or_lost(shop: Shop, won: bool, status: str) -> None:
    dispute = shop.standin.dispute(shop.charge(shop.paid()).id)
    shop.standin.close_dispute(dispute["id"], won=won)
    assert shop.client.v1.disputes.retrieve(dispute["id"]).status == status
    assert bool(shop.standin.events("charge.dispute.funds_reinstated")) is won


def test_a_disputed_charge_cannot_be_refunded_until_the_dispute_is_won(shop: Shop) -> None:
    charge = shop.charge(shop.paid()).id
    dispute = shop.standin.dispute(charge)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"charge": charge})
    assert caught.value.code == "charge_disputed"
    shop.standin.close_dispute(dispute["id"], won=True)
    assert shop.client.v1.refunds.create({"charge": charge}).status == "succeeded"


def test_a_fraud_warning_is_actionable_while_the_money_is_here(shop: Shop) -> None:
    charge = shop.charge(shop.paid()).id
    assert shop.standin.fraud_warning(charge)["actionable"]
    shop.client.v1.refunds.create({"charge": charge})
    assert not shop.standin.fraud_warning(charge)["actionable"]
