"""It does not run where real money is taken."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from billing.stripe_standin.guard import is_loopback, refusal
from billing.tests.standin.process import ROOT


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "[::1]", "localhost", "127.1.2.3", "site.localhost"])
def test_loopback_is_allowed(host: str) -> None:
    assert is_loopback(host)
    assert refusal(host, {}) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "", "127.0.0.1.evil", "localhost.evil"])
def test_everything_else_is_refused(host: str) -> None:
    assert "loopback" in str(refusal(host, {"STRIPE_STANDIN": "1"}))


@pytest.mark.parametrize("debug", ["0", "False", "no", "off"])
def test_production_needs_to_ask_for_it(debug: str) -> None:
    assert "STRIPE_STANDIN=1" in str(refusal("127.0.0.1", {"DEBUG": debug}))
    assert refusal("127.0.0.1", {"DEBUG": debug, "STRIPE_STANDIN": "1"}) is None
    assert refusal("127.0.0.1", {"DEBUG": debug, "STRIPE_STANDIN": "0"})


@pytest.mark.parametrize(
    ("words", "environment"),
    [(["--host", "0.0.0.0"], {"STRIPE_STANDIN": "1"}), ([], {"DEBUG": "0", "STRIPE_STANDIN": ""})],
)
def test_the_process_leaves_with_the_reason(words: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "billing.stripe_standin", "--port", "0", *words],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "stand-in" in done.stderr
