"""How others reuse a figure: a citation with the data's sources, a frame for another site, a page with the figure alone."""

from html import escape
from typing import Any

from helpers import data

BOOK, AUTHORS, YEAR = "After the Summit", "The authors of After the Summit", "2026"


def _data(about: dict[str, Any]) -> str:
    named = []
    for row in (data.source(source_id) for source_id in about["sources"]):
        named.append(f"{row['publisher']} ({row['published'][:4] or 'undated'})")
    return "; ".join(dict.fromkeys(named))


def citation(about: dict[str, Any]) -> str:
    """Return the words with which a text cites a figure; ``about`` is the figure's ``usermeta``."""
    book = f"{BOOK}, version {data.package()['version']}"
    return f"{AUTHORS} ({YEAR}). {about['title']} [{about['name']}]. In {book}. Data: {_data(about)}. CC BY 4.0."


def files(about: dict[str, Any]) -> dict[str, str]:
    """Return a figure's entry for reference managers, as BibTeX and as RIS, by file ending."""
    bib = {"author": f"{{{AUTHORS}}}", "title": about["title"], "year": YEAR, "howpublished": f"Figure {about['name']} in {BOOK}"}
    bib["note"] = f"Data: {_data(about)}. CC BY 4.0"
    fields = ",\n".join(f"  {key} = {{{_plain(value)}}}" for key, value in bib.items())
    ris = [("TY", "FIGURE"), ("AU", AUTHORS), ("TI", about["title"]), ("T2", BOOK), ("PY", YEAR), ("ID", about["name"])]
    ris += [("N1", f"Data: {_data(about)}. CC BY 4.0"), ("ER", "")]
    return {"bib": f"@misc{{{about['name']},\n{fields}\n}}\n", "ris": "".join(f"{tag}  - {value}\n" for tag, value in ris)}


def _plain(value: str) -> str:
    """Escape what TeX would take for its own."""
    return "".join(f"\\{letter}" if letter in "&%$#_" else letter for letter in value)


def frame(about: dict[str, Any], folder: str, height: int) -> str:
    """Return the HTML with which another page shows the figure; the page script makes the address absolute."""
    place = f'src="{folder}/{about["name"]}.html" width="100%" height="{height}"'
    return f'<iframe {place} title="{escape(about["title"])}" loading="lazy"></iframe>'


def alone(about: dict[str, Any], home: str, parts: dict[str, str]) -> str:
    """Return a page with one figure, which lies in a folder of its own beside the book's pages.

    Parameters
    ----------
    about
        The figure's ``usermeta``.
    home
        Address of the figure in its chapter, from the site's top.
    parts
        HTML of its ``picture``, ``backing`` and ``tools``.
    """
    title = escape(about["title"])
    return f"""<!DOCTYPE html>
<html lang="en" data-theme="light" data-content_root="../">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – {BOOK}</title>
<meta name="description" content="{escape(about["caption"])}">
<link rel="icon" href="../_static/favicon.svg">
<link rel="stylesheet" href="../_static/colours.css">
<link rel="stylesheet" href="../_static/book.css">
<script src="../_static/book.js" defer></script>
</head>
<body class="alone">
<main>
<figure class="chart" id="{about["name"]}">
<h1 class="chart-title">{title}</h1>
{parts["picture"]}
<figcaption><p>{escape(about["caption"])}</p>
{parts["backing"]}
{parts["tools"]}</figcaption>
</figure>
<p class="chart-source">From <a href="../{home}">{BOOK}</a>, CC BY 4.0.</p>
</main>
</body>
</html>
"""
