"""Pages that run: the same chapters, charts and exercises in a browser's own Python, with the network cut."""

import base64
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from conftest import ROOT, RUNTIME, needs_chromium
from helpers.chapter import exercises, output
from helpers.files import BookError
from helpers.live import cells, gather, packages
from helpers.pages import switch

CHAPTER = "chapters/04-senkaku-article-v"
pytestmark = needs_chromium

EXERCISES = "seminar/exercises/04-islands"
#: Milliseconds for Python to start on a machine that is busy with other tests; nothing waits longer than it
#: needs.
STARTED = 120_000

Opener = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, runtime: Path, address: str) -> Iterator[Opener]:
    """Return a function that opens a page whose Python comes from the gathered files, wherever it looks."""
    contexts = []

    def opener(name: str, base: str = "live/pyodide/", width: int = 1280, theme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        context.add_init_script(
            f"localStorage.setItem('mode', '{theme}'); localStorage.setItem('theme', '{theme}')"
        )
        page = context.new_page()
        page.asked = []  # type: ignore[attr-defined]
        page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]

        def fulfil(route: Route) -> None:
            page.asked.append(route.request.url)  # type: ignore[attr-defined]
            route.fulfill(
                path=runtime / route.request.url.rpartition("/")[2],
                headers={"Access-Control-Allow-Origin": "*"},
            )

        context.route(re.compile(r"/pyodide/"), fulfil)
        page.goto(f"{address}{name}.html")
        page.locator(".live-box").evaluate("(box, base) => box.dataset.base = base", base)
        return page

    yield opener
    for context in contexts:
        context.close()


def start(page: Page) -> None:
    page.locator(".live summary").first.click()
    page.get_by_role("button", name="Start Python").click()
    expect(page.locator(".live output")).to_have_text(re.compile("Python is ready"), timeout=STARTED)


def run(page: Page, number: int, code: str | None = None) -> Locator:
    """Run a cell, perhaps with another text, and return where it shows its outputs."""
    cell = page.locator("article div.cell").nth(number - 1)
    cell.locator(".live-cell").evaluate("fold => fold.open = true")
    if code is not None:
        cell.locator("textarea").fill(code)
    cell.locator("textarea").press("Shift+Enter")
    expect(cell.locator("output")).to_have_text(re.compile("Done|ended in an error"), timeout=STARTED)
    return cell.locator(".live-output")


def plain(titles: Locator) -> list[str]:
    """Return texts without the quotation marks that pages set as printers do."""
    return [re.sub("[‘’]", "'", title) for title in titles.all_text_contents()]


def first_figure(page: Page) -> int:
    """Return the number of the first cell that ends in a figure."""
    has = "cells => cells.findIndex(cell => cell.querySelector('.cell_output figure.chart')) + 1"
    return int(page.locator("article div.cell").evaluate_all(has))


