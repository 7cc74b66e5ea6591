"""Pages at once, for who writes: Sphinx's own build in ``_build/preview``, which reads only what has changed.

What a page says of others may be old there, and no number in its prose is checked; the page says so.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread

from helpers.files import BookError
from helpers.make import sources
from helpers.make.build import BUILD, finish, start

FOLDER = BUILD / "preview"
SITE = FOLDER / "html"
BOOK = Path("book")
#: What a preview is made of, beside the package itself.
_WATCHED = ("book", "data", "book.toml", "_config.yml")
#: Sphinx, which waits for a line before it builds: all that a build begins with is then done already.
_SPHINX = """
from jupyter_book.sphinx import build_sphinx
from sphinx.application import Sphinx

build = Sphinx.build

def when_told(*arguments):
    if sys.stdin.readline():
        build(*arguments)

Sphinx.build, place = when_told, sys.argv[1]
made = build_sphinx(
    "book", f"{place}/html", doctreedir=f"{place}/doctrees", path_config="_config.yml", noconfig=True,
    confoverrides={"latex_individualpages": False}, tags=["preview"], quiet=True,
)
sys.exit(made != 0)
"""


def page(name: str) -> Path:
    """Return the source of a page.

    Parameters
    ----------
    name
        The page as its address says it, ``chapters/08-spending``, or its file.

    Raises
    ------
    BookError
        If the book has no such page; the nearest names are given.
    """
    known = {
        path.relative_to(BOOK).with_suffix("").as_posix(): path
        for path in sorted(BOOK.rglob("*"))
        if path.suffix in (".md", ".ipynb") and path.relative_to(BOOK).parts[0][0] not in "._"
    }
    asked = Path(name).with_suffix("") if Path(name).suffix in (".md", ".ipynb", ".html") else Path(name)
    word = (asked.relative_to(BOOK) if asked.is_relative_to(BOOK) else asked).as_posix()
    if word not in known:
        near = ", ".join(get_close_matches(word, known, n=3, cutoff=0.4)) or "none like it"
        raise BookError(f"{name}: expected a page of the book, found none; nearest: {near}")
    return known[word]


def address(source: Path) -> Path:
    """Return the file in which a page is looked at."""
    return SITE / source.relative_to(BOOK).with_suffix(".html")


def prepare() -> "subprocess.Popen[str]":
    """Start a Sphinx that builds the pages that have changed as soon as `build` tells it to.

    Raises
    ------
    BookError
        If the book has no options or no contents.
    """
    for needed in (Path("_config.yml"), BOOK / "_toc.yml"):
        if not needed.is_file():
            raise BookError(f"{needed}: expected one, found none; `new book` shows what it is")
    machine, made_by = sources.machine(), FOLDER / "machine"
    if not made_by.is_file() or made_by.read_text(encoding="utf-8") != machine:
        shutil.rmtree(FOLDER, ignore_errors=True)  # what is kept there, another machine has read
        FOLDER.mkdir(parents=True)
        made_by.write_text(machine, encoding="utf-8")
    return start(_SPHINX, FOLDER)


def build(prepared: "subprocess.Popen[str] | None" = None) -> None:
    """Build the pages that have changed; faults of the text are said and stop nothing.

    Raises
    ------
    BookError
        If Sphinx cannot build at all.
    """
    process = prepared or prepare()
    try:
        finish(process, "build\n")
    except BookError:
        raise BookError("the preview cannot be built (see above)") from None


def serve(port: int, run: Callable[[set[Path]], None]) -> None:
    """Show the preview on this machine alone, built again whenever a source is saved, until an interrupt.

    Parameters
    ----------
    port
        The port on 127.0.0.1; 0 for any that is free.
    run
        Runs what has to be run after these files have changed.

    Raises
    ------
    BookError
        If nothing can be served on that port.
    """
    from watchfiles import watch

    built = Condition()
    with _server(port, built) as server:
        server.daemon_threads = True
        _attempt(build)
        Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/ (Ctrl+C ends it)", flush=True)
        places = [Path(name) for name in _WATCHED] + [Path(__file__).parents[1]]
        prepared = prepare()
        try:
            shown = ""
            for changes in watch(*filter(Path.exists, places)):
                if sources.digest() == shown:  # what was run has been written, and is built already
                    continue
                changed = {Path(name) for _, name in changes}
                _attempt(run, changed)
                if not {path.suffix for path in changed} <= {".md", ".ipynb"}:
                    prepared.kill()  # it has read the settings or the machine as they were
                    prepared.communicate()
                    prepared = prepare()
                shown = sources.digest()
                _attempt(build, prepared)
                with built:
                    built.notify_all()
                prepared = prepare()
        finally:
            prepared.kill()
            server.shutdown()


def _server(port: int, built: Condition) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, built, directory=str(SITE)))
    except OverflowError:
        raise BookError(f"serve: expected a port from 0 to 65535, found {port}") from None
    except OSError as error:
        raise BookError(f"serve: port {port}: {error.strerror}; `--port 0` takes one that is free") from error


def _attempt(work: Callable[..., None], *arguments: object) -> None:
    try:
        work(*arguments)
    except BookError as error:  # the author mends it and saves again
        print(error, file=sys.stderr)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the preview; who asks for ``/built`` hears of each build, as server-sent events."""

    def __init__(self, built: Condition, *arguments: object, **named: object) -> None:
        self.built = built
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer."""
        if self.path != "/built":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        while True:
            with self.built:
                self.built.wait()
            try:
                self.wfile.write(b"data: built\n\n")
            except OSError:  # the page is no longer open
                return

    def end_headers(self) -> None:
        """Let no browser keep what the next build changes."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
