"""A figure on another page is named right or refused in one line, and no name leaves its place."""

from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace

from helpers.chapter import data, output
from helpers.judge import corrections
from helpers.pages import figures, markup, records

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def notebook(path: Path, name: str, leads: str = "") -> None:
    """Write a notebook with one stored figure, whose bar may lead somewhere."""
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "mark": "bar",
        "data": {"name": "d"},
        "datasets": {"d": [{"x": 1, "claim": "c07"}]},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
        "title": "Did it rise?",
        "description": "One bar.",
        "usermeta": {"name": name, "title": "Did it rise?", "caption": "One.", "sources": [], "rows": "d"},
    }
    if leads:
        spec["encoding"]["href"] = {"value": leads}
    shown = new_output("display_data", {output.FIGURE: spec, output.PICTURE: PNG, "text/plain": "One bar."})
    cells = [new_markdown_cell("# Chapter", id="a"), new_code_cell("figure()", id="b", outputs=[shown])]
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)


def build(folder: Path, text: str, *, leave_out: tuple[str, ...] = ()) -> str:
    """Build a page beside the chapter into ``_build/html``; return what Sphinx warned of."""
    source = folder / "book"
    contents = "" if leave_out else "```{toctree}\nchapter\n```\n"
    (source / "index.md").write_text(f"# Page\n\n{text}\n\n{contents}")
    settings = {
        "extensions": ["myst_nb", *(f"helpers.pages.{part}" for part in ("records", "figures", "again"))],
        "root_doc": "index",
        "nb_execution_mode": "off",
        "exclude_patterns": list(leave_out),
    }
    told = StringIO()
    with docutils_namespace():
        Sphinx(
            source, None, folder / "_build" / "html", folder / "trees", "html", settings, None, told
        ).build()
    return strip_colors(told.getvalue())


@pytest.mark.parametrize("directive", ["preview", "again"])
def test_a_figure_of_another_page_is_shown(directive: str, tmp_path: Path) -> None:
    notebook(tmp_path / "book" / "chapter.ipynb", "fig-rise")
    assert build(tmp_path, f"```{{{directive}}} fig-rise\n```") == ""
    page = BeautifulSoup((tmp_path / "_build" / "html" / "index.html").read_bytes(), "html.parser")
    assert page.select_one(".preview [data-chart='fig-rise'] svg")
    heading = page.select(".preview > .chart-title")[0]
    assert heading.get_text() == "Did it rise?"
    if directive == "again":
        assert page.select(".chart-caption")[0].get_text() == "One."
    else:
        assert heading.a["href"] == "chapter.html#fig-rise"


def test_a_sheet_leaves_it_to_the_figures_own_page_to_say_what_was_corrected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = {"usermeta": {"name": "fig-rise", "sources": ["book"]}}
    day, names = pd.Timestamp("2026-01-02"), ["fig-rise", "source-book", "fig-fall"]
    table = pd.DataFrame(
        {"date": day, "name": names, "wrong": "It rose.", "fix": ["It fell.", "Two.", "No."]}
    )
    monkeypatch.setattr(corrections, "data", SimpleNamespace(has=lambda *_: True, load=lambda *_: table))
    monkeypatch.setattr(corrections, "_by_name", corrections._by_name.__wrapped__)
    monkeypatch.setattr(markup, "source_line", lambda *_: "")
    said = ["Corrected on 2026-01-02: It rose. It fell.", "Corrected on 2026-01-02: It rose. Two."]
    whole = markup.backing_html(content, None, None)
    assert " ".join(said) in whole
    assert "No." not in whole
    short = markup.backing_html(content, None, None, again=True)
    assert short.count("Corrected on 2026-01-02; its own page says what.") == 1
    assert "It fell" not in short


@pytest.mark.parametrize("directive", ["preview", "again"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("fig-rice", "near it: fig-rise"),
        ("tab-rows", "no name is near it"),
        ("nothing", "no name is near it"),
    ],
)
def test_a_figure_that_is_not_there_is_one_line(directive: str, name: str, hint: str, tmp_path: Path) -> None:
    notebook(tmp_path / "book" / "chapter.ipynb", "fig-rise")
    message = build(tmp_path, f"Fine.\n\n```{{{directive}}} {name}\n```").strip().splitlines()
    assert message[0].endswith(
        f"index.md:5: ERROR: {directive}: expected a figure of the book, found {name!r}; {hint}"
    )
    assert len(message) == 1