def accessible(page: Page) -> None:
    """Hold a running page against the rules of access; nothing runs off it, and keys leave an editor."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page).response["violations"]
    assert {rule["id"]: [node["html"][:120] for node in rule["nodes"]][:5] for rule in found} == {}
    page.locator("article textarea:visible").first.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "live-run", "the Tab key leaves the editor"


def test_nothing_is_fetched_before_the_switch_is_thrown(visit: Opener) -> None:
    page = visit(CHAPTER)
    page.wait_for_load_state("networkidle")
    assert [url for url in page.asked if "/live/" in url or "pyodide" in url] == []  # type: ignore[attr-defined]
    page.locator(".live summary").click()
    page.get_by_role("button", name="Start Python").wait_for()
    page.wait_for_load_state("networkidle")
    live = [url.rpartition("/live/")[2] for url in page.asked if "/live/" in url or "pyodide" in url]  # type: ignore[attr-defined]
    assert live == ["live.js"]
    said = page.locator(".live").inner_text()
    sizes = {name: (RUNTIME / name).stat().st_size / 1e6 for name in gather.FILES}
    whole = sum(sizes.values())  # NumPy may be four times as large as what the public network has
    assert whole - sizes[gather.NUMPY] < int(re.search(r"\((\d+) MB\)", said)[1]) < whole + 5  # type: ignore[index]


def test_a_reader_on_a_phone_runs_changes_breaks_stops_and_resets_a_chapter(visit: Opener) -> None:
    page = visit(CHAPTER, width=360, theme="dark")
    start(page)
    number = first_figure(page)
    cell = page.locator("article div.cell").nth(number - 1)
    editor, stored = cell.locator("textarea"), cell.locator(".cell_output")
    text = editor.input_value()

    shown = run(page, number)
    title = stored.locator(".chart-title").text_content()
    assert shown.locator(".chart-title").inner_text() == title
    assert 300 < shown.locator(".chart-live svg").bounding_box()["width"] < 360  # type: ignore[index]
    assert not stored.is_visible()
    accessible(page)

    shown = run(page, number, text.replace('title="', 'title="Changed: '))
    assert shown.locator(".chart-title").inner_text() == f"Changed: {title}"
    assert "1169" in run(page, number, 'load("scrambles").scrambles.max() + 1').inner_text()

    shown = run(page, number, "given = 0\n1 / given")
    assert shown.inner_text().strip().splitlines()[:2] == [
        "Traceback (most recent call last):",
        f'  File "cell {number}", line 2, in <module>',
    ]
    assert "ZeroDivisionError: division by zero" in shown.inner_text()

    editor.fill("print('begun')\nwhile True:\n    pass")
    editor.press("Control+Enter")
    expect(cell.locator(".live-print")).to_have_text("begun\n")
    cell.get_by_role("button", name="Stop").click()
    expect(cell.locator("output")).to_have_text(re.compile("Stopped"))

    cell.get_by_role("button", name=f"Reset Cell {number}").click()
    assert editor.input_value() == text
    assert stored.is_visible()
    assert run(page, number).locator(".chart-title").inner_text() == title, (
        "Python starts afresh after a stop"
    )
    assert [url for url in page.asked if not url.startswith("http://127.0.0.1")] == []  # type: ignore[attr-defined]


def test_a_whole_chapter_gives_the_figures_and_tables_of_the_book(visit: Opener) -> None:
    """Of all chapters, what their cells show with these packages is compared in test_public_python."""
    page = visit("chapters/05-counterstrike")
    titles = plain(page.locator("article .cell_output .chart-title"))
    tables = page.locator("article .cell_output table.book-table").count()
    wide = "drawn => drawn.map(svg => svg.width.baseVal.value)"
    drawn = page.locator("article .cell_output .chart-picture .wide svg").evaluate_all(wide)
    start(page)
    page.get_by_role("button", name="Run all").click()
    expect(page.locator(".live output")).to_have_text(re.compile("Done|ended in an error"), timeout=STARTED)
    assert page.locator(".live-error").all_inner_texts() == []
    assert plain(page.locator(".live-output .chart-title")) == titles
    assert page.locator(".live-output figure svg").count() == len(titles)
    assert page.locator(".live-output table").count() == tables
    assert page.locator(".live-output figure svg").evaluate_all(wide) == pytest.approx(drawn, abs=8)


def test_an_exercise_is_checked_in_the_page_by_python_from_the_public_network(visit: Opener) -> None:
    page = visit(EXERCISES, base=gather.CDN)
    start(page)
    assert run(page, 1).locator(".live-error").count() == 0
    asked = page.locator("article textarea").evaluate_all("editors => editors.map(editor => editor.value)")
    number, name = next(
        (i, found[1])
        for i, text in enumerate(asked, start=1)
        if (found := re.search(r'check\("([^"]+)", ...\)', text))
    )
    expected = json.loads(base64.b64decode(json.loads(exercises.ANSWERS.read_text(encoding="utf-8"))[name]))
    assert "no answer yet" in run(page, number).inner_text()
    assert "Right." in run(page, number, f'check("{name}", {expected["number"]})').inner_text()
    wrong = run(page, number, f'check("{name}", {expected["number"] + 3})').inner_text()
    assert "Right" not in wrong
    assert expected["hint"] in wrong
    elsewhere = {url.rpartition("/")[0] + "/" for url in page.asked if not url.startswith("http://127.0.0.1")}  # type: ignore[attr-defined]
    assert elsewhere == {gather.CDN}


def test_a_runtime_that_is_not_there_is_said_to_be_missing(visit: Opener) -> None:
    page = visit(EXERCISES, base="live/nowhere/")
    page.locator(".live summary").first.click()
    page.get_by_role("button", name="Start Python").click()
    expect(page.locator(".live output")).to_have_text(
        re.compile("Python could not start: .*nowhere/pyodide.mjs"), timeout=STARTED
    )
    assert page.locator(".live .live-run").inner_text() == "Run all"


def test_a_page_from_disk_says_what_to_do_instead(browser: Browser, site: Path) -> None:
    page = browser.new_page()
    page.goto((site / f"{CHAPTER}.html").as_uri())
    page.locator(".live summary").click()
    assert "make lab" in page.locator(".live pre").inner_text()
    assert page.locator(".live button").count() == 0
    page.close()


def test_without_scripts_a_page_says_what_to_do_instead(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / f"{CHAPTER}.html").as_uri())
    page.locator(".live summary").click()
    assert "make lab" in page.locator(".live pre").inner_text()
    context.close()


def test_any_python_that_a_site_names_gets_the_archives_where_its_packages_are(visit: Opener) -> None:
    page = visit(EXERCISES, base="live/another/")
    stand_in = """export async function loadPyodide() {
        const folders = [];
        const run = (show) => () => (show(JSON.stringify({ print: folders.join() })), true);
        return {
          runPython: (code) => code.includes("getsitepackages()") && "/lib/python3.99/site-packages",
          unpackArchive: (archive, format, { extractDir }) => folders.push(extractDir),
          pyimport: () => ({ Session: (show) => ({ run: run(show) }) }),
        };
      }"""
    page.context.route(
        "**/live/another/pyodide.mjs",
        lambda route: route.fulfill(body=stand_in, content_type="text/javascript"),
    )
    start(page)
    assert run(page, 1).inner_text() == ",".join(["/lib/python3.99/site-packages"] * 2)


def refuse(*_: object, **__: object) -> None:
    """Stand for a network that cannot be reached."""
    raise OSError("no route to the host")


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without a network and without an npm."""
    monkeypatch.setattr(gather, "urlopen", refuse)
    monkeypatch.setattr(gather.shutil, "which", lambda _: None)
    monkeypatch.setenv("PIP_NO_INDEX", "1")


