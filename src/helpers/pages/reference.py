"""Pages that list what the book rests on, written from the data package and the notebooks' stored outputs.

``{sources}``, ``{glossary-table}``, ``{glossary-sheet}``, ``{claims-ledger}``, ``{matters}``, ``{searches}``,
``{data-catalogue}``, ``{changes}`` and ``{corrections}`` are directives without options. Rows of the lists
are targets: ``#source-…``, ``#term-…``, ``#sheet-…``, ``#ledger-…``, ``#matter-…``, ``#search-…`` and
``#table-…``.
"""

import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.chapter import data, matters
from helpers.judge import corrections, lineage
from helpers.pages import records
from helpers.pages.evidence import became, judged, number
from helpers.pages.figures import (
    join,
    link_to,
    numbered,
    page_link,
    source_link,
    table_link,
    table_node,
)
from helpers.settings import Language, settings

Rows = list[list[nodes.Node]]
#: How many of a table's sources the catalogue names, those of most rows first; the table itself has all.
SHOWN = 6
#: How a date is printed by how exactly it is known.
PRINTED = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


class Listing(SphinxDirective):
    """A directive that lists a whole table; subclasses say how."""

    #: Of which kind the page then lists everything, so that others can lead there.
    lists = ""

    def run(self) -> list[nodes.Node]:
        """Note what the page lists, and list it."""
        if self.lists:
            records.pages(self.env)[self.env.docname].lists.add(self.lists)
        return self.build()

    def build(self) -> list[nodes.Node]:
        """Return the list."""
        raise NotImplementedError

    def listed(
        self, headers: dict[str, int], rows: Rows, names: list[str], classes: list[str]
    ) -> nodes.container:
        """Return a table whose rows are the targets ``names``, in a box that may scroll.

        Columns have the headers' widths, in per cent. They are known before the rows are, so that a long
        table does not shift as it loads.
        """
        table = table_node(list(headers), rows)
        table["classes"] += [*classes, "colwidths-given"]
        for column, width in zip(table.findall(nodes.colspec), headers.values(), strict=True):
            column["colwidth"] = width
        for name, row in zip(names, table.traverse(nodes.tbody)[0], strict=True):
            records.target(self.state.document, row, name)
        return nodes.container("", table, classes=["scrolls"])

    def named(self, name: str) -> nodes.Node:
        """Return a link to a figure, table, fact, claim or source, or its bare name if it is gone."""
        known = {*records.read(Path(self.env.srcdir)).items, *(f"source-{each}" for each in _source_ids())}
        return link_to(name, name) if name in known else nodes.Text(name)

    def linking(self, kind: str) -> dict[str, list[str]]:
        """Return the chapters that link to each ``#kind-name``, by name."""
        pages: dict[str, list[str]] = defaultdict(list)
        chapters = settings().folders.chapters
        for path in sorted((Path(self.env.srcdir) / chapters).glob("*.ipynb")):
            for name in sorted(set(re.findall(rf"\]\(#{kind}-([\w-]+)\)", path.read_text(encoding="utf-8")))):
                pages[name].append(f"{chapters}/{path.stem}")
        return pages


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


class Glossary(Listing):
    """Every term, in English order."""

    lists = "glossary"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        table = data.load("glossary").sort_values("term", key=lambda column: column.str.lower())
        rows: Rows = []
        language = settings().book.second_language
        column, linking = _column(language), self.linking("term")
        for _, term in table.iterrows():
            foreign = nodes.inline()
            if column and pd.notna(term[column]):
                foreign += [in_second_language(term[column]), nodes.Text(f" {term['reading']}")]
            meaning = nodes.inline("", f"{term['definition']} ")
            if pd.notna(term["source_id"]):
                meaning += source_link(term["source_id"])
            pages = join([page_link(page) for page in linking[term["term_id"]]], ", ")
            rows.append([nodes.strong("", term["term"]), foreign, meaning, pages])
        names = [f"term-{term_id}" for term_id in table["term_id"]]
        headers = {"Term": 20, (language.name if language else "Also"): 20, "Meaning": 40, "Used in": 20}
        return [self.listed(headers, rows, names, ["filterable", "cards"])]


class GlossarySheet(Listing):
    """The terms that have a name in the book's second language, short, for one sheet of paper."""

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        language = settings().book.second_language
        column, name = _column(language), language.name if language else ""
        table = data.load("glossary").dropna(subset=column)
        table = table.sort_values("term", key=lambda terms: terms.str.lower())
        rows: Rows = [
            [
                link_to(f"term-{term['term_id']}", term["term"]),
                in_second_language(term[column]),
                nodes.Text(term["reading"]),
            ]
            for term in table.to_dict("records")
        ]
        names = [f"sheet-{term_id}" for term_id in table["term_id"]]
        return [self.listed({"Term": 40, name: 30, "Reading": 30}, rows, names, ["sheet", "cards"])]


