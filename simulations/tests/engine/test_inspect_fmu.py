"""manage.py inspect_fmu: the report on a terminal, with an exit code for a loop over a folder."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from simulations.tests.engine.workshop import SAMPLES, description, make_fmu, zipped


def _command(*arguments: str) -> str:
    out = StringIO()
    call_command("inspect_fmu", *arguments, stdout=out)
    return out.getvalue()


def test_report_gives_verdict_and_content() -> None:
    said = _command(str(SAMPLES / "BouncingBall.fmu"))
    assert "Runs here: yes, as Co-Simulation, native binary." in said
    assert "FMI 2.0, CoSimulation and ModelExchange" in said
    assert "Ran:" not in said


def test_run_adds_what_happened() -> None:
    said = _command(str(SAMPLES / "BouncingBall.fmu"), "--run")
    assert "Ran: yes, " in said
    assert "Ran as Co-Simulation" in said


def test_json_holds_everything_on_one_line(folder: Path) -> None:
    said = _command(str(zipped(make_fmu(folder))), "--json", "--run")
    (line,) = said.splitlines()
    told = json.loads(line)
    assert told["runs"] is True
    assert told["inspection"]["model_name"] == "Decay"
    assert told["run"]["rows"] == 101


def test_exit_code_tells_when_any_file_does_not_run(folder: Path, tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.fmu"
    nonsense.write_text("no zip")
    only_xml = folder / "modelDescription.xml"
    only_xml.write_text(description())
    with pytest.raises(CommandError, match=r"2 of 3 do not run here: .*nonsense.fmu, .*fmu.fmu"):
        _command(str(nonsense), str(zipped(folder)), str(SAMPLES / "VanDerPol.fmu"))
