"""Building the book beside the last good one, and putting it in its place.

A failed, interrupted or second build leaves ``_build/html`` as it was. A build that is killed leaves
``_build/next-…``, in which it worked; the next build removes it.
"""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from helpers.files import BookError
from helpers.settings import settings

BUILD = Path("_build")
#: When Python looks for garbage. Pages are large trees: to look as seldom as this costs a fifteenth of a
#: build, where the usual way costs a fifth, and halves the gigabyte that it would take never to look.
SELDOM = (50_000, 20, 1000)
#: What a Python that starts Jupyter Book does first. It is spared what this package spares who imports it.
START = f"import gc, sys, helpers; gc.set_threshold{SELDOM}\n"
#: Jupyter Book, whose own faults (of the table of contents, say) are a message and no traceback.
_MAIN = """
from jupyter_book.cli.main import main
try:
    main()
except Exception as error:
    sys.exit(str(error))
"""
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
        previous.rename(final)  # an earlier build was ended between the two renamings below
    for left in (previous, *BUILD.glob("next-*")):
        shutil.rmtree(left, ignore_errors=True)
    # A name of its own: if an earlier build was killed, its Jupyter Book may still write into its folder.
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="next-", ignore_cleanup_errors=True) as work:
        built = jupyter_book(Path(work), "html")
        if not (built / "index.html").is_file():
            raise BookError(f"{built}: expected index.html, found none")
        if final.exists():
            final.rename(previous)
        built.rename(final)
        shutil.rmtree(previous, ignore_errors=True)


def _moment() -> int:
    """Return the first second of the edition's day, by which files that are made say when."""
    day = settings().book.date
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def jupyter_book(work: Path, builder: str) -> Path:
    """Build the book with one of Sphinx's builders, warnings as errors, in a folder; return what it wrote.

    Raises
    ------
    BookError
        If Jupyter Book finds a fault, or the machine stops it: a full disk, say.
    """
    options = ["--builder", "custom", "--custom-builder", builder, "-n", "-W", "--keep-going", "-q"]
    place: list[str | Path] = ["book", "--config", "_config.yml", "--path-output", work]
    python(_MAIN, "build", *place, *options)
    return work / "_build" / builder


def python(code: str, *arguments: str | Path) -> None:
    """Let a Python of its own run Jupyter Book; what it says of faults is passed on.

    Raises
    ------
    BookError
        If it does not end well.
    """
    finish(start(code, *arguments))


def start(code: str, *arguments: str | Path) -> "subprocess.Popen[str]":
    """Start a Python of its own that runs Jupyter Book, the same way each time."""
    # Fixed, so that two builds of the same sources give the same bytes.
    fixed = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(_moment()), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", START + code, *arguments],
        env={**os.environ, **fixed},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        umask=0o022,  # Windows has none, and takes no notice
    )


def placed(said: str) -> str:
    """Return what Sphinx says with files as the book has them and the names of cells, each fault once.

    Of a notebook it counts 10,000 lines a cell.
    """
    said = said.replace(f"{Path.cwd()}{os.sep}", "")

    def name(place: re.Match[str]) -> str:
        cell, line = divmod(int(place[2]), 10_000)
        try:
            cells = json.loads(Path(place[1]).read_text(encoding="utf-8"))["cells"]
            called = cells[cell - 1].get("id", f"cell-{cell - 1}")
            return f"{place[1]}: cell {called}, line {max(line - 1, 1)}:"
        except (OSError, ValueError, LookupError):
            return place[0]

    named = re.sub(r"(?:\x1b\[\d+m)?([^\n:\x1b]+\.ipynb):(\d{5,}):", name, said)
    if "WARNING" not in named:
        return named
    lines = dict.fromkeys(named.splitlines(keepends=True))
    # What Sphinx says of a missing target the check of the sources has said too, with the names near it.
    missing = (re.search(r"(?:target not found|undefined label): '([\w-]+)'", line) for line in lines)
    kept = (
        line
        for line, name in zip(lines, missing, strict=True)
        if not (name and re.search(rf"(?:\(#|picture '){name[1]}\b[^\n]* near it", named))
    )
    return "".join(kept)


def finish(process: "subprocess.Popen[str]", told: str = "") -> None:
    """Tell a Python that was started what it may wait for, and wait for its end; raise as `python` does."""
    with process:
        try:
            said = process.communicate(told)[1]
        except BaseException:
            process.kill()  # an interrupt is for both
            raise
    if process.returncode and (
        full := next((each for each in map(os.strerror, _MACHINE) if each in said), None)
    ):
        raise BookError(f"{BUILD}: {full}; the last good book is untouched")
    sys.stderr.write(placed(said))
    if process.returncode:
        raise BookError("the book has faults (see above); the last good book is untouched")
