"""Pages whose Python comes from the public network: all their cells, with the packages that it has there.

These are older than the book's own. A page's archives and cells are taken from the built site, and run on
this machine in a Python that has nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from helpers.chapter import output, vegalite
from helpers.run import notebooks

#: What Pyodide 0.27.7 has by its own lock where `helpers.pages.switch` asks for numpy, pandas and jsonschema.
PACKAGES = [
    "attrs==23.2.0",
    "jsonschema==4.21.1",
    "jsonschema-specifications==2023.12.1",
    "numpy==2.0.2",
    "pandas==2.2.3",
    "pyrsistent==0.20.0",
    "python-dateutil==2.9.0.post0",
    "pytz==2024.1",
    "referencing==0.34.0",
    "rpds-py==0.18.0",
    "six==1.16.0",
]
#: The Python of that Pyodide, and the one before, for which the index has the same packages.
VERSIONS = ["3.12", "3.11"]


@pytest.fixture
def python() -> tuple[str, str]:
    """The Python that runs the cells, and its version: Pyodide's own if this machine has it."""
    for version in VERSIONS:
        if command := shutil.which(f"python{version}"):
            # It may be a launcher of pyenv, which has to be told which one is meant and may have none.
            told = {**os.environ, "PYENV_VERSION": version}
            asked = [command, "-c", "import sys; print(sys.executable)"]
            answer = subprocess.run(asked, env=told, capture_output=True, text=True, check=False)
            if answer.returncode == 0:
                return answer.stdout.strip(), version
    return sys.executable, f"{sys.version_info.major}.{sys.version_info.minor}"


@pytest.fixture
def packages(python: tuple[str, str]) -> Path:
    """The folder of those packages, installed once; where they are not to be had the reason says so."""
    folder = ROOT / "_build" / f"public-python-{python[1]}"
    if not folder.is_dir():
        beside = folder.with_name(f"{folder.name}.{os.getpid()}")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        options = ["--only-binary=:all:", "--python-version", python[1], "--target", str(beside)]
        done = subprocess.run([*pip, *options, *PACKAGES], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(beside, ignore_errors=True)
            reason = f"pip cannot install Pyodide's packages for Python {python[1]}: {done.stderr}"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        beside.rename(folder)
    return folder


@pytest.fixture
def shown(python: tuple[str, str], packages: Path, site: Path, tmp_path: Path) -> dict[str, Any]:
    """What every page shows, cell by cell."""
    for archive in (*(site / "live").glob("*.whl"), site / "live" / "libraries.zip"):
        zipfile.ZipFile(archive).extractall(tmp_path)
    # A Python with the standard library alone (-S); what the page unpacks stands before Pyodide's packages.
    command = [python[0], "-S", str(Path(__file__).with_name("as_a_page.py")), str(site / "live" / "cells")]
    told = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{packages}"}
    ran = subprocess.run(command, cwd=tmp_path, env=told, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    pages: dict[str, Any] = json.loads(ran.stdout)
    return pages


def plain(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return outputs as what they say: without pictures, and without plain text beside something richer."""
    said: list[dict[str, Any]] = []
    for out in outputs:
        out = {kind: part for kind, part in out.items() if kind not in (output.PICTURE, "width")}
        if len(out) > 1:
            out.pop("text/plain", None)
        if "print" in out and said and "print" in said[-1]:
            said[-1]["print"] += out["print"]
        else:
            said.append(out)
    return said


def stored(cell: Any) -> list[dict[str, Any]]:
    """Return what a notebook's cell has stored, as a page would show it."""
    outputs = [
        {"print": out["text"]} if out["output_type"] == "stream" else dict(out["data"])
        for out in cell.outputs
    ]
    for bundle in outputs:
        if output.FIGURE in bundle:
            width = vegalite.first_width("wide")
            bundle[output.FIGURE] = vegalite.sized(bundle[output.FIGURE], width, "wide")
    return outputs


def test_every_cell_shows_with_older_packages_what_the_book_has_stored(
    shown: dict[str, Any], root: Path
) -> None:
    book = root / "book"
    assert set(shown) == {path.relative_to(book).with_suffix("").as_posix() for path in notebooks.find(book)}
    differing, kinds = {}, set()
    for page, outputs in shown.items():
        cells = [
            cell
            for cell in notebooks.read(book / f"{page}.ipynb").cells
            if cell.cell_type == "code" and "remove-cell" not in cell.metadata.get("tags", [])
        ]
        for number, (cell, found) in enumerate(zip(cells, map(plain, outputs), strict=True), start=1):
            kinds |= {kind for out in found for kind in out}
            if found != (expected := plain(stored(cell))):
                differing[f"{page}, cell {number}"] = {"expected": expected, "found": found}
    assert differing == {}
    assert {output.FACT, output.FIGURE, output.TABLE, output.CLAIMS, output.ANSWER} <= kinds
