"""What an engineer does next, in the words of the tool that wrote the FMU."""

from __future__ import annotations

_LINUX_EXPORT = {
    "dymola": "In Dymola's FMU export dialog enable 'Linux 64-bit' (Dymola cross-compiles through WSL), "
    "or 'Include source code'.",
    "openmodelica": "In OpenModelica add 'x86_64-linux-gnu' under Tools > Options > FMI > Platforms, "
    "or export with 'Include Source Code'.",
    "simulink": "In Simulink enable 'Include sources in FMU' in the export dialog, or export on MATLAB for Linux.",
    "simulationx": "In SimulationX choose 'Linux 64-bit' for the FMI code export, or include the C sources.",
    "amesim": "In Simcenter Amesim export on Linux, or choose Linux 64-bit as the target in the FMU export assistant.",
    "20-sim": "In 20-sim export the FMU with its C code, which is compiled here.",
    "gt-suite": "In GT-SUITE export a stand-alone FMU for Linux 64-bit.",
    "maplesim": "In MapleSim's FMI connector choose Linux 64-bit as a target, or include the source code.",
    "twin builder": "In Ansys Twin Builder add Linux 64-bit to the platforms of the export.",
    "jmodelica": "With JModelica.org or OCT compile the FMU on Linux.",
    "fmpy": "Leave the sources in the FMU, or compile them with 'fmpy compile' on Linux.",
}
_NAMES = {
    "ansys": "twin builder",
    "matlab": "simulink",
    "mathworks": "simulink",
    "gt-power": "gt-suite",
    "omcompiler": "openmodelica",
    "optimica": "jmodelica",
    "maplesoft": "maplesim",
}
_ANY_TOOL = "Export the FMU again with a Linux 64-bit (x86_64-linux) binary, or with its C sources included."


def linux_export(tool: str | None) -> str:
    """How to get a Linux binary, or the sources, out of `tool`, the description's generationTool."""
    name = (tool or "").lower()
    key = next((known for known in _LINUX_EXPORT if known in name), None)
    key = key or next((known for alias, known in _NAMES.items() if alias in name), None)
    return _LINUX_EXPORT[key] if key else _ANY_TOOL


def static_export(tool: str | None, libraries: str) -> str:
    """How to get rid of libraries that are missing here."""
    return (
        f"Link {libraries} statically or put it beside the binary in binaries/linux64 (rpath $ORIGIN), "
        f"or include the C sources. {linux_export(tool)}"
    )
