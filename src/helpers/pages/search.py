"""The search page's entries, as one script that works from disk.

They are sections, figures, facts, claims, terms and sources.

Sphinx's own index knows pages; here each entry leads to its row or figure, and any writing is found as it
stands, or by the stem of its word, for which Sphinx has a script of each language. A script of the search
page does the looking up.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx import __display_version__
from sphinx.application import Sphinx
from sphinx.search import IndexBuilder

from helpers.chapter import data
from helpers.pages import drawings, figures, records
from helpers.settings import settings

#: Letters up to which a text in a figure's data is a name to look for.
NAME = 40
#: Kind, title, text, address from the site's top.
Entry = tuple[str, str, str, str]


def _sections(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Keep the text of each section; figures, tables and code have entries of their own or none."""
    texts: dict[nodes.section, list[str]] = defaultdict(list)
    for paragraph in doctree.findall(nodes.paragraph):
        above, section = paragraph.parent, None
        while above is not None and not isinstance(above, nodes.table | nodes.figure):
            # The boxes of exercises are sections too, but all of one name.
            if isinstance(above, nodes.section) and not above["ids"][0].endswith("-content"):
                section = section or above
            above = above.parent
        if above is None and section is not None:
            texts[section].append(paragraph.astext())
    records.pages(app.env)[docname].sections = [
        (section[0].astext(), " ".join(" ".join(text).split()), section["ids"][0])
        for section, text in texts.items()
    ]


def _no_index(app: Sphinx) -> None:
    """Spare Sphinx its own index, which no page would ask."""
    if app.builder.name == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the search page, which comes with the index otherwise."""
    if app.builder.name == "html":
        named = {"claims": "claims", "figures": "figures", "terms": "glossary", "sources": "sources"}
        homes = {name: records.home(app.env, kind) for name, kind in named.items()}
        yield "search", {"lists": {name: home for name, home in homes.items() if home}}, "search.html"


def entries(app: Sphinx) -> list[Entry]:
    """Return everything that a reader may look for, the most telling kinds first."""
    listed: list[Entry] = []
    pages, place = records.pages(app.env), settings().labels.place.lower()
    for docname, page in pages.items():
        at = f"{docname}.html#"
        for name, claim in page.claims.items():
            text = f"{name}, {place} {claim['paragraph']}. {claim['verdict_note']} {claim['status_note']}"
            listed.append(("Claim", claim["claim"], text, f"{at}claim-{name}"))
        for name, spec in page.figures.items():
            meta, values = (
                spec["usermeta"],
                [value for row in drawings.rows(spec)[1] for value in row.values()],
            )
            drawn = dict.fromkeys(value for value in values if isinstance(value, str))
            names = " ".join(value for value in drawn if len(value) < NAME and not value[:1].isdigit())
            text = f"{meta['caption']} {spec['description']} {names} {_foreign_titles(meta['sources'])}"
            listed.append(("Figure", meta["title"], text, at + name))
        for name, table in page.tables.items():
            cells = " ".join(str(value) for row in table["data"] for value in row.values())
            listed.append(("Table", table["report-book"]["caption"], cells, at + name))
        listed += [("Text", title, text, at + anchor) for title, text, anchor in page.sections]
    listed += _terms(app)
    for docname, page in pages.items():
        for name, fact in page.facts.items():
            listed.append(("Number", fact["text"], fact["definition"], f"{docname}.html#fact-{name}"))
    return listed + _sources(app)


def _foreign_titles(source_ids: list[str]) -> str:
    """Return the titles of sources in the second language: names are looked for in its letters too."""
    language = settings().book.second_language
    titles = [data.source(source_id)["title"] for source_id in source_ids] if language else []
    return " ".join(title for title in titles if language and re.search(f"[{language.letters}]", title))


def _terms(app: Sphinx) -> list[Entry]:
    home, language = records.home(app.env, "glossary"), settings().book.second_language
    if not home:
        return []
    columns = ["term", language.name.lower(), "reading"] if language else ["term"]
    terms = data.load("glossary").fillna("").to_dict("records")
    return [
        (
            "Term",
            " · ".join(term[column] for column in columns if term[column]),
            term["definition"],
            f"{home}.html#term-{term['term_id']}",
        )
        for term in terms
    ]


def _sources(app: Sphinx) -> list[Entry]:
    home = records.home(app.env, "sources")
    if not home:
        return []
    sources = data.load("sources").astype(object).where(pd.notna, "").to_dict("records")
    return [
        (
            "Source",
            f"{source['publisher']}: {source['title']}",
            f"{source['published']} grade {source['grade']} {source['source_id']}",
            f"{home}.html#source-{source['source_id']}",
        )
        for source in sources
    ]


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for unused in ("searchtools.js", "language_data.js", "sphinx_highlight.js"):
        (site / "_static" / unused).unlink(missing_ok=True)
    (site / figures.LIBRARY).mkdir(exist_ok=True)
    index, texts = _index(entries(app))
    for file, name, content in (("entries", "index", index), ("texts", "texts", texts)):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (site / figures.LIBRARY / f"{file}.js").write_text(f"reportBook.{name}={text};\n", encoding="utf-8")
    (site / figures.LIBRARY / "stems.js").write_text(stems(app), encoding="utf-8")


def stems(app: Sphinx) -> str:
    """Return the script that knows the stems of words in the book's language, if Sphinx has one."""
    code = IndexBuilder(app.env, app.config.language, {}, "").get_js_stemmer_code()
    return f"/*! Stems of words, from Sphinx {__display_version__}, BSD-2-Clause */{code}"


def _index(listed: list[Entry]) -> tuple[dict[str, Any], list[str]]:
    """Return what the search page loads at once, and the texts, which it fetches at the first key."""
    places = [address.partition("#") for _, _, _, address in listed]
    pages = list(dict.fromkeys(page for page, _, _ in places))
    short = [
        (kind, title, pages.index(page), anchor)
        for (kind, title, _, _), (page, _, anchor) in zip(listed, places, strict=True)
    ]
    return {"pages": pages, "entries": short}, [text for _, _, text, _ in listed]


def setup(app: Sphinx) -> None:
    """Register the collecting and the writing."""
    app.connect("builder-inited", _no_index)
    app.connect("html-collect-pages", _page)
    app.connect("doctree-resolved", _sections)
    app.connect("build-finished", _write)
