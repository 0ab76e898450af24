"""Stripe's REST dialect: errors, versions, keys, pages of lists."""

from __future__ import annotations

import pytest
import stripe

from billing.stripe_standin import ACCOUNT_ID, API_VERSION
from billing.tests.standin.client import StandIn
from billing.tests.standin.walk import SUCCESS_URL, Shop, client_of


def test_an_unknown_parameter_is_refused_by_name(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.create({"emial": "buyer@example.test"})  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.param) == ("parameter_unknown", "emial")
    assert caught.value.http_status == 400
    assert str(caught.value.request_id).startswith("req_")


def test_an_unknown_parameter_deep_inside_is_refused_by_its_path(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.session(payment_intent_data={"metdata": {"a": "b"}})
    assert caught.value.param == "payment_intent_data[metdata]"


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"product": "prod_x", "unit_amount": 1}, "parameter_missing", "currency"),
        ({"product": "prod_x", "currency": "gbp", "unit_amount": "one"}, "parameter_invalid_integer", "unit_amount"),
        ({"product": "prod_x", "currency": "gbp", "unit_amount": 1, "active": "maybe"}, None, "active"),
        ({"product": "prod_x", "currency": "gbp", "unit_amount": 1, "tax_behavior": "none"}, None, "tax_behavior"),
        ({"product": "prod_x", "currency": "gbp", "unit_amount": 1, "recurring": "month"}, None, "recurring"),
        ({"product": "prod_x", "currency": "gbp", "unit_amount": 1}, "resource_missing", "product"),
    ],
)
def test_a_bad_parameter_is_named(shop: Shop, params: dict[str, object], code: str | None, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.prices.create(params)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.param) == (code, param)


