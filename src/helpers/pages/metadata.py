"""What a search engine reads: each page as a schema.org article, the catalogue as data sets, as JSON-LD.

A block of JSON-LD is data, not a script that runs: it loads nothing, and a content security policy leaves it
alone.
"""

import json
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from helpers.chapter import data
from helpers.pages import records
from helpers.settings import settings

Thing = dict[str, Any]


def _article(app: Sphinx, page: str, title: str) -> Thing:
    """Return a page with the data sets that it rests on and the sources that it cites."""
    items = [
        item
        for item in records.read(Path(app.srcdir)).items.values()
        if item.place.startswith(f"{app.srcdir}/{page}.")
    ]
    tables = sorted({table for item in items for table in item.rows})
    home = records.home(app.env, "data")
    catalogue = app.builder.get_relative_uri(page, home) if home else ""
    return {
        "@type": "Article",
        "headline": title,
        "abstract": records.pages(app.env)[page].summary if page in records.pages(app.env) else "",
        "isPartOf": {"@type": "Book", "name": app.config.html_title},
        "isBasedOn": [f"{catalogue}#table-{table.replace('_', '-')}" for table in tables if home],
        "citation": [
            data.source(source_id)["url"]
            for source_id in sorted({source_id for item in items for source_id in item.sources})
        ],
    }


def _dataset(resource: Thing) -> Thing:
    """Return one table or file of the data package."""
    return {
        "@type": "Dataset",
        "name": resource["title"],
        "description": resource["description"],
        "url": f"#table-{resource['name'].replace('_', '-')}",
        "dateModified": resource["vintage"],
        "usageInfo": resource["terms"],
        "distribution": {"@type": "DataDownload", "contentUrl": f"../data/{resource['path']}"},
    }


def _add(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the description into the page's head."""
    if doctree is None:
        return  # the search page and the like are no texts
    package = data.package()
    thing = _article(app, pagename, app.env.titles[pagename].astext())
    if "data" in records.pages(app.env)[pagename].lists:
        thing = {
            "@type": "DataCatalog",
            "name": package["title"],
            "dataset": [_dataset(each) for each in package["resources"]],
        }
    described = {
        "@context": "https://schema.org",
        **{key: value for key, value in thing.items() if value},
        "inLanguage": settings().book.language,
        "author": {"@type": "Organization", "name": app.config.author},
        "license": package["licenses"][0]["path"],
        "version": settings().book.version,
    }
    # No text can then end the block.
    text = json.dumps(described, ensure_ascii=False).replace("<", "\\u003c")
    context["metatags"] = f'{context.get("metatags", "")}\n<script type="application/ld+json">{text}</script>'


def setup(app: Sphinx) -> None:
    """Register the description of every page."""
    app.connect("html-page-context", _add)
