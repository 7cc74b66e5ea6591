"""What pages list and explain is what the data says, row by row.

That is sources, terms, claims, tables, evidence, search and metadata.
"""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag
from docutils import nodes

from conftest import ROOT
from helpers.chapter import data, matters, output
from helpers.judge import corrections, lineage, releases, truths
from helpers.judge.tables import checks
from helpers.pages import differences, elements, reference
from helpers.pages.evidence import number
from helpers.pages.markup import sentence
from helpers.run import notebooks
from helpers.settings import settings

BOOK = ROOT / "book"
CHAPTERS = sorted(path.stem for path in (BOOK / "chapters").glob("*.ipynb"))


@pytest.fixture(scope="module")
def read(site: Path) -> Any:
    """Return a function that gives a page of the site by its name."""
    return cache(
        lambda name: BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    )


def words(tag: Tag | None) -> str:
    """Return a tag's text with single spaces."""
    assert tag
    return " ".join(tag.get_text().split())


def plain(text: Any) -> str:
    """Return a text with one kind of quotation mark, as pages set typographic ones, and single spaces."""
    return " ".join(re.sub('[‘’“”"]', "'", str(text)).replace(" -- ", " – ").split())


def rows(page: BeautifulSoup, kind: str) -> dict[str, list[Tag]]:
    """Return the cells of the rows that are targets of a kind, by name."""
    return {
        str(row["id"]).removeprefix(f"{kind}-"): row.find_all("td") for row in page.select(f"tr[id^={kind}-]")
    }


def ends(links: Any) -> list[str]:
    """Return what links lead to in their pages."""
    return [str(link["href"]).rpartition("#")[2] for link in links]


def test_each_source_is_listed_with_all_that_it_supports(read: Any) -> None:
    listed = rows(read("reference/sources"), "source")
    cited = {r["name"]: set(lineage.cited(r["name"])) for r in data.package()["resources"] if "schema" in r}
    texts = {name: (BOOK / f"chapters/{name}.ipynb").read_text(encoding="utf-8") for name in CHAPTERS}
    for source_id in data.load("sources")["source_id"]:
        source, cells = data.source(source_id), listed[source_id]
        columns = ("publisher", "title", "published", "retrieved")
        told = [plain(words(cell)).partition(" Corrected on ")[0] for cell in cells[:4]]
        assert told == [plain(source[column]) for column in columns]
        assert words(cells[4]) == source["grade"] + (", a party" if source["party"] == "True" else "")
        assert cells[1].a["href"] == source["url"]
        tables = [
            f"data.html#table-{name.replace('_', '-')}"
            for name, sources in cited.items()
            if source_id in sources
        ]
        chapters = [
            f"../chapters/{name}.html" for name, text in texts.items() if f"](#source-{source_id})" in text
        ]
        assert [str(link["href"]) for link in cells[5].find_all("a")] == tables + chapters
    publishers = [words(cells[0]).lower() for cells in listed.values()]
    assert publishers == sorted(publishers)


def test_each_term_is_listed_and_each_link_to_it_explains_it(read: Any) -> None:
    terms = data.load("glossary").fillna("").set_index("term_id")
    listed, sheet = rows(read("reference/glossary"), "term"), rows(read("seminar/glossary-sheet"), "sheet")
    assert set(listed) == set(terms.index)
    assert set(sheet) == set(terms.index[terms["japanese"] != ""])
    for name, term in terms.iterrows():
        english, japanese, meaning = listed[str(name)][:3]
        assert plain(words(english)) == plain(term["term"])
        assert words(japanese) == f"{term['japanese']} {term['reading']}".strip()
        assert plain(words(meaning)).startswith(plain(term["definition"]))
        assert ends(meaning.find_all("a")) == ([f"source-{term['source_id']}"] if term["source_id"] else [])
    links = [
        link for name in CHAPTERS for link in read(f"chapters/{name}").select('article a[href*="#term-"]')
    ]
    assert len(links) > 100
    for link in links:
        term = terms.loc[ends([link])[0].removeprefix("term-")]
        native = f" ({term['japanese']}, {term['reading']})" if term["japanese"] else ""
        assert link["title"] == f"{term['term']}{native}: {term['definition']}"


