"""The JWT of a paid run: what is accepted and, above all, what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from pytest_django import Settings
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from billing import ledger, run_tokens
from billing.authentication import RunToken, RunTokenAuthentication
from billing.models import Payment
from billing.run_tokens import Claims


def mint(payment: Payment) -> str:
    return run_tokens.mint(Claims(payment.public_id, payment.lot.public_id)).token


def authenticate(credential: str) -> tuple[AnonymousUser, RunToken] | None:
    request = Request(APIRequestFactory().post("/simulate", HTTP_AUTHORIZATION=f"Bearer {credential}"))
    return RunTokenAuthentication().authenticate(request)


def claims(payment: Payment, **changes: object) -> dict[str, object]:
    now = datetime.now(UTC)
    good = {"sub": payment.public_id, "jti": payment.lot.public_id, "aud": "run", "iat": now}
    return good | {"exp": now + timedelta(minutes=5)} | changes


def refused_as(credential: str) -> str:
    with pytest.raises(AuthenticationFailed) as refused:
        authenticate(credential)
    return str(refused.value.get_codes())


def test_token_stands_for_its_payment_and_for_nobody(guest_payment: Payment) -> None:
    user, token = authenticate(mint(guest_payment)) or (None, None)
    assert isinstance(user, AnonymousUser)
    assert token == RunToken(payment=guest_payment, entitlement=guest_payment.lot)
    assert not token.spent


def test_token_lives_fifteen_minutes(guest_payment: Payment) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as clock:
        token = mint(guest_payment)
        clock.shift(timedelta(minutes=14, seconds=59))
        assert authenticate(token)
        clock.shift(timedelta(seconds=1))
        assert refused_as(token) == "run_token_expired"


def test_token_is_spent_once_its_run_is_taken(guest_payment: Payment) -> None:
    token = mint(guest_payment)
    ledger.hold(reference="sim_1", payment=guest_payment)
    found = authenticate(token)
    assert found
    assert found[1].spent
    assert found[1].payment.simulation == "sim_1"


def test_failed_run_makes_the_same_token_good_again(guest_payment: Payment) -> None:
    token = mint(guest_payment)
    ledger.hold(reference="sim_1", payment=guest_payment)
    ledger.release("sim_1")
    found = authenticate(token)
    assert found
    assert not found[1].spent


def test_unsigned_token_is_refused(guest_payment: Payment) -> None:
    assert refused_as(jwt.encode(claims(guest_payment), "", algorithm="none")) == "run_token_invalid"


def test_token_signed_with_another_key_is_refused(guest_payment: Payment) -> None:
    assert refused_as(jwt.encode(claims(guest_payment), "k" * 40, algorithm="HS256")) == "run_token_invalid"


def test_token_signed_with_the_bare_secret_key_is_refused(guest_payment: Payment, settings: Settings) -> None:
    forged = jwt.encode(claims(guest_payment), settings.SECRET_KEY, algorithm="HS256")
    assert refused_as(forged) == "run_token_invalid"


def test_other_algorithm_with_our_key_is_refused(guest_payment: Payment, settings: Settings) -> None:
    key = run_tokens._key(settings.SECRET_KEY) * 2
    assert refused_as(jwt.encode(claims(guest_payment), key, algorithm="HS512")) == "run_token_invalid"


@pytest.mark.parametrize("missing", ["sub", "jti", "aud", "exp", "iat"])
def test_token_without_a_claim_is_refused(guest_payment: Payment, settings: Settings, missing: str) -> None:
    body = {name: value for name, value in claims(guest_payment).items() if name != missing}
    token = jwt.encode(body, run_tokens._key(settings.SECRET_KEY), algorithm="HS256")
    assert refused_as(token) == "run_token_invalid"


def test_token_for_another_purpose_is_refused(guest_payment: Payment, settings: Settings) -> None:
    token = jwt.encode(claims(guest_payment, aud="login"), run_tokens._key(settings.SECRET_KEY), algorithm="HS256")
    assert refused_as(token) == "run_token_invalid"


def test_entitlement_of_another_payment_is_refused(guest_payment: Payment, settings: Settings) -> None:
    token = jwt.encode(claims(guest_payment, sub="pay_other"), run_tokens._key(settings.SECRET_KEY), algorithm="HS256")
    assert refused_as(token) == "run_token_invalid"


@pytest.mark.parametrize("garbage", ["x", "a.b.c", "\u00e9.\u00e9.\u00e9", "." * 3000])
def test_garbage_is_refused(db: None, garbage: str) -> None:
    assert refused_as(garbage) == "run_token_invalid"


def test_rolled_key_still_reads_its_tokens(guest_payment: Payment, settings: Settings) -> None:
    token = mint(guest_payment)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as the first one was and longer"
    assert authenticate(token)
    settings.SECRET_KEY_FALLBACKS = []
    assert refused_as(token) == "run_token_invalid"


def test_api_token_is_left_to_its_own_authentication(db: None) -> None:
    assert authenticate("fmu_abcdef") is None