class ClaimsLedger(Listing):
    """Every claim with verdict and status, in the order of the text that makes them."""

    lists = "claims"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        table = matters.with_status(data.load("claims")).sort_values(["paragraph", "claim_id"])
        rows: Rows = []
        labels = settings().labels
        for claim in table.astype(object).where(table.notna(), "").to_dict("records"):
            where = link_to(f"claim-{claim['claim_id']}", _chapter(claim["chapter"]))
            given = (number(claim["claim_id"]), str(claim["paragraph"]), claim["claim"])
            rows.append([*map(nodes.Text, given), *judged(claim, Path(self.env.srcdir)), where])
        texts = {labels.claim: 23, labels.verdict: 27, labels.status: 27}
        headers = {"No.": 5, labels.place: 10, **texts, "Chapter": 8}
        names = [f"ledger-{claim_id}" for claim_id in table["claim_id"]]
        return [self.listed(headers, rows, names, ["filterable", "cards", "ledger"])]


class Matters(Listing):
    """Every matter with its status and its dated history, chapter by chapter."""

    lists = "matters"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        table = data.load("matters").sort_values(["chapter", "matter"])
        history = dict(iter(data.load("matter_events").sort_values("date").groupby("matter_id")))
        rows: Rows = []
        for matter in table.astype(object).where(table.notna(), "").to_dict("records"):
            events = nodes.bullet_list()
            for event in history[matter["matter_id"]].to_dict("records"):
                text = f"{event['date']:{PRINTED[event['precision']]}}: {event['what']} "
                events += nodes.list_item("", nodes.paragraph("", text, source_link(event["source_id"])))
            name = [nodes.strong("", matter["matter"]), nodes.Text(f" ({matter['kind']})")]
            rows.append([nodes.inline("", "", *name), became(matter, {}), events])
        headers = {"Matter": 20, settings().labels.status: 35, "History": 45}
        names = [f"matter-{matter_id}" for matter_id in table["matter_id"]]
        return [self.listed(headers, rows, names, ["filterable", "cards"])]


class Searches(Listing):
    """Every search by what it bears on: matters, claims, and lines of the text with the pages."""

    lists = "searches"

    def build(self) -> list[nodes.Node]:
        """Return the table."""
        known = {
            row[key]: link_to(f"{kind}-{row[key]}", row[kind])
            for kind, key in (("matter", "matter_id"), ("claim", "claim_id"))
            for row in data.load(f"{kind}s").to_dict("records")
        }
        said, pages, names = records.searched(), self.linking("search"), []
        rows: Rows = []
        searches = matters.by_subject(data.load("searches").fillna(""))
        for subject, found in ((str(subject), rows) for subject, rows in searches.groupby("subject")):
            sought = nodes.Text("; ".join(dict.fromkeys(found["sought"])))
            about = nodes.inline("", "", known.get(subject, sought), nodes.Text(f": {said[subject]}. "))
            about += join([page_link(page) for page in pages[subject]], ", ")
            each = nodes.bullet_list()
            for search in found.to_dict("records"):
                reach = f", to {search['reached_to']}" if search["reached_to"] else ""
                text = f" ({search['where']}{reach}): {search['result']}: {search['near']}"
                each += nodes.list_item("", nodes.paragraph("", "", _words(search), nodes.Text(text)))
            rows.append([about, each])
            names.append(f"search-{subject}")
        return [self.listed({"What": 30, "Searches": 70}, rows, names, ["filterable", "cards"])]


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
        meta.insert(0, f"{lineage.counted(len(table), 'row')}{_span(table)}.")
        sources = list(dict.fromkeys(lineage.cited(name)))
        rest = f"; {len(sources) - SHOWN} more" if len(sources) > SHOWN else ""
        if sources:
            used += [
                nodes.Text(". Sources: "),
                join([source_link(each) for each in sources[:SHOWN]], "; "),
                nodes.Text(rest),
            ]
        fields = nodes.container(
            "", table_node(["Field", "Type", "Unit", "Meaning"], rows), classes=["scrolls"]
        )
        # Folded: a phone would lay out thousands of rows, of which a reader wants one table's.
        opens = f"<details class='hide'><summary>{lineage.counted(len(rows), 'field')}</summary>"
        fold = [nodes.raw("", opens, format="html"), fields, nodes.raw("", "</details>", format="html")]
        return [heading, title, nodes.paragraph("", " ".join(meta)), used, *fold]

    def _uses(self, table: str) -> list[nodes.Node]:
        """Return the figures that draw a table, and the pages whose sentences print its numbers, counted."""
        book = Path(self.env.srcdir)
        items = records.read(book).on_table(table)
        figures = [
            numbered(item.name)
            for item in items
            if item.name.startswith(("fig-", "tab-"))
            and records.is_page(self.env, item.place.rpartition(":")[0])
        ]
        used: list[nodes.Node] = [nodes.Text(". Drawn in "), join(figures, ", ")] if figures else []
        facts = [item for item in items if item.name.startswith("fact-")]
        files = [sentence.file for sentence in records.read(book).naming(facts)]
        pages = Counter(file for file in files if records.is_page(self.env, file))
        if pages:
            links: list[nodes.Node] = []
            for file, count in pages.items():
                page = page_link(Path(file).relative_to(book).with_suffix("").as_posix())
                links.append(nodes.inline("", "", page, nodes.Text(f" ({count})")))
            rest = "1 number rests" if len(facts) == 1 else f"{len(facts)} numbers rest"
            used += [nodes.Text(f". {rest} on it, in sentences of "), join(links, "; ")]
        return used


