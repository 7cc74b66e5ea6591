"""How editions are made: beside the last good one, whose place they take, and as zips of the same bytes."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.make.build import BUILD
from helpers.settings import settings


@contextmanager
def anew(final: Path) -> Iterator[Path]:
    """Yield where to make a file or folder of ``_build``; as the block ends, it takes the last one's place.

    It lies in a folder to work in, which is then removed. On a fault the last good one is untouched.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix=f"{final.stem}-") as work:
        made = Path(work).resolve() / final.name
        yield made
        if final.is_dir():
            final.rename(made.with_name("previous"))
        made.replace(final)


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
