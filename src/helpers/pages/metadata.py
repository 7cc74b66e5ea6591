"""What a page says of itself to machines: to search engines, and to sites where a link to it is shared.

Each page is a schema.org article, the catalogue a catalogue of data sets, as JSON-LD; where it is known under
which address the site is published, each claim that a page judges is a review too, and addresses are whole.
A block of JSON-LD is data, not a script that runs: it loads nothing, and a content security policy leaves it
alone.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from sphinx.application import Sphinx

from helpers.chapter import data
from helpers.pages import cards, markup, records, reference
from helpers.pages.top import DOWNLOADS
from helpers.settings import settings

Thing = dict[str, Any]

_MEDIA = {".csv": "text/csv", ".json": "application/json"}


def _publisher() -> Thing:
    return {"@type": "Organization", "name": settings().book.authors}


def _whole(app: Sphinx, page: str, address: str) -> str:
    """Return an address, as a page gives it, from the site's own if that is known."""
    base = app.config.html_baseurl
    return urljoin(f"{base}{app.builder.get_target_uri(page)}", address) if base else address


def _article(app: Sphinx, page: str, title: str) -> Thing:
    """Return a page with the data sets that it rests on and the sources that it cites."""
    items = [
        item
        for item in records.read(Path(app.srcdir)).items.values()
        if item.place.file.startswith(f"{app.srcdir}/{page}.")
    ]
    tables = sorted({table for item in items for table in item.rows})
    home = records.home(app.env, "data")
    catalogue = _whole(app, page, app.builder.get_relative_uri(page, home)) if home else ""
    part_of = {"@type": "Book", "name": app.config.html_title, "url": app.config.html_baseurl}
    return {
        "@type": "Article",
        "headline": title,
        "abstract": records.pages(app.env)[page].summary if page in records.pages(app.env) else "",
        "isPartOf": {key: value for key, value in part_of.items() if value},
        "isBasedOn": [f"{catalogue}#table-{table.replace('_', '-')}" for table in tables if home],
        "citation": [
            data.source(source_id)["url"]
            for source_id in sorted({source_id for item in items for source_id in item.sources})
        ],
    }


def _dataset(app: Sphinx, page: str, resource: Thing) -> Thing:
    """Return one table or file of the data package, listed on a page."""
    fields = resource.get("schema", {}).get("fields", [])
    times = reference.span(data.load(resource["name"])) if fields else []
    measured = [
        {"@type": "PropertyValue", "name": field["title"], "unitText": field["unit"]}
        for field in fields
        if field.get("unit")
    ]
    described = {
        "@type": "Dataset",
        "name": resource["title"],
        "description": resource["description"],
        "url": _whole(app, page, f"#table-{resource['name'].replace('_', '-')}"),
        "dateModified": resource["vintage"],
        "temporalCoverage": "/".join(times),
        "license": data.package()["licenses"][0]["path"],
        "creator": _publisher(),
        "isAccessibleForFree": True,
        "usageInfo": {"@type": "CreativeWork", "text": resource["terms"]},
        "variableMeasured": measured,
        "distribution": {
            "@type": "DataDownload",
            "encodingFormat": _MEDIA.get(Path(resource["path"]).suffix, ""),
            "contentUrl": _whole(app, page, f"../data/{resource['path']}"),
        },
    }
    return {key: value for key, value in described.items() if value}


def reviews(app: Sphinx, page: str) -> list[Thing]:
    """Return the claims that a page judges as reviews, if there is one text that makes them all.

    A verdict is a word and not a number of points: the words are no scale.
    """
    said = settings().reviewed
    if not said:
        return []
    source = data.source(said)
    text = {"@type": "CreativeWork", "name": source["title"], "url": source["url"]}
    by = {"@type": "Organization", "name": source["publisher"]}
    return [
        {
            "@type": "ClaimReview",
            "url": _whole(app, page, f"#claim-{name}"),
            "claimReviewed": claim["claim"],
            "reviewBody": claim["verdict_note"],
            "reviewRating": {"@type": "Rating", "alternateName": claim["verdict"].capitalize()},
            "datePublished": settings().book.date.isoformat(),
            "author": {**_publisher(), "url": app.config.html_baseurl},
            "itemReviewed": {
                "@type": "Claim",
                "author": by,
                "datePublished": source["published"],
                "appearance": {**text, "datePublished": source["published"], "publisher": by},
            },
        }
        for name, claim in records.pages(app.env)[page].claims.items()
    ]


def _card(app: Sphinx, page: str) -> Thing:
    """Return the picture that a shared link to a page shows, and what it says."""
    kept = records.pages(app.env).get(page, records.Page())
    says = next((figure["description"] for figure in kept.figures.values()), settings().book.subtitle)
    return {"address": f"{app.config.html_baseurl}{markup.CARDS}/{cards.whose(kept)}.png", "says": says}


def _block(thing: Thing | list[Thing]) -> str:
    """Return JSON-LD in HTML; no text of it can end the block."""
    text = json.dumps(thing, ensure_ascii=False).replace("<", "\\u003c")
    return f'\n<script type="application/ld+json">{text}</script>'


def _add(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the description into the page's head."""
    if doctree is None and pagename != DOWNLOADS:
        context["pageurl"] = None
        return  # the search page and the like are for who is here already
    published = bool(app.config.html_baseurl)
    if published:
        if pagename == app.config.root_doc:
            context["pageurl"] = app.config.html_baseurl
        context["card"] = _card(app, pagename)
    if doctree is None:
        return  # no text, of which there would be more to say
    package = data.package()
    thing = _article(app, pagename, app.env.titles[pagename].astext())
    if "data" in records.pages(app.env)[pagename].lists:
        thing = {
            "@type": "DataCatalog",
            "name": package["title"],
            "description": package["description"],
            "dataset": [_dataset(app, pagename, each) for each in package["resources"]],
        }
    book = settings().book
    described = {
        "@context": "https://schema.org",
        **{key: value for key, value in thing.items() if value},
        **({"url": context["pageurl"], "image": context["card"]["address"]} if published else {}),
        "inLanguage": book.language,
        "author": _publisher(),
        "publisher": _publisher(),
        "license": package["licenses"][0]["path"],
        "version": book.version,
        "dateModified": book.date.isoformat(),
    }
    blocks = _block(described)
    if published and (judged := reviews(app, pagename)):
        blocks += _block({"@context": "https://schema.org", "@graph": judged})
    context["metatags"] = f"{context.get('metatags', '')}{blocks}"


def setup(app: Sphinx) -> None:
    """Register the description of every page."""
    app.connect("html-page-context", _add)
