"""What every command shares: an error that is one line, and files that are written whole or not at all."""

import os
from pathlib import Path


class BookError(RuntimeError):
    """What stops a command; the message is one line that says where, what was expected and what was found."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and then put it there.

    On a fault, what stood there stays and nothing is left over. A file that already has this content keeps
    its time, by which Sphinx judges what is out of date.
    """
    if path.is_file() and path.read_bytes() == content:
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
