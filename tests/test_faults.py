"""What can go wrong outside the book: a full disk, no network, a sudden end, hostile text.

Nothing is lost, and one line says what it was.
"""

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from filelock import FileLock, Timeout
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser
from sphinx.errors import ExtensionError

from conftest import ROOT, needs_chromium, settle
from helpers.__main__ import main
from helpers.chapter import output
from helpers.chapter.data import load
from helpers.pages import drawings, figures
from helpers.run import notebooks

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def python(
    folder: Path, *arguments: str, limit: int | None = None, **environment: str
) -> subprocess.Popen[str]:
    """Start Python in a folder, in a process group of its own; ``limit`` is the size that a file may have."""

    def limited() -> None:
        import resource  # on Windows there is none, and the tests that ask for it are left out

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=limited if limit else None,
    )


def until(true: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A notebook that says when its second cell has begun."""
    settle(tmp_path)
    path = tmp_path / "page.ipynb"
    waiting = "import pathlib, time; pathlib.Path('begun').touch(); time.sleep(60)"
    nbformat.write(
        new_notebook(
            cells=[new_code_cell("print('x' * 15_000)", id="one"), new_code_cell(waiting, id="two")]
        ),
        path,
    )
    return path


def test_a_full_disk_keeps_the_last_book(book: Path, tmp_path: Path) -> None:
    process = python(tmp_path, "-m", "helpers", "build", limit=10_000)
    assert (
        process.communicate()[1].splitlines()[-1] == "_build: File too large; the last good book is untouched"
    )
    assert process.returncode == 1
    assert book.read_text() == "good"


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(tmp_path)
    monkeypatch.chdir(tmp_path)
    Path("_build").symlink_to("/sys", target_is_directory=True)  # read-only, even for the superuser
    assert main(["build"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "/lock: Permission denied" in line
    assert line.endswith("; what was there before is untouched")


def test_a_full_disk_keeps_the_notebook(tmp_path: Path, notebook: Path) -> None:
    content = nbformat.read(notebook, as_version=4)
    content.cells.pop()
    nbformat.write(content, notebook)
    before = notebook.read_bytes()
    process = python(tmp_path, "-m", "helpers", "rerun", notebook.name, limit=10_000)
    assert process.communicate()[1] == "page.ipynb: File too large; the notebook is as it was\n"
    assert process.returncode == 1
    assert notebook.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.toml", "page.ipynb"]


def test_a_full_disk_leaves_no_half_drawing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(path: Path, content: bytes) -> int:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drawings, "_files", lambda spec: {"wide.svg": b"<svg/>"})
    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(OSError, match="No space left"):
        drawings.folder({"mark": "point", "usermeta": {"name": "fig-x"}}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_chart_without_its_picture_is_named(tmp_path: Path) -> None:
    shown = new_output("display_data", {output.FIGURE: {"usermeta": {"name": "fig-x"}}})
    nbformat.write(
        new_notebook(cells=[new_code_cell("figure()", id="one", outputs=[shown])]), tmp_path / "page.ipynb"
    )
    with pytest.raises(
        ExtensionError, match=r"page\.ipynb: fig-x: expected a picture beside the chart, found none"
    ):
        list(figures.stored(tmp_path / "page.ipynb"))


def test_a_drawing_that_another_process_made_first_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawings, "rows", lambda spec: ([], []))

    def slow(spec: dict[str, object]) -> dict[str, bytes]:
        (tmp_path / drawings._digest(spec)).mkdir()
        (tmp_path / drawings._digest(spec) / "wide.svg").write_bytes(b"first")
        return {"wide.svg": b"second"}

    monkeypatch.setattr(drawings, "_files", slow)
    made = drawings.folder({}, tmp_path)
    assert [(file.name, file.read_bytes()) for file in made.iterdir()] == [("wide.svg", b"first")]
    assert list(tmp_path.iterdir()) == [made]


def test_a_rerun_killed_in_a_cell_leaves_the_notebook(tmp_path: Path, notebook: Path) -> None:
    before = notebook.read_bytes()
    process = python(tmp_path, "-m", "helpers", "rerun", notebook.name)
    until((tmp_path / "begun").exists)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert notebook.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["begun", "book.toml", "page.ipynb"]


def test_a_kernel_ends_when_its_run_is_killed(tmp_path: Path) -> None:
    hold = "import pathlib, time\nfrom filelock import FileLock\nheld = FileLock('held')\nheld.acquire()\n"
    hold += "pathlib.Path('begun').touch()\ntime.sleep(600)"
    nbformat.write(new_notebook(cells=[new_code_cell(hold, id="one")]), tmp_path / "page.ipynb")
    process = python(tmp_path, "-m", "helpers", "rerun", "page.ipynb")
    until((tmp_path / "begun").exists)
    process.kill()

    def is_free() -> bool:
        try:
            with FileLock(tmp_path / "held", timeout=0):
                return True
        except Timeout:
            return False

    until(is_free)


def test_a_rerun_killed_while_it_writes_leaves_the_notebook(tmp_path: Path, notebook: Path) -> None:
    before = notebook.read_bytes()
    script = (
        "import os, pathlib, signal, sys; from helpers.run import notebooks\n"
        "def half(path, content): path.open('wb').write(content[:9]); os.kill(os.getpid(), signal.SIGKILL)\n"
        "path = pathlib.Path(sys.argv[1]); read = notebooks.read(path)\n"
        "pathlib.Path.write_bytes = half; notebooks.write(path, read, [], [])"
    )
    process = python(tmp_path, "-c", script, notebook.name)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert notebook.read_bytes() == before
    assert notebooks.find(tmp_path) == [notebook], "what is left over is no page"


def test_a_killed_build_keeps_the_last_book_and_hinders_no_other(book: Path, tmp_path: Path) -> None:
    process = python(tmp_path, "-m", "helpers", "build")
    until(lambda: any((tmp_path / "_build").glob("next-*/_build")))
    process.kill()
    process.wait()
    assert book.read_text() == "good"
    assert main(["build"]) == 0, "its Jupyter Book may still write, but into a folder of its own"
    assert "Fine." in book.read_text()
    until(lambda: main(["build"]) == 0 and not any((tmp_path / "_build").glob("next-*")))


@pytest.mark.parametrize("renaming", [1, 2])
def test_a_build_killed_in_the_swap_loses_no_book(book: Path, tmp_path: Path, renaming: int) -> None:
    script = (
        "import os, pathlib, signal, sys; from helpers.__main__ import main\n"
        "from helpers.make import build\n"
        "count, rename = 0, pathlib.Path.rename\n"
        "def last(self, target):\n"
        "    global count; count += 1\n"
        "    os.kill(os.getpid(), signal.SIGKILL) if str(count) == sys.argv[1] else rename(self, target)\n"
        "def built(code, *given):\n"
        "    site = pathlib.Path(given[given.index('--path-output') + 1], '_build/html')\n"
        "    site.mkdir(parents=True); (site / 'index.html').write_text('new')\n"
        "pathlib.Path.rename, build.python = last, built; sys.exit(main(['build']))"
    )
    killed = python(tmp_path, "-c", script, str(renaming))
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert [path.read_text() for path in (tmp_path / "_build").glob("html*/index.html")] == ["good"]
    again = python(tmp_path, "-c", script, "never")
    again.communicate()
    assert again.returncode == 0
    assert book.read_text() == "new"
    assert sorted(path.name for path in book.parents[1].iterdir()) == ["html", "lock", "made.json"]


def test_a_cell_that_wants_all_memory_is_named(tmp_path: Path) -> None:
    settle(tmp_path)
    path = tmp_path / "page.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("everything = bytearray(2**60)", id="one")]), path)
    process = python(tmp_path, "-m", "helpers", "rerun", path.name)
    assert process.communicate()[1].strip() == "page.ipynb: cell one: MemoryError:"
    assert process.returncode == 1


def test_a_kernel_that_does_not_start_is_named(tmp_path: Path, notebook: Path) -> None:
    script = (
        "import os, sys; from helpers.__main__ import main; "
        "os.environ['PYTHONHOME'] = '/nowhere'; sys.exit(main(['rerun', 'page.ipynb']))"
    )
    process = python(tmp_path, "-c", script)
    assert "page.ipynb: expected a kernel to start, found none" in process.communicate()[1].splitlines()
    assert process.returncode == 1


def test_without_chromium_the_browser_tests_say_so_and_ci_fails() -> None:
    for ci, code in ((None, 0), ("1", 1)):
        environment = {key: value for key, value in os.environ.items() if key not in ("CI", "CHROMIUM")} | {
            "PATH": "/nowhere"
        }
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-x",
            "tests/pages/test_contrast.py",
        ]
        result = subprocess.run(
            command,
            cwd=ROOT,
            env=environment | ({"CI": ci} if ci else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == code, result.stdout[-2000:]
        assert ci or "no Chromium on this machine" in result.stdout


#: A page whose every text is hostile: table, figure, data, fact, claims box.
PAGE = (
    "from helpers import alt, claims, fact, figure, load, table",
    "for chapter in dict.fromkeys(load('claims')['chapter']):\n    claims(chapter)",
    "events = load('events').query(\"event_id == '01-treaty-1951'\")\nbad = events['detail'].iloc[0]\n"
    "fact('hostile', '{}', lambda rows: rows['detail'].iloc[0], events, definition=bad)\n"
    "table(events[['title', 'detail']].rename(columns={'title': bad}), 'tab-hostile', caption=bad,"
    " sources=['japan-press-chronology-2001'], table='events', note=bad)",
    "drawn = events[['date', 'title', 'detail']]\n"
    "chart = alt.Chart(drawn).mark_point(size=4000, filled=True).encode("
    "x=alt.X('title:N').title(None).axis(labels=False),"
    " y=alt.Y('detail:N').title(None).axis(labels=False),"
    " tooltip=['title', 'detail']).properties(height=120)\n"
    "figure(chart, 'fig-hostile', title=bad, caption=bad, alt=bad + bad, note=bad, unit=bad,"
    " sources=['japan-press-chronology-2001'], table='events')",
)
#: Cells of the package that become hostile: table, key, column.
CELLS = [
    ("events", "01-treaty-1951", "detail"),
    ("events", "01-treaty-1951", "title"),
    ("sources", "japan-press-chronology-2001", "publisher"),
    ("sources", "japan-press-chronology-2001", "title"),
    ("claims", "c36", "claim"),
    ("claims", "c36", "verdict_note"),
    ("glossary", "grey-zone", "definition"),
    ("glossary", "grey-zone", "term"),
]
#: Who has published that source, and no other that these tables rest on.
PUBLISHER = "Japan Press Weekly (Japanese Communist Party)"
#: The source of its events.
DAY = "japan-press-chronology-2001"
#: Ends every attempt to leave this machine, and writes down where it wanted to go.
CUT = """
import pathlib, socket
connect, look_up = socket.socket.connect, socket.getaddrinfo
def note(where):
    with open({log!r}, "a") as log: log.write(f"{{where}}\\n")
    raise OSError("the network is cut")
def only_here(self, address):
    here = self.family == socket.AF_UNIX or str(address[0]) in ("127.0.0.1", "::1")
    return connect(self, address) if here else note(address)
def only_this(host, *rest, **named):
    return look_up(host, *rest, **named) if host in (None, "localhost", "127.0.0.1", "::1") else note(host)
socket.socket.connect, socket.getaddrinfo = only_here, only_this
"""


def _make_hostile(path: Path, cells: list[tuple[str, str]]) -> None:
    """Put the hostile text into cells; take out the names of facts, which other pages record."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if "facts" in rows[0]:
        for row in rows[1:]:
            row[rows[0].index("facts")] = ""
    for key, column in cells:
        next(row for row in rows if row[0] == key)[rows[0].index(column)] = HOSTILE
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small hostile book, built once also where tests run side by side."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "hostile"
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "_build" / "html").is_dir():
            _build_hostile(folder)
    return folder


