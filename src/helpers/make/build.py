"""Building the book beside the last good one, and putting it in its place.

A failed, interrupted or second build leaves ``_build/html`` as it was.
"""

import errno
import fcntl
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.files import BookError
from helpers.settings import settings

BUILD = Path("_build")
#: Jupyter Book's command, after this package has spared it a second (see there). Pages are large trees that live to the
#: end of the process: looking through them for garbage would take a fifth of a build, and save a third of its 800 MB.
_JUPYTER_BOOK = "import gc, sys; gc.disable(); sys.modules['rfc3987_syntax'] = None; from jupyter_book.cli.main import main; main()"
#: Faults of the machine, which Sphinx buries under a hundred warnings of its own.
_MACHINE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


def build() -> None:
    """Build the HTML book into ``_build/html``.

    Raises
    ------
    BookError
        If another build is running, or Jupyter Book finds a fault.
    OSError
        If the folder cannot be written.
    """
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BookError(f"{BUILD}: another build is running; wait for its end") from None
        _build(lock.fileno())


def _build(lock: int) -> None:
    final, previous, work = BUILD / "html", BUILD / "html.previous", BUILD / "next"
    if previous.exists() and not final.exists():
        previous.rename(final)  # an earlier build was ended between the two renamings below
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(previous, ignore_errors=True)
    built = jupyter_book(work, "html", lock)
    if not (built / "index.html").is_file():
        raise BookError(f"{built}: expected index.html, found none")
    if final.exists():
        final.rename(previous)
    built.rename(final)
    shutil.rmtree(previous, ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)


def _moment() -> int:
    """Return the first second of the edition's day, by which files that are made say when."""
    day = settings().book.date
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def jupyter_book(work: Path, builder: str, *keep_open: int) -> Path:
    """Build the book with one of Sphinx's builders, warnings as errors, in a folder of its own; return what it wrote.

    Raises
    ------
    BookError
        If Jupyter Book finds a fault, or the machine stops it: a full disk, say.
    """
    command: list[Any] = [
        sys.executable,
        "-c",
        _JUPYTER_BOOK,
        "build",
        "book",
        "--config",
        "_config.yml",
        "--path-output",
        work,
    ]
    command += ["--builder", "custom", "--custom-builder", builder, "-n", "-W", "--keep-going", "-q"]
    # Fixed, so that two builds of the same sources give the same bytes.
    fixed = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(_moment()), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    # An open lock goes along: should this process be killed, the one below still keeps a second build out of its folder.
    done = subprocess.run(
        command,
        env={**os.environ, **fixed},
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=keep_open,
        umask=0o022,
        check=False,
    )
    if done.returncode and (
        full := next((said for said in map(os.strerror, _MACHINE) if said in done.stderr), None)
    ):
        raise BookError(f"{work}: {full}; the last good book is untouched")
    sys.stderr.write(done.stderr)
    if done.returncode:
        raise BookError("the book has faults (see above); the last good book is untouched")
    return work / "_build" / builder
