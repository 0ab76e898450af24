"""From where somebody asks: one answer for everything that counts by address."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

# Whoever has IPv6 has at least so many addresses: they count as one.
_IPV6_PREFIX = 64


def address_of(request: HttpRequest | Request) -> str:
    """As the outermost of our NUM_PROXIES proxies saw it: what stands further left anybody may have written."""
    return BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only


def network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # a proxy's own words
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed)
