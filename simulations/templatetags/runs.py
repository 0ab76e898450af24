"""How runs read on a page: states, short names, numbers, durations, small curves."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.conf import settings

from simulations.models import Status

register = template.Library()

_STATES = {
    Status.AWAITING_PAYMENT: ("warn", "Waiting for payment"),
    Status.QUEUED: ("wait", "Queued"),
    Status.RUNNING: ("wait", "Running"),
    Status.SUCCEEDED: ("ok", "Succeeded"),
    Status.FAILED: ("fail", "Failed"),
    Status.CANCELED: ("none", "Canceled"),
    Status.EXPIRED: ("none", "Expired"),
}
_SHORT = 4
_SPARK_WIDTH, _SPARK_HEIGHT, _SPARK_MARGIN = 96, 28, 2


@register.simple_tag
def upload_limit() -> int:
    """Bytes that an FMU may have."""
    return settings.MAX_UPLOAD_BYTES


@register.filter
def lamp(status: str) -> str:
    """The `data-state` of a badge."""
    return _STATES[Status(status)][0]


@register.filter
def word(status: str) -> str:
    return _STATES[Status(status)][1]


@register.filter
def short(public_id: str) -> str:
    """`sim_7Kd2...` as people say it: 7Kd2."""
    return public_id.partition("_")[2][:_SHORT]


@register.filter
def number(value: object) -> str:
    """Four significant digits and a real minus sign, as in static/js/plot.js."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return exact(value)
    size = abs(value)
    plain = size == 0 or 1e-4 <= size < 1e7
    return (f"{value:.4g}" if plain and size < 1e4 else f"{value:.0f}" if plain else f"{value:.2e}").replace(
        "-", "\u2212"
    )


@register.filter
def exact(value: object) -> str:
    """A value in full, arrays in brackets."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(map(exact, value)) + "]"
    if isinstance(value, float):
        return f"{value:.12g}".replace("-", "\u2212")
    return str(value)


@register.filter
def duration(seconds: float | None) -> str:
    """18 ms, 1.2 s, 2 min 5 s."""
    if seconds is None:
        return "\u2013"
    if seconds < 1:
        return f"{max(1, round(seconds * 1000))} ms"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


@register.filter
def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


@register.filter
def spark(points: Sequence[float]) -> str:
    """A path of 96 by 28 through values from 0 to 1."""
    if len(points) < 2:
        return ""
    step = _SPARK_WIDTH / (len(points) - 1)
    room = _SPARK_HEIGHT - 2 * _SPARK_MARGIN
    places = (f"{at * step:.1f} {_SPARK_MARGIN + (1 - value) * room:.1f}" for at, value in enumerate(points))
    return "M" + "L".join(places)