def test_the_ledger_and_the_boxes_of_the_chapters_say_what_the_table_says(read: Any) -> None:
    ledger = rows(read("reference/claims"), "ledger")
    claims = matters.with_status(data.load("claims")).sort_values(["paragraph", "claim_id"]).fillna("")
    assert list(ledger) == list(claims["claim_id"])
    for claim in claims.to_dict("records"):
        which, paragraph, said, verdict, status, where = ledger[claim["claim_id"]]
        box = read(f"chapters/{claim['chapter']}").find("tr", id=f"claim-{claim['claim_id']}").find_all("td")
        assert words(which) == number(claim["claim_id"])
        assert words(paragraph) == str(claim["paragraph"])
        assert plain(words(said)) == plain(claim["claim"])
        assert plain(words(box[0])).startswith(
            f"{number(claim['claim_id'])} {plain(claim['claim'])} "
            f"(paragraph {claim['paragraph']}, {claim['kind']}"
        )
        for cell, word, note, source in (
            (verdict, claim["verdict"], claim["verdict_note"], claim["source_id"]),
            (status, claim["status_now"], claim["status_note"], claim["status_source_id"]),
        ):
            assert plain(words(cell)).startswith(plain(f"{word.replace('-', ' ')} {note}").strip())
            assert (f"source-{source}" in ends(cell.find_all("a"))) == bool(source)
        assert (f"(as of {claim['status_date']})" in words(status)) == bool(claim["status_date"])
        led = [end for end in ends(status.find_all("a")) if end.startswith(("search-", "matter-"))]
        silent = claim["status_now"] in settings().silent
        matter = claim["matter_id"]
        assert led == ([f"search-{matter}"] if silent else []) + ([f"matter-{matter}"] if matter else [])
        assert [words(verdict), words(status)] == [words(cell) for cell in box[1:]]
        assert where.a["href"] == f"../chapters/{claim['chapter']}.html#claim-{claim['claim_id']}"
        assert words(where) == f"Chapter {int(claim['chapter'][:2])}"


def test_each_matter_has_its_status_and_its_dated_history(read: Any) -> None:
    listed = rows(read("reference/matters"), "matter")
    events = data.load("matter_events").sort_values("date", kind="stable")
    for matter in data.load("matters").fillna("").to_dict("records"):
        name, status, history = listed.pop(matter["matter_id"])
        assert plain(words(name)) == plain(f"{matter['matter']} ({matter['kind']})")
        assert plain(words(status)).startswith(
            plain(f"{matter['status_now'].replace('-', ' ')} {matter['status_note']}")
        )
        said = matters.searched().get(matter["matter_id"], "")
        silent = matter["status_now"] in settings().silent
        assert (said[1:] in words(status)) == silent or not said
        own = events[events["matter_id"] == matter["matter_id"]]
        days = [words(item)[:4] for item in history.find_all("li")]
        assert days == [f"{day:%Y}" for day in own["date"]]
    assert not listed


def test_each_search_stands_under_all_that_it_bears_on(read: Any) -> None:
    listed = rows(read("reference/searches"), "search")
    searches = matters.by_subject(data.load("searches"))
    assert set(listed) == set(searches["subject"])
    for subject, own in searches.groupby("subject"):
        about, each = listed[str(subject)]
        assert matters.searched()[str(subject)] in words(about)
        assert len(each.find_all("li")) == len(own)
        assert all(plain(text) in plain(words(each)) for text in own["words"])


def test_a_link_to_searches_says_how_many_and_when_the_last_was(read: Any) -> None:
    said = matters.searched()
    links = [
        link for name in CHAPTERS for link in read(f"chapters/{name}").select('article a[href*="#search-"]')
    ]
    assert len(links) > 40
    for link in links:
        text = said[ends([link])[0].removeprefix("search-")]
        assert words(link).lower() == text.lower() or link["title"] == text


def test_a_link_from_a_claim_to_a_fact_explains_it(read: Any) -> None:
    facts = {fact["name"]: fact for path in notebooks.find(BOOK) for fact in output.stored(path, output.FACT)}
    links = read("reference/claims").select('article a[href*=".html#fact-"]')
    assert len(links) > 4
    for link in links:
        fact = facts[ends([link])[0].removeprefix("fact-")]
        sources = [data.source(source_id) for source_id in fact["sources"]]
        assert plain(link["title"]).startswith(
            plain(f"{fact['text']}: {fact['definition']}. Source: {sources[0]['publisher']}")
        )
        assert link["title"].count("(grade ") == len(sources)
        assert link["title"].endswith(
            f"Data to {max(str(data.resource(part['table'])['vintage']) for part in fact['rows'])}"
        )


