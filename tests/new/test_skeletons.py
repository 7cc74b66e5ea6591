"""What `new` begins passes at once, says what is left to write, and harms nothing."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest

from conftest import run
from helpers.__main__ import main
from helpers.chapter import package
from helpers.new import skeletons


def prints(book: Path, *arguments: str) -> str:
    """Return what a command prints in a book; it must succeed."""
    done = run(book, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new book, as it is written."""
    folder = tmp_path_factory.mktemp("new") / "city-museum"
    skeletons.book(folder)
    return folder


@pytest.fixture
def started(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, in which a command is given."""
    copy = Path(shutil.copytree(begun, tmp_path / begun.name))
    monkeypatch.chdir(copy)
    package.make(copy / "data")
    return copy


def code(path: Path) -> list[str]:
    return [
        "".join(cell["source"])
        for cell in json.loads(path.read_text())["cells"]
        if cell["cell_type"] == "code"
    ]


@pytest.mark.whole
def test_a_new_book_passes_at_once_and_so_do_a_chapter_and_figures_in_it(begun: Path, tmp_path: Path) -> None:
    book = Path(shutil.copytree(begun, tmp_path / begun.name))
    prints(book, "rerun")
    assert prints(book, "check") == "nothing is stale\n"
    prints(book, "build")
    page = (book / "_build" / "html" / "chapters" / "01-visitors.html").read_text()
    assert "1,500 visitors" in page
    assert "City museum" in page
    prints(book, "new", "chapter", "02-opening-hours")
    for name in ("fig-hours", "fig-hours-again"):
        prints(book, "new", "figure", name, "visitors", "book/chapters/02-opening-hours.ipynb")
    prints(book, "rerun")
    assert prints(book, "check") == "nothing is stale\n"
    prints(book, "build")
    page = (book / "_build" / "html" / "chapters" / "02-opening-hours.html").read_text()
    assert page.count('<figure class="chart') == 2
    assert "Opening hours" in (book / "_build" / "html" / "index.html").read_text(), "it is in the contents"


def test_what_is_left_to_write_is_named_with_its_line(begun: Path, tmp_path: Path) -> None:
    said = skeletons.book(tmp_path / "harbour-tolls")
    assert said[0].startswith(f"{tmp_path / 'harbour-tolls'}: in this folder run python -m helpers rerun, ")
    left = (
        f"{tmp_path / 'harbour-tolls'}/book/index.md:3: still to be written: Say here what the report finds;"
    )
    assert any(line.startswith(left) for line in said)
    for line in said[1:]:
        place = line.partition(": still to be written: ")[0]
        file, cell, number = re.fullmatch(r"(.*?):(?: cell ([\w-]+), line )?(\d+)", place).groups()
        text = Path(file).read_text()
        if cell:
            text = next(each.source for each in nbformat.reads(text, 4).cells if each.id == cell)
        assert "TODO: " in text.split("\n")[int(number) - 1]


def test_a_book_is_called_like_its_folder(begun: Path) -> None:
    settings = (begun / "book.toml").read_text()
    assert 'title = "City museum"' in settings
    assert 'slug = "city-museum"' in settings
    assert '"name": "city-museum"' in (begun / "data" / "package.json").read_text()
    left = [path for path in begun.rglob("*") if path.is_file() and "$title" in path.read_text()]
    assert left == []


def test_a_figure_uses_what_its_notebook_has(started: Path) -> None:
    page = started / "book" / "chapters" / "01-visitors.ipynb"
    before = code(page)
    said = skeletons.figure("fig-again", "visitors", page)
    assert code(page)[:-1] == before
    assert code(page)[-1].startswith("fig_again = (\n    alt.Chart(visitors)\n"), (
        "nothing is loaded or imported twice"
    )
    assert [line.partition("written: ")[2] for line in said[1:]] == [
        "say in a few words what this section finds",
        "Say what the reader sees in {numref}`fig-again`, what it shows and what it cannot show",
        "say what the picture shows, as a finding",
        "say what is drawn, of whom, where and when",
        "say in a sentence or two what pattern the picture has, for those who do not see it",
    ]


def test_a_chapter_finds_its_place_in_other_contents(started: Path) -> None:
    contents = started / "book" / "_toc.yml"
    contents.write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: about\n- file: reference/evidence\n"
    )
    skeletons.chapter("first-things")
    assert contents.read_text().split("\n")[3:5] == ["- file: about", "- file: chapters/first-things"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("book {here}", "expected a folder that is not there yet, found one"),
        ("book {here}/My-Book", "expected a name in lower case with hyphens, found 'My-Book'"),
        ("chapter TwoWords", "TwoWords: expected a name in lower case with hyphens, such as 11-ports"),
        ("chapter 01-visitors", "01-visitors.ipynb: expected a name that no chapter has, found one"),
        ("figure hours visitors {page}", "that begins with fig-"),
        ("figure fig-visitors visitors {page}", "expected a name that no figure of it has"),
        ("figure fig-hours visits {page}", "no table named 'visits'; near it: visitors"),
        ("figure fig-hours sources {page}", "expected a column of times or names and one of numbers"),
        ("figure fig-hours visitors nowhere.ipynb", "expected a notebook, found none; `new chapter` begins"),
    ],
)
def test_what_cannot_be_begun_is_one_line_and_nothing_is_written(
    command: list[str],
    said: str,
    started: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {path: path.read_bytes() for path in started.rglob("*") if path.is_file()}
    places = {"here": started, "page": "book/chapters/01-visitors.ipynb"}
    assert main(["new", *command.format(**places).split()]) == 1
    printed = capsys.readouterr().err
    assert printed.count("\n") == 1
    assert said in printed
    assert {path: path.read_bytes() for path in started.rglob("*") if path.is_file()} == before


def test_contents_without_a_list_of_chapters_keep_the_chapter_away(started: Path) -> None:
    (started / "book" / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    assert main(["new", "chapter", "02-hours"]) == 1
    assert not (started / "book" / "chapters" / "02-hours.ipynb").exists()
