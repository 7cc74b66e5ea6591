"""One page at once, for who is writing: Sphinx's own build, kept in ``_build/preview``, in which only what changed is read.

What a page says of others may be old there, and no number in its prose is checked; the page says so. `build` makes
all of it anew.
"""

import shutil
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread

from helpers.files import BookError
from helpers.make import sources
from helpers.make.build import BUILD, python

FOLDER = BUILD / "preview"
SITE = FOLDER / "html"
BOOK = Path("book")
#: What a preview is made of, beside the package itself.
_WATCHED = ("book", "data", "book.toml", "_config.yml")
_SPHINX = """
from jupyter_book.sphinx import build_sphinx
place = sys.argv[1]
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


def build() -> None:
    """Build the pages that have changed into ``_build/preview/html``; faults of the text are said and stop nothing.

    Raises
    ------
    BookError
        If Sphinx cannot build at all.
    """
    machine, made_by = sources.machine(), FOLDER / "machine"
    if not made_by.is_file() or made_by.read_text() != machine:  # what it has kept, another machine has read
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
    try:
        python(_SPHINX, FOLDER)
    except BookError:
        raise BookError("the preview cannot be built (see above)") from None
    made_by.write_text(machine)


def serve(port: int, refresh: Callable[[set[Path]], None]) -> None:
    """Show the preview on this machine alone, and refresh it whenever a source is saved, until it is interrupted.

    Parameters
    ----------
    port
        The port on 127.0.0.1; 0 for any that is free.
    refresh
        Brings the preview up to date after these files have changed; none the first time.
    """
    from watchfiles import watch

    built = Condition()
    with ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, built, directory=str(SITE))) as server:
        server.daemon_threads = True
        _attempt(refresh, set())
        Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/ (Ctrl+C ends it)", flush=True)
        try:
            places = [Path(name) for name in _WATCHED] + [Path(__file__).parents[1]]
            for changes in watch(*filter(Path.exists, places)):
                _attempt(refresh, {Path(name) for _, name in changes})
                with built:
                    built.notify_all()
        finally:
            server.shutdown()


def _attempt(refresh: Callable[[set[Path]], None], changed: set[Path]) -> None:
    try:
        refresh(changed)
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