def test_a_card_of_the_role_play_says_who_published_what_it_rests_on(read: Any) -> None:
    links = read("seminar/role-play/cards").select("article a[href*='#source-']")
    assert len(links) > 10
    for link in links:
        source = data.source(ends([link])[0].removeprefix("source-"))
        by = f"{source['publisher']}, {source['published'] or 'undated'} ({lineage.grade(source)})"
        said = f"{sentence(source['title'])} Source: {by}"
        assert plain(link["title"]) == plain(said)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_evidence_of_a_chapter_is_what_its_run_recorded(chapter: str, read: Any) -> None:
    facts = output.stored(BOOK / f"chapters/{chapter}.ipynb", output.FACT)
    listed = rows(read(f"chapters/{chapter}"), "fact")
    assert set(listed) == {fact["name"] for fact in facts}
    for fact in facts:
        text, meaning, rests_on, sources = listed[fact["name"]]
        assert plain(words(text)) == plain(fact["text"])
        assert plain(words(meaning)).startswith(plain(fact["definition"]))
        parts = [
            f"{part['table']}, {part['lines']}, to {data.resource(part['table'])['vintage']}"
            for part in fact["rows"]
        ]
        assert words(rests_on) == "; ".join(parts)
        assert ends(sources.find_all("a")) == [f"source-{source_id}" for source_id in fact["sources"]]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_stands_below_a_figure_is_what_its_call_said(chapter: str, read: Any) -> None:
    for spec in output.stored(BOOK / f"chapters/{chapter}.ipynb", output.FIGURE):
        about = spec["usermeta"]
        figure = read(f"chapters/{chapter}").find("figure", id=about["name"])
        below = figure.find(class_="chart-source")
        assert plain(words(figure.find(class_="chart-title"))) == plain(about["title"])
        assert plain(words(figure.find(class_="caption-text"))) == plain(about["caption"])
        assert figure.find(attrs={"aria-label": spec["description"]}), about["name"]
        named = [f"source-{source_id}" for source_id in about["sources"]]
        tables = [f"table-{table.replace('_', '-')}" for table in about.get("tables", [])]
        assert sorted(ends(below.find_all("a"))) == sorted(named + tables)
        credited = words(below).partition(" Note: ")[0]
        assert credited.count("(grade ") == len(
            {tuple(map(data.source(s).get, ("publisher", "grade"))) for s in about["sources"]}
        )
        assert f"Unit: {about.get('unit')}." in words(below) or not about.get("unit")
        assert f"Note: {plain(about.get('note'))}" in plain(words(below)) or not about.get("note")
        if tables:
            assert f", to {max(str(data.resource(table)['vintage']) for table in about['tables'])}." in words(
                below
            )


