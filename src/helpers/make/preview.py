"""A preview of single pages, for their author: Sphinx's own build, kept in ``_build/preview``.

It reads only what has changed. So what a page says of others may be old there, and no number in its prose is
checked; each page carries a line that says this.
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
#: The sources of a preview, beside the package itself.
_WATCHED = ("book", "data", "book.toml", "_config.yml")
_SPHINX = """
from jupyter_book.sphinx import build_sphinx
folder = sys.argv[1]
status = build_sphinx(
    "book", f"{folder}/html", doctreedir=f"{folder}/doctrees", path_config="_config.yml", noconfig=True,
    confoverrides={"latex_individualpages": False}, tags=["preview"], quiet=True,
)
sys.exit(status != 0)
"""


def page(name: str) -> Path:
    """Return the source of a page.

    Parameters
    ----------
    name
        The page as in its address, ``chapters/08-spending``, or its file.

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
    wanted = (asked.relative_to(BOOK) if asked.is_relative_to(BOOK) else asked).as_posix()
    if wanted not in known:
        near = ", ".join(get_close_matches(wanted, known, n=3, cutoff=0.4)) or "none like it"
        raise BookError(f"{name}: expected a page of the book, found none; nearest: {near}")
    return known[wanted]


def address(source: Path) -> Path:
    """Return the file of a page's preview."""
    return SITE / source.relative_to(BOOK).with_suffix(".html")


def build() -> None:
    """Build the pages that have changed into ``_build/preview/html``.

    Faults of the text are printed and do not stop it.

    Raises
    ------
    BookError
        If Sphinx cannot build at all.
    """
    machine, record = sources.machine(), FOLDER / "machine"
    # What another version of this package has read cannot be kept.
    if not record.is_file() or record.read_text() != machine:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        record.write_text(machine)
    try:
        python(_SPHINX, FOLDER)
    except BookError:
        raise BookError("the preview cannot be built (see above)") from None


def serve(port: int, refresh: Callable[[set[Path]], None]) -> None:
    """Serve the preview to this machine alone, and refresh it whenever a source is saved, until interrupted.

    Parameters
    ----------
    port
        The port on 127.0.0.1; 0 for any that is free.
    refresh
        Brings the preview up to date, given the files that have changed; the first time there are none.
    """
    from watchfiles import watch

    built = Condition()
    with ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, built, directory=str(SITE))) as server:
        server.daemon_threads = True
        _attempt(refresh, set())
        Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/ (Ctrl+C ends it)", flush=True)
        try:
            watched = [Path(name) for name in _WATCHED] + [Path(__file__).parents[1]]
            for changes in watch(*filter(Path.exists, watched)):
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
    """Serves the preview; a request for ``/built`` is answered with a server-sent event after each build."""

    def __init__(self, built: Condition, *arguments: object, **named: object) -> None:
        self.built = built
        super().__init__(*arguments, **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer a request."""
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
        """Forbid caching, since the next build changes any file."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""
