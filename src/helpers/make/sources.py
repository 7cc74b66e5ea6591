"""What a book is made of, in one digest, by which a command knows that it has nothing to do.

The digest is of what the files say and not of their times: a file that is touched, or changed and changed
back, makes nothing anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from helpers.files import write_whole
from helpers.settings import NAME, address

MACHINE = Path(__file__).resolve().parents[1]
#: Names each thing that was made, with the digest of what it was made of.
_RECORD = Path("_build") / "made.json"


def digest() -> str:
    """Return a digest of all that the present book is made of: its address, this package and the pins too."""
    # The third is there if the Python of pages was gathered, to be put into the site.
    alone = [Path(name) for name in (NAME, "_config.yml", "_build/live/pyodide-lock.json")]
    folders = [Path("book"), Path("data"), MACHINE]
    files = _digest([*alone, MACHINE.parents[1] / "requirements.lock"], folders)
    return hashlib.sha256(f"{address()}\0{files}".encode()).hexdigest()


def machine() -> str:
    """Return a digest of this package."""
    return _digest([], [MACHINE])


def _digest(files: Iterable[Path], folders: Iterable[Path]) -> str:
    """Return a digest of files and of all in folders, by names that are the same wherever a book lies."""
    whole = hashlib.sha256()
    named = [(path.name, path) for path in files]
    for folder in folders:
        inside = sorted(path.relative_to(folder) for path in folder.rglob("*"))
        named += [(f"{folder.name}/{path.as_posix()}", folder / path) for path in inside if _counts(path)]
    for name, path in named:
        if path.is_file():
            whole.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _counts(path: Path) -> bool:
    return not any(part[0] == "." or part == "__pycache__" for part in path.parts)


def is_current(made: str) -> bool:
    """Say whether a thing was made of just the present sources."""
    return _read().get(made) == digest()


def make(made: str, how: Callable[[], object]) -> None:
    """Make a thing and remember of what; on a fault it counts as not made."""
    before = digest()
    how()
    _RECORD.parent.mkdir(exist_ok=True)
    write_whole(_RECORD, json.dumps({**_read(), made: before}, indent=1).encode())


def fresh(made: str, place: Path, how: Callable[[], object]) -> Path:
    """Make a thing unless it is in its place and of just the present sources; return the place."""
    if not (place.exists() and is_current(made)):
        make(made, how)
    return place


def _read() -> dict[str, str]:
    try:
        read: dict[str, str] = json.loads(_RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read
