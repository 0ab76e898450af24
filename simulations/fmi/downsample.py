"""Fewer rows of a result that look the same on a plot."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.experiment import Result

_EDGES = 2  # the first and the last row


def downsample(result: Result, max_points: int) -> Result:
    """Keep the visual shape of each output with at most `max_points` samples.

    result.data: (T,) structured, "time" first. The first, the last and, unless there are too many outputs for it, each
    output's smallest and largest sample survive. Raises ValueError if max_points < 3.
    Source: Steinarsson 2013, "Downsampling Time Series for Visual Representation", LTTB; with several outputs a bucket
    keeps the row that matters most to any of them, measured in parts of its range.
    """
    if max_points < 3:
        raise ValueError("max_points must be at least 3")
    if len(result.data) <= max_points:
        return result
    return replace(result, data=result.data[rows_that_matter(result.data, max_points)])


def rows_that_matter(data: NDArray[np.void], max_points: int) -> NDArray[np.intp]:
    """Indices of at most `max_points` rows, ascending. data: (T,) structured, T > max_points, first field the time."""
    names = list(data.dtype.names or ())[1:]
    extremes = _extremes(data, names)
    if len(extremes) > (max_points - _EDGES) // 2:
        extremes = np.empty(0, dtype=np.intp)
    chosen = _largest_triangles(data, names, max_points - len(extremes))
    return np.union1d(chosen, extremes)


def _extremes(data: NDArray[np.void], names: list[str]) -> NDArray[np.intp]:
    found = {int(pick(data[name])) for name in names for pick in (np.argmin, np.argmax)}
    return np.array(sorted(found), dtype=np.intp)


def _largest_triangles(data: NDArray[np.void], names: list[str], count: int) -> NDArray[np.intp]:
    """One row of each of `count` - 2 buckets: the one that spans the largest triangle with its neighbours."""
    bounds = np.linspace(1, len(data) - 1, count - _EDGES + 1).astype(np.intp)
    scales = np.array([_range(data[name]) for name in names])
    chosen = [0]
    for index, (low, high) in enumerate(pairwise(bounds)):
        following = data[high : bounds[index + 2]] if index + 2 < len(bounds) else data[-1:]
        areas = _areas(data[chosen[-1]], data[low:high], following, names, scales)
        chosen.append(int(low) + int(np.argmax(areas)))
    return np.array([*chosen, len(data) - 1], dtype=np.intp)


def _areas(
    before: np.void, bucket: NDArray[np.void], after: NDArray[np.void], names: list[str], scales: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(B,) the largest area over all outputs that each row of `bucket` spans."""
    time, first, last = bucket["time"], before["time"], after["time"].mean()
    areas = np.zeros(len(bucket))
    for name, scale in zip(names, scales, strict=True):
        start, end = float(before[name]), float(after[name].mean())
        area = np.abs((first - last) * (bucket[name] - start) - (first - time) * (end - start)) / scale
        np.maximum(areas, area, out=areas)
    return areas


def _range(values: NDArray[np.generic]) -> float:
    spread = float(values.max()) - float(values.min())
    return spread if spread > 0 and np.isfinite(spread) else 1.0
