"""Requests that the OpenAPI document allows, and some that it does not: never a 5xx, always what the document says."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import ApiToken, User
from fmugateway.openapi import document
from simulations.api import fmus, simulate

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Each goes over HTTP: what is many for a decoder is a night here.
EXAMPLES = min(int(os.environ.get("FUZZ_EXAMPLES", "5")), 500)
fuzzed = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 100, suppress_health_check=list(HealthCheck)
)


api = schemathesis.openapi.from_dict(document())


@pytest.fixture
def address(live_server: LiveServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """No worker runs, so nobody waits for one; nothing costs anything."""
    settings.STRIPE_ENABLED = False
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 10**9)
    for module in (fmus, simulate):
        monkeypatch.setattr(module, "INTAKE_SECONDS", 0)
    return str(live_server.url)


@pytest.fixture
def token(transactional_db: None) -> str:
    return str(ApiToken.objects.create(user=User.objects.create_user("fuzz@example.com"))[1])


@api.parametrize()
@fuzzed
def test_requests_are_answered_as_documented(case: Any, address: str, token: str) -> None:
    """Without an account and with one."""
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        case.call_and_validate(address, headers={"Prefer": "wait=0", **headers}, checks=CHECKS)
