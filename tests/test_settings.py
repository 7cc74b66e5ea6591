"""What stands in ``book.toml`` is as the machine needs it, or one line names the key and what is needed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from helpers.files import BookError
from helpers.settings import read, root

GOOD = (ROOT / "tests" / "second_book" / "book.toml").read_text(encoding="utf-8")


def test_the_ends_of_lines_and_a_mark_of_another_editor_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_bytes(GOOD.encode())
    first = read(path)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    read.cache_clear()
    assert read(path) == first


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('["Measure"]', '"Measure"', "naming: expected a list of texts, found 'Measure'"),
        ('["Measure"]', "[1]", "naming: expected a list of texts, found [1]"),
        (
            '"marlow-bay-by-bicycle"',
            '"Marlow Bay"',
            "book: slug: expected a text such as 'bay-by-bicycle', found",
        ),
        ('"en-IE"', '"English"', "book: language: expected a text such as 'en-GB', found 'English'"),
        (
            'chapters = "pages"',
            'chapters = "my pages"',
            "folders: chapters: expected a text such as 'chapters'",
        ),
        ('"3.1"', "3.1", "book: version: expected text, found 3.1"),
        ("2031-05-02", '"2 May 2031"', "book: date: expected a date such as 2024-04-10, found '2 May 2031'"),
        ('["#6a5a4a", "#b9a894"]', '"#6a5a4a"', "actors: Car: expected a light and a dark colour such as"),
        ('["#6a5a4a", "#b9a894"]', '["#6a5a4a"]', "actors: Car: expected a light and a dark colour such as"),
        ('"#b9a894"', '"sand"', "actors: Car: expected a light and a dark colour such as"),
        ('waiting = "k-1"', '"not yet" = "k-1"', "statuses: expected words in lower case with hyphens, each"),
        ('waiting = "k-1"', "waiting = 1", "statuses: expected words in lower case with hyphens, each"),
        ("Measure", "M\udcf3", "book.toml:2: expected UTF-8, found the byte 0xf3"),
        ("[book]", "[book", "expected TOML, found "),
    ],
)
def test_what_is_not_as_needed_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    path = tmp_path / "book.toml"
    path.write_bytes(GOOD.replace(old, new, 1).encode("utf-8", "surrogateescape"))
    with pytest.raises(BookError) as refusal:
        read(path)
    assert str(refusal.value).startswith("book.toml")
    assert message in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'overdone = "alert"',
            'overdone = "alarm"',
            "overdone: expected the name of a colour, found 'alarm'",
        ),
        (
            "naming =",
            'checks = "no.such"\nnaming =',
            "checks: expected a module, found 'no.such', which is none",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    (tmp_path / "book.toml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from helpers.judge import tables; tables.checks(); import helpers.chapter.theme",
    ]
    told = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, cwd=tmp_path, env=told, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == f"helpers.files.BookError: book.toml: {message}"


def test_a_book_without_its_settings_is_not_taken_for_the_one_beside_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "book" / "chapters").mkdir(parents=True)
    (tmp_path / "book" / "_toc.yml").touch()
    for folder in (tmp_path, tmp_path / "book" / "chapters"):
        monkeypatch.chdir(folder)
        with pytest.raises(
            BookError, match=r"^book\.toml: expected one beside the folder book, found none; `new"
        ):
            root()
