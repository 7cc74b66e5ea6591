"""Colours, widths, open cells and figures without a sentence are named by ``check`` and by every build."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from conftest import ROOT
from helpers.chapter import output
from helpers.judge import habits


def book(folder: Path, code: str, tags: list[str], text: str = "See {numref}`fig-x`.") -> Path:
    """Write a chapter with a cell that shows a figure."""
    (folder / "chapters").mkdir()
    out = v4.new_output("display_data", {output.FIGURE: {"usermeta": {"name": "fig-x"}}, "text/plain": "x"})
    cells: list[Any] = [
        v4.new_markdown_cell(f"# One\n\n{text}", id="text"),
        v4.new_code_cell(code, id="code", metadata={"tags": tags}, outputs=[out]),
        v4.new_code_cell("", id="empty"),
    ]
    nbformat.write(v4.new_notebook(cells=cells), folder / "chapters" / "01-one.ipynb")
    return folder


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("chart.mark_bar(color='red')", "'red' is a typed colour"),
        ("chart.mark_bar(\n    fill='#1f77b4')", "'#1f77b4' is a typed colour"),
        ("chart.encode(color=alt.value('red'))", "'red' is a typed colour"),
        ("colour = '#ABC'", "'#ABC' is a typed colour"),
        ("scale = alt.Scale(range=['rgb(1, 2, 3)'])", "'rgb(1, 2, 3)' is a typed colour"),
        ("chart.configure_view(stroke='steelblue')", "'steelblue' is a typed colour"),
        ("chart.properties(width=400)", "a set width"),
        ("chart.properties(height=3, width=w)", "a set width"),
    ],
)
def test_a_typed_colour_and_a_set_width_are_named(tmp_path: Path, code: str, what: str) -> None:
    (problem,) = habits.check(book(tmp_path, code, ["hide-input"]))
    assert what in str(problem)
    line = Path(problem.place.file).read_text().splitlines()[problem.place.line - 1]
    assert code.splitlines()[-1].strip()[:12] in line.replace('\\"', '"')


@pytest.mark.parametrize(
    "code",
    [
        "chart.mark_bar(color=theme.accent, width=12, stroke='transparent')",
        "note = 'No 3 of #12 is red'",
        "chart.properties(height=300)",
        "alt.layer(a, b).resolve_scale(color='independent')",
        "%time x = 1",
        "x = (1,",
    ],
)
def test_what_only_looks_like_one_passes(tmp_path: Path, code: str) -> None:
    assert list(habits.check(book(tmp_path, code, ["hide-input"]))) == []


def test_an_open_cell_and_a_figure_that_no_sentence_names_are_named(tmp_path: Path) -> None:
    said = [problem.message for problem in habits.check(book(tmp_path, "x = 1", [], "Nothing here."))]
    assert said == [
        "this cell's code lies open; tag it hide-input",
        "expected a sentence that names fig-x, as {numref}`fig-x`, found none",
    ]


def test_a_figure_may_be_named_from_another_page_and_with_words_of_its_own(tmp_path: Path) -> None:
    folder = book(tmp_path, "x = 1", ["hide-cell"], "Nothing here.")
    (folder / "index.md").write_text("As {numref}`picture %s <fig-x>` shows.\n")
    assert list(habits.check(folder)) == []


def test_a_picture_that_is_not_there_is_named_with_those_near_it_and_a_label_of_a_page_is_none(
    tmp_path: Path,
) -> None:
    folder = book(tmp_path, "x = 1", ["hide-cell"])
    (folder / "index.md").write_text("(fig-own)=\n\nSee {numref}`fig-xx`,\n{numref}`fig-own`.\n")
    (problem,) = habits.check(folder)
    assert str(problem).endswith("index.md:3: no notebook records a picture 'fig-xx'; near it: fig-x")


def test_no_page_of_the_book_has_such_habits() -> None:
    assert list(habits.check(ROOT / "book")) == []


def test_a_picture_that_is_recorded_twice_is_named_with_both_cells(tmp_path: Path) -> None:
    path = book(tmp_path, "figure()", ["hide-input"]) / "chapters" / "01-one.ipynb"
    path.with_name("02-two.ipynb").write_bytes(path.read_bytes())
    (problem,) = habits.check(tmp_path)
    one, two = (f"{path.with_name(name)}: cell code, line 1" for name in ("01-one.ipynb", "02-two.ipynb"))
    assert str(problem) == f"{two}: fig-x is recorded in {one}, too; call one of them otherwise"