def test_what_is_not_there_is_resource_missing(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.checkout.sessions.retrieve("cs_test_nowhere")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_an_id_of_another_kind_is_resource_missing(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        shop.client.v1.customers.retrieve(shop.run.id)


@pytest.mark.parametrize("key", ["sk_live_" + "a" * 24, "not a key"])
def test_only_test_keys_are_taken(stripe_standin: StandIn, key: str) -> None:
    client = stripe.StripeClient(key, stripe_version=API_VERSION, base_addresses={"api": stripe_standin.base_url})
    with pytest.raises(stripe.AuthenticationError):
        client.v1.accounts.retrieve_current()


def test_another_version_of_the_api_is_refused_rather_than_answered_in_the_wrong_shape(stripe_standin: StandIn) -> None:
    client = stripe.StripeClient(
        stripe_standin.secret_key, stripe_version="2020-08-27", base_addresses={"api": stripe_standin.base_url}
    )
    with pytest.raises(stripe.InvalidRequestError, match=API_VERSION):
        client.v1.accounts.retrieve_current()


def test_the_account_says_that_it_is_a_stand_in(stripe_standin: StandIn) -> None:
    account = client_of(stripe_standin).v1.accounts.retrieve_current()
    assert account.id == ACCOUNT_ID
    assert "stand-in" in str(account.settings.dashboard.display_name)  # type: ignore[union-attr]


def test_a_field_that_cannot_be_expanded_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        shop.client.v1.charges.list({"expand": ["data.buyer"]}) if shop.paid() else None


def test_expansion_reaches_through_lists_and_objects(shop: Shop) -> None:
    shop.paid()
    found = shop.client.v1.checkout.sessions.list(
        {"expand": ["data.payment_intent.latest_charge.balance_transaction", "data.line_items.data.price.product"]}
    ).data[0]
    assert shop.charge(found).balance_transaction.net == 78  # type: ignore[union-attr]
    assert found.line_items.data[0].price.product.name == "Single Simulation"  # type: ignore[union-attr]


def test_a_list_is_walked_page_by_page_newest_first(shop: Shop) -> None:
    made = [shop.client.v1.customers.create({"email": f"{i}@example.test"}).id for i in range(5)]
    pages = shop.client.v1.customers.list({"limit": 2})
    assert [c.id for c in pages.data] == made[:2:-1]
    assert pages.has_more
    assert [c.id for c in pages.auto_paging_iter()] == made[::-1]


def test_a_list_is_walked_backwards(shop: Shop) -> None:
    made = [shop.client.v1.customers.create({"email": f"{i}@example.test"}).id for i in range(5)]
    page = shop.client.v1.customers.list({"limit": 2, "ending_before": made[0]})
    assert [c.id for c in page.data] == [made[2], made[1]]
    assert page.has_more


@pytest.mark.parametrize("params", [{"limit": 101}, {"limit": 0}, {"starting_after": "cus_nobody"}])
def test_a_bad_page_is_refused(shop: Shop, params: dict[str, object]) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.customers.list(params)  # type: ignore[arg-type]


def test_lists_filter_by_field_and_by_time(shop: Shop) -> None:
    v1 = shop.client.v1
    customer = v1.customers.create({"email": "one@example.test"})
    v1.customers.create({"email": "two@example.test"})
    assert [c.id for c in v1.customers.list({"email": "one@example.test"}).data] == [customer.id]
    assert v1.customers.list({"created": {"gt": customer.created + 60}}).data == []
    assert len(v1.customers.list({"created": {"gte": customer.created - 60}}).data) == 2


def test_a_lookup_key_belongs_to_one_price(shop: Shop) -> None:
    params = {"product": str(shop.run.product), "currency": "gbp", "unit_amount": 120, "lookup_key": "single_run"}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.prices.create(params)  # type: ignore[arg-type]
    assert caught.value.code == "resource_already_exists"


def test_a_new_price_takes_the_lookup_key_over(shop: Shop) -> None:
    v1 = shop.client.v1
    params = {"product": str(shop.run.product), "currency": "gbp", "unit_amount": 120, "lookup_key": "single_run"}
    new = v1.prices.create({**params, "transfer_lookup_key": True})  # type: ignore[typeddict-item]
    assert [price.id for price in v1.prices.list({"lookup_keys": ["single_run"], "active": True}).data] == [new.id]
    assert v1.prices.retrieve(shop.run.id).lookup_key is None


def test_metadata_is_merged_key_by_key(shop: Shop) -> None:
    customers = shop.client.v1.customers
    id_ = customers.create({"metadata": {"a": "1", "b": "2"}}).id
    merged = customers.update(id_, {"metadata": {"b": "", "c": "3"}})
    assert merged.to_dict()["metadata"] == {"a": "1", "c": "3"}
    assert customers.update(id_, {"metadata": ""}).to_dict()["metadata"] == {}


def test_a_deleted_customer_can_still_be_read_as_deleted(shop: Shop) -> None:
    sub = shop.subscribed()
    shop.client.v1.customers.delete(str(sub.customer))
    assert shop.client.v1.customers.retrieve(str(sub.customer)).deleted
    assert shop.client.v1.subscriptions.retrieve(sub.id).status == "canceled"


def test_a_product_with_prices_cannot_be_deleted(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.products.delete(str(shop.run.product))


def test_what_the_stand_in_cannot_do_is_said_rather_than_ignored(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="stand-in cannot do `shipping_address_collection`"):
        shop.session(shipping_address_collection={"allowed_countries": ["GB"]})


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"line_items": [{"price": "price_1", "quantity": 1, "tax_rates": ["txr_1"]}]}, "line_items[0][tax_rates]"),
        ({"payment_intent_data": {"capture_method": "manual"}}, "payment_intent_data[capture_method]"),
        ({"invoice_creation": {"enabled": True, "invoice_data": {"issuer": {"type": "self"}}}},
         "invoice_creation[invoice_data][issuer]"),
    ],
)  # fmt: skip
def test_a_field_deep_inside_that_the_stand_in_cannot_do_is_named(
    shop: Shop, fields: dict[str, object], named: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="The stand-in cannot do") as caught:
        shop.session(**fields)
    assert caught.value.param == named


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("customers", {"email": "a@example.test", "balance": 100}),
        ("products", {"name": "Run", "shippable": "true"}),
        ("prices", {"currency": "gbp", "unit_amount": 1, "billing_scheme": "per_unit"}),
        ("coupons", {"percent_off": 5, "applies_to": {"products": ["prod_1"]}}),
        ("promotion_codes", {"promotion": {"type": "coupon"}, "restrictions": {"minimum_amount": 1}}),
        ("refunds", {"charge": "ch_1", "reverse_transfer": "true"}),
        ("subscriptions/sub_1", {"proration_behavior": "none"}),
        ("invoices/in_1/pay", {"paid_out_of_band": "true"}),
        ("disputes/dp_1", {"evidence": {"uncategorized_text": "x"}}),
        ("webhook_endpoints", {"url": "http://127.0.0.1/", "enabled_events": ["*"], "connect": "true"}),
        ("billing_portal/sessions", {"customer": "cus_1", "configuration": "bpc_1"}),
    ],
)
def test_what_an_operation_does_not_take_is_refused_by_name(shop: Shop, path: str, params: dict[str, object]) -> None:
    """The last of the parameters, which Stripe knows."""
    with pytest.raises(stripe.InvalidRequestError, match="The stand-in cannot do") as caught:
        shop.client.raw_request("post", f"/v1/{path}", **params)
    assert caught.value.param == list(params)[-1]


def test_the_success_url_is_required(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="success_url"):
        shop.session(success_url="")
    assert shop.session().success_url == SUCCESS_URL
