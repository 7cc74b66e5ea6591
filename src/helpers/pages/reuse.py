"""How others cite a figure: a citation with the data's sources, in words and for reference managers."""

from typing import Any

from helpers.chapter import data
from helpers.settings import settings

#: What TeX would take for its own. Braces that are ours stand in pairs.
_TEX = {letter: f"\\{letter}" for letter in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _data(about: dict[str, Any]) -> str:
    named = []
    for row in (data.source(source_id) for source_id in about["sources"]):
        named.append(f"{row['publisher']} ({row['published'][:4] or 'undated'})")
    return "; ".join(dict.fromkeys(named))


def citation(about: dict[str, Any]) -> str:
    """Return the words with which a text cites a figure; ``about`` is the figure's ``usermeta``."""
    book = settings().book
    return (
        f"{book.authors} ({book.date.year}). {about['title']} [{about['name']}]. "
        f"In {book.title}, version {book.version}. Data: {_data(about)}. {book.licence}."
    )


def files(about: dict[str, Any]) -> dict[str, str]:
    """Return a figure's entry for reference managers, as BibTeX and as RIS, by file ending."""
    book = settings().book
    year = str(book.date.year)
    bib = {
        "author": f"{{{book.authors}}}",
        "title": f"{{{about['title']}}}",  # else a style writes its names in lower case
        "year": year,
        "howpublished": f"Figure {about['name']} in {book.title}",
    }
    bib["note"] = f"Data: {_data(about)}. {book.licence}"
    fields = ",\n".join(f"  {key} = {{{_plain(value)}}}" for key, value in bib.items())
    ris = [
        ("TY", "FIGURE"),
        ("AU", book.authors),
        ("TI", about["title"]),
        ("T2", book.title),
        ("PY", year),
        ("ID", about["name"]),
    ]
    ris += [("N1", f"Data: {_data(about)}. {book.licence}"), ("ER", "")]
    return {
        "bib": f"@misc{{{about['name']},\n{fields}\n}}\n",
        "ris": "".join(f"{tag}  - {value}\n" for tag, value in ris),
    }


def _plain(value: str) -> str:
    """Escape what TeX would take for its own."""
    return "".join(_TEX.get(letter, letter) for letter in value)