def _build_hostile(folder: Path) -> None:
    """Build a book of one page and the reference pages from hostile data, with the network cut."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("src", "data", "book/_static", "book/_assets"):
        shutil.copytree(ROOT / name, folder / name)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    for table in dict.fromkeys(table for table, _, _ in CELLS):
        _make_hostile(
            folder / "data" / f"{table}.csv", [(key, column) for name, key, column in CELLS if name == table]
        )
    for path in (folder / "data").glob("*.json"):  # where tables name their publishers it is called so too
        path.write_text(path.read_text(encoding="utf-8").replace(PUBLISHER, HOSTILE), encoding="utf-8")
    with (folder / "data" / "corrections.csv").open("a", encoding="utf-8") as file:
        file.writelines(
            f"2026-11-30,{name},{HOSTILE},2026-11-20,Now it is right.,{DAY}\n"
            for name in ("fig-hostile", "fact-hostile")
        )
    changes = folder / "data" / "changes.csv"
    header = changes.read_text(encoding="utf-8").splitlines()[0]
    changes.write_text(
        f"{header}\nv0.1.0,fig-hostile,title,{HOSTILE},It is another,{DAY}\n", encoding="utf-8"
    )
    pages = ["sources", "glossary", "data", "checks", "corrections", "changes", "matters", "searches"]
    (folder / "book" / "reference").mkdir()
    for page in pages:
        directives = (
            line
            for line in (ROOT / "book" / "reference" / f"{page}.md").read_text(encoding="utf-8").splitlines()
            if line[:3] == "```"
        )
        (folder / "book" / "reference" / f"{page}.md").write_text("\n".join(["# Page", "", *directives, ""]))
    (folder / "book" / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nparts:\n  - caption: All\n    chapters:\n      - file: page\n"
        + "".join(f"      - file: reference/{page}\n" for page in pages)
    )
    (folder / "book" / "index.md").write_text("# Small\n\nFine.\n")
    cells = [
        new_markdown_cell("# Page", id="head"),
        *(new_code_cell(code, id=f"code-{i}") for i, code in enumerate(PAGE)),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "book" / "page.ipynb")
    (folder / "cut").mkdir()
    (folder / "cut" / "sitecustomize.py").write_text(CUT.format(log=str(folder / "asked.txt")))
    path = os.pathsep.join([str(folder / "cut"), str(folder / "src")])
    for command in (("rerun", "book/page.ipynb"), ("build",)):
        process = python(folder, "-m", "helpers", *command, PYTHONPATH=path)
        said = process.communicate()[1]
        assert process.returncode == 0, said


def test_nothing_is_asked_of_the_network(hostile: Path) -> None:
    assert not (hostile / "asked.txt").exists(), (hostile / "asked.txt").read_text()


def test_a_correction_is_told_where_the_mistake_was_and_in_the_log(hostile: Path) -> None:
    def read(name: str) -> BeautifulSoup:
        return BeautifulSoup(
            (hostile / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
        )

    said = f"Corrected on 2026-11-30: {HOSTILE} Now it is right."
    assert said in read("page").find(id="fig-hostile").get_text()
    assert said in read("page").find("tr", id="fact-hostile").get_text()
    assert said in read("_figures/fig-hostile").find("figcaption").get_text()
    log = read("reference/corrections").find("article")
    assert [link["href"] for link in log.find_all("a", string="fig-hostile")] == ["../page.html#fig-hostile"]
    told = [row.find_all("td")[1].get_text() for row in log.find("tbody").find_all("tr")]
    assert {"fact-hostile", "fig-hostile"} < set(told)
    assert len(told) == len(load("corrections")) + 2, "beside those of the book itself"


def test_what_has_moved_since_a_release_is_a_table_with_links(hostile: Path) -> None:
    page = BeautifulSoup(
        (hostile / "_build" / "html" / "reference" / "changes.html").read_text(encoding="utf-8"),
        "html.parser",
    )
    (row,) = page.find("article").find("tbody").find_all("tr")
    cells = [cell.get_text(strip=True) for cell in row.find_all(["td", "th"])]
    assert cells[:4] == ["fig-hostile", "title", HOSTILE, "It is another"]
    assert [cell.get_text(strip=True) for cell in page.find("article").find("thead").find_all("th")][
        2
    ] == "In 0.1.0"


@pytest.mark.parametrize(
    "name", ["page", "reference/sources", "reference/glossary", "reference/corrections", "reference/changes"]
)
def test_hostile_text_is_shown_as_text(hostile: Path, name: str) -> None:
    page = BeautifulSoup(
        (hostile / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert HOSTILE in page.find("article").get_text()
    assert [tag for tag in page.find_all("script") if "alert(" in tag.get_text()] == []
    assert page.find_all("img", src="x") == []
    assert [
        tag
        for tag in page.find_all(True)
        if any(key.startswith("on") and "alert" in value for key, value in tag.attrs.items())
    ] == []


def test_hostile_text_is_text_in_every_download(hostile: Path) -> None:
    files = hostile / "_build" / "html" / "_figures"
    drawing = ET.parse(files / "fig-hostile.svg")  # noqa: S314 - our own drawing
    texts = [node.text for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert HOSTILE in texts
    assert [
        node.tag
        for node in drawing.iter()
        if node.tag.rpartition("}")[2] in ("script", "img", "foreignObject")
    ] == []
    with (files / "fig-hostile.csv").open(newline="", encoding="utf-8") as file:
        assert HOSTILE in next(csv.DictReader(file)).values()
    assert HOSTILE in json.loads((files / "fig-hostile.vl.json").read_text())["title"]


@needs_chromium
def test_hostile_text_is_text_in_a_browser_and_its_tooltip(hostile: Path, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto((hostile / "_build" / "html" / "page.html").as_uri())
    page.locator("#fig-hostile .chart-picture").scroll_into_view_if_needed()
    page.wait_for_selector("#fig-hostile svg.marks, #fig-hostile canvas.marks", timeout=30_000)
    page.locator("#fig-hostile .mark-symbol path").first.hover(force=True)
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert HOSTILE in page.locator("#vg-tooltip-element").inner_text()
    assert page.locator("#vg-tooltip-element img, #vg-tooltip-element script").count() == 0
    assert dialogs == []
    page.close()
