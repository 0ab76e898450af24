"""Build simulations/samples/*.fmu from their sources: the same bytes each time with the same compiler.

    python scripts/build_samples.py [NAME ...] [--output FOLDER]

Needs nothing but Python and gcc. Each folder simulations/samples/<Name>/ holds modelDescription.xml, model.c and
documentation/; the shared C code is in simulations/samples/framework/.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

SAMPLES = Path(__file__).resolve().parent.parent / "simulations" / "samples"
FRAMEWORK = SAMPLES / "framework"
COMMON_SOURCES = ("access.c", "component.c", "snapshot.c", "solver.c", "values.c")
ADAPTERS = {"1": ("fmi1.c",), "2": ("fmi2.c",), "3": ("fmi3.c", "fmi3_unsupported.c")}
CFLAGS = (
    *("-std=c99", "-O2", "-ffp-contract=off", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-stack-protector"),
    *("-Wall", "-Wextra", "-Wpedantic", "-Werror"),
    *("-Wl,--build-id=none", "-Wl,--no-undefined", "-Wl,--as-needed", "-s"),
)
# A zip cannot hold a time before this one.
TIMESTAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Sample:
    """What the build needs to know of one modelDescription.xml."""

    folder: Path
    fmi_version: str
    model_identifier: str
    token: str

    @property
    def major(self) -> str:
        return self.fmi_version[0]

    @property
    def binary_path(self) -> str:
        platform = "x86_64-linux" if self.major == "3" else "linux64"
        return f"binaries/{platform}/{self.model_identifier}.so"


def read_sample(folder: Path) -> Sample:
    root = ElementTree.parse(folder / "modelDescription.xml").getroot()
    return Sample(
        folder=folder,
        fmi_version=root.attrib["fmiVersion"],
        model_identifier=folder.name,
        token=root.get("guid") or root.attrib["instantiationToken"],
    )


def config_header(sample: Sample) -> str:
    return (
        "/* What the C code must know of modelDescription.xml; written by the build. */\n"
        f"#define MODEL_IDENTIFIER {sample.model_identifier}\n"
        f'#define INSTANTIATION_TOKEN "{sample.token}"\n'
    )


def build_description(sample: Sample, sources: list[str]) -> str:
    """Return the buildDescription.xml that FMI 3 asks for."""
    files = "\n".join(f'      <SourceFile name="{name}"/>' for name in sources)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<fmiBuildDescription fmiVersion="{sample.fmi_version}">\n'
        f'  <BuildConfiguration modelIdentifier="{sample.model_identifier}">\n'
        f'    <SourceFileSet language="C99">\n{files}\n    </SourceFileSet>\n'
        '    <Library name="m"/>\n'
        "  </BuildConfiguration>\n"
        "</fmiBuildDescription>\n"
    )


def write_sources(sample: Sample, target: Path) -> list[str]:
    """Write a complete sources/ folder; return the names of the files to compile."""
    shared = [*COMMON_SOURCES, *ADAPTERS[sample.major]]
    (target / "headers").mkdir(parents=True)
    for header in (*FRAMEWORK.glob(f"headers/fmi{sample.major}*.h"), FRAMEWORK / "headers" / "LICENSE.txt"):
        shutil.copyfile(header, target / "headers" / header.name)
    for source in (*(FRAMEWORK / name for name in shared), *FRAMEWORK.glob("*.h"), sample.folder / "model.c"):
        shutil.copyfile(source, target / source.name)
    (target / "config.h").write_text(config_header(sample))
    sources = sorted(path.name for path in target.glob("*.c"))
    if sample.major == "3":
        (target / "buildDescription.xml").write_text(build_description(sample, sources))
    return sources


def write_documentation(sample: Sample, target: Path) -> None:
    shutil.copytree(sample.folder / "documentation", target)
    if sample.major == "1":  # FMI 1 has another name for the first page
        shutil.copyfile(target / "index.html", target / "_main.html")


def compile_library(sources: Path, names: list[str], library: Path) -> None:
    library.parent.mkdir(parents=True)
    compiler = os.environ.get("CC", "gcc")
    # Relative names, so that no path of this machine gets into the binary.
    command = [compiler, *CFLAGS, *names, "-lm", "-o", os.path.relpath(library, sources)]
    subprocess.run(command, cwd=sources, check=True)


def write_zip(folder: Path, target: Path) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    first = folder / "modelDescription.xml"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in [first, *(path for path in files if path != first)]:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), TIMESTAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path.suffix == ".so" else 0o644) << 16
            archive.writestr(entry, path.read_bytes())


def build(sample: Sample, target: Path) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copyfile(sample.folder / "modelDescription.xml", folder / "modelDescription.xml")
        write_documentation(sample, folder / "documentation")
        names = write_sources(sample, folder / "sources")
        compile_library(folder / "sources", names, folder / sample.binary_path)
        write_zip(folder, target)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="samples to build (default: all)")
    parser.add_argument("--output", type=Path, default=SAMPLES, help="folder for the FMUs (default: with the sources)")
    options = parser.parse_args(arguments)
    names = options.names or sorted(path.parent.name for path in SAMPLES.glob("*/modelDescription.xml"))
    for name in names:
        target = options.output / f"{name}.fmu"
        build(read_sample(SAMPLES / name), target)
        print(f"{target.name}: {target.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
