"""Integrators that share nothing with the FMUs: the classic Runge-Kutta method, and linear systems in closed form."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def runge_kutta(f: Callable[[float, Array], Array], x0: list[float], time: Array) -> Array:
    """Return the states (T, N) of der(x) = f(t, x) at the times (T,), one step from each to the next."""
    states = [np.array(x0, dtype=float)]
    for t, h in zip(time[:-1], np.diff(time), strict=True):
        x = states[-1]
        k1 = f(t, x)
        k2 = f(t + h / 2, x + h / 2 * k1)
        k3 = f(t + h / 2, x + h / 2 * k2)
        k4 = f(t + h, x + h * k3)
        states.append(x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return np.array(states)


def linear(a: Array, b: Array, x0: list[float], time: Array) -> Array:
    """Return the states (T, N) of der(x) = a x + b, by eigenvalues."""
    rest = -np.linalg.solve(a, b)
    eigenvalues, vectors = np.linalg.eig(a)
    weights = np.linalg.solve(vectors, np.array(x0) - rest)
    modes = np.exp(np.outer(time, eigenvalues)) * weights
    return np.real(modes @ vectors.T) + rest
