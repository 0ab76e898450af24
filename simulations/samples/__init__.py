"""The catalogue of the sample FMUs: what to say about each and what is worth playing with.

The FMUs themselves lie beside this file and are rebuilt by `make samples`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Slider:
    """A start value to play with: its range in the variable's unit."""

    variable: str
    minimum: float
    maximum: float
    step: float


@dataclass(frozen=True)
class InputTable:
    """Suggested input signals: one value per point of time, two values at the same time for a jump."""

    time: tuple[float, ...]
    signals: Mapping[str, tuple[float | bool, ...]]


@dataclass(frozen=True)
class Sample:
    """One sample FMU; `name` is its model name, its file name and its id (`sample:<name>`)."""

    name: str
    title: str
    summary: str
    sliders: tuple[Slider, ...]
    outputs: tuple[str, ...]
    inputs: InputTable | None = None

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.fmu"

    @property
    def reference(self) -> str:
        """What requests call it."""
        return f"sample:{self.name}"


SAMPLES: tuple[Sample, ...] = (
    Sample(
        name="BouncingBall",
        title="Bouncing ball",
        summary="A ball falls, loses energy at every bounce and comes to rest. The classic test of event handling.",
        sliders=(
            Slider("h", 0.1, 5, 0.1),
            Slider("e", 0, 0.95, 0.01),
            Slider("g", 1.62, 24.79, 0.01),
        ),
        outputs=("h", "v"),
    ),
    Sample(
        name="VanDerPol",
        title="Van der Pol oscillator",
        summary="Every start ends in the same limit cycle: a gentle wave for small mu, sudden jumps for large mu.",
        sliders=(
            Slider("mu", 0, 10, 0.1),
            Slider("x", -4, 4, 0.1),
            Slider("y", -4, 4, 0.1),
        ),
        outputs=("x", "y"),
    ),
    Sample(
        name="DCMotor",
        title="DC motor with speed controller",
        summary="A 24 V motor runs up to speed and takes a load. Tune its PI controller; see what anti-windup does.",
        sliders=(
            Slider("Kp", 0.02, 1, 0.01),
            Slider("Ki", 0, 40, 0.5),
            Slider("u_max", 6, 48, 1),
            Slider("J", 5e-5, 1e-3, 5e-5),
        ),
        outputs=("w", "i", "u"),
        inputs=InputTable(
            time=(0, 0.5, 0.5, 1),
            signals=MappingProxyType({"w_ref": (300, 300, 300, 300), "tau_load": (0, 0, 0.2, 0.2)}),
        ),
    ),
    Sample(
        name="QuarterCar",
        title="Quarter-car suspension",
        summary="A wheel meets a speed bump at 30 km/h. Find the damper that keeps the tyre down and the ride soft.",
        sliders=(
            Slider("speed", 2.5, 25, 0.5),
            Slider("height", 0.01, 0.12, 0.01),
            Slider("k_s", 10000, 60000, 1000),
            Slider("c_compression", 0, 5000, 100),
            Slider("c_rebound", 0, 5000, 100),
        ),
        outputs=("road", "z_s", "z_u"),
        inputs=InputTable(
            time=(0, 2.5, 2.5, 4),
            signals=MappingProxyType({"z_road": (0, 0, -0.05, -0.05)}),
        ),
    ),
    Sample(
        name="RoomHeating",
        title="Room heating with thermostat",
        summary="A room through a cold day: heavy walls, a heater that switches, a night setback and a window to open.",
        sliders=(
            Slider("T_day", 288.15, 298.15, 0.5),
            Slider("T_night", 283.15, 298.15, 0.5),
            Slider("hysteresis", 0.2, 4, 0.1),
            Slider("P_max", 500, 4000, 100),
            Slider("R_out", 0.005, 0.1, 0.005),
        ),
        outputs=("T_room", "T_wall", "T_set"),
        inputs=InputTable(
            time=(0, 21600, 43200, 46800, 46800, 50400, 50400, 86400),
            signals=MappingProxyType(
                {
                    "T_outside": (271.15, 268.15, 276.15, 277.15, 277.15, 277.15, 277.15, 271.15),
                    "window_open": (False, False, False, False, True, True, False, False),
                }
            ),
        ),
    ),
    Sample(
        name="BatteryCell",
        title="Lithium-ion battery cell",
        summary="A 5 Ah cell under load: voltage, charge, heat from core to surface, and the circuit that protects it.",
        sliders=(
            Slider("current", -10, 20, 0.5),
            Slider("T_ambient", 263.15, 318.15, 1),
            Slider("resistance_factor", 0.5, 3, 0.1),
            Slider("h", 1, 100, 1),
        ),
        outputs=("voltage", "T_core", "soc"),
        inputs=InputTable(
            time=(0, 1800, 1800, 2400, 2400, 4000),
            signals=MappingProxyType(
                {
                    "current": (7.5, 7.5, 0, 0, -2.5, -2.5),
                    "T_ambient": (298.15, 298.15, 298.15, 298.15, 298.15, 298.15),
                }
            ),
        ),
    ),
)


def find_sample(name: str) -> Sample | None:
    return next((sample for sample in SAMPLES if sample.name == name), None)