def test_a_file_with_another_digest_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def spoilt(names: list[str]) -> Iterator[tuple[str, bytes]]:
        yield from ((name, b"spoilt") for name in names)

    monkeypatch.setattr(gather, "_from_network", spoilt)
    for place in ("_from_npm", "_from_index"):
        monkeypatch.setattr(gather, place, lambda names: iter([]))
    with pytest.raises(BookError, match=r"no place has .*numpy-.*with the digest"):
        gather.gather(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("cut_off")
def test_every_place_that_cannot_be_reached_is_named_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BookError, match="no place has"):
        gather.gather(tmp_path)
    network, npm, pip = capfd.readouterr().err.splitlines()
    assert network == f"live: {gather.CDN}: no route to the host"
    assert npm == "live: npm: expected on this machine, found none"
    assert pip.startswith("live: pip: ERROR: ")
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_npm_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nprintf 'npm error code E404\\nnpm error 404 nothing here\\n' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(gather.shutil, "which", lambda _: str(npm))
    monkeypatch.setattr(gather, "_from_network", lambda names: iter([]))
    monkeypatch.setattr(gather, "_from_index", lambda names: iter([]))
    with pytest.raises(BookError, match="no place has"):
        gather.gather(tmp_path / "live")
    assert capfd.readouterr().err == "live: npm: npm error code E404\n"


