"""What the tests share: the project's folders, small books and data to break, a book served off the net."""

import gc
import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pypdfium2 import PdfDocument

from helpers.files import BookError
from helpers.live import gather
from helpers.make.browser import launch
from helpers.make.build import SELDOM

# Tests hold large trees too: to look for garbage among them as often as usual takes an eighth of a run.
gc.set_threshold(*SELDOM)

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
#: The Python of pages. Not where `make live` puts it: a test must not change what the next build makes.
RUNTIME = ROOT / "_build" / "live-for-tests"
#: Where the second book is published in tests.
PUBLISHED = "https://marlow.example/books/bay/"
#: Tests that build, run or judge whole books, each of them for minutes.
SLOW = [
    ROOT / "tests" / f"test_{name}.py"
    for name in ("drill", "faults", "first_hour", "recipes", "second_book", "update_drill")
]
#: Settings of a machine that is as unlike the usual one as can be; what is made must not care.
STRANGE = {
    "PYTHONHASHSEED": "4242",
    "SOURCE_DATE_EPOCH": "1",
    "TZ": "Pacific/Kiritimati",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C",
    "COLUMNS": "40",
    "NO_COLOR": "1",
}
#: Marks what starts Chromium by itself. .ci/run installs one and sets CI: there the absence is a failure.
needs_chromium = pytest.mark.usefixtures("browser")


def texts(pdf: Path | bytes) -> list[str]:
    """Return the text of each page of a PDF."""
    with PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def python(
    folder: Path, *arguments: str, umask: int = -1, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run this Python in a folder, with the machine that lies there or else the project's, and settings."""
    source = next(each / "src" for each in (folder, ROOT) if (each / "src").is_dir())
    told = {**os.environ, "PYTHONPATH": str(source), **settings}
    told.pop("PYTEST_XDIST_WORKER", None)  # tests that tests start are no part of this run
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=told, umask=umask, capture_output=True, text=True, check=False
    )


