"""A chapter opens with its minutes, its reach and its claims; a figure's code is one fold beside its data."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from test_figures import notebook

from helpers.pages import markup, opening, records

HIDDEN = {"tags": ["hide-input"]}


@pytest.fixture
def build(tmp_path: Path) -> Callable[[list[Any]], BeautifulSoup]:
    """Return a function that makes a page of cells; ``FIGURE`` stands for one that shows a figure."""

    def made(cells: list[Any], name: str = "chapters/one.html") -> BeautifulSoup:
        source, chapter = tmp_path / "book", tmp_path / "book" / "chapters" / "one.ipynb"
        notebook(chapter, "fig-rise")
        (source / "index.md").write_text(
            "# Book\n\n**In short.** They came.\n\n```{toctree}\nchapters/one\n```"
        )
        shown = nbformat.read(chapter, as_version=4).cells[1].outputs
        cells = [
            new_code_cell("figure()", metadata=HIDDEN, outputs=shown) if cell == "FIGURE" else cell
            for cell in cells
        ]
        for i, cell in enumerate(cells):
            cell.id = f"cell-{i}"
        metadata = {
            "language_info": {"name": "python", "pygments_lexer": "python"},
            "note": "In the metadata",
        }
        nbformat.write(new_notebook(cells=cells, metadata=metadata), chapter)
        extensions = [
            "myst_nb",
            *(
                f"helpers.pages.{part}"
                for part in ("records", "minutes", "figures", "folds", "boxes", "opening")
            ),
        ]
        settings = {"extensions": extensions, "root_doc": "index", "nb_execution_mode": "off"}
        settings["myst_enable_extensions"] = ["colon_fence"]
        with docutils_namespace():
            Sphinx(source, None, tmp_path / "site", tmp_path / "trees", "html", settings, StringIO()).build()
        return BeautifulSoup((tmp_path / "site" / name).read_bytes(), "html.parser")

    return made


def hidden(code: str) -> Any:
    return new_code_cell(code, metadata=HIDDEN)


def test_a_box_of_the_class_dropdown_is_folded_by_the_page_itself(build: Callable[..., Any]) -> None:
    box = ":::{admonition} Who & why\n:class: dropdown\n- One.\n:::\n\n:::{admonition} Open\nTwo.\n:::"
    page = build([new_markdown_cell(f"# One\n\nFirst.\n\n{box}"), "FIGURE"])
    folded, plain = page.select(".admonition")
    (fold,) = folded.find_all(recursive=False)
    assert (fold.name, fold.summary.text, fold.li.text) == ("details", "Who & why", "One.")
    assert plain.details is None
    assert plain.select_one(".admonition-title").text == "Open"


def test_the_minutes_are_those_of_the_text_without_tables_and_folds(build: Callable[..., Any]) -> None:
    words = "word " * 660
    apart = f"```{{admonition}} Aims\n:class: dropdown\n{words}\n```\n\n| A |\n| - |\n| {words} |\n"
    text = f"# Ships\n\n**In short.** They came.\n\n{apart}\n## Story\n\n{words}"
    page = build([new_markdown_cell(text)])
    answer = page.find("strong", string="In short.").parent
    assert answer.find_next_sibling().select_one(".opening-line").get_text() == "3 minutes"


def test_a_section_that_is_read_aloud_takes_longer_than_one_that_is_read(build: Callable[..., Any]) -> None:
    text = (
        f"# Ships\n\nAloud {{aloud}}`chapters/one#story`.\n\n## Story\n\n{'word ' * 650}\n\n## More\n\nWords."
    )
    assert build([new_markdown_cell(text)]).select_one(".minutes").get_text() == "5 minutes"


def test_a_page_without_an_answer_has_no_opening(build: Callable[..., Any]) -> None:
    cells = [new_markdown_cell("# Ships\n\nThey came.")]
    assert not build(cells).select(".opening")
    assert not build(cells, "index.html").select(".opening"), "it is no chapter"


def test_the_reach_is_the_newest_date_of_a_source_or_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    dates = {"old": "2024-04-10", "year": "2026", "month": "2026-10", "none": ""}
    monkeypatch.setattr(opening.data, "source", lambda name: {"published": dates[name]})
    claim = {"source_id": "old", "status_source_id": "", "status_date": ""}
    page = records.Page(facts={"a": {"sources": ["old", "none"]}}, claims={"c01": claim})
    document = opening.nodes.document(None, None)
    assert opening.reach(document, page) == "2024-04-10"
    page.claims["c02"] = claim | {"status_date": "2025-01-02"}
    assert opening.reach(document, page) == "2025-01-02"
    page.tables["t"] = {"report-book": {"sources": ["year", "month"]}}
    assert opening.reach(document, page) == "2026-10"
    assert opening.reach(document, records.Page()) == ""


def test_a_claim_on_a_chip_is_cut_between_words() -> None:
    assert opening.short("They came.") == "They came"
    cut = opening.short("The ships of the two countries came, as they do in every year.")
    assert cut == "The ships of the two countries…"


def test_each_verdict_has_a_mark_of_its_own() -> None:
    rules = markup.marks().split("}")[:-1]
    assert len({rule.partition("content:")[2] for rule in rules}) == len(rules) > 3


def test_the_cells_that_lead_to_a_figure_are_one_fold_below_it(build: Callable[..., Any]) -> None:
    cells = [
        new_markdown_cell("# Ships"),
        hidden("before = 1"),
        new_markdown_cell("Text."),
        hidden("first = 1"),
        hidden("second = 2"),
        "FIGURE",
        hidden("after = 3"),
    ]
    page = build(cells)
    (fold,) = page.select("figure details.chart-code")
    assert [pre.get_text().strip() for pre in fold.select("pre")] == ["first = 1", "second = 2", "figure()"]
    others = [pre.get_text().strip() for pre in page.select("details.hide pre")]
    assert others == ["before = 1", "after = 3"]
    assert len(page.select("div.cell")) == 5, "a page that runs finds the place of each cell"


def test_code_that_is_open_stays_where_it_is(build: Callable[..., Any]) -> None:
    page = build([new_markdown_cell("# Ships"), new_code_cell("open = 1"), "FIGURE"])
    assert [pre.get_text().strip() for pre in page.select(".chart-code pre")] == ["figure()"]
    assert [pre.get_text().strip() for pre in page.select(".cell_input pre")] == ["open = 1"]


def test_a_fold_is_called_what_it_shows(build: Callable[..., Any]) -> None:
    page = build([new_markdown_cell("# Ships"), hidden("a = 1")])
    (summary,) = page.select("details.hide > summary")
    assert not summary.has_attr("aria-label")
    assert not summary.select("p")
    assert summary.get_text()
