"""The recipes are carried out, block by block, on a small book with this one's descriptors."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from conftest import ROOT
from helpers.new import skeletons
from instructions import carry_out, steps

PAGE = ROOT / "docs" / "recipes.md"
NOTEBOOK = "book/chapters/99-northport.ipynb"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A book that has just begun, with the tables that recipes add to as this one has them."""
    begun = tmp_path / "northport"
    skeletons.book(begun)
    for name in ("sources", "corrections"):
        shutil.copy(ROOT / "data" / f"{name}.json", begun / "data")
    shared = [json.loads((folder / "data" / "fields.json").read_text()) for folder in (begun, ROOT)]
    (begun / "data" / "fields.json").write_text(json.dumps(shared[0] | shared[1]))
    head, *rows = (begun / "data" / "sources.csv").read_text().splitlines()
    whole = [f"{head},party", *(f"{row},false" for row in rows)]
    (begun / "data" / "sources.csv").write_text("".join(f"{row}\n" for row in whole))
    (begun / "data" / "corrections.csv").write_text("date,name,wrong,since,fix,source_id\n")
    return begun


def test_there_is_a_recipe_for_each_thing_that_contributors_do() -> None:
    heads = re.findall(r"^## (\d)\. (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    things = ["A table", "A row", "A figure with its tags", "A page", "A correction", "A new vintage"]
    assert heads == [(str(number), thing) for number, thing in enumerate(things, start=1)]


def test_each_recipe_gives_what_it_says(book: Path) -> None:
    """One after the other: each goes on from the one before."""
    printed = [(line, said) for step in steps(PAGE) for line, said in carry_out(book, NOTEBOOK, step).items()]

    def told(command: str) -> list[str]:
        return [said for line, said in printed if f"helpers {command}" in line]

    after_row, after_figure, after_vintage = told("check")
    assert "ferry" not in after_row, "a table and a row leave nothing stale and nothing unwritten"
    assert not re.search("ferry-|on-ferry|ferry_riders", after_figure)

    cells = {cell.id: cell.metadata for cell in nbformat.read(book / NOTEBOOK, as_version=4).cells}
    assert cells["ferry-riders"] == {"tags": ["hide-input"]}
    assert cells["ferry-in-numbers"]["mystnb"]["code_prompt_show"] == "How the numbers are worked out"

    place = re.match(r"\S+ferry\.html", told("page")[0])
    assert place
    page = BeautifulSoup((book / place[0]).read_text(encoding="utf-8"), "html.parser")
    assert page.select_one(".preview svg"), "the figure is shown again"
    assert page.find("a", string="3,100")["href"].endswith("99-northport.html#fact-ferry-newest")

    assert "2026-11-24, fact-ferry-newest" in (book / "CORRECTIONS.md").read_text()
    assert "Corrected on 2026-11-24: The book had 3000 riders" in told("trace")[0]

    (moved,) = told("refresh")
    assert "2025: riders 3100 → 3200" in moved
    assert "2026: new: 4000" in moved
    assert "read again, for fact-ferry-newest changed" in moved
    derived = json.loads((book / "data" / "ferry_riders.json").read_text())["derived"]
    assert derived["example-ferry-2027"]["file"] == "ferry-2027.csv"

    assert after_vintage.startswith("rewrote 2 links")
    assert "[4,000 people](#fact-ferry-newest)" in (book / NOTEBOOK).read_text()
    assert "[4,000](#fact-ferry-newest)" in (book / "book" / "reference" / "ferry.md").read_text()
