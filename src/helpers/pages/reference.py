"""Pages that list what the book rests on, written from the data package and the notebooks' stored outputs.

``{sources}``, ``{data-catalogue}`` and ``{corrections}`` stand here, the lists of `differences`, `glossary`
and `ledgers` beside it. All are directives without options, and their rows are targets: ``#source-…``,
``#table-…``, ``#term-…``, ``#sheet-…``, ``#ledger-…``, ``#matter-…``, ``#search-…``.
"""

import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx

from helpers.chapter import data
from helpers.judge import corrections, lineage
from helpers.pages import records, repository
from helpers.pages.differences import Changes
from helpers.pages.elements import (
    join,
    numbered,
    page_link,
    scrolling,
    source_link,
    source_links,
    table_link,
    table_node,
)
from helpers.pages.glossary import Glossary, GlossarySheet, in_second_language
from helpers.pages.ledgers import ClaimsLedger, Matters, Searches
from helpers.pages.listing import Listing, Rows, download_link, folded
from helpers.settings import settings


class Sources(Listing):
    """Every source by publisher, with the tables that rest on it and the pages that cite it."""

    lists = "sources"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        order = data.load("sources").sort_values(
            ["publisher", "published"], na_position="first", key=lambda c: c.astype(str).str.lower()
        )
        used, cited = _tables_by_source(), self.linking("source")
        entries = [data.source(source_id) for source_id in order["source_id"]]
        rows: Rows = [
            [
                nodes.Text(entry["publisher"]),
                _titled(entry),
                nodes.Text(entry["published"]),
                nodes.Text(entry["retrieved"]),
                nodes.Text(lineage.grade(entry).removeprefix("grade ")),
                join(
                    [*map(table_link, used[entry["source_id"]]), *map(page_link, cited[entry["source_id"]])],
                    ", ",
                ),
            ]
            for entry in entries
        ]
        names = [f"source-{entry['source_id']}" for entry in entries]
        headers = {"Publisher": 20, "Title": 30, "Published": 11, "Read": 11, "Grade": 8, "Supports": 20}
        return [self.listed(headers, rows, names, ["filterable"])]


class DataCatalogue(Listing):
    """Every table of the data package: what a row is, its fields, its span and who uses it."""

    lists = "data"

    def build(self) -> list[nodes.Node]:
        """Return a section for each table."""
        return [node for resource in data.package()["resources"] for node in self._entry(resource)]

    def _entry(self, resource: dict[str, Any]) -> list[nodes.Node]:
        name = resource["name"]
        heading = nodes.rubric("", resource["title"], classes=["table-title"])
        records.target(self.state.document, heading, f"table-{name.replace('_', '-')}")
        file = Path(resource["path"])
        description = nodes.Text(f". {resource['description']} ")
        title = nodes.paragraph("", "", nodes.literal("", file.name), description)
        meta = [f"Data reach to {resource['vintage']}.", f"Terms: {resource['terms']}"]
        used = nodes.paragraph("", "", download := nodes.inline())
        download += download_link(f"data/{file.name}", f"Download {file.suffix[1:].upper()}")
        used += self._uses(name)
        if "schema" not in resource:
            return [heading, title, nodes.paragraph("", " ".join(meta)), used]
        rows: Rows = [
            [
                nodes.literal("", f["name"]),
                nodes.Text(f["type"]),
                nodes.Text(f.get("unit", "")),
                nodes.Text(f["description"]),
            ]
            for f in resource["schema"]["fields"]
        ]
        table = data.load(name)
        counts = [lineage.counted(len(table), "row"), " to ".join(span(table))]
        meta.insert(0, f"{', '.join(filter(None, counts))}.")
        if sources := list(lineage.cited(name)):
            used += [nodes.Text(". Sources: "), *source_links(sources)]
        fields = scrolling(table_node(["Field", "Type", "Unit", "Meaning"], rows))
        # Folded: a phone would lay out thousands of rows, of which a reader wants one table's.
        fold = folded(lineage.counted(len(rows), "field"), fields)
        return [heading, title, nodes.paragraph("", " ".join(meta)), used, *fold]

    def _uses(self, table: str) -> list[nodes.Node]:
        """Return the figures that draw a table, and the pages whose sentences print its numbers, counted."""
        book = Path(self.env.srcdir)
        items = records.read(book).on_table(table)
        figures = [
            numbered(item.name)
            for item in items
            if item.name.startswith(("fig-", "tab-")) and records.is_page(self.env, item.place.file)
        ]
        used: list[nodes.Node] = [nodes.Text(". Drawn in "), join(figures, ", ")] if figures else []
        facts = [item for item in items if item.name.startswith("fact-")]
        files = [sentence.place.file for sentence in records.read(book).naming(facts)]
        pages = Counter(file for file in files if records.is_page(self.env, file))
        if pages:
            links: list[nodes.Node] = []
            for file, count in pages.items():
                page = page_link(records.page_of(self.env, file))
                links.append(nodes.inline("", "", page, nodes.Text(f" ({count})")))
            rest = "1 number rests" if len(facts) == 1 else f"{len(facts)} numbers rest"
            used += [nodes.Text(f". {rest} on it, in sentences of "), join(links, "; ")]
        return used


