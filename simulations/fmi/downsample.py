"""Fewer rows of a result that look the same on a plot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from simulations.fmi.experiment import Result

_EDGES = 2  # the first and the last row
_ROWS_AT_ONCE = 1 << 16  # judged together; a result of any size takes a few megabytes more


def downsample(result: Result, max_points: int) -> Result:
    """Keep the visual shape of each output with at most `max_points` samples.

    result.data: (T,) structured, "time" first. The first, the last and, unless there are too many outputs for it, each
    output's smallest and largest sample survive. Raises ValueError if max_points < 3.
    Source: Steinarsson 2013, "Downsampling Time Series for Visual Representation", LTTB, with the mean of the bucket
    before in place of the sample that was chosen from it, so that all buckets are judged at once. With several outputs
    a bucket keeps the row that matters most to any of them, measured in parts of its range.
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
    """One row of each of `count` - 2 buckets: the one that spans the largest triangle with its neighbours' means."""
    bounds = np.linspace(1, len(data) - 1, count - _EDGES + 1).astype(np.intp)
    means = {name: _means(data[name], bounds) for name in ("time", *names)}
    scales = {name: _range(data[name]) for name in names}
    buckets_at_once = max(1, _ROWS_AT_ONCE * (len(bounds) - 1) // len(data))
    chosen = [np.array([0])]
    for first in range(0, len(bounds) - 1, buckets_at_once):
        edges = bounds[first : first + buckets_at_once + 1]
        areas = np.zeros(edges[-1] - edges[0])
        for name, scale in scales.items():
            near = {column: means[column][first : first + len(edges) + 1] for column in ("time", name)}
            np.maximum(areas, _areas(data[edges[0] : edges[-1]], edges, name, near) / scale, out=areas)
        chosen.append(edges[0] + _first_largest(np.nan_to_num(areas), edges - edges[0]))
    return np.concatenate([*chosen, [len(data) - 1]]).astype(np.intp)


def _means(values: NDArray[np.generic], bounds: NDArray[np.intp]) -> NDArray[np.float64]:
    """(B + 2,) the first sample, the mean of each bucket, the last sample."""
    sums = np.add.reduceat(values[: bounds[-1]], bounds[:-1], dtype=np.float64)
    return np.concatenate(([float(values[0])], sums / np.diff(bounds), [float(values[-1])]))


def _areas(
    rows: NDArray[np.void], edges: NDArray[np.intp], name: str, means: dict[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """(R,) twice the area of each row's triangle. means: (B + 2,) of time and `name`, from the bucket before on."""
    sizes = np.diff(edges)
    first, start = (np.repeat(means[column][:-2], sizes) for column in ("time", name))
    last, end = (np.repeat(means[column][2:], sizes) for column in ("time", name))
    own = rows[name].astype(np.float64)
    return np.asarray(np.abs((first - last) * (own - start) - (first - rows["time"]) * (end - start)))


def _first_largest(areas: NDArray[np.float64], edges: NDArray[np.intp]) -> NDArray[np.intp]:
    """(B,) where in `areas` each bucket has its largest."""
    largest = np.repeat(np.maximum.reduceat(areas, edges[:-1]), np.diff(edges))
    candidates = np.flatnonzero(areas >= largest)
    return np.asarray(candidates[np.searchsorted(candidates, edges[:-1])])


def _range(values: NDArray[np.generic]) -> float:
    spread = float(values.max()) - float(values.min())
    return spread if spread > 0 and np.isfinite(spread) else 1.0
