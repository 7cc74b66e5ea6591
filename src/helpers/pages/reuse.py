"""How others cite a figure: a citation with the data's sources, in words and for reference managers."""

from typing import Any

from helpers.chapter import data

BOOK, AUTHORS, YEAR = "After the Summit", "The authors of After the Summit", "2026"


def _data(about: dict[str, Any]) -> str:
    named = []
    for row in (data.source(source_id) for source_id in about["sources"]):
        named.append(f"{row['publisher']} ({row['published'][:4] or 'undated'})")
    return "; ".join(dict.fromkeys(named))


def citation(about: dict[str, Any]) -> str:
    """Return the words with which a text cites a figure; ``about`` is the figure's ``usermeta``."""
    book = f"{BOOK}, version {data.package()['version']}"
    return (
        f"{AUTHORS} ({YEAR}). {about['title']} [{about['name']}]. In {book}. Data: {_data(about)}. CC BY 4.0."
    )


def files(about: dict[str, Any]) -> dict[str, str]:
    """Return a figure's entry for reference managers, as BibTeX and as RIS, by file ending."""
    bib = {
        "author": f"{{{AUTHORS}}}",
        "title": about["title"],
        "year": YEAR,
        "howpublished": f"Figure {about['name']} in {BOOK}",
    }
    bib["note"] = f"Data: {_data(about)}. CC BY 4.0"
    fields = ",\n".join(f"  {key} = {{{_plain(value)}}}" for key, value in bib.items())
    ris = [
        ("TY", "FIGURE"),
        ("AU", AUTHORS),
        ("TI", about["title"]),
        ("T2", BOOK),
        ("PY", YEAR),
        ("ID", about["name"]),
    ]
    ris += [("N1", f"Data: {_data(about)}. CC BY 4.0"), ("ER", "")]
    return {
        "bib": f"@misc{{{about['name']},\n{fields}\n}}\n",
        "ris": "".join(f"{tag}  - {value}\n" for tag, value in ris),
    }


def _plain(value: str) -> str:
    """Escape what TeX would take for its own."""
    return "".join(f"\\{letter}" if letter in "&%$#_" else letter for letter in value)
