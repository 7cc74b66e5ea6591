"""A table anew from a publisher's file: held to its layout and its schema, written whole or not at all."""

import hashlib
import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from conftest import run
from helpers.__main__ import main
from helpers.chapter import package
from helpers.files import BookError
from helpers.new import published, refresh

BUILDER = '''"""Counts."""

import pandas as pd

from helpers.new import published


def build(file, today):
    raw = published.rows(file, "Year,Country")
    made = published.keep(raw.rename(columns={"Year": "year"})[["year"]], today, ["year"], ["note"])
    return published.Built("book", made.assign(source_id="book"))
'''


@pytest.fixture
def folder(described: Path) -> Path:
    """A data package of which one table has a builder, and a note of the book's own."""
    (described / "builders").mkdir()
    (described / "builders" / "counts.py").write_text(BUILDER)
    (described / "counts.csv").write_text("year,source_id,note\n2023,book,\n2024,book,Read by eye.\n")
    package.make(described)
    return described


def file(folder: Path, text: str) -> Path:
    path = folder.parent / "published.csv"
    path.write_text(text)
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*.*") if "__pycache__" not in path.parts}


def test_what_moves_is_named_and_what_is_the_book_s_own_stays(folder: Path) -> None:
    new = file(folder, "Year,Country\n2024,Japan\n2025,Japan\n")
    assert refresh.refresh("counts", new, folder) == [
        "2023: gone: book",
        "2025: new: book",
        f"{folder}/counts.json: vintage: 2026-01: is this the day to which the data reach?",
    ]
    assert (folder / "counts.csv").read_text() == (
        "year,source_id,note\n2024,book,Read by eye.\n2025,book,\n"
    )
    digest = hashlib.sha256(new.read_bytes()).hexdigest()
    kept = {"book": {"file": "published.csv", "sha256": digest}}
    assert json.loads((folder / "counts.json").read_text())["derived"] == kept
    resources = json.loads((folder / "datapackage.json").read_text())["resources"]
    assert [each["derived"] for each in resources if each["name"] == "counts"] == [kept]
    before = files(folder)
    assert refresh.refresh("counts", new, folder) == []
    assert files(folder) == before, "the same file again changes nothing"


def test_cells_that_move_are_told_from_what_to_what(folder: Path) -> None:
    builder = folder / "builders" / "counts.py"
    builder.write_text(BUILDER.replace('source_id="book"', 'source_id="book", note="Revised."'))
    moved = refresh.refresh("counts", file(folder, "Year,Country\n2023,\n2024,\n"), folder)
    assert moved[:2] == ["2023: note empty → Revised.", "2024: note Read by eye. → Revised."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Jahr,Country\n2024,Japan\n", "published.csv: row 1: expected a column 'Year', found none"),
        ("Year,Country,Flag\n2024,Japan,b\n", "published.csv: row 1: expected no column 'Flag', found one"),
        ("Year,Country\n2024\n", "published.csv: row 2: expected 2 cells, found 1"),
        ("Year,Country\n2024*,Japan\n", "counts.csv: row 2, column year: expected a year, found '2024*'"),
        ("Year,Country\n2024,a\n2024,b\n", "counts.csv: row 3, column year: expected a key used once"),
    ],
)
def test_a_file_that_is_not_as_expected_writes_nothing(folder: Path, text: str, message: str) -> None:
    new, before = file(folder, text), files(folder)
    with pytest.raises(BookError) as refusal:
        refresh.refresh("counts", new, folder)
    assert str(refusal.value).splitlines()[0].startswith(message)
    assert files(folder) == before


def test_the_command_says_what_it_lacks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "book").mkdir()
    assert main(["refresh", "sources", "none.csv"]) == 1
    assert main(["refresh", "counts", "none.csv"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "refresh: expected a table among counts, found 'sources'",
        "none.csv: expected a publisher's file, found none",
    ]
    file(folder, "Year,Country\n2023,\n2024,\n")
    assert main(["refresh", "counts", "published.csv"]) == 0
    assert capsys.readouterr().out == "no cell has moved\n"


def helpers(folder: Path, *arguments: str) -> list[str]:
    """Return what a command prints that starts in the book's folder, and so reads that book's data."""
    done = run(folder.parent, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.whole
def test_the_texts_that_move_are_named_with_their_sentences(folder: Path) -> None:
    code = 'from helpers import fact, load\nfact("n", "{} years", len, load("counts"), definition="all")'
    prose = new_markdown_cell("# One\n\nThere are [2 years](#fact-n).", id="prose")
    (folder.parent / "book").mkdir()
    page = folder.parent / "book" / "one.ipynb"
    nbformat.write(new_notebook(cells=[prose, new_code_cell(code, id="count")]), page)
    helpers(folder, "rerun", "book/one.ipynb")
    file(folder, "Year,Country\n2023,\n2024,\n2025,\n")
    said = helpers(folder, "refresh", "counts", "published.csv")
    assert said[0] == "2025: new: book"
    assert said[2].startswith("[1/1] book/one.ipynb ran")
    assert said[3:] == [
        "book/one.ipynb: cell count, line 1: read again: fact-n, text: 2 years → 3 years (book)",
        "book/one.ipynb: cell prose, line 3: read again, for fact-n changed: There are 2 years.",
    ]


@pytest.mark.parametrize("cell", ["54,288*", "54,288 (a)", "1,68", "54 288", "n.a.", "½"])
def test_a_number_with_a_mark_is_refused_with_its_place(cell: str) -> None:
    cells = pd.Series(["54,288", cell], [2, 3], name="Total")
    with pytest.raises(BookError) as refusal:
        published.numbers(Path("x/troops.csv"), cells)
    assert str(refusal.value) == f"troops.csv: row 3, column Total: expected a number, found {cell!r}"


def test_numbers_are_read_with_their_thousands_and_gaps() -> None:
    cells = pd.Series(["54,288", "-1.5", "", "…", "2e3"], name="Total")
    read = published.numbers(Path("troops.csv"), cells, missing=["", "…"])
    assert read.fillna(0).tolist() == [54288, -1.5, 0, 0, 2000]
    assert read.isna().tolist() == [False, False, True, True, False]


def test_a_month_that_is_left_out_is_named() -> None:
    months = published.months(Path("m.csv"), pd.Series(["2024-12-01", "2025-02-01"], name="Date"))
    with pytest.raises(BookError, match=r"m\.csv: column Date: expected every month, found none of 2025-01"):
        published.unbroken(Path("m.csv"), months)
    with pytest.raises(BookError, match="expected a day such as 2024-04-10, found '2024-13-01'"):
        published.months(Path("m.csv"), pd.Series(["2024-13-01"], name="Date"))