def run(book: Path, *arguments: str, umask: int = -1, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the machine in a book."""
    return python(book, "-m", "helpers", *arguments, umask=umask, **settings)


def digests(folder: Path) -> dict[str, str]:
    """Return a digest of every file by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def elsewhere(sources: Path, folder: Path, *commands: str) -> Path:
    """Run commands in a copy of a book, on as strange a machine as can be; return what they have made."""
    copy, hidden = folder / "zweites Büch", shutil.ignore_patterns("__pycache__", "*.egg-info", ".*")
    for name in ("book", "data", "src", "_build/live"):
        if (sources / name).is_dir():
            shutil.copytree(sources / name, copy / name, ignore=hidden)
    for path in sources.iterdir():
        if path.is_file():
            shutil.copyfile(path, copy / path.name)
    for command in commands:
        done = run(copy, *command.split(), umask=0o077, HOME=str(copy), **STRANGE)
        assert done.returncode == 0, done.stderr[-2000:]
    return copy / "_build"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium that resolves no name but this machine's."""
    with sync_playwright() as playwright:
        try:
            launched = launch(playwright, "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
        except BookError as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(str(error))
        yield launched
        launched.close()


def faults(page: Page) -> list[str]:
    """Return the list to which a page's errors and warnings are added as they come."""
    noted: list[str] = []
    page.on(
        "console",
        lambda message: noted.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: noted.append(str(error)))
    return noted


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def site() -> Path:
    """The built book; `make test` builds it before the tests run."""
    assert (SITE / "index.html").is_file(), "the book is not built: run `make test`"
    return SITE


@pytest.fixture(scope="session")
def runtime() -> Path:
    """The gathered runtime; gathering again costs nothing; where no place has a file the reason says so."""
    try:
        gather.gather(RUNTIME)
    except BookError as error:  # a third party's files, which the rest of the book does not depend on
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the Python of pages cannot be gathered here: {error}")
    return RUNTIME


@pytest.fixture
def drawn(browser: Browser, site: Path) -> Iterator[Iterator[tuple[str, Page]]]:
    """Each figure of the book by its name, open in a page of its own without scripts, one after the other."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()

    def opened() -> Iterator[tuple[str, Page]]:
        for path in sorted((site / "_figures").glob("*.html")):
            page.goto(path.as_uri())
            yield path.stem, page

    yield opened()
    context.close()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A data package of two tables, right in every respect."""
    source = {
        "name": "source_id",
        "title": "Source",
        "type": "string",
        "description": "Key.",
        "constraints": {"required": True},
    }
    sources = [
        source,
        *(
            {"name": name, "title": name, "type": "string", "description": name}
            for name in ("publisher", "title")
        ),
    ]
    counts = [
        {
            "name": "year",
            "title": "Year",
            "type": "year",
            "description": "Year.",
            "constraints": {"required": True, "minimum": 1900},
        },
        {
            "name": "who",
            "title": "Who",
            "type": "string",
            "description": "Who.",
            "constraints": {"enum": ["total", "a", "b"]},
        },
        {"name": "count", "title": "Count", "type": "integer", "description": "Number."},
        {"name": "share", "title": "Share", "type": "number", "description": "Share."},
        {"name": "day", "title": "Day", "type": "date", "description": "Day."},
        {"name": "month", "title": "Month", "type": "yearmonth", "description": "Month."},
        source,
    ]
    resources = [
        {
            "name": "sources",
            "path": "sources.csv",
            "schema": {"fields": sources, "primaryKey": ["source_id"]},
        },
        {
            "name": "counts",
            "path": "counts.csv",
            "schema": {
                "fields": counts,
                "primaryKey": ["year", "who"],
                "foreignKeys": [
                    {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}
                ],
            },
            "sumCheck": {"field": "count", "over": "who", "total": "total", "parts": ["a", "b"]},
        },
    ]
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "small", "resources": resources}))
    (tmp_path / "sources.csv").write_text("source_id,publisher,title\nbook,Publisher,Title\n")
    (tmp_path / "counts.csv").write_text(
        "year,who,count,share,day,month,source_id\n"
        "2024,total,30,1.5,2024-04-10,2024-04,book\n"
        "2024,a,10,,2024-04-10,2024-04,book\n"
        "2024,b,20,0.5,,2024-04,book\n"
        "2025,total,7,,,,book\n"
    )
    return tmp_path


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project's sources, to change and to judge."""
    for name in ("book", "data", "src", "book.toml", "_config.yml", "pyproject.toml", "setup.py", "LICENSE"):
        place = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        place(ROOT / name, tmp_path / name)
    return tmp_path


def loose(parts: Mapping[str, str]) -> list[str]:
    """Return what in documents that belong together is there twice, or is referred to and not there.

    Ids are those of one document; references are links, also between documents, clips and gradients of
    drawings, and labels. Addresses of other hosts are left out.
    """
    ids = {name: Counter(re.findall(r'<[^>]*?\sid="([^"]*)"', text)) for name, text in parts.items()}
    wrong = [f"{name}: {each} twice" for name in ids for each, count in ids[name].items() if count > 1]
    naming = "for|headers|list|aria-labelledby|aria-describedby|aria-controls|aria-owns"
    for name, text in parts.items():
        inside = re.findall(r"url\(#([^)\"]*)\)", text)
        for names in re.findall(rf'<[^>]*\s(?:{naming})="([^"]*)"', text):
            inside += names.split()
        wrong += [f"{name}: {each} is not there" for each in inside if each not in ids[name]]
        for link in re.findall(r'\s(?:xlink:)?(?:href|src)="([^"]*)"', text):
            file, _, place = unquote(link).partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
            if not re.match(r"[a-z]+:", link) and place and target in ids and place not in ids[target]:
                wrong.append(f"{name}: {link} is not there")
    return wrong


