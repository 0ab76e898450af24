"""What a person sees and clicks."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from billing import ownership, payments
from billing.models import InviteCode, Payment, PaymentStatus
from billing.reconcile import reconcile_session
from billing.tests.sessions import session_of
from billing.tests.standin.client import StandIn
from billing.tests.webhooks import Webhooks

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(user: User) -> Client:
    client = Client(headers=HTML)
    client.force_login(user)
    return client


@pytest.fixture
def stranger() -> Client:
    return Client(headers=HTML)


def test_prices_are_shown_to_everybody(db: None, stranger: Client) -> None:
    page = stranger.get("/buy-credits").content.decode()
    assert all(text in page for text in ("Credit Pack", "£8", "80p a run", "Enterprise Pilot", "£100 <small>a month"))


def test_buying_leads_to_checkout(shop: StandIn, browser: Client, user: User) -> None:
    answer = browser.post("/buy-credits", {"product": "pack_10"})
    payment = Payment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, payment.checkout_url)
    assert (payment.user, payment.product) == (user, "pack_10")


def test_buying_needs_an_account(shop: StandIn, stranger: Client) -> None:
    answer = stranger.post("/buy-credits", {"product": "pack_10"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_what_was_chosen_is_still_chosen_after_signing_in(shop: StandIn, stranger: Client, user: User) -> None:
    asked = stranger.post("/buy-credits", {"product": "pilot_250"})["Location"]
    stranger.force_login(user)
    page = stranger.get(parse_qs(urlsplit(asked).query)["next"][0]).content.decode()
    assert 'value="pilot_250" required checked' in page


def test_who_is_signed_in_is_not_offered_to_do_without_an_account(shop: StandIn, browser: Client) -> None:
    page = browser.get("/buy-credits").content.decode()
    assert "No account needed" not in page
    assert "masthead-balance" in page


def test_form_of_another_site_is_refused(shop: StandIn, user: User) -> None:
    client = Client(enforce_csrf_checks=True, headers=HTML)
    client.force_login(user)
    assert client.post("/buy-credits", {"product": "pack_10"}).status_code == 403
    assert not Payment.objects.exists()


def test_a_button_that_is_pressed_without_end_stops_asking_stripe(
    shop: StandIn, browser: Client, settings: Settings
) -> None:
    """Stripe counts the requests of the whole site: who has used them up keeps everybody from paying."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"checkout": 2}
    answers = [browser.post("/buy-credits", {"product": "pack_10"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert Payment.objects.count() == 2
    closed = Payment.objects.get(status=PaymentStatus.EXPIRED)
    assert browser.post(f"/pay/{closed.public_id}").status_code == 429
    browser.post("/dashboard/credits/portal")
    assert "too many payments" in browser.get("/dashboard/credits/").content.decode()


def test_unknown_product_is_told_kindly(shop: StandIn, browser: Client) -> None:
    answer = browser.post("/buy-credits", {"product": "moon"})
    assert (answer.status_code, "Choose what to buy" in answer.content.decode()) == (400, True)


def test_buying_while_stripe_is_down_says_so(shop: StandIn, browser: Client) -> None:
    shop.down(requests=20)
    answer = browser.post("/buy-credits", {"product": "pack_10"})
    shop.up()
    assert (answer.status_code, "nothing was kept" in answer.content.decode()) == (503, True)


def test_free_site_says_that_everything_is_free(db: None, stranger: Client, settings: Settings) -> None:
    settings.STRIPE_ENABLED = False
    assert "Every run is free" in stranger.get("/buy-credits").content.decode()


def test_site_that_cannot_sell_says_so(db: None, stranger: Client, settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert "cannot take payments yet" in stranger.get("/buy-credits").content.decode()


def test_short_link_leads_to_checkout_while_open(shop: StandIn, stranger: Client) -> None:
    opened = payments.open_payment(product="single_run")
    answer = stranger.get(f"/pay/{opened.payment.public_id}")
    assert (answer.status_code, answer["Location"]) == (303, opened.checkout_url)
    assert "no-store" in answer.headers["Cache-Control"]


def test_unknown_short_link_is_404(db: None, stranger: Client) -> None:
    assert stranger.get("/pay/pay_unknown").status_code == 404


def test_buyer_who_came_back_without_paying_can_go_on(shop: StandIn, stranger: Client) -> None:
    opened = payments.open_payment(product="single_run")
    page = stranger.get(f"/pay/{opened.payment.public_id}?canceled=1").content.decode()
    assert "Nothing was charged" in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("processing", "Your bank is working on it"),
        ("paid", "Thank you"),
        ("consumed", "Thank you"),
        ("refunded", "went back to you"),
        ("disputed", "frozen until the bank has decided"),
        ("expired", "closed"),
    ],
)
def test_short_link_tells_every_state(guest_payment: Payment, stranger: Client, status: str, words: str) -> None:
    paid_at = guest_payment.paid_at if status in ("paid", "consumed", "refunded", "disputed") else None
    Payment.objects.update(status=status, paid_at=paid_at)
    assert words in stranger.get(f"/pay/{guest_payment.public_id}").content.decode()


def test_closed_link_opens_again_on_request(shop: StandIn, webhooks: Webhooks, stranger: Client) -> None:
    opened = payments.open_payment(product="single_run")
    shop.expire_session(session_of(opened.payment))
    webhooks.deliver()
    answer = stranger.post(f"/pay/{opened.payment.public_id}")
    assert (answer.status_code, answer["Location"]) == (303, Payment.objects.get().checkout_url)


def test_return_page_fulfils_although_the_webhook_is_late(shop: StandIn, browser: Client, user: User) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    answer = browser.get(f"/pay/return?session_id={session_of(opened.payment)}", follow=True)
    assert answer.redirect_chain[-1][0] == "/dashboard/credits/"
    page = answer.content.decode()
    assert "10 credits added to your account" in page
    assert "10 <small>credits left" in page


def test_return_of_a_guest_shows_the_state(shop: StandIn, stranger: Client) -> None:
    opened = payments.open_payment(product="single_run")
    shop.pay(session_of(opened.payment))
    answer = stranger.get(f"/pay/return?session_id={session_of(opened.payment)}", follow=True)
    assert "Thank you" in answer.content.decode()


def test_return_while_stripe_is_down_still_shows_a_page(shop: StandIn, stranger: Client) -> None:
    opened = payments.open_payment(product="single_run")
    shop.down(requests=20)
    assert stranger.get(f"/pay/return?session_id={session_of(opened.payment)}").status_code == 302
    shop.up()


def test_return_to_ones_own_simulation_opens_it(
    shop: StandIn, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        ownership, "_answers", [(lambda request, simulation: simulation == "sim_mine", lambda simulation: True)]
    )
    opened = payments.open_payment(product="single_run", simulation="sim_mine")
    shop.pay(session_of(opened.payment))
    answer = stranger.get(f"/pay/return?session_id={session_of(opened.payment)}")
    assert answer["Location"].endswith("/sim_mine/")


@pytest.mark.parametrize("session", ["", "cs_unknown"])
def test_return_with_a_made_up_session_is_404(guest_payment: Payment, stranger: Client, session: str) -> None:
    assert stranger.get(f"/pay/return?session_id={session}").status_code == 404


def test_credits_page_shows_lots_papers_and_entries(
    shop: StandIn, webhooks: Webhooks, browser: Client, user: User
) -> None:
    opened = payments.open_payment(product="pack_10", user=user)
    shop.pay(session_of(opened.payment))
    webhooks.deliver()
    page = browser.get("/dashboard/credits/").content.decode()
    assert all(text in page for text in ("10 of 10", "GBP 8.00", "/receipts/", "/i/", "Granted"))


def test_portal_opens_at_stripe(shop: StandIn, browser: Client) -> None:
    answer = browser.post("/dashboard/credits/portal")
    assert (answer.status_code, "/p/session/" in answer["Location"]) == (303, True)


def test_invite_code_is_redeemed_in_a_form(db: None, browser: Client) -> None:
    invite = InviteCode.objects.create(runs=5)
    assert (
        "5 <small>credits left" in browser.post("/credits/redeem", {"code": invite.code}, follow=True).content.decode()
    )
    again = browser.post("/credits/redeem", {"code": invite.code})
    assert (again.status_code, "used" in again.content.decode()) == (422, True)


def test_money_pages_need_an_account(db: None, stranger: Client) -> None:
    for path in ("/dashboard/credits/", "/credits/redeem"):
        assert stranger.get(path)["Location"].startswith("/accounts/login/")


def test_paid_guest_link_does_not_reopen(shop: StandIn, stranger: Client) -> None:
    opened = payments.open_payment(product="single_run")
    shop.pay(session_of(opened.payment))
    reconcile_session(session_of(opened.payment))
    stranger.post(f"/pay/{opened.payment.public_id}")
    assert Payment.objects.get().status == PaymentStatus.PAID