class Changes(Listing):
    """What differs from the last release."""

    lists = "changes"

    def build(self) -> list[nodes.Node]:
        """Return the table, or a sentence for a first release."""
        table = data.load("changes")
        if table.empty:
            version = data.package()["version"]
            text = f"This is version {version}, the first: there is none to compare it with."
            return [nodes.paragraph("", text)]
        rows: Rows = []
        for _, each in table.fillna("").groupby(["name", "part"]):
            first, sources = each.iloc[0], [source_link(source_id) for source_id in each["source_id"]]
            texts = [nodes.Text(first[column]) for column in ("part", "before", "after")]
            rows.append([self.named(first["name"]), *texts, join(sources, "; ")])
        headers = ["What", "Part", f"In {table['since'].iloc[0]}", "Now", "By"]
        return [nodes.container("", table_node(headers, rows), classes=["scrolls"])]


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
        return [nodes.container("", table_node(headers, rows), classes=["scrolls"])]


def _source_ids() -> list[str]:
    return list(data.load("sources")["source_id"])


def _chapter(name: str) -> str:
    """Return what a table calls a chapter: its number, if its file begins with one."""
    number = re.match(r"\d+", name)
    return f"Chapter {int(number[0])}" if number else name.replace("-", " ").capitalize()


def _column(language: Language | None) -> str:
    """Return the column of the glossary that has the terms in the book's second language."""
    return language.name.lower() if language else ""


def _titled(source: dict[str, str]) -> nodes.Node:
    """Return a source's title as a link to it, and what was corrected in what the book says of it."""
    title = nodes.reference("", "", _in_its_language(source["title"]), refuri=source["url"])
    mended = " ".join(corrections.told(f"source-{source['source_id']}"))
    return nodes.inline("", "", title, nodes.Text(f" {mended}")) if mended else title


def _in_its_language(title: str) -> nodes.Node:
    language = settings().book.second_language
    foreign = language and re.search(f"[{language.letters}]", title)
    return in_second_language(title) if foreign else nodes.Text(title)


def in_second_language(text: str) -> nodes.inline:
    """Return words marked as the book's second language.

    A screen reader then says them right, and a browser picks its letters.
    """
    language = settings().book.second_language
    # docutils makes a lang attribute of such a class.
    return nodes.inline("", text, classes=[f"language-{language.code}"] if language else [])


def _words(search: dict[Any, Any]) -> nodes.inline:
    """Return the words of a search, marked as their language is."""
    other = search["language"] != settings().book.language[:2]
    return nodes.inline("", search["words"], classes=[f"language-{search['language']}"] if other else [])


def download_link(path: str, text: str) -> nodes.Element:
    """Return a link to a file of the site that lies beside the pages' folders."""
    return nodes.reference("", text, refuri=f"../{path}")


def _span(table: pd.DataFrame) -> str:
    """Return the first and the last time that a table's first column of times has, in words, or nothing."""
    for name, field in data.fields(table.attrs["table"]).items():
        times = table[name].dropna()
        if field["type"] in ("year", "date", "yearmonth") and len(times):
            form = {"year": "{}", "date": "{:%Y-%m-%d}", "yearmonth": "{:%Y-%m}"}[field["type"]]
            return f", {form.format(times.min())} to {form.format(times.max())}"
    return ""


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
