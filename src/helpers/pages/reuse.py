"""How others cite a figure: a citation with the data's sources, in words and for reference managers."""

from typing import Any

from helpers.chapter import data
from helpers.settings import settings

#: How letters are written that TeX would take for its own; BibTeX counts braces even where TeX does not.
_TEX = {letter: f"\\{letter}" for letter in "&%$#_"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
}


def _data(meta: dict[str, Any]) -> str:
    sources = [data.source(source_id) for source_id in meta["sources"]]
    named = [f"{row['publisher']} ({row['published'][:4] or 'undated'})" for row in sources]
    return "; ".join(dict.fromkeys(named))


def citation(meta: dict[str, Any]) -> str:
    """Return the words with which a text cites a figure; ``meta`` is the figure's ``usermeta``."""
    book = settings().book
    return (
        f"{book.authors} ({book.date.year}). {meta['title']} [{meta['name']}]. "
        f"In {book.title}, version {book.version}. Data: {_data(meta)}. {book.licence}."
    )


def files(meta: dict[str, Any], address: str = "") -> dict[str, str]:
    """Return a figure's entry for reference managers, as BibTeX and as RIS, by file ending.

    Parameters
    ----------
    meta
        The figure's ``usermeta``.
    address
        Where the figure is published, if it is known.
    """
    book = settings().book
    year, note = str(book.date.year), f"Data: {_data(meta)}. {book.licence}"
    words = {
        "author": f"{{{_plain(book.authors)}}}",
        "title": f"{{{_plain(meta['title'])}}}",  # else a style writes its names in lower case
        "year": year,
        "howpublished": _plain(f"Figure {meta['name']} in {book.title}"),
    }
    if address:
        words["url"] = address  # an address is no text: styles print it as it stands
    words["note"] = _plain(note)
    fields = ",\n".join(f"  {key} = {{{value}}}" for key, value in words.items())
    ris = [
        ("TY", "FIGURE"),
        ("AU", book.authors),
        ("TI", meta["title"]),
        ("T2", book.title),
        ("PY", year),
        ("ID", meta["name"]),
        *([("UR", address)] if address else []),
        ("N1", note),
        ("ER", ""),
    ]
    return {
        "bib": f"@misc{{{meta['name']},\n{fields}\n}}\n",
        "ris": "".join(f"{tag}  - {value}\n" for tag, value in ris),
    }


def _plain(value: str) -> str:
    """Escape what TeX would take for its own."""
    return "".join(_TEX.get(letter, letter) for letter in value)
