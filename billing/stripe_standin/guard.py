"""Refuse to run where real money is taken."""

import ipaddress
from collections.abc import Mapping

_OFF = {"0", "false", "no", "off"}
_ON = {"1", "true", "yes", "on"}


def refusal(host: str, environment: Mapping[str, str]) -> str | None:
    """Why the stand-in must not start here, or None when it may."""
    if not is_loopback(host):
        return f"The Stripe stand-in only listens on loopback; {host!r} can be reached from outside. Use 127.0.0.1."
    production = environment.get("DEBUG", "").strip().lower() in _OFF
    wanted = environment.get("STRIPE_STANDIN", "").strip().lower() in _ON
    if production and not wanted:
        return "DEBUG is off, so the Stripe stand-in does not start. Set STRIPE_STANDIN=1 for a demo without money."
    return None


def is_loopback(host: str) -> bool:
    """True for names and addresses that never leave this machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
