"""Compiles a source of ours into an FMU: one function of it is called in one phase of a run."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).with_name("sources")
DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<fmiModelDescription fmiVersion="2.0" modelName="hostile" guid="{0}">
  <CoSimulation modelIdentifier="hostile" canHandleVariableCommunicationStepSize="true"/>
  <DefaultExperiment startTime="0" stopTime="1" stepSize="0.25"/>
  <ModelVariables>
    <ScalarVariable name="loot" valueReference="0" causality="output" variability="continuous"><Real/></ScalarVariable>
  </ModelVariables>
  <ModelStructure><Outputs><Unknown index="1"/></Outputs></ModelStructure>
</fmiModelDescription>
"""
BINARY = "binaries/linux64/hostile.so"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder to build in; canaries is the text of canary.h."""

    folder: Path
    canaries: str = ""

    def fmu(self, source: str, function: str, *, phase: str = "step", flags: tuple[str, ...] = ()) -> Path:
        """An FMU that calls `function` of sources/`source` in `phase` (load, step, terminate, unload)."""
        archive = self.folder / f"{Path(source).stem}-{function}-{phase}.fmu"
        library = archive.with_suffix(".so")
        self._compile(source, library, [f"-DATTACK={function}", f"-DPHASE={phase}", *flags])
        with zipfile.ZipFile(archive, "w") as opened:
            opened.writestr("modelDescription.xml", DESCRIPTION)
            opened.writestr("resources/data.txt", "42")
            opened.write(library, BINARY)
        return archive

    def _compile(self, source: str, library: Path, flags: list[str]) -> None:
        (self.folder / "canary.h").write_text(self.canaries)
        compiler, language = ("g++", "c++") if source.endswith(".cpp") else ("gcc", "c")
        options = ["-w", "-O0", "-fPIC", "-shared", f"-I{self.folder}", *flags]
        sources = ["-x", "c", str(SOURCES / "fmu.c"), "-x", language, str(SOURCES / source)]
        subprocess.run([compiler, *options, *sources, "-o", str(library)], check=True)