def test_a_figure_of_a_notebook_that_is_no_page_is_not_there(tmp_path: Path) -> None:
    notebook(tmp_path / "book" / "chapter.ipynb", "fig-rise")
    message = build(tmp_path, "```{again} fig-rise\n```", leave_out=("chapter.ipynb",))
    assert "index.md:3: ERROR: again: expected a figure of the book, found 'fig-rise'" in message


def test_a_figure_that_has_gone_since_a_page_was_read_is_named() -> None:
    class Env:
        report_pages: dict[str, records.Page] = {}  # noqa: RUF012 - stands for the environment's own

    with pytest.raises(ExtensionError, match="expected a figure or table of the book, found 'fig-rise'"):
        figures.find(Env(), "fig-rise")  # type: ignore[arg-type]


def test_a_mark_leads_where_a_sentence_would_and_nowhere_away_from_home(tmp_path: Path) -> None:
    notebook(tmp_path / "book" / "chapter.ipynb", "fig-rise", "#claim-c07")
    build(tmp_path, "(claim-c07)=\n## The claim\n\n```{again} fig-rise\n```")
    site = tmp_path / "_build" / "html"
    drawn = BeautifulSoup((site / "chapter.html").read_text(), "html.parser").select(".chart-picture")[0]
    # Both drawings are there: a part that pages share knows no page's addresses.
    assert [link["href"] for link in drawn.select("svg a")] == 2 * ["index.html#claim-c07"]
    assert drawn["role"] == "group", "a picture hides the links in it"
    assert drawn.select("a > title")[0].get_text() == "Claim c07"
    alone = BeautifulSoup((site / "_figures" / "fig-rise.html").read_text(), "html.parser")
    assert alone.select(".chart-picture a")[0]["href"] == "../index.html#claim-c07"
    # The Tab key passes marks by; in the table of the figure's data each has its link, from the site's top.
    assert alone.select(".chart-data td a")[0]["href"] == "../index.html#claim-c07"
    assert (
        '<a href=\\"index.html#claim-c07\\">c07</a>' in (site / "_figures" / "fig-rise.rows.js").read_text()
    )
    assert not BeautifulSoup((site / "index.html").read_text(), "html.parser").select(".chart-picture a")
    for ending in ("svg", "narrow.js"):
        assert "<a" not in (site / "_figures" / f"fig-rise.{ending}").read_text()


def test_a_mark_that_leads_to_nothing_stops_the_build(tmp_path: Path) -> None:
    notebook(tmp_path / "book" / "chapter.ipynb", "fig-rise", "#claim-c99")
    with pytest.raises(ExtensionError, match=r"fig-rise: expected marks that .*, found #claim-c99"):
        build(tmp_path, "Nothing.")


@pytest.mark.parametrize("name", ["fig-../../../rise", 'fig-x"<b>', "Fig-x", "fig-", "rise"])
def test_a_stored_figure_whose_name_could_be_no_file_stops_the_build(name: str, tmp_path: Path) -> None:
    notebook(tmp_path / "book" / "chapter.ipynb", name)
    with pytest.raises(ExtensionError, match=r"chapter\.ipynb: expected a name in lower case"):
        build(tmp_path, "Fine.")
    assert sorted(path.name for path in tmp_path.rglob("*rise*")) == []


@pytest.mark.parametrize(
    ("kind", "name"),
    [("figures", "fig_x"), ("tables", "fig-x"), ("tables", "tab-a b"), ("facts", 'a"b'), ("claims", "c/1")],
)
def test_a_record_whose_name_could_be_no_address_is_refused(kind: str, name: str) -> None:
    class Env:
        docname = "chapters/one"

    with pytest.raises(ExtensionError, match=r"chapters/one: expected a name in lower case"):
        records.keep(Env(), kind, name, {})  # type: ignore[arg-type]


def test_a_source_line_names_whose_drawn_rows_weigh_most(monkeypatch: pytest.MonkeyPatch) -> None:
    graded = {"paper": "B", "agency": "A", "wiki": "C", "ministry": "A"}
    rows = pd.DataFrame({"source_id": ["wiki", "wiki", "wiki", "paper", "paper", "agency", "ministry"]})
    rows.index = pd.RangeIndex(2, 9, name="line")
    monkeypatch.setattr(data, "load", lambda name: rows)
    monkeypatch.setattr(data, "source", lambda name: {"publisher": name.title(), "grade": graded[name]})
    meta = {"sources": ["wiki", "paper", "agency"], "tables": ["events"]}
    assert markup.publishers(meta) == ["Agency", "Paper", "Wiki"]
    assert markup.publishers(meta | {"lines": {"events": "lines 2–6"}}) == ["Paper", "Wiki", "Agency"]
