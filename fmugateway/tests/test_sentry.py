"""What Sentry hears: our ids and where it broke. Nothing of the request, no values, no credentials."""

from __future__ import annotations

import pytest
import sentry_sdk
from django.core.checks import run_checks
from django.test import RequestFactory
from pytest_django import Settings
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from fmugateway import sentry
from simulations.log_context import about


class Caught(Transport):
    """Keeps what would have been sent."""

    sent: list[str] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope.serialize().decode())


def test_an_error_arrives_with_its_request_and_without_secrets() -> None:
    secret = "fmu_a-secret-token"
    sentry.start("https://key@sentry.invalid/1", transport=Caught)
    with about(request_id="req_1", simulation="sim_1"), sentry_sdk.new_scope() as scope:
        scope.add_event_processor(lambda event, hint: event | {"request": _request(secret)})
        _fail_with(secret)
    sentry_sdk.init()
    (sent,) = Caught.sent
    assert '"tags":{"request_id":"req_1","simulation":"sim_1"}' in sent.replace(" ", "")
    assert "ValueError" in sent
    assert secret not in sent


def _fail_with(secret: str) -> None:
    try:
        int(secret[:0])
    except ValueError as error:
        sentry_sdk.capture_exception(error)


def _request(secret: str) -> dict[str, object]:
    request = RequestFactory().get(f"/s/{secret}", headers={"Authorization": f"Bearer {secret}"})
    return {"method": request.method, "url": request.build_absolute_uri(), "headers": dict(request.headers)}


@pytest.mark.django_db
def test_a_broker_without_a_real_database_shared_files_and_secret_is_an_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The Celery application keeps the address it sees first: where there is a real broker, it must be that one.
    settings.TASKS_BROKER_URL = settings.TASKS_BROKER_URL or "redis://x"
    settings.BUCKET_NAME, settings.FMU_CAGE_ALLOW_REDUCED = "", True
    monkeypatch.delenv("SECRET_KEY")
    found = {message.id for message in run_checks(include_deployment_checks=True, databases=["default"])}
    assert {"fmugateway.W001", "fmugateway.W002", "fmugateway.E002"} <= found
