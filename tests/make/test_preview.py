"""Who writes sees a saved sentence or a changed cell at once, as the book will show it."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, expect

from conftest import ROOT, needs_chromium
from helpers.__main__ import main
from helpers.files import BookError
from helpers.make import preview

SITE = Path("_build/preview/html")


@pytest.fixture
def small(book: Path) -> Path:
    """A book of two pages, one of them a notebook; its folder."""
    Path("book/_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: chapters/01-one\n")
    Path("book/chapters").mkdir()
    cells = [new_markdown_cell("# One", id="title"), new_code_cell("print(6 * 7)", id="sum")]
    nbformat.write(new_notebook(cells=cells), "book/chapters/01-one.ipynb")
    return Path.cwd()


def test_a_page_is_run_built_and_named(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["page", "chapters/01-one"]) == 0
    assert "_build/preview/html/chapters/01-one.html" in capsys.readouterr().out
    assert "42" in (SITE / "chapters" / "01-one.html").read_text()
    assert nbformat.read("book/chapters/01-one.ipynb", as_version=4).cells[1].outputs[0]["text"] == "42\n"


def test_a_second_page_reads_only_what_has_changed(small: Path) -> None:
    assert main(["page", "index"]) == 0
    before = (SITE / "chapters" / "01-one.html").stat().st_mtime_ns
    Path("book/index.md").write_text("# Small\n\nA new sentence.\n")
    assert main(["page", "index"]) == 0
    assert "A new sentence." in (SITE / "index.html").read_text()
    assert (SITE / "chapters" / "01-one.html").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "name", ["chapters/01-one", "chapters/01-one.ipynb", "book/chapters/01-one.ipynb", "chapters/01-one.html"]
)
def test_a_page_goes_by_its_address_or_its_file(small: Path, name: str) -> None:
    assert preview.page(name) == Path("book/chapters/01-one.ipynb")


def test_an_unknown_page_is_answered_with_the_nearest(small: Path) -> None:
    with pytest.raises(
        BookError, match=r"^chapters/01-won: expected a page of the book, found none; nearest: "
    ):
        preview.page("chapters/01-won")


def test_a_fault_of_the_text_is_said_and_the_page_is_there_all_the_same(
    small: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("book/index.md").write_text("# Small\n\nStill here. [broken](#nowhere)\n")
    assert main(["page", "index"]) == 0
    assert "nowhere" in capfd.readouterr().err
    assert "Still here." in (SITE / "index.html").read_text()


@pytest.fixture
def served(small: Path) -> Iterator[str]:
    """The address at which the small book is served while its author writes."""
    shutil.copytree(ROOT / "data", "data")
    Path("_config.yml").write_text("title: Small\nsphinx: {extra_extensions: [helpers.pages]}\n")
    command = [sys.executable, "-m", "helpers", "serve", "--port", "0"]
    # Where the tests run in a shell's background, their children would not hear Ctrl+C.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    signal.signal(signal.SIGINT, heard)
    assert process.stdout
    lines = iter(process.stdout.readline, "")
    try:
        yield next(found[0] for line in lines if (found := re.match(r"http://127\.0\.0\.1:\d+/", line)))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode in (0, 130), "Ctrl+C is how one ends it"
    finally:
        process.kill()


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - this machine's own
        text: str = answer.read().decode()
    return text


@needs_chromium
def test_a_saved_sentence_and_a_changed_cell_come_into_the_open_page(served: str, browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served}chapters/01-one.html")
    expect(page.locator("body")).to_contain_text("A preview of this page alone")
    path = Path("book/chapters/01-one.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source = "# One\n\nA saved sentence."
    nbformat.write(notebook, path)
    expect(page.locator("article")).to_contain_text("A saved sentence.", timeout=60_000)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = "print(6 * 8)"
    nbformat.write(notebook, path)
    expect(page.locator("article")).to_contain_text("48", timeout=60_000)
    assert [url for url in asked if not url.startswith((served, "data:"))] == []
    page.close()


def test_a_fault_in_a_cell_ends_nothing(served: str) -> None:
    path = Path("book/chapters/01-one.ipynb")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = "1 / 0"
    nbformat.write(notebook, path)
    time.sleep(1)
    notebook.cells[1].source = "print(6 * 9)"
    nbformat.write(notebook, path)
    end = time.monotonic() + 60
    while "54" not in fetch(f"{served}chapters/01-one.html"):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)


def test_it_is_shown_to_this_machine_alone(served: str) -> None:
    assert "Small" in fetch(served)
    assert served.startswith("http://127.0.0.1:")


def test_a_port_that_is_none_or_taken_is_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for given, what in (
            (port, f"port {port}: .*; `--port 0` takes one"),
            (99999, "from 0 to 65535"),
            (-1, "0 to"),
        ):
            with pytest.raises(BookError, match=f"^serve: .*{what}"):
                preview.serve(given, lambda changed: None)


@pytest.mark.parametrize("name", ["_config.yml", "book/_toc.yml"])
def test_a_book_without_its_options_or_contents_is_one_line(small: Path, name: str) -> None:
    Path(name).unlink()
    with pytest.raises(BookError, match=f"^{name}: expected one, found none"):
        preview.build()