def test_the_catalogue_tells_every_table_and_who_uses_it(read: Any) -> None:
    lines = lineage.read(BOOK)
    page = read("reference/data")
    for resource in data.package()["resources"]:
        name = resource["name"]
        parts = []
        for part in page.find(id=f"table-{name.replace('_', '-')}").find_next_siblings():
            if "table-title" in part.get("class", []):
                break
            parts.append(part)
        said = plain(" ".join(map(words, parts)))
        assert plain(f"{Path(resource['path']).name}. {resource['description']}") in said
        assert plain(f"Data reach to {resource['vintage']}. Terms: {resource['terms']}") in said
        folds = [part for part in parts if part.name == "details"]
        assert [len(fold.select("tbody tr")) for fold in folds] == [
            len(described["fields"]) for described in [resource.get("schema")] if described
        ], "a phone need not lay out the fields of every table"
        assert not [fold for fold in folds if fold.has_attr("open")]
        download = next(link for part in parts for link in part.select("a[href^='../data/']"))
        assert words(download) == f"Download {resource['path'].rpartition('.')[2].upper()}"
        assert download["href"] == f"../data/{resource['path']}"
        drawn = {
            item.name
            for item in lines.on_table(name)
            if item.name.startswith(("fig-", "tab-")) and "/exercises/" not in item.place.file
        }
        linked = {end for part in parts for end in ends(part.select("a[href*='#']"))}
        assert {end for end in linked if end.startswith(("fig-", "tab-"))} == drawn
        if "schema" not in resource:
            continue
        table = data.load(name)
        assert re.match(rf"{re.escape(plain(parts[0].get_text()))} {len(table)} rows", said)
        fields = [[words(cell) for cell in row.find_all("td")] for row in parts[-1].select("tbody tr")]
        described = data.fields(name).values()
        assert [[f[0], f[1], f[2], plain(f[3])] for f in fields] == [
            [field["name"], field["type"], field.get("unit", ""), plain(field["description"])]
            for field in described
        ]
        cited = list(dict.fromkeys(lineage.cited(name)))
        shown = [end for part in parts for end in ends(part.select("a[href*='#source-']"))]
        assert shown == [f"source-{source_id}" for source_id in cited[: len(shown)]]
        assert len(shown) == min(len(cited), 6)
        assert len(shown) + int((re.search(r"; (\d+) more", said) or [0, 0])[1]) == len(cited)
        assert "; 0 more" not in said
        numbers = [item for item in lines.on_table(name) if item.name.startswith("fact-")]
        if lines.naming(numbers):
            assert f" {len(numbers)} number{'s rest' if len(numbers) > 1 else ' rests'} on it" in said
        if (
            first := next(
                (f for f in described if f["type"] in ("year", "date") and table[f["name"]].notna().any()),
                None,
            )
        ) and not any(f["type"] == "yearmonth" for f in described):
            low, high = (
                f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value
                for value in table[first["name"]].agg(["min", "max"])
            )
            assert f" rows, {low} to {high}." in said


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that gives the rows that a directive lists when its table is another."""

    def rows_of(directive: type[reference.Listing], table: list[dict[str, Any]]) -> list[list[str]]:
        monkeypatch.setattr(reference.data, "load", lambda name: pd.DataFrame(table))
        monkeypatch.setattr(directive, "named", lambda self, name: nodes.Text(name))
        monkeypatch.setattr(reference, "source_link", lambda source_id: nodes.inline("", f"by {source_id}"))
        monkeypatch.setattr(directive, "env", None)
        built = object.__new__(directive).build()
        return [
            [entry.astext() for entry in row.children]
            for box in built
            for row in (box.findall(nodes.row) if isinstance(box, nodes.container) else [nodes.row("", box)])
        ]

    return rows_of


def test_corrections_come_newest_first(listed: Any) -> None:
    rest = {"wrong": "1,169", "since": pd.Timestamp("2026-10-01"), "fix": "1,168", "source_id": "s"}
    days = [pd.Timestamp(day) for day in ("2026-10-03", "2026-11-02", "2026-10-20")]
    head, *rows = listed(
        reference.Corrections, [{"date": day, "name": f"fact-{day.day}", **rest} for day in days]
    )
    assert head[0] == "Date"
    assert rows[0] == ["2026-11-02", "fact-2", "1,169", "2026-10-01", "1,168", "by s"]
    assert [row[0] for row in rows] == ["2026-11-02", "2026-10-20", "2026-10-03"]


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that gives what the page of changes says of some, when two names are corrected."""
    first = releases.Release("0.1.0", date(2031, 5, 2), "abc1234", "First.")
    log = releases.Notes(
        "0.2.0", "0.2.0", "It is new.", ("[One](book/week.ipynb): `days` count nights.", "Two.")
    )
    old = releases.Notes("0.1.0", "0.1.0", "It was old.", ("[One](book/week.ipynb): first.",))
    days = {
        "fact-days": ("2031-05-01", "2031-05-03"),
        "fact-late": ("2031-05-03", "2031-05-04"),
        "fact-old": ("2031-04-30", "2031-05-01"),
    }
    mended = [
        {
            "since": pd.Timestamp(since),
            "date": pd.Timestamp(day),
            "name": name,
            "wrong": "It left one out.",
            "fix": "It counts all.",
        }
        for name, (since, day) in days.items()
    ]
    monkeypatch.setattr(releases, "known", lambda: [first])
    monkeypatch.setattr(releases, "notes", lambda: [log, old])
    monkeypatch.setattr(differences.Changes, "named", lambda self, name: nodes.Text(name))
    monkeypatch.setattr(differences.Changes, "env", None)
    monkeypatch.setattr(differences.records, "where", lambda env, name: {"fact-days": "week"}.get(name, ""))
    monkeypatch.setattr(elements, "source_link", lambda source_id: nodes.inline("", f"by {source_id}"))
    monkeypatch.setattr(corrections.data, "has", lambda name: True)

    def rows_of(*table: dict[str, Any]) -> list[list[str]]:
        tables = {"changes": table, "corrections": mended}
        monkeypatch.setattr(differences.data, "load", lambda name: pd.DataFrame(tables[name]))
        return [
            [entry.astext() for entry in row.children]
            for box in object.__new__(differences.Changes).build()
            for row in (box.findall(nodes.row) if isinstance(box, nodes.container) else [nodes.row("", box)])
        ]

    return rows_of


