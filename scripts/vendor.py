"""Fetch the browser libraries from npm into static/vendor, pick the icons, and write down what was taken.

Run it to change a version: edit PACKAGES or ICONS, run `python scripts/vendor.py`, commit what changed.
It needs npm; nothing else in the project does.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"
VENDOR = STATIC / "vendor"
MANIFEST = VENDOR / "vendor.json"

# npm package and version: licence, {file in the package: file under static/}
PACKAGES: dict[str, tuple[str, dict[str, str]]] = {
    "uplot@1.6.32": (
        "MIT",
        {
            "dist/uPlot.iife.min.js": "vendor/uPlot.iife.min.js",
            "dist/uPlot.min.css": "vendor/uPlot.min.css",
            "LICENSE": "vendor/LICENSE-uplot.txt",
        },
    ),
    "htmx.org@2.0.11": ("0BSD", {"dist/htmx.min.js": "vendor/htmx.min.js", "LICENSE": "vendor/LICENSE-htmx.txt"}),
    "lucide-static@1.62.0": ("ISC", {"LICENSE": "vendor/LICENSE-lucide.txt"}),
}
FONTS = ("instrument-sans", "geist-mono")  # latin subsets, taken once
ICONS = """
    arrow-left arrow-right arrow-up-right ban book-open check chevron-down chevron-right circle-check circle-x clock
    coins copy credit-card download external-link eye file-text file-up fingerprint-pattern gauge info key-round layers
    link lock log-out mail maximize menu pencil play plus receipt-text repeat rotate-ccw search share-2 shield-check
    sliders-horizontal smartphone square sun-moon terminal trash triangle-alert upload user wifi-off x
"""


def main() -> None:
    files: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        for package, (licence, wanted) in PACKAGES.items():
            with _fetch(package, Path(folder)) as archive:
                for inside, outside in wanted.items():
                    (STATIC / outside).write_bytes(_member(archive, inside))
                    files.append(_record(outside, package, licence))
                if package.startswith("lucide-static"):
                    (STATIC / "img/icons.svg").write_text(_sprite(_member(archive, "sprite.svg").decode(), package))
                    files.append(_record("img/icons.svg", package, licence))
    files += [
        _record(f"fonts/{file}", f"@fontsource-variable/{font}", "OFL-1.1")
        for font in FONTS
        for file in (f"{font}.woff2", f"LICENSE-{font}.txt")
    ]
    MANIFEST.write_text(json.dumps(files, indent=2) + "\n")


def _fetch(package: str, folder: Path) -> tarfile.TarFile:
    """The archive of a package, by npm's own client, which checks its integrity."""
    run = subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True)
    return tarfile.open(folder / run.stdout.strip().splitlines()[-1])


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(f"package/{name}")
    if file is None:
        raise FileNotFoundError(f"{name} is not a file of this package")
    return file.read()


def _record(path: str, package: str, licence: str) -> dict[str, str]:
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()
    return {"file": path, "from": package, "licence": licence, "sha256": digest}


def _sprite(source: str, package: str) -> str:
    """The chosen icons of lucide's sprite as one small sprite."""
    symbols = [f"<!-- {package}, ISC licence -->", '<svg xmlns="http://www.w3.org/2000/svg">']
    for name in ICONS.split():
        found = re.search(rf'<symbol id="{name}" viewBox="0 0 24 24">(.*?)</symbol>', source, re.DOTALL)
        if found is None:
            raise KeyError(f"{package} has no icon {name}")
        drawing = re.sub(r"\s+", " ", found[1]).replace("> <", "><").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>')
    return "\n".join([*symbols, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