class Corrections(Listing):
    """What was wrong, newest first."""

    lists = "corrections"

    def build(self) -> list[nodes.Node]:
        """Return the table, or a sentence if it is empty."""
        table = data.load("corrections").sort_values("date", ascending=False)
        if table.empty:
            return [nodes.paragraph("", "None so far.")]
        rows: Rows = [
            [
                nodes.Text(f"{row['date']:%Y-%m-%d}"),
                self.named(row["name"]),
                nodes.Text(row["wrong"]),
                nodes.Text(f"{row['since']:%Y-%m-%d}"),
                nodes.Text(row["fix"]),
                source_link(row["source_id"]),
            ]
            for _, row in table.iterrows()
        ]
        headers = ["Date", "Where", "What was wrong", "Since", "The fix", "Source"]
        return [scrolling(table_node(headers, rows))]


def _titled(source: dict[str, str]) -> nodes.Node:
    """Return a source's title as a link to it, what was corrected of it, and where to say that it is gone."""
    name = f"source-{source['source_id']}"
    parts: list[nodes.Node] = [
        nodes.reference("", "", _in_its_language(source["title"]), refuri=source["url"]),
        *map(nodes.Text, corrections.told(name)),
    ]
    if report := repository.report(name):
        parts.append(nodes.reference("", "Report that it is gone", refuri=report))
    return join(parts, " ") if parts[1:] else parts[0]


def _in_its_language(title: str) -> nodes.Node:
    language = settings().book.second_language
    foreign = language and re.search(f"[{language.letters}]", title)
    return in_second_language(title) if foreign else nodes.Text(title)


def span(table: pd.DataFrame) -> list[str]:
    """Return the first and the last time in a table's first column of times, in ISO form, or nothing."""
    for name, field in data.fields(table.attrs["table"]).items():
        times = table[name].dropna()
        if field["type"] in ("year", "date", "yearmonth") and len(times):
            form = {"year": "{}", "date": "{:%Y-%m-%d}", "yearmonth": "{:%Y-%m}"}[field["type"]]
            return [form.format(times.min()), form.format(times.max())]
    return []


def _tables_by_source() -> dict[str, list[str]]:
    used: dict[str, list[str]] = defaultdict(list)
    for table in (resource["name"] for resource in data.package()["resources"] if "schema" in resource):
        for source_id in lineage.cited(table):
            used[source_id].append(table)
    return used


def _copy_data(app: Sphinx, exception: Exception | None) -> None:
    """Put the data package itself into the site, for the catalogue's downloads."""
    if not exception and app.builder.name == "html":
        (folder := Path(app.outdir) / "data").mkdir(exist_ok=True)
        for name in ("datapackage.json", *(resource["path"] for resource in data.package()["resources"])):
            shutil.copy(data.FOLDER / name, folder)


def setup(app: Sphinx) -> None:
    """Register the directives and the copy of the data."""
    for name, directive in (
        ("sources", Sources),
        ("glossary-table", Glossary),
        ("glossary-sheet", GlossarySheet),
        ("claims-ledger", ClaimsLedger),
        ("matters", Matters),
        ("searches", Searches),
        ("data-catalogue", DataCatalogue),
        ("changes", Changes),
        ("corrections", Corrections),
    ):
        app.add_directive(name, directive)
    app.connect("build-finished", _copy_data)
