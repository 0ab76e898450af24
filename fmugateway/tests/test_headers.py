"""What every answer says to the browser about itself."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/docs/", "/api/v1/simulations", "/simulate", "/nothing-here"])
def test_every_answer_carries_the_headers_that_browsers_heed(path: str) -> None:
    headers = APIClient(raise_request_exception=False).get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Request-Id"].startswith("req_")
