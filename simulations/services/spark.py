"""A result's first output as a few numbers from 0 to 1, for plots the size of a word."""

from __future__ import annotations

import numpy as np

from simulations.fmi.experiment import Result

POINTS = 48


def spark(result: Result) -> list[float]:
    """At most 48 numbers: evenly spaced samples of the first column that is no text. Empty without one."""
    names = [column.name for column in result.columns if column.texts is None]
    if not names or len(result.data) < 2:
        return []
    picked = np.linspace(0, len(result.data) - 1, min(POINTS, len(result.data))).astype(int)
    values = result.data[names[0]][picked].astype(float)
    low, high = float(values.min()), float(values.max())
    if not np.isfinite(high - low):
        return []
    shares = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    return [round(float(share), 3) for share in shares]
