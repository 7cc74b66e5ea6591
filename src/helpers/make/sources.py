"""One digest of all that a book is made of, by which a command knows that it has nothing to do.

The digest is of the files' contents and not of their times: if a file is touched, or changed and changed
back, nothing is made anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from helpers.files import write_whole
from helpers.settings import NAME

MACHINE = Path(__file__).resolve().parents[1]
#: For each thing that was made, by its name, the digest of the sources it was made of.
_RECORD = Path("_build") / "made.json"


def digest() -> str:
    """Return a digest of everything that the present book is made of, this package and its pins included."""
    # The third is there if the Python that pages run has been gathered, to be put into the site.
    files = [Path(name) for name in (NAME, "_config.yml", "_build/live/pyodide-lock.json")]
    folders = [Path("book"), Path("data"), MACHINE]
    return _digest([*files, MACHINE.parents[1] / "requirements.lock"], folders)


def machine() -> str:
    """Return a digest of this package."""
    return _digest([], [MACHINE])


def _digest(files: Iterable[Path], folders: Iterable[Path]) -> str:
    """Return a digest of files and of whole folders, under names that are the same wherever the book lies."""
    total = hashlib.sha256()
    inputs = [(path.name, path) for path in files]
    for folder in folders:
        inside = sorted(path.relative_to(folder) for path in folder.rglob("*"))
        inputs += [(f"{folder.name}/{path.as_posix()}", folder / path) for path in inside if _is_source(path)]
    for name, path in inputs:
        if path.is_file():
            total.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _is_source(path: Path) -> bool:
    return not any(part[0] == "." or part == "__pycache__" for part in path.parts)


def is_current(name: str) -> bool:
    """Say whether a thing was last made of exactly the present sources."""
    return _read().get(name) == digest()


def make(name: str, how: Callable[[], object]) -> None:
    """Make a thing and record the digest of the sources it was made of; on a fault nothing is recorded."""
    before = digest()
    how()
    _RECORD.parent.mkdir(exist_ok=True)
    write_whole(_RECORD, json.dumps({**_read(), name: before}, indent=1).encode())


def _read() -> dict[str, str]:
    try:
        record: dict[str, str] = json.loads(_RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record
