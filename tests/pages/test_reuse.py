"""A figure's entry for reference managers holds its title as it is, whatever letters are in it."""

import re

import pytest

from helpers.pages import reuse

META = {"name": "fig-x", "title": "R&D: 5% of $1 in #2_3", "sources": ["mod-scrambles-fy2025"]}
ADDRESS = "https://example.org/book/chapters/06-missile-defence.html#fig-x"


def fields(entry: str) -> dict[str, str]:
    """The fields of a BibTeX entry, read as BibTeX does: a value ends where its braces do."""
    head, *rest = re.split(r"^  (\w+) = \{", entry, flags=re.MULTILINE)
    assert head == "@misc{fig-x,\n"
    values = {}
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        depth, end = 1, 0
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        assert text[end:] in (",\n", "\n}\n"), text
        values[name] = text[: end - 1]
    return values


def test_what_tex_would_take_for_its_own_is_escaped() -> None:
    assert fields(reuse.files(META)["bib"])["title"] == r"{R\&D: 5\% of \$1 in \#2\_3}"


@pytest.mark.parametrize("title", ["An open { brace", "A shut } brace", r"A \ back", "~^", "{}"])
def test_no_letter_of_a_title_ends_the_entry_early(title: str) -> None:
    parts = fields(reuse.files({**META, "title": title})["bib"])
    assert list(parts) == ["author", "title", "year", "howpublished", "note"]
    words = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}", "\\": r"\textbackslash{}"}
    words |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    assert parts["title"] == "{" + "".join(words.get(letter, letter) for letter in title) + "}"


def test_an_entry_leads_to_where_the_figure_is_published() -> None:
    entries = reuse.files(META, ADDRESS)
    assert fields(entries["bib"])["url"] == ADDRESS
    assert f"UR  - {ADDRESS}\n" in entries["ris"]
    assert "url" not in fields(reuse.files(META)["bib"])
    assert "UR  - " not in reuse.files(META)["ris"]


def test_a_reference_manager_reads_the_entry() -> None:
    bibtex = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    entry = bibtex.parse_string(reuse.files(META, ADDRESS)["bib"], "bibtex").entries["fig-x"]
    assert entry.fields["title"] == r"{R\&D: 5\% of \$1 in \#2\_3}"
    assert entry.fields["url"] == ADDRESS


def test_ris_has_one_field_a_line_and_ends() -> None:
    lines = reuse.files(META)["ris"].splitlines()
    assert [line[:6] for line in lines] == [
        f"{tag}  - " for tag in ("TY", "AU", "TI", "T2", "PY", "ID", "N1", "ER")
    ]
    assert lines[2] == "TI  - R&D: 5% of $1 in #2_3"
    assert "Ministry of Defense" in lines[6]


def test_a_citation_names_the_figure_the_version_and_the_data() -> None:
    text = reuse.citation({**META, "sources": ["mod-scrambles-fy2025", "mod-scrambles-fy2025"]})
    assert "R&D: 5% of $1 in #2_3 [fig-x]" in text
    assert text.count("Ministry of Defense") == 1
    assert text.endswith("Data: Joint Staff Office, Ministry of Defense, Japan (2026). CC BY 4.0.")
