"""What Pythons elsewhere install: this package as a wheel, and for those in pages its libraries."""

import shutil
import subprocess
import sys
import zipfile
from copy import deepcopy
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbformat import v4

from helpers.files import BookError

ROOT = Path(__file__).parents[3]
#: What the wheel is made of, beside the root of the project.
_SOURCES = ["pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-CONTENT", "src", "data"]
#: Libraries of this environment that are, or can do as, plain Python; `gather` brings the others.
LIBRARIES = [
    "altair",
    "attrs",
    "geographiclib",
    "jinja2",
    "markupsafe",
    "narwhals",
    "packaging",
    "typing_extensions",
]


def wheel(folder: Path) -> Path:
    """Build the wheel, with the data package inside, from a copy, so that the sources stay as they are.

    Raises
    ------
    BookError
        If setuptools finds a fault, which it has then described.
    """
    with TemporaryDirectory() as work:
        for name in _SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(
                    ROOT / name, Path(work) / name, ignore=shutil.ignore_patterns("*.egg-info", "__pycache__")
                )
            else:
                shutil.copy(ROOT / name, work)
        # What pip would ask (PEP 517), without pip's own start. The archive keeps the files' modes, which
        # should not depend on who builds.
        command = [
            sys.executable,
            "-c",
            "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])",
        ]
        done = subprocess.run(
            [*command, folder.resolve()], cwd=work, umask=0o022, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            raise BookError("the wheel cannot be built (see above)")
    return next(folder.glob("helpers-*.whl"))


def libraries(path: Path) -> None:
    """Write the plain Python files of `LIBRARIES` into one archive, the same bytes each time."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for library in LIBRARIES:
            for file in sorted(distribution(library).files or []):
                if file.suffix in (".py", ".json", ".typed") or file.name == "METADATA":
                    archive.writestr(zipfile.ZipInfo(str(file)), file.read_binary(), zipfile.ZIP_DEFLATED)


def hosted(notebook: Any, address: str) -> Any:
    """Return a copy of a notebook with a set-up cell in front, for a machine without the data and `helpers`.

    Parameters
    ----------
    notebook
        The notebook.
    address
        Where the wheel can be fetched.
    """
    copy = deepcopy(notebook)
    copy.cells.insert(0, v4.new_code_cell(f"%pip install --quiet {address} vl-convert-python", id="install"))
    return copy
