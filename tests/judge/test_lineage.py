"""Lineage is read from what the runs recorded, both ways; what nobody has recorded or linked is not in it."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers import __main__ as command
from helpers.chapter import data, output
from helpers.judge import lineage, tracing
from helpers.pages import metadata
from helpers.run import notebooks

TABLE, SOURCE, SECOND = "scrambles", "mod-scrambles-fy2025", "japantimes-scrambles-2017"


def shown(kind: str, content: dict[str, Any], cell: str) -> Any:
    return new_code_cell(
        f"# {cell}", id=cell, outputs=[new_output("display_data", data={kind: content, "text/plain": ""})]
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book of one notebook and one page: a claim, a figure and a fact, in two sections."""
    chart = {
        "usermeta": {
            "name": "fig-x",
            "title": "It rose",
            "tables": [TABLE],
            "lines": {TABLE: "lines 79–80"},
            "sources": [SOURCE],
        },
        "datasets": {
            "data-1": [
                {"n": 1, "source_id": SOURCE, "second_source_id": SECOND},
                {"n": 2, "source_id": SOURCE},
            ]
        },
    }
    rows = [{"table": TABLE, "lines": "lines 3–4", "count": 2}]
    fact = {
        "name": "peak",
        "text": "1,168 scrambles",
        "definition": "most in a year",
        "rows": rows,
        "sources": [SOURCE],
    }
    claim = {
        "claim_id": "c36",
        "claim": "They flew.",
        "verdict": "confirmed",
        "status_now": "done",
        "source_id": SOURCE,
    }
    claims = {"chapter": "x", "claims": [{**claim, "status_source_id": "", "facts": "peak"}]}
    cells = [
        new_markdown_cell("# Title", id="a"),
        shown(output.CLAIMS, claims, "b"),
        new_markdown_cell(
            "## One\n\nThe article says [so](#claim-c36).\nThe peak was [1,168 scrambles](#fact-peak).",
            id="c",
        ),
        shown(output.FIGURE, chart, "d"),
        new_markdown_cell(
            "- As *{numref}`fig-x`* shows.\n\n## Two\n\nAgain [1,168 scrambles](#fact-peak).\nNothing here.",
            id="e",
        ),
        shown(output.FACT, fact, "f"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "x.ipynb")
    (tmp_path / "page.md").write_text("# Page\n\nOn another page [1,168 scrambles](#fact-peak).\n")
    return tmp_path


def traced(book: Path, name: str) -> list[str]:
    return [line.replace(f"{book}/", "") for line in tracing.trace(book, name)]


def test_a_fact_leads_up_to_its_rows_and_down_to_its_sentences_and_claims(book: Path) -> None:
    lines = traced(book, "fact-peak")
    source = "Joint Staff Office, Ministry of Defense, Japan, 2026-04-17 (grade A, a party)"
    places = [line for line in lines if "1,168 scrambles" in line][1:]
    assert lines[0] == "fact-peak: 1,168 scrambles (most in a year)"
    assert lines[2:6] == ["rests on", f"  {TABLE}, lines 3–4", f"    {SOURCE}, 2 rows: {source}", "used in"]
    assert [line.split(":")[0].strip() for line in places] == ["x.ipynb", "x.ipynb", "page.md"]
    assert places[2] == "  page.md:3: On another page 1,168 scrambles."
    texts = {cell.id: cell.source.splitlines() for cell in nbformat.read(book / "x.ipynb", 4).cells}
    for line in places[:2]:
        cell, at = re.match(r"  x\.ipynb: cell (\w+), line (\d+): ", line).groups()
        assert "[1,168 scrambles](#fact-peak)" in texts[cell][int(at) - 1]
    assert lines[-1] == "  claim-c36, in its notes: They flew. (confirmed; now done)"


def test_a_sentence_that_prints_a_fact_s_number_alone_hangs_on_it_too(book: Path) -> None:
    (book / "page.md").write_text("It was [1,168](#fact-peak) of them.\n")
    assert "  page.md:1: It was 1,168 of them." in traced(book, "fact-peak")


def test_a_figure_names_the_sources_of_the_rows_that_it_draws(book: Path) -> None:
    lines = traced(book, "fig-x")
    assert lines[3] == f"  {TABLE}, lines 79–80"
    assert [line.split(":")[0].strip() for line in lines if line.startswith("    ")] == [
        f"{SOURCE}, 1 row",
        f"{SECOND}, 1 row",
    ]
    assert lines[-2].endswith(": As fig-x shows.")
    assert lines[-1].startswith("  claim-c36, in its sections: ")


def test_a_figure_of_joined_rows_says_so(book: Path) -> None:
    (book / "x.ipynb").write_text((book / "x.ipynb").read_text().replace('"lines": {', '"others": {'))
    lines = traced(book, "fig-x")
    assert lines[3] == f"  {TABLE}, rows grouped or joined in the cell"
    assert [line.split(":")[0].strip() for line in lines if line.startswith("    ")] == [SOURCE, SECOND]


def test_a_claim_leads_to_what_its_section_shows_and_not_to_the_next_section(book: Path) -> None:
    lines = traced(book, "claim-c36")
    assert "  shown in the sections on it: fact-peak, fig-x" in lines
    assert next(line for line in lines if "article says" in line).endswith(": The article says so.")
    (again,) = [each for each in lineage.read(book).sentences if each.text.startswith("Again")]
    assert again.claims == set()


@pytest.mark.parametrize("name", [TABLE, SOURCE, SECOND])
def test_a_table_and_a_source_lead_down_to_everything_on_them(name: str, book: Path) -> None:
    down = [
        line.split(":")[0].strip()
        for line in traced(book, name)
        if line.startswith("  ") and not line.startswith("    ")
    ]
    assert [each for each in down if each in ("fig-x", "fact-peak", "claim-c36")] == {
        TABLE: ["fig-x", "fact-peak"],
        SOURCE: ["claim-c36", "fig-x", "fact-peak"],
        SECOND: ["fig-x"],
    }[name]


def test_keys_lead_from_table_to_table(book: Path) -> None:
    up, down = (
        [line for line in traced(book, name) if line.endswith(", by its key")]
        for name in ("turning_points", "events")
    )
    assert up == ["  events, by its key"]
    assert down == ["  turning_points, by its key"]


def test_what_has_no_reader_says_so(book: Path) -> None:
    (book / "page.md").write_text("# Page\n")
    content = json.loads((book / "x.ipynb").read_text())
    content["cells"] = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    (book / "x.ipynb").write_text(json.dumps(content))
    assert traced(book, "fig-x")[-2:] == ["used in", "  no sentence links to it"]


def test_a_source_is_found_by_the_name_that_pages_give_it(book: Path) -> None:
    assert traced(book, f"source-{SECOND}") == traced(book, SECOND)


def test_the_whole_chain_of_a_figure_is_printed(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert command.main(["trace", "fig-scrambles"]) == 0
    said = capsys.readouterr().out
    for link in (
        "recorded at book/chapters/04-senkaku-article-v.ipynb:",
        "  scrambles, lines 2–",
        "    mod-scrambles-fy2025, ",
        ": fig-scrambles goes by Japan's fiscal year",
        "  claim-c37, in its sections: ",
    ):
        assert link in said


def test_the_command_prints_the_tree_or_one_line(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    assert command.main(["trace", "fact-scrambles-peak"]) == 0
    (row,) = data.load("scrambles").query("fiscal_year == 2016 and counterpart == 'total'").index
    assert f"scrambles, line {row}\n" in capsys.readouterr().out
    assert command.main(["trace", "fig-scramble"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("nothing is called 'fig-scramble'; near it: fig-scrambles, ")
    assert said.err.count("\n") == 1


def test_every_link_of_the_prose_leads_to_something_recorded(root: Path) -> None:
    book = lineage.read(root / "book")
    assert {name for sentence in book.sentences for name in sentence.names} - set(book.items) == set()


def test_what_figures_and_facts_name_is_what_their_notebook_loaded(root: Path) -> None:
    loaded = {
        str(path): set(notebooks.read(path).metadata["report-book"]["tables"])
        for path in notebooks.find(root / "book")
    }
    for item in lineage.read(root / "book").items.values():
        assert set(item.rows) <= loaded[item.place.file], item.name


def test_every_source_that_a_figure_draws_is_one_of_its_tables(root: Path) -> None:
    for item in lineage.read(root / "book").items.values():
        tables = [data.load(table) for table in item.rows]
        known = {
            value
            for rows in tables
            for column in rows.columns
            if column.endswith("source_id")
            for value in rows[column].dropna()
        }
        assert not tables or set(item.sources) <= known, item.name


def test_the_catalogue_counts_the_numbers_and_leads_to_the_figures_and_sentences(
    root: Path, site: Path
) -> None:
    page = BeautifulSoup((site / "reference" / "data.html").read_text(encoding="utf-8"), "html.parser")
    book = lineage.read(root / "book")
    facts = [item for item in book.on_table("scrambles") if item.name.startswith("fact-")]
    entry = page.find(id="table-scrambles")
    used = next(part for part in entry.find_all_next("p") if "Download" in part.get_text())
    links = {link["href"] for link in used.find_all("a")}
    assert f"{len(facts)} numbers rest on it, in sentences of" in used.get_text()
    assert links >= {
        "../chapters/04-senkaku-article-v.html#fig-scrambles",
        "../chapters/04-senkaku-article-v.html",
    }


def test_every_page_says_to_machines_what_it_is(site: Path) -> None:
    catalogue = BeautifulSoup((site / "reference" / "data.html").read_text(encoding="utf-8"), "html.parser")
    for path in [
        site / "index.html",
        *(site / "chapters").glob("*.html"),
        *(site / "reference").glob("*.html"),
    ]:
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        (block,) = page.find_all("script", type="application/ld+json")
        about = json.loads(block.get_text())
        if path.parent.name == "chapters":
            assert about["@type"] == "Article"
            assert page.h1.get_text().startswith(about["headline"])
            assert len(about["citation"]) > 5
            assert about["isBasedOn"]
        for address in about.get("isBasedOn", []):
            assert catalogue.find(id=address.partition("#")[2]), address
    sets = json.loads(catalogue.find("script", type="application/ld+json").get_text())["dataset"]
    assert [each["name"] for each in sets] == [each["title"] for each in data.package()["resources"]]
    for each in sets:
        assert (site / "reference" / each["distribution"]["contentUrl"]).is_file()


def test_a_text_cannot_end_the_block_that_holds_it(root: Path) -> None:
    app = SimpleNamespace(
        srcdir=str(root / "book"),
        builder=SimpleNamespace(get_relative_uri=lambda *_: "data.html"),
        env=SimpleNamespace(titles={"index": nodes.title("", "</script><b>")}),
        config=SimpleNamespace(html_title="Book", author="Authors", html_baseurl=""),
    )
    context: dict[str, Any] = {}
    metadata._add(app, "index", "page.html", context, nodes.document(None, None))
    block = context["metatags"]
    assert block.count("<") == 2, "the block's own two tags"
    assert json.loads(block.partition(">")[2].rpartition("<")[0])["headline"] == "</script><b>"


def test_every_figure_and_table_of_a_chapter_is_named_by_a_sentence(root: Path) -> None:
    """Else the way from a source to a claim would end in a picture."""
    found = lineage.read(root / "book")
    shown = [
        item
        for item in found.items.values()
        if item.name.startswith(("fig-", "tab-")) and "/chapters/" in item.place.file
    ]
    assert len(shown) > 80
    assert [item.name for item in shown if not found.naming([item])] == []
