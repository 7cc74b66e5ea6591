"""A state or a unit of time that a text of a figure names is named by another text of it or by its tables."""

import re
from functools import cache

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