def test_a_change_is_one_row_that_says_why_below_its_page_and_what_the_log_says_of_that(moved: Any) -> None:
    change = {"since": "0.1.0", "name": "fact-days", "part": "text", "before": "30 days", "after": "31 days"}
    other = {**change, "name": "claim-c01", "part": "status", "before": "done", "after": None}
    (whole,), (kinds,), (summary,), *pages = moved(
        {**other, "source_id": "c"},
        {**change, "name": "fact-old", "source_id": "d"},
        {**change, "name": "fact-late", "before": None, "source_id": "d"},
        *({**change, "source_id": name} for name in "abdefghi"),
    )
    assert whole.startswith("Since version 0.1.0 of 2 May 2031 there are 4 changes.")
    assert [line.partition(":")[0] for line in kinds.split("\n\n")] == [
        "1 put right",
        "1 new",
        "1 gone",
        "1 moved",
    ]
    assert summary == "It is new."
    head = ["What", "Part", "In 0.1.0", "Now", "Why, by which source"]
    many = (
        "Corrected on 2031-05-03: It left one out. It counts all. by a; by b; by d; by e; by f; by g; 2 more"
    )
    assert [row if len(row) > 1 else row[0] for row in pages] == [
        "",  # the link to the page, whose title is known later
        "One: days count nights.",
        "<details class='hide'><summary>1 change: 1 put right</summary>",
        head,
        ["fact-days", "number", "30 days", "31 days", many],
        "</details>",
        "Sources, and what the book no longer has",
        "<details class='hide'><summary>3 changes: 1 new, 1 gone, 1 moved</summary>",
        head,
        ["claim-c01", "status", "done", "none", "by c"],
        ["fact-late", "number", "none", "31 days", "by d"],
        ["fact-old", "number", "30 days", "31 days", "by d"],
        "</details>",
    ]


def test_the_page_of_changes_has_every_change_in_a_fold_of_its_page(read: Any) -> None:
    page, table = read("reference/changes"), data.load("changes")
    folds = page.select("article details.hide")
    shown = [
        tuple(words(cell) for cell in row.find_all("td")[:2]) for row in page.select(".changes tbody tr")
    ]
    parts = table["part"].replace(differences.PARTS)
    assert sorted(shown) == sorted(set(zip(table["name"], parts, strict=True)))
    for fold in folds:
        count, *kinds = map(int, re.findall(r"\d+", words(fold.summary)))
        assert count == sum(kinds) == len(fold.select("tbody tr"))
        heading = fold.find_previous("p", class_="rubric")
        inside = {link["href"].partition("#")[0] for link in fold.select("td:first-child a[href*='#']")}
        assert {link["href"] for link in heading.find_all("a")} in (inside, set()), words(heading)


def test_the_page_of_checks_counts_what_was_read_and_gives_each_result(read: Any) -> None:
    page = read("reference/checks")
    tables = [r for r in data.package()["resources"] if "schema" in r]
    rows_read = sum(len(data.load(r["name"])) for r in tables)
    cells = sum(len(data.load(r["name"])) * len(r["schema"]["fields"]) for r in tables)
    keys = [key for r in tables for key in r["schema"].get("foreignKeys", [])]
    said = words(page.find("p", string=re.compile("were read for this page")).find_parent("ul"))
    assert said.startswith(f"{len(tables)} tables with {rows_read:,} rows and {cells:,} cells ")
    assert f" {len(keys)} columns refer " in said
    assert f" {len([r for r in tables if 'sumCheck' in r])} tables promise " in said
    results, exceptions = (table.select("tbody tr") for table in page.select("article table")[:2])
    found = [(check, truths.run(check)) for check in checks()]
    for row, (check, result) in zip(results, found, strict=True):
        holds = f"holds, with {len(result.excepted)} named below" if result.excepted else "holds"
        assert [plain(words(cell)) for cell in row.find_all("td")] == [
            check.name,
            holds,
            plain(check.proves),
            f"{result.compared:,}",
        ]
    excepted = [(plain(label), check.name) for check, result in found for label in result.excepted]
    assert [tuple(plain(words(cell)) for cell in row.find_all("td")[:2]) for row in exceptions] == excepted


