"""What a figure's text names, another or a table names too; captions are short; titles are drawn."""

import re
from functools import cache
from statistics import median

import pytest

from conftest import ROOT
from helpers.chapter import data, output
from helpers.chapter.data import load
from helpers.judge.places import cells, pages

_NAMED = re.compile(r"Japan|Chin(?=a|e)|Taiwan|Russia|Korea|Austral|Philippin|\b(?:day|week|month|year)")
#: What no other text of a figure and none of its tables names.
ALONE = {
    ("fig-japan-dollars", "day"): "the exchange rate of the day",
    ("fig-lattice-fields", "Austral"): "a state in the name of a grouping",
    ("fig-lattice-fields", "Korea"): "a state in the name of a grouping",
    ("fig-named", "Korea"): "a state in the name of a grouping",
    ("fig-presence", "year"): "how many days a year has",
    ("fig-statements", "year"): "the span between two of its days",
    ("fig-trust", "year"): "the years of its polls",
}
FIGURES = [
    figure
    for path in pages(ROOT / "book")
    if path.suffix == ".ipynb"
    for cell in cells(path)
    for figure in cell.stored(output.FIGURE)
]


@cache
def _said_of(table: str) -> str:
    """Return a table's title, description and fields, and the texts of its cells."""
    resource = data.resource(table)
    texts = [resource["title"], resource["description"], resource["name"]]
    for field in resource.get("schema", {}).get("fields", []):
        texts += [field["name"], field["title"], field["description"]]
    if "schema" in resource:
        rows = load(table).select_dtypes("str")
        texts += [
            cell for column in rows if not column.endswith("source_id") for cell in rows[column].dropna()
        ]
    return " ".join(texts).replace("_", " ")


def alone(texts: dict[str, str], tables: str) -> set[str]:
    """Return what one of the texts names, and neither another one nor the tables."""
    found = set[str]()
    for label, text in texts.items():
        others = " ".join(other for name, other in texts.items() if name != label)
        found |= {*_NAMED.findall(text)} - {*_NAMED.findall(f"{others} {tables}")}
    return found


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure["usermeta"]["name"])
def test_a_text_of_a_figure_is_of_the_states_and_spans_of_its_data(figure: dict[str, object]) -> None:
    meta = figure["usermeta"]
    texts = {"title": meta["title"], "caption": meta["caption"], "alt": figure["description"]}
    found = alone(texts, " ".join(map(_said_of, meta.get("tables", []))))
    assert {(meta["name"], each) for each in found} == {key for key in ALONE if key[0] == meta["name"]}


def test_what_stands_alone_is_named() -> None:
    texts = {
        "title": "China flew more",
        "caption": "Flights of a month.",
        "alt": "Japan's line rises by the year.",
    }
    assert alone(texts, "Japan, by month") == {"Chin", "year"}


def test_captions_are_short() -> None:
    words = {figure["usermeta"]["name"]: len(figure["usermeta"]["caption"].split()) for figure in FIGURES}
    assert {name: number for name, number in words.items() if number > 40} == {}
    assert median(words.values()) <= 30


def test_the_note_on_figures_says_of_each_what_carries_its_title() -> None:
    titles = {figure["usermeta"]["name"]: figure["usermeta"]["title"] for figure in FIGURES}
    note = (ROOT / "docs" / "figures.md").read_text(encoding="utf-8")
    rows = {
        name: cells.split(" | ") for name, cells in re.findall(r"^\| `(fig-[\w-]+)` \| (.*)$", note, re.M)
    }
    assert rows.keys() == titles.keys()
    for name, (said, mark, labelled, *_) in rows.items():
        assert mark, name
        assert labelled.startswith("yes"), name
        assert {*re.findall(r"\d+(?:[.,]\d+)*", said)} <= {*re.findall(r"\d+(?:[.,]\d+)*", titles[name])}, (
            name
        )