@pytest.mark.usefixtures("cut_off")
def test_what_is_already_gathered_is_asked_for_nowhere(
    runtime: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(runtime, tmp_path / "live")
    gather.gather(tmp_path / "live")
    assert capfd.readouterr().err == ""


def test_a_spoilt_file_is_fetched_again_and_no_other(
    runtime: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(runtime, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pyodide.mjs").write_bytes(b"cut off")
    asked = []

    def network(names: list[str]) -> Iterator[tuple[str, bytes]]:
        asked.extend(names)
        yield from ((name, (runtime / name).read_bytes()) for name in names)

    monkeypatch.setattr(gather, "_from_network", network)
    gather.gather(tmp_path)
    assert asked == ["pyodide.mjs"]
    assert (tmp_path / "pyodide.mjs").read_bytes() == (runtime / "pyodide.mjs").read_bytes()


def test_the_lock_names_each_package_file_with_its_digest(runtime: Path) -> None:
    packed = json.loads((runtime / "pyodide-lock.json").read_text())["packages"]
    assert {
        package["file_name"] for package in packed.values()
    } == gather.FILES.keys() - gather.RUNTIME.keys()
    for package in packed.values():
        content = (runtime / package["file_name"]).read_bytes()
        assert package["sha256"] == hashlib.sha256(content).hexdigest()
        assert set(package["depends"]) <= packed.keys()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> tuple[cells.Session, list[dict[str, str]]]:
    """A session on this machine's Python, and the outputs that it shows."""
    for name in ("IPython", "IPython.display"):
        monkeypatch.setitem(sys.modules, name, sys.modules.get(name))  # put back at the end
    shown: list[dict[str, str]] = []
    return cells.Session(lambda text: shown.append(json.loads(text))), shown


def test_a_cell_shows_what_it_prints_its_last_value_and_keeps_its_names(
    session: tuple[cells.Session, list[dict[str, str]]],
) -> None:
    run_cell, shown = session[0].run, session[1]
    assert run_cell("x = 20\nprint('made')", "cell 1", "wide")
    assert run_cell("x + 1", "cell 2", "wide")
    assert "".join(part["print"] for part in shown if "print" in part) == "made\n"
    assert shown[-1] == {"text/plain": "21"}
    assert not run_cell("def broken(:\n", "cell 3", "wide")
    assert shown[-1]["error"].startswith('  File "cell 3", line 1')
    assert not run_cell("raise SystemExit(3)", "cell 4", "wide")


def test_a_chart_alone_is_shown_as_a_figure_of_the_page(
    session: tuple[cells.Session, list[dict[str, str]]],
) -> None:
    chart = 'alt.Chart(load("scrambles")).mark_bar().encode(x="fiscal_year:O", y="scrambles:Q")'
    code = f"from helpers import alt, load\n{chart}"
    assert session[0].run(code, "cell 1", "narrow"), session[1]
    assert session[1][-1][output.FIGURE]["width"] == 272  # type: ignore[index]


def test_printing_without_an_end_does_not_fill_the_page(
    session: tuple[cells.Session, list[dict[str, str]]],
) -> None:
    assert session[0].run("for _ in range(9000): print('x' * 99)", "cell 1", "wide")
    assert len("".join(part["print"] for part in session[1])) < 101_000


def test_the_libraries_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    packages.libraries(tmp_path / "one.zip")
    packages.libraries(tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_page_runs_on_a_host_of_pages_below_a_path(
    published: tuple[Path, str], runtime: Path, browser: Browser
) -> None:
    site, top = published
    shutil.copytree(runtime, site / "live" / "pyodide", dirs_exist_ok=True)
    page = browser.new_page()
    page.goto(f"{top}pages/lanes.html")
    page.locator(".live-box").evaluate("box => box.dataset.base = 'live/pyodide/'")
    start(page)
    assert run(page, first_figure(page)).locator(".chart-live svg").is_visible()
    page.close()


def test_hubs_are_offered_only_where_they_are_set(root: Path, site: Path, tmp_path: Path) -> None:
    assert "live-launch" not in (site / f"{CHAPTER}.html").read_text(encoding="utf-8")
    config = SimpleNamespace(
        html_baseurl="https://book.example/", live_launch={"Hub": "https://hub.example/{page}.ipynb"}
    )
    app = SimpleNamespace(
        builder=SimpleNamespace(name="html"),
        outdir=tmp_path,
        config=config,
        env=SimpleNamespace(doc2path=lambda name: root / "book" / f"{name}.ipynb"),
        live_settings={"archives": "live/helpers-0.1.0-py3-none-any.whl live/libraries.zip"},
        live_clone="make lab",
    )
    places = sum(
        cell["cell_type"] == "code"
        for cell in json.loads((root / "book" / f"{CHAPTER}.ipynb").read_text())["cells"]
    )
    context = {"body": '<div class="cell docutils"></div>' * places, "content_root": "../"}
    switch._add_switch(app, CHAPTER, "", context, doctree=True)  # type: ignore[arg-type]
    assert f'<a href="https://hub.example/{CHAPTER}.ipynb">Hub</a>' in context["body"]
    first = json.loads((tmp_path / "live" / "hosted" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ][0]["source"]
    locked = re.search(r"^vl-convert-python==\S+", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert locked
    address = "https://book.example/live/helpers-0.1.0-py3-none-any.whl"
    assert "".join(first) == f"%pip install --quiet {address} {locked[0]}"
