"""What Pythons elsewhere install: this package as a wheel, and for those in pages its libraries."""

import re
import shutil
import subprocess
import sys
import zipfile
from copy import deepcopy
from importlib.metadata import distribution, version
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from nbformat import v4

from helpers.files import BookError
from helpers.settings import root, settings

#: The clone that this package lies in.
ROOT = Path(__file__).parents[3]
#: What the wheel is made of: of the clone the machine, of the book what the machine reads there.
_MACHINE, _BOOK = ("pyproject.toml", "setup.py", "LICENSE", "src"), ("LICENSE-CONTENT", "book.toml", "data")
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
    """Build the wheel, with settings and data of the book inside, from a copy: the sources stay as they are.

    Raises
    ------
    BookError
        If this package lies in no clone, or setuptools finds a fault, which it has then described.
    """
    if not (ROOT / "setup.py").is_file():
        raise BookError(f"{ROOT}: expected a clone of the machine, with its setup.py, found none")
    with TemporaryDirectory() as work:
        _gather(Path(work))
        # What pip would ask (PEP 517), without pip's own start. The archive keeps the files' modes, which
        # should not depend on who builds.
        command = [
            sys.executable,
            "-c",
            "import sys; from setuptools.build_meta import build_wheel; print(build_wheel(sys.argv[1]))",
        ]
        done = subprocess.run(
            [*command, folder.resolve()], cwd=work, umask=0o022, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            raise BookError("the wheel cannot be built (see above)")
    made = folder / done.stdout.splitlines()[-1]
    for older in set(folder.glob("*.whl")) - {made}:
        older.unlink()
    return made


def _gather(work: Path) -> None:
    """Put together what the wheel is made of, with what it says of itself."""
    # The article's room is of the clone's own book.
    left = ["*.egg-info", "__pycache__", *(() if root() == ROOT else ("article",))]
    parts = [ROOT / name for name in _MACHINE] + [root() / name for name in _BOOK]
    for part in parts:
        if part.is_dir():
            shutil.copytree(part, work / part.name, ignore=shutil.ignore_patterns(*left))
        elif part.is_file():
            shutil.copy(part, work)
    for answers in root().glob("book/*/answers.json"):
        place = work / answers.relative_to(root())
        place.parent.mkdir(parents=True)
        shutil.copy(answers, place)
    book, project = settings().book, work / "pyproject.toml"
    named = re.sub(
        r'(?m)^name = "[^"]*"', f'name = "{book.slug}"', project.read_text(encoding="utf-8"), count=1
    )
    project.write_text(named, encoding="utf-8")
    about = f"# {book.title}\n\n{book.description}\n\nTables and helpers of the book. {book.licences}\n"
    (work / "README.md").write_text(about, encoding="utf-8")


def libraries(path: Path) -> None:
    """Write the plain Python files of `LIBRARIES`, with their licences, into one archive, always the same."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for library in LIBRARIES:
            for file in sorted(distribution(library).files or []):
                if file.suffix in (".py", ".json", ".typed") or file.name == "METADATA" or is_licence(file):
                    archive.writestr(zipfile.ZipInfo(str(file)), file.read_binary(), zipfile.ZIP_DEFLATED)


def is_licence(file: PurePath) -> bool:
    """Whether a file of a distribution is the licence under which it may be passed on."""
    return ".dist-info" in file.parts[0] and file.name.startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))


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
    drawing = f"vl-convert-python=={version('vl-convert-python')}"  # the one that draws this book's pictures
    copy.cells.insert(0, v4.new_code_cell(f"%pip install --quiet {address} {drawing}", id="install"))
    return copy
