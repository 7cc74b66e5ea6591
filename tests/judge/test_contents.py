"""A page that the contents do not name would be missing without a word: it is named."""

from pathlib import Path

import pytest

from conftest import ROOT
from helpers.judge import contents

TOC = """format: jb-book
root: index
parts:
  - caption: One
    chapters:
      - file: one
        sections:
          - file: deep/two.md
      - glob: many/*
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    for name in ("index.md", "one.md", "deep/two.md", "many/three.md", "_draft.md", "_old/four.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Page\n")
    (tmp_path / "_toc.yml").write_text(TOC)
    return tmp_path


def test_a_page_that_has_no_place_is_named_and_a_draft_is_none(book: Path) -> None:
    assert list(contents.check(book)) == []
    (book / "deep" / "left.md").write_text("# Left out\n")
    (problem,) = contents.check(book)
    assert problem.place.file == f"{book}/deep/left.md"
    assert problem.message.endswith("found none; list it, or let its name begin with _")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (None, 1, "expected the contents, found none"),
        ("root: index\n\tx", 2, "expected YAML: "),
        ("[", 1, "YAML"),
    ],
)
def test_contents_that_are_none_are_named_with_their_line(
    book: Path, text: str | None, line: int, what: str
) -> None:
    (book / "_toc.yml").unlink() if text is None else (book / "_toc.yml").write_text(text)
    (problem,) = contents.check(book)
    assert (problem.place.line, problem.place.file) == (line, f"{book}/_toc.yml")
    assert what in problem.message


def test_a_place_without_a_page_and_a_page_with_two_places_are_named(book: Path) -> None:
    (book / "_toc.yml").write_text(TOC.replace("file: one", "file: won") + "      - file: deep/two.md\n")
    assert [problem.message for problem in contents.check(book)] == [
        "expected the page won, found none of this name",
        "expected one place for each page, found deep/two.md again",
        "expected a place in _toc.yml, found none; list it, or let its name begin with _",
    ]


@pytest.mark.parametrize("text", ["", "Only a text.\n", "## Deeper\n", "#Title\n"])
def test_a_page_without_a_title_is_named(book: Path, text: str) -> None:
    (book / "one.md").write_text(text)
    (problem,) = contents.check(book)
    assert str(problem) == f"{book}/one.md:1: expected a title, `# …`, found none"
    (book / "one.md").write_text("Title\n=====\n")
    assert list(contents.check(book)) == []


@pytest.mark.parametrize("folder", ["book", "tests/second_book/book", "src/helpers/new/skeleton/book/book"])
def test_every_page_of_the_books_here_has_its_place(folder: str) -> None:
    assert list(contents.check(ROOT / folder)) == []
