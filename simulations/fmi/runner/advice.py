"""What an engineer does next, in the words of the tool that wrote the FMU."""

from __future__ import annotations

_LINUX_EXPORT = {
    "dymola": "In Dymola's FMU export dialog enable 'Linux 64-bit' (Dymola 2022x and later cross-compile through WSL), "
    "or enable 'Include source code'.",
    "openmodelica": "In OpenModelica set Tools > Options > FMI > Platforms to include 'x86_64-linux-gnu' "
    "(or call buildModelFMU with platforms={\"x86_64-linux-gnu docker:...\"}), or export with 'Include source code'.",
    "simulink": "In Simulink enable 'Include sources in FMU' in the FMU export dialog, or export on MATLAB for Linux.",
    "simulationx": "In SimulationX choose 'Linux 64 bit' as the platform of the FMI code export, or include the C sources.",
    "amesim": "In Simcenter Amesim export on Linux, or enable cross-compilation for Linux 64-bit in the FMU export assistant.",
    "20-sim": "In 20-sim export the FMU as source code ('FMU C-code'), which is compiled here.",
    "gt-suite": "In GT-SUITE export the FMU with a Linux 64-bit solver library; note that a licence server must be reachable.",
    "maplesim": "In MapleSim's FMI connector choose 'Linux 64-bit' as a target platform, or include the source code.",
    "twin builder": "In Ansys Twin Builder add 'Linux 64-bit' to the platforms of the Twin or FMU export.",
    "jmodelica": "With JModelica.org or OCT compile the FMU on Linux.",
    "fmpy": "Run FMPy's 'compile' on Linux, or leave the sources in the FMU.",
}
_NAMES = {"ansys": "twin builder", "matlab": "simulink", "mathworks": "simulink", "gt-power": "gt-suite", "lms": "amesim",
          "omcompiler": "openmodelica", "oct": "jmodelica", "maple": "maplesim"}  # fmt: skip
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
