"""What is wrong in a notebook is named by cell and line in it, whoever has saved the notebook."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.chapter import output
from helpers.judge import links, places, prose
from helpers.judge.links import Known
from helpers.judge.places import cells

FACT = {"name": "peak", "text": "1,168 ships"}
#: An output whose keys are those of a cell.
SHOWN = {"output_type": "display_data", "metadata": {}, "data": {output.FACT: FACT | {"source": ["a"]}}}


def notebook(*, ids: bool = True, whole: bool = False) -> dict[str, Any]:
    """Return a notebook whose third cell has a wrong number on its third line, or ``whole`` texts."""
    texts = ["# Title\n", "\n", "Fine."], ["x = 1"], ["Fine.\n", "\n", "There were [1,167](#fact-peak) then."]
    written = []
    for name, text in zip(("head", "peak", "text"), texts, strict=True):
        cell: dict[str, Any] = {"cell_type": "code" if name == "peak" else "markdown"}
        cell |= {"id": name} if ids else {}
        cell |= (
            {"metadata": {}, "execution_count": 1, "outputs": [SHOWN]} if name == "peak" else {"metadata": {}}
        )
        written.append(cell | {"source": "".join(text) if whole else text})
    return {"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5 if ids else 4}


@pytest.mark.parametrize("indent", [1, 2, 4, None])
@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("whole", [True, False])
def test_a_cell_and_its_line_are_named_and_mended(
    tmp_path: Path, indent: int | None, ids: bool, whole: bool
) -> None:
    path = tmp_path / "page.ipynb"
    path.write_text(json.dumps(notebook(ids=ids, whole=whole), indent=indent))
    (problem,) = prose.check(path, Known({"peak": "1,168 ships"}))
    name = "text" if ids else "cell-2"
    assert str(problem).startswith(f"{path}: cell {name}, line 3: [1,167](#fact-peak): the data says '1,168'")
    assert "[1,167]" in path.read_text().splitlines()[problem.place.line - 1], "the line of the file, for fix"
    (fact,) = [place for name, _, place in links.facts(tmp_path) if name == "peak"]
    assert fact.cell == ("peak" if ids else "cell-1")


def test_a_page_of_markdown_is_one_cell(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("One.\n\nTwo.\n")
    (cell,) = cells(tmp_path / "page.md")
    assert (cell.kind, str(cell.at(2))) == ("markdown", f"{tmp_path}/page.md:3")


def test_a_fact_of_two_cells_is_named_with_both(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook()))
    said = [str(problem) for problem in prose.check_book(tmp_path) if "recorded" in str(problem)]
    one, other = (f"{tmp_path}/{name}.ipynb: cell peak, line 1" for name in ("a", "b"))
    assert said == [f"{other}: the fact 'peak' is recorded in {one}, too; call one of them otherwise"]


def test_what_people_take_for_a_page_and_none_is_made_of_is_named(tmp_path: Path) -> None:
    for name in ("page.md", "_draft.rst", "data.csv", "notes.txt"):
        (tmp_path / name).write_text("# Page\n")
    assert list(places.broken(tmp_path)) == []
    for name in ("notes.rst", "notes.MD", "notes.markdown", "notes.qmd"):
        (tmp_path / name).write_text("There were 1,168 of them.\n")
        (problem,) = places.broken(tmp_path)
        assert "expected a page that ends in .md or .ipynb, found one in" in str(problem)
        (tmp_path / name).unlink()


def test_pages_that_differ_in_capitals_alone_are_named(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("page.md", "Page.ipynb", "deep/page.md"):
        (tmp_path / name).write_text('{"cells": []}')
    (problem,) = places.broken(tmp_path)
    assert "expected a name that no other page has, found that of " in str(problem)


def test_a_page_that_is_a_folder_or_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").mkdir()
    (tmp_path / "b.md").symlink_to(tmp_path / "nowhere.md")
    said = [problem.message for problem in places.broken(tmp_path)]
    assert said == [
        f"expected a file, found none: {why}" for why in ("Is a directory", "No such file or directory")
    ]
