"""What a book is made of, in one digest, by which a command knows that it has nothing to do.

The digest is of what the files say and not of their times: a file that is touched, or changed and changed back,
makes nothing anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from helpers.files import write_whole
from helpers.settings import NAME

MACHINE = Path(__file__).resolve().parents[1]
#: Names each thing that was made, with the digest of what it was made of.
_RECORD = Path("_build") / "made.json"


def digest() -> str:
    """Return a digest of everything that the book that is worked on is made of, this package and its pins included."""
    whole = hashlib.sha256()
    for name, path in _files():
        whole.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    """Yield each file and a name that is the same wherever the book lies."""
    for folder in (Path("book"), Path("data"), MACHINE):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not any(part[0] == "." or part == "__pycache__" for part in inside.parts):
                yield f"{folder.name}/{inside.as_posix()}", path
    # The last one is there if the Python of pages was gathered, to be put into the site.
    alone = (NAME, "_config.yml", MACHINE.parents[1] / "requirements.lock", "_build/live/pyodide-lock.json")
    yield from ((path.name, path) for path in map(Path, alone) if path.is_file())


def is_current(made: str) -> bool:
    """Say whether a thing was made of just the present sources."""
    return _read().get(made) == digest()


def make(made: str, how: Callable[[], object]) -> None:
    """Make a thing and remember of what; on a fault it counts as not made."""
    before = digest()
    how()
    write_whole(_RECORD, json.dumps({**_read(), made: before}, indent=1).encode())


def _read() -> dict[str, str]:
    try:
        read: dict[str, str] = json.loads(_RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read
