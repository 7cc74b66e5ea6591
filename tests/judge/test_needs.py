"""Each exercise says whether a pencil will do: in its class, or in the last words of its section."""

from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from conftest import ROOT
from helpers.judge import needs


def book(folder: Path, text: str, solution: str = "") -> Path:
    """Write a page with a text, and a teacher's notebook with another."""
    (folder / "seminar" / "solutions").mkdir(parents=True)
    (folder / "page.md").write_text(f"# One\n\n{text}\n")
    notebook = v4.new_notebook(cells=[v4.new_markdown_cell(solution, id="question")])
    nbformat.write(notebook, folder / "seminar" / "solutions" / "01-one.ipynb")
    return folder


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", "none"),
        (":label: ex-one\n", "none"),
        (":class: dropdown\n", "dropdown"),
        (":class: with-paper with-python\n", "with-paper with-python"),
    ],
)
def test_an_exercise_that_does_not_say_what_it_takes_is_named(
    tmp_path: Path, options: str, found: str
) -> None:
    text = f"```{{exercise}}\n{options}\n:class: with-paper is no option here\n```"
    (problem,) = needs.check(book(tmp_path, text))
    assert str(problem).endswith(f"page.md:3: expected one class of {', '.join(needs.NEEDS)}, found {found}")


def test_one_that_says_it_passes(tmp_path: Path) -> None:
    text = ":::{exercise} Second\n:label: ex-two\n:class: wide with-python\n\nWhy?\n:::"
    assert list(needs.check(book(tmp_path, text, "## Why?\n\nLook.\n\n*With the page.*"))) == []


def test_each_section_of_a_teacher_s_notebook_is_judged(tmp_path: Path) -> None:
    text = "## Why?\n\n*With paper.*\n\n## How?\n\n*With luck.*\n\n## When?\n\nWith Python."
    problems = list(needs.check(book(tmp_path, "", text)))
    lines = [
        Path(problem.place.file).read_text().splitlines()[problem.place.line - 1] for problem in problems
    ]
    assert [line.strip().strip('",') for line in lines] == [r"## How?\n", r"## When?\n"]


def test_all_of_the_book_s_say_it() -> None:
    assert list(needs.check(ROOT / "book")) == []
