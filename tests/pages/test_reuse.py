"""A figure's entry for reference managers holds its title as it is, whatever letters are in it."""

from helpers.pages import reuse

ABOUT = {"name": "fig-x", "title": "R&D: 5% of $1 in #2_3", "sources": ["mod-scrambles-fy2025"]}


def test_what_tex_would_take_for_its_own_is_escaped() -> None:
    entry = reuse.files(ABOUT)["bib"]
    assert entry.startswith("@misc{fig-x,\n")
    assert r"  title = {{R\&D: 5\% of \$1 in \#2\_3}}," in entry
    assert entry.count("{") == entry.count("}")


def test_ris_has_one_field_a_line_and_ends() -> None:
    lines = reuse.files(ABOUT)["ris"].splitlines()
    assert [line[:6] for line in lines] == [
        f"{tag}  - " for tag in ("TY", "AU", "TI", "T2", "PY", "ID", "N1", "ER")
    ]
    assert lines[2] == "TI  - R&D: 5% of $1 in #2_3"
    assert "Ministry of Defense" in lines[6]


def test_a_citation_names_the_figure_the_version_and_the_data() -> None:
    said = reuse.citation({**ABOUT, "sources": ["mod-scrambles-fy2025", "mod-scrambles-fy2025"]})
    assert "R&D: 5% of $1 in #2_3 [fig-x]" in said
    assert said.count("Ministry of Defense") == 1
    assert said.endswith("Data: Joint Staff Office, Ministry of Defense, Japan (2026). CC BY 4.0.")
