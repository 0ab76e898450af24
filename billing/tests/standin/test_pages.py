"""What a person sees and clicks, without JavaScript."""

from __future__ import annotations

import re

import pytest

from billing.tests.standin.browser import Page, get, send
from billing.tests.standin.walk import Shop

_CARD = {"email": "buyer@example.test", "number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123"}


def _url(shop: Shop, **fields: object) -> str:
    return str(shop.session(**fields).url)


def test_the_checkout_says_that_it_is_no_real_one(shop: Shop) -> None:
    page = get(_url(shop))
    assert "This is not Stripe." in page.text
    assert "No money moves." in page.text
    assert "Pay £1.00" in page.text


def test_a_person_pays_and_comes_back_with_the_session_id(shop: Shop) -> None:
    session = shop.session()
    page = send(str(session.url), _CARD)
    assert (page.status, page.location) == (303, f"http://127.0.0.1:8000/done?session_id={session.id}")
    assert shop.read(session.id).payment_status == "paid"


def test_a_second_click_leads_to_the_same_place(shop: Shop) -> None:
    url = _url(shop)
    assert send(url, _CARD).location == send(url, _CARD).location
    assert "all done" in get(url).text
    assert len(shop.client.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"number": "4000 0000 0000 0002"}, "Your card was declined."),
        ({"number": "4000 0000 0000 9995"}, "insufficient funds"),
        ({"number": "4111 1111 1111 1111"}, "no test card"),
        ({"number": ""}, "no test card"),
        ({"email": "nobody"}, "email address"),
        ({"expiry": "13/34"}, "expiry date"),
        ({"expiry": "01/20"}, "expired"),
        ({"cvc": "x"}, "security code"),
    ],
)
def test_a_mistake_is_told_and_what_was_typed_is_kept(shop: Shop, change: dict[str, str], complaint: str) -> None:
    form = {**_CARD, **change}
    page = send(_url(shop), form)
    assert page.status == 402
    assert complaint in page.text
    assert f'value="{form["cvc"]}"' in page.text


def test_a_known_email_address_is_not_asked_for_again(shop: Shop) -> None:
    customer = shop.client.v1.customers.create({"email": "known@example.test"})
    session = shop.session(customer=customer.id)
    assert re.search(r'value="known@example.test"[^>]*readonly', get(str(session.url)).text)
    send(str(session.url), {**_CARD, "email": "other@example.test"})
    assert shop.read(session.id).customer_details.email == "known@example.test"  # type: ignore[union-attr]


def test_a_person_pays_by_bank(shop: Shop) -> None:
    session = shop.session()
    assert send(str(session.url), {"email": "a@example.test", "method": "bank"}).status == 303
    assert shop.read(session.id).payment_status == "unpaid"


def test_a_subscription_is_not_paid_by_bank(shop: Shop) -> None:
    customer = shop.client.v1.customers.create({"email": "a@example.test"})
    lines = [{"price": shop.pilot.id, "quantity": 1}]
    page = get(_url(shop, mode="subscription", customer=customer.id, line_items=lines))
    assert "Subscribe for £100.00" in page.text
    assert "Bank debit" not in page.text


def test_a_person_types_a_promotion_code(shop: Shop) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 100})
    shop.client.v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "FREE"})
    url = _url(shop, allow_promotion_codes=True)
    assert "This code is invalid." in send(f"{url}/promotion", {"code": "FREEE"}).text
    assert send(f"{url}/promotion", {"code": "free"}).status == 303
    page = get(url)
    assert "-£1.00" in page.text
    assert "Card number" not in page.text
    assert send(url, {"email": "a@example.test"}).status == 303


def test_an_expired_session_says_so_and_leads_back(shop: Shop) -> None:
    session = shop.session(cancel_url="http://127.0.0.1:8000/back")
    shop.client.v1.checkout.sessions.expire(session.id)
    page = get(str(session.url))
    assert page.status == 410
    assert "Nothing was charged" in page.text
    assert 'href="http://127.0.0.1:8000/back"' in page.text


