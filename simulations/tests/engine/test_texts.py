"""Text outputs: recorded when they are named, as numbers that stand for texts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulations.fmi import check, defaults
from simulations.fmi.cage.decode import Decoder, Expected
from simulations.fmi.cage.frames import Sender
from simulations.fmi.cage.inside.reporting import Keeper
from simulations.fmi.errors import ExperimentInvalid, OutputLimitExceeded
from simulations.fmi.experiment import Experiment
from simulations.fmi.inspection import Inspection
from simulations.fmi.limits import Limits
from simulations.fmi.runner import run as runner
from simulations.tests.engine.workshop import built, make_source_fmu, run, unpacked_sample


@pytest.fixture
def feed(folder: Path) -> Inspection:
    return built(make_source_fmu(folder, "feed3"))


def test_text_output_is_recorded_for_who_names_it(feed: Inspection, folder: Path) -> None:
    result, _ = run(folder, Experiment(outputs=("text", "step")), inspection=feed)
    column = result.columns[0]
    assert column.texts == ("", 'höher, "oben"')
    assert [column.texts[number] != "" for number in result.data["text"]] == (result.data["step"] == 1).tolist()


def test_texts_and_binaries_are_left_out_unless_named_and_the_inspection_says_so(feed: Inspection) -> None:
    assert not {"text", "binary_out"} & set(defaults.outputs(feed))
    told = {finding.code: finding.message for finding in feed.findings}
    assert "records it when outputs names it" in told["text_output"]
    assert told["not_recordable"] == "'binary_out' is a Binary, which a result cannot hold."


def test_binary_output_is_refused_by_name(feed: Inspection) -> None:
    with pytest.raises(ExperimentInvalid, match="'binary_out' is a Binary, which a result cannot hold; leave it out"):
        check.resolve(feed, Experiment(outputs=("binary_out",)), Limits())


def test_texts_without_end_are_an_output_limit(folder: Path) -> None:
    inspection = built(make_source_fmu(folder, "feed3", "NEW_TEXT_EACH_TIME"))
    with pytest.raises(OutputLimitExceeded, match="'text' brought the run to more than 1,000 different texts"):
        run(folder, Experiment(outputs=("text",), output_interval=0.0005), inspection=inspection)


def test_text_of_an_fmi_1_model_is_recorded_too(folder: Path) -> None:
    unpacked_sample("RoomHeating", folder)
    result, _ = run(folder, Experiment(outputs=("message",)))
    texts = result.columns[0].texts
    assert texts is not None
    assert any("Living room" in texts[number] for number in result.data["message"])


def test_rows_of_a_run_that_crashes_keep_texts_that_came_late(
    feed: Inspection, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keeper, "_INTERVAL", 0)
    monkeypatch.setattr(runner, "_PROGRESS_SECONDS", 0)
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as pipe:
        run(folder, Experiment(outputs=("text",)), inspection=feed, keep=Keeper(Sender(theirs)))
        os.close(theirs)
        decoder = Decoder(Expected(outputs={"text"}, values=1000))
        decoder.feed(pipe.read())
    partial = decoder.result(complete=False)
    assert partial is not None
    assert partial.columns[0].texts == ("", 'höher, "oben"')
    assert partial.data["text"].tolist() == [0, 0, 0, *[1] * (len(partial.data) - 3)]