def settle(folder: Path) -> None:
    """Make a folder that of a book, whose settings say no more than they must."""
    words = (
        "title",
        "authors",
        "subtitle",
        "description",
        "motto",
        "slug",
        "copyright",
        "licence",
        "licences",
    )
    named = "".join(f'{word} = "small"\n' for word in words)
    (folder / "book.toml").write_text(f'[book]\n{named}version = "1.0"\ndate = 2026-01-01\n')


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a small book: two tables with their descriptors, and a file that is none."""
    settle(tmp_path)
    monkeypatch.chdir(tmp_path)
    said = "A small table, of which each row is a count."
    text = {"title": "Small", "description": said, "vintage": "2026-01", "terms": "Our own."}
    source = {"title": "Source", "type": "string", "description": "Key."}
    year = {"name": "year", "title": "Year", "type": "year", "description": "Year."}
    fields = [year, "source_id", {"name": "note", "title": "Remark"}]
    content = {
        "package": {"name": "small", "title": "Small", "description": "Small.", "licenses": []},
        "fields": {
            "source_id": {**source, "constraints": {"required": True}, "references": "sources"},
            "note": {"title": "Note", "type": "string", "description": "Note."},
        },
        "sources": {
            **text,
            "schema": {"fields": [{"name": "source_id", "references": None}], "primaryKey": "source_id"},
        },
        "counts": {**text, "schema": {"fields": fields, "primaryKey": ["year"]}},
        "land": {**text, "path": "land.topo.json", "format": "json"},
    }
    folder = tmp_path / "data"
    folder.mkdir()
    for name, each in content.items():
        (folder / f"{name}.json").write_text(json.dumps(each))
    (folder / "sources.csv").write_text("source_id\nbook\n")
    (folder / "counts.csv").write_text("year,source_id,note\n2024,book,\n")
    (folder / "land.topo.json").write_text("{}")
    return folder


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small book that can be built, with a good one in place; the path of the good one's first page."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "_build" / "html").mkdir(parents=True)
    (tmp_path / "_build" / "html" / "index.html").write_text("good")
    (tmp_path / "book").mkdir()
    settle(tmp_path)
    (tmp_path / "_config.yml").write_text("title: Small\n")
    (tmp_path / "book" / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (tmp_path / "book" / "index.md").write_text("# Small\n\nFine.\n")
    return tmp_path / "_build" / "html" / "index.html"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a built site, a browser or builds of its own, and is left out of `quick`."""
    for item in items:
        given, room = getattr(item, "fixturenames", []), item.path.parent.name
        if (
            {"site", "browser", "book", "copy", "published"} & set(given)
            or room in ("make", "live")
            or item.path in SLOW
        ):
            item.add_marker(pytest.mark.whole)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures know at their end whether the test has failed."""
    report = yield
    item.failed = report.failed or getattr(item, "failed", False)  # type: ignore[attr-defined]
    return report


class Quiet(SimpleHTTPRequestHandler):
    """Answers with a folder's files."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve(handler: Callable[..., SimpleHTTPRequestHandler]) -> Iterator[str]:
    """Answer on this machine with a handler until the block ends; yield the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The address of the book on this machine."""
    with serve(partial(Quiet, directory=str(site))) as at:
        yield at


class _AsPages(Quiet):
    """Answers as free hosts of pages do: below a path, with the site's own page for what is not there.

    Folders that begin with ``_`` are there only if the site has a file ``.nojekyll``.
    """

    def send_head(self) -> object:
        """Look for a file where the site has its place."""
        path, top = urlsplit(unquote(self.path)).path, urlsplit(PUBLISHED).path
        site = Path(self.directory)
        inside = path.removeprefix(top)
        hidden = not (site / ".nojekyll").exists() and any(part[:1] == "_" for part in inside.split("/"))
        file = site / inside / "index.html" if path.endswith("/") else site / inside
        if path.startswith(top) and not hidden and file.is_file():
            self.path = f"/{inside}"
            return super().send_head()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        return (site / "404.html").open("rb")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The second book, built for an address below a path; its site, and where it is served for the test."""
    book = tmp_path_factory.mktemp("published") / "book"
    shutil.copytree(ROOT / "tests" / "second_book", book)
    for command in (("rerun", "--all"), ("build",)):
        done = run(book, *command, BOOK_URL=PUBLISHED)
        assert done.returncode == 0, done.stderr
    site = book / "_build" / "html"
    with serve(partial(_AsPages, directory=str(site))) as at:
        yield site, f"{at.rstrip('/')}{urlsplit(PUBLISHED).path}"
