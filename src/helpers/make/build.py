"""Building the book beside the last good one, and putting it in its place.

A failed, interrupted or second build leaves ``_build/html`` as it was. A build that is killed leaves the
folder in which it worked, ``_build/next-…``; the next build removes it.
"""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.files import BookError
from helpers.settings import settings

BUILD = Path("_build")
#: What a Python that runs Jupyter Book does first. One package is kept from being imported, which would take
#: a second (see helpers.run.kernels). Garbage is not collected: pages are large trees that live to the end of
#: the process, and to search them would take a fifth of a build and save a third of its 800 MB.
START = "import gc, sys; gc.disable(); sys.modules['rfc3987_syntax'] = None; "
#: Faults of the disk, which Sphinx buries under a hundred warnings of its own.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def build() -> None:
    """Build the HTML book into ``_build/html``.

    Raises
    ------
    BookError
        If another build is running, or Jupyter Book finds a fault.
    OSError
        If the folder cannot be written.
    """
    from filelock import FileLock, Timeout  # here, so that the command line starts with nothing installed

    BUILD.mkdir(exist_ok=True)
    try:
        with FileLock(BUILD / "lock", timeout=0):
            _build()
    except Timeout:
        raise BookError(f"{BUILD}: another build is running; wait for its end") from None


def _build() -> None:
    final, previous = BUILD / "html", BUILD / "html.previous"
    if previous.exists() and not final.exists():
        previous.rename(final)  # an earlier build was killed between the two renamings below
    for leftover in (previous, *BUILD.glob("next-*")):
        shutil.rmtree(leftover, ignore_errors=True)
    # A new name each time: the Jupyter Book of a build that was killed may still be writing into its folder.
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="next-", ignore_cleanup_errors=True) as work:
        built = jupyter_book(Path(work), "html")
        if not (built / "index.html").is_file():
            raise BookError(f"{built}: expected index.html, found none")
        if final.exists():
            final.rename(previous)
        built.rename(final)
        shutil.rmtree(previous, ignore_errors=True)


def _timestamp() -> int:
    """Return the first second of the edition's day, which the files of a build carry as their time."""
    day = settings().book.date
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def jupyter_book(work: Path, builder: str) -> Path:
    """Build the book with one of Sphinx's builders, in a folder of its own, and return the folder it wrote.

    Warnings are errors.

    Raises
    ------
    BookError
        If Jupyter Book finds a fault, or the disk is full or cannot be written.
    """
    options = ["--builder", "custom", "--custom-builder", builder, "-n", "-W", "--keep-going", "-q"]
    paths: list[str | Path] = ["book", "--config", "_config.yml", "--path-output", work]
    python("from jupyter_book.cli.main import main; main()", "build", *paths, *options)
    return work / "_build" / builder


def python(code: str, *arguments: str | Path) -> None:
    """Run code that starts Jupyter Book in a new Python; its messages are passed on.

    Raises
    ------
    BookError
        If it fails.
    """
    # So that two builds of the same sources give the same bytes.
    fixed = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(_timestamp()), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    command: list[Any] = [sys.executable, "-X", "utf8", "-c", START + code, *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, **fixed},
        stderr=subprocess.PIPE,
        encoding="utf-8",
        umask=0o022,  # ignored on Windows, which has none
        check=False,
    )
    disk_fault = next((text for text in map(os.strerror, _DISK) if text in done.stderr), None)
    if done.returncode and disk_fault:
        raise BookError(f"{BUILD}: {disk_fault}; the last good book is untouched")
    sys.stderr.write(done.stderr)
    if done.returncode:
        raise BookError("the book has faults (see above); the last good book is untouched")
