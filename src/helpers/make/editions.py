"""The book as one file: each edition is made beside its last good one and then put in its place."""

import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from helpers.make.build import BUILD
from helpers.settings import settings


def make(build: Callable[[Path, Path], None], ending: str) -> Path:
    """Make an edition and return its file; on a fault the last good one is untouched.

    ``build`` gets the file to write and a folder to work in, which is then removed.
    """
    final = BUILD / build.__name__ / f"{settings().book.slug}.{ending}"
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=f"{build.__name__}-") as work:
        made = Path(work).resolve() / final.name
        build(made, made.parent)
        made.replace(final)
    return final


def pack(to: Path, parts: Iterable[tuple[str, bytes]]) -> None:
    """Write a zip whose bytes depend on the parts and the edition's day alone.

    A ``mimetype`` stays uncompressed, as readers of e-books expect.
    """
    day = settings().book.date
    with zipfile.ZipFile(to, "w") as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(
                entry, content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