def test_search_has_an_entry_for_everything_and_each_leads_somewhere(read: Any, site: Path) -> None:
    text = (site / "lib" / "entries.js").read_text(encoding="utf-8")
    assert len(text.encode()) <= 300_000, "what is loaded before the first key"
    index = json.loads(text.removeprefix("reportBook.index=").removesuffix(";\n"))
    found: dict[str, list[str]] = {}
    pages = [read(page.removesuffix(".html")) for page in index["pages"]]
    places = [{tag["id"] for tag in page.find_all(id=True)} for page in pages]
    for kind, title, at, place in index["entries"]:
        assert title.strip(), place
        assert place in places[at], place
        found.setdefault(kind, []).append(place)
    assert set(found) == {"Claim", "Figure", "Table", "Text", "Term", "Number", "Source"}
    assert set(found["Claim"]) == {f"claim-{claim_id}" for claim_id in data.load("claims")["claim_id"]}
    assert set(found["Term"]) == {f"term-{term_id}" for term_id in data.load("glossary")["term_id"]}
    assert set(found["Source"]) == {f"source-{source_id}" for source_id in data.load("sources")["source_id"]}
    for chapter in CHAPTERS:
        page = read(f"chapters/{chapter}")
        assert {str(figure["id"]) for figure in page.select("figure.chart")} <= set(found["Figure"])
        assert set(rows(page, "fact")) <= {place.removeprefix("fact-") for place in found["Number"]}
        assert {str(section["id"]) for section in page.select("article > section > section:has(> p)")} - set(
            found["Text"]
        ) == set()


def test_each_page_describes_itself_to_machines(read: Any) -> None:
    lines = lineage.read(BOOK)
    for chapter in CHAPTERS:
        page = read(f"chapters/{chapter}")
        about = json.loads(page.find("script", type="application/ld+json").string)
        items = [
            item for item in lines.items.values() if item.place.file.endswith(f"chapters/{chapter}.ipynb")
        ]
        assert about["headline"] == words(page.h1).removesuffix("#")
        assert f"In short. {plain(about['abstract'])}" == plain(words(page.select("h1 + p")[0]))
        assert about["isBasedOn"] == [
            f"../reference/data.html#table-{table.replace('_', '-')}"
            for table in sorted({table for item in items for table in item.rows})
        ]
        assert about["citation"] == [
            data.source(s)["url"] for s in sorted({s for item in items for s in item.sources})
        ]
    catalogue = json.loads(read("reference/data").find("script", type="application/ld+json").string)
    assert [(each["name"], each["distribution"]["contentUrl"]) for each in catalogue["dataset"]] == [
        (resource["title"], f"../data/{resource['path']}") for resource in data.package()["resources"]
    ]
    rates = next(each for each in catalogue["dataset"] if each["url"] == "#table-yen-per-dollar")
    months = data.load("yen_per_dollar")["month"]
    assert rates["temporalCoverage"] == f"{months.min():%Y-%m}/{months.max():%Y-%m}"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_switch_runs_the_chapter_s_own_cells_and_says_what_it_fetches(
    chapter: str, read: Any, site: Path
) -> None:
    (box,) = read(f"chapters/{chapter}").select(".live-box")
    cells = [
        cell.source
        for cell in notebooks.read(BOOK / f"chapters/{chapter}.ipynb").cells
        if cell.cell_type == "code"
    ]
    assert json.loads((site / box["data-cells"]).read_text()) == cells
    archives = sum((site / name).stat().st_size for name in box["data-archives"].split())
    python = sum(path.stat().st_size for path in (site / "live" / "pyodide").glob("*")) or 24_000_000
    assert int(box["data-bytes"]) == archives + python
