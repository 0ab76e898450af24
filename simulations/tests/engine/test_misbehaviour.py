"""FMUs that go wrong while they run: each a clear outcome with what was reached, never a plain success."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulations.fmi import check
from simulations.fmi.errors import BadResult, FMURefused, OutputLimitExceeded, TimeLimitExceeded
from simulations.fmi.experiment import Experiment
from simulations.fmi.limits import Limits
from simulations.tests.engine.workshop import built, description, inspect, make_fmu, make_source_fmu, run

_CS = Experiment(interface_type="CoSimulation")
_ME = Experiment(interface_type="ModelExchange", solver="CVode")


@pytest.mark.parametrize(
    ("option", "asked", "message"),
    [
        ("-DNO_LICENCE", _CS, "The FMU refused to be instantiated: No licence: set DYMOLA_RUNTIME_LICENSE at t=0"),
        (
            "-DFAILS_TO_INITIALIZE",
            _CS,
            "fmi2ExitInitializationMode answered with an error at t=0: The initial equations",
        ),
        ("-DFAILS_FATALLY", _CS, "fmi2DoStep answered with a fatal error at t=0.5: Division by zero in pump.eta"),
        ("-DDISCARDS_ALL", _CS, "The FMU rejects every step at t=0 (fmi2Discard), from 0.01 down to"),
        (
            "-DDERIVATIVE_FAILS",
            _ME,
            "CVode could not go on from t=0.49: fmi2GetDerivatives failed with status 3 (error). Tables.Table1D",
        ),
        ("-DNEVER_SETTLES", _ME, "An event at t=0.6 does not settle in 10,000 iterations"),
        ("-DSTANDS_STILL", _ME, "The model's time stands still at t=0.5"),
    ],
)
def test_failure_is_told_with_its_cause(option: str, asked: Experiment, message: str, folder: Path) -> None:
    make_fmu(folder, option)
    with pytest.raises(FMURefused) as failed:
        run(folder, asked)
    assert failed.value.message.startswith(message)


def test_failure_keeps_what_was_reached(folder: Path) -> None:
    make_fmu(folder, "-DFAILS_FATALLY")
    with pytest.raises(FMURefused) as failed:
        run(folder, _CS)
    partial = failed.value.partial
    assert partial is not None
    assert not partial.complete
    assert partial.data["time"][-1] == 0.5
    assert len(partial.data) == 51


def test_value_that_is_no_number_is_named_with_its_first_time(folder: Path) -> None:
    make_fmu(folder, "-DTURNS_NAN")
    with pytest.raises(BadResult, match=r"^'y' is NaN at t=0.51\.$") as failed:
        run(folder, _CS)
    assert failed.value.partial is not None
    assert np.isfinite(failed.value.partial.data["y"]).all()
    assert failed.value.partial.data["time"][-1] == 0.5


@pytest.mark.parametrize("asked", [_CS, _ME])
def test_run_that_the_fmu_ends_early_is_no_success(asked: Experiment, folder: Path) -> None:
    make_fmu(folder, "-DENDS_EARLY")
    with pytest.raises(BadResult, match=r"The FMU ended the simulation at t=0.5, before stop_time 1") as failed:
        run(folder, asked)
    assert failed.value.partial is not None


def test_interval_that_does_not_divide_the_run_still_ends_at_stop_time(folder: Path) -> None:
    make_fmu(folder)
    result, notes = run(folder, Experiment(interface_type="CoSimulation", output_interval=0.3))
    np.testing.assert_allclose(result.data["time"], [0, 0.3, 0.6, 0.9, 1.0])
    assert any("last step is shorter" in note for note in notes)


def test_fmu_that_refuses_a_shorter_last_step_fails_honestly(folder: Path) -> None:
    make_fmu(folder, "-DCONSTANT_STEPS_ONLY")
    with pytest.raises(FMURefused, match=r"fmi2DoStep answered with an error at t=0.9") as failed:
        run(folder, Experiment(interface_type="CoSimulation", output_interval=0.3))
    assert failed.value.partial is not None


def test_rows_beyond_the_limit_end_the_run(folder: Path) -> None:
    resolved = check.resolve(inspect(make_fmu(folder)), _CS, Limits())
    with pytest.raises(OutputLimitExceeded, match=r"more than 100 values") as failed:
        run(folder, resolved, limits=Limits(values=100))
    assert failed.value.partial is not None


def test_talkative_fmu_fills_no_disk(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    make_fmu(folder, "-DLOGS_A_LOT")
    run(folder, _CS, limits=Limits(log_bytes=1000))
    said = capfd.readouterr().err
    assert len(said) < 1200
    assert "the log ends here" in said


def test_stop_from_outside_keeps_what_was_reached(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulations.fmi.runner.run._PROGRESS_SECONDS", 0.0)

    def stop_half_way(share: float) -> None:
        if share > 0.5:
            raise TimeLimitExceeded("time is up")

    with pytest.raises(TimeLimitExceeded) as stopped:
        run(make_fmu(folder), _CS, progress=stop_half_way)
    assert stopped.value.partial is not None
    assert stopped.value.partial.data["time"][-1] == 0.5


def test_user_who_insists_gets_no_other_interface_type(folder: Path) -> None:
    make_fmu(folder, "-DNO_MODEL_EXCHANGE")
    with pytest.raises(FMURefused, match="refused to be instantiated"):
        run(folder, _ME)


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("Set DYMOLA_RUNTIME_LICENSE to a licence file", "Binary Model Export"),
        ("No license available for feature FMU_RT", "asks for a licence of its tool"),
        ("Cannot find Energy+.idd", "starts EnergyPlus"),
        (
            r"Cannot open file 'C:\\Users\\jim\\tables\\weather.txt'",
            r"C:\Users\jim\tables\weather.txt, a file on its author's",
        ),
        ("Could not open /home/jim/data.mat: not found", "reads /home/jim/data.mat, a file"),
    ],
)
def test_failure_of_a_known_kind_comes_with_advice(said: str, advice: str, folder: Path) -> None:
    make_fmu(folder, f'-DSAYS="{said}"')
    with pytest.raises(FMURefused) as failed:
        run(folder, Experiment(start_values={"u": 0.0}))
    assert any(advice in note for note in failed.value.notes)


def test_inputs_that_were_left_alone_are_named_when_a_run_fails(folder: Path) -> None:
    make_fmu(folder, "-DFAILS_FATALLY")
    with pytest.raises(FMURefused) as failed:
        run(folder, _CS)
    assert "These inputs were left at their start values: u; the model may need others." in failed.value.notes


def test_failure_tells_what_else_was_tried(folder: Path) -> None:
    make_fmu(folder, "-DFAILS_TO_INITIALIZE", xml=description())
    with pytest.raises(FMURefused) as failed:
        run(folder)
    assert len([note for note in failed.value.notes if "failed:" in note]) >= 2


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("NO_INSTANCE", "The FMU refused to be instantiated: No licence for RampTool"),
        ("FAILS", "fmi1DoStep answered with an error at t=0.501"),
    ],
)
def test_fmi_1_says_no_without_ending_the_process(option: str, message: str, folder: Path) -> None:
    """FMPy takes the slave's NULL for an instance, and its error for the address of a text."""
    inspection = built(make_source_fmu(folder, "ramp1", option))
    with pytest.raises(FMURefused) as failed:
        run(folder, inspection=inspection)
    assert failed.value.message.startswith(message)