def test_the_pages_allow_no_script_and_lead_back_to_the_site(shop: Shop) -> None:
    page = get(_url(shop, success_url="https://fmu.example/done"))
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:* http://localhost:* https://fmu.example" in policy
    assert "<script" not in page.text
    assert " style=" not in page.text


def test_what_a_site_sends_is_text_on_the_page(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "<script>alert(1)</script>"})
    price = shop.client.v1.prices.create({"product": product.id, "currency": "gbp", "unit_amount": 1})
    page = get(_url(shop, line_items=[{"price": price.id, "quantity": 1}]))
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


def test_a_customer_ends_and_keeps_a_subscription_in_the_portal(shop: Shop) -> None:
    sub = shop.subscribed()
    url = _portal(shop, str(sub.customer))
    assert "Renews on" in get(url).text
    assert send(url, {"cancel": sub.id}).status == 303
    assert shop.client.v1.subscriptions.retrieve(sub.id).cancel_at_period_end
    assert "Ends on" in get(url).text
    send(url, {"keep": sub.id})
    assert not shop.client.v1.subscriptions.retrieve(sub.id).cancel_at_period_end


def test_the_portal_does_not_reach_another_customers_subscription(shop: Shop) -> None:
    sub, other = shop.subscribed(), shop.subscribed()
    send(_portal(shop, str(sub.customer)), {"cancel": other.id})
    assert not shop.client.v1.subscriptions.retrieve(other.id).cancel_at_period_end


def test_an_invoice_is_a_page_and_a_pdf(shop: Shop) -> None:
    sub = shop.subscribed()
    invoice = shop.client.v1.invoices.retrieve(str(sub.latest_invoice))
    assert str(invoice.number) in get(str(invoice.hosted_invoice_url)).text
    pdf = get(str(invoice.invoice_pdf))
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.text.startswith("%PDF-1.4")
    assert "No money moved" in pdf.text


def test_a_receipt_shows_what_went_back(shop: Shop) -> None:
    charge = shop.charge(shop.paid())
    shop.client.v1.refunds.create({"charge": charge.id, "amount": 40})
    page = get(str(charge.receipt_url))
    assert "-£0.40" in page.text
    assert "£0.60" in page.text


def test_the_desk_offers_what_may_happen_next(shop: Shop) -> None:
    session = shop.session()
    shop.standin.pay_by_bank(session.id)
    desk = shop.standin.base_url + "/"
    assert "The money arrives" in get(desk).text
    assert _press(desk, "settle", session.id).status == 303
    assert shop.read(session.id).payment_status == "paid"
    assert "Refund" in get(desk).text


def test_a_button_that_no_longer_fits_says_so(shop: Shop) -> None:
    session = shop.paid()
    assert "nothing to settle" in _press(shop.standin.base_url + "/", "settle", session.id).text


def test_another_websites_form_is_refused(shop: Shop) -> None:
    session = shop.session()
    assert send(str(session.url), _CARD, {"Origin": "https://evil.example"}).status == 403
    assert shop.read(session.id).status == "open"


def test_another_name_for_this_machine_is_refused(shop: Shop) -> None:
    assert get(shop.standin.base_url + "/", {"Host": "evil.example"}).status == 421


def test_what_is_not_there_is_a_friendly_404(shop: Shop) -> None:
    for path in ("/nowhere", "/c/pay/cs_test_x", "/i/in_x", "/i/in_x/pdf", "/receipts/ch_x", "/p/session/bps_x"):
        page = get(shop.standin.base_url + path)
        assert page.status == 404, path
        assert "Back to the site" in page.text


def _press(desk: str, action: str, id_: str) -> Page:
    return send(desk, {action: id_}, {"Origin": desk.rstrip("/")})


def _portal(shop: Shop, customer: str) -> str:
    return shop.client.v1.billing_portal.sessions.create({"customer": customer}).url
