"""The drill of an update: new data, a re-run, what goes stale, links rewritten, the rest left to a person."""

import re
import subprocess
from pathlib import Path

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook, new_output

from conftest import run
from helpers.chapter import output
from helpers.judge import links, prose
from helpers.judge.links import Known

CHAPTERS = "book/chapters"
#: By table: its cells, old and new ("" for a new row), the chapter that tells of it, and some of what goes
#: stale: the place, the old text, what the data then says.
DRILLS = {
    "scrambles": (  # a new year that beats the record
        {
            "": "2026,total,1300,mod-scrambles-fy2025,,,\n2026,China,900,mod-scrambles-fy2025,,,\n"
            "2026,Russia,300,mod-scrambles-fy2025,,,\n"
        },
        "04-senkaku-article-v",
        [
            # sentences, of a chapter and of a handout, and an exercise's answer
            (
                "04-senkaku-article-v.ipynb",
                "[1,168 scrambles in FY2016](#fact-scrambles-peak)",
                "the data says '1,300 scrambles in FY2026'",
            ),
            (
                "04-senkaku-article-v.ipynb",
                "[366](#fact-scrambles-latest-china)",
                "the data says '900'",
            ),
            (
                "handouts/04-senkaku-article-v.md",
                "[1,168 scrambles in FY2016]",
                "the data says '1,300 scrambles in FY2026'",
            ),
            (
                "04-senkaku-article-v.ipynb",
                "[595 scrambles in FY2025](#fact-scrambles-latest)",
                "the data says '1,300 scrambles in FY2026'",
            ),
            # the figure's title and its caption
            (
                "04-senkaku-article-v.ipynb",
                "fig-scrambles, title: 366 of 595 scrambles in FY2025 were for Chinese aircraft",
                "→ 900 of 1300 scrambles in FY2026 were for Chinese aircraft",
            ),
            ("04-senkaku-article-v.ipynb", "fig-scrambles, caption: ", "FY1958 to FY2026"),
            (
                "04-senkaku-article-v.ipynb",
                "fig-scrambles goes by Japan's fiscal year",
                "read again, for fig-scrambles changed",
            ),
            # the claim that it bears on
            ("data/claims.csv:", "claim-c37, ", "(confirmed)"),
        ],
    ),
    "senkaku_presence": (
        {"2025-02,contiguous zone,28": "2025-02,contiguous zone,27"},
        "04-senkaku-article-v",
        [
            (
                "04-senkaku-article-v.ipynb",
                "[357](#fact-presence-2025)",
                "the data says '356'",
            ),
            (
                "01-the-upgrade.ipynb",
                "[357](#fact-presence-2025)",
                "the data says '356'",
            ),
            ("data: ", "A streak is as long as its dates say", ""),
        ],
    ),
    "matters": (
        {",plan,under-way,Japan committed itself": ",plan,changed,Japan committed itself"},
        "01-the-upgrade",
        [("01-the-upgrade.ipynb", "[34](#fact-list-under-way)", "the data says '33'")],
    ),
    "airspace_violations": (
        {"": "50,2026-05-30,China,China,Y-9,Danjo Islands,,mod-scrambles-fy2025,,,\n"},
        "04-senkaku-article-v",
        [
            ("04-senkaku-article-v.ipynb", "[49](#fact-airspace-all)", "the data says '50'"),
        ],
    ),
    "moon_landings": (
        {"": "A lander that never flew,2026-06-05,day,Japan,private,0,landed,,wikipedia-spaceflight-2025,\n"},
        "07-space",
        [("07-space.ipynb", "[28](#fact-moon-all)", "the data says '29'")],
    ),
    "military_spending": (
        {"China,2000,42.5190": "China,2000,40.5190"},
        "08-spending",
        # In the answer of an exercise.
        [("08-spending.ipynb", "[747](#fact-spend-index-china-2000)", "the data says '784'")],
    ),
}


def check(copy: Path, *options: str) -> list[str]:
    """Return what the check prints, without the notebooks that wait for their own re-run."""
    result = run(copy, "check", *options)
    lines = result.stdout.removesuffix("nothing is stale\n").splitlines()
    assert result.stderr == ""
    assert result.returncode == any(not line.startswith("rewrote") for line in lines)
    return [line for line in lines if "`make book` re-runs it" not in line]


def _start(lines: list[str], cell: str | None) -> int:
    """Return where a page begins among its file's lines or, of a notebook, a cell's source."""
    if cell is None:
        return 0
    name = next(i for i, line in enumerate(lines) if line.strip() == f'"id": "{cell}",')
    return next(i for i in range(name, len(lines)) if lines[i].strip() == '"source": [') + 1


def test_new_data_is_followed_to_every_text(copy: Path) -> None:
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@x.org", "commit", "-q", "-m", "Before"],
    ):
        subprocess.run(["git", *command], cwd=copy, check=True)  # noqa: S607
    for table, (cells, _, _) in DRILLS.items():
        path = copy / "data" / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        for old, new in cells.items():
            assert old in text, table
            text = text.replace(old, new, 1) if old else text + new
        path.write_text(text, encoding="utf-8")
    chapters = sorted({f"{CHAPTERS}/{chapter}.ipynb" for _, chapter, _ in DRILLS.values()})
    waiting = run(copy, "check").stdout
    assert [chapter for chapter in chapters if f"{chapter}: " not in waiting] == []
    result = run(copy, "rerun", *chapters)
    assert result.returncode == 0, result.stderr

    found = check(copy)
    assert len(found) == len(set(found))
    for table, (_, _, expected) in DRILLS.items():
        for file, old, new in expected:
            lines = [line for line in found if file in line and old in line]
            assert lines, (table, old)
            assert all(new in line for line in lines), (table, old)
    place = r"(.+?)(?:: cell ([\w-]+), line |:)(\d+)"
    links = [re.match(rf"{place}: (\[.+\])(\(#fact-[\w-]+\)): the data says '(.+)'", line) for line in found]
    pages = {
        page: page.read_text().splitlines()
        for page in (copy / "book").rglob("*")
        if page.suffix in (".md", ".ipynb")
    }
    for page, cell, number, old, target, new in (link.groups() for link in links if link):
        lines = pages[copy / page]
        at = _start(lines, cell) + int(number) - 1
        assert old + target in lines[at]
        lines[at] = lines[at].replace(old + target, f"[{new}]{target}")

    left = check(copy, "--fix")
    assert left[0] == f"rewrote {sum(map(bool, links))} links"
    kept = [line for line, link in zip(found, links, strict=True) if not link and "changed: " not in line]
    assert [line for line in left[1:] if "changed: " not in line] == kept, (
        "what is no link is left to a person"
    )
    for page, lines in pages.items():
        assert page.read_text().splitlines() == lines, "nothing but the links has changed"
    assert [path.name for path in copy.rglob("*.*") if re.search(r"\.\d+$", path.name)] == []


def test_only_plain_links_are_rewritten_and_every_other_byte_stays(tmp_path: Path) -> None:
    facts = {"a": "2 ships", "price": "$7.4 billion", "said": 'the "2"', "two": "7 of 9"}
    outputs = [
        new_output("display_data", data={output.FACT: {"name": name, "text": text}})
        for name, text in facts.items()
    ]
    nbformat.write(new_notebook(cells=[new_code_cell("1", id="a", outputs=outputs)]), tmp_path / "x.ipynb")
    kept = (
        "[**1** ship](#fact-a) [1 ship](#fact-none) [$7](#fact-price) [a 1](#fact-said) [7](#fact-two)\\\n"
        "[1 ship\nwrapped](#fact-a) `[1 ship](#fact-a)`\n"
    )
    old = "\u2028[1 ship](#fact-a), [2 ships](#fact-a), [1](#fact-a), [−3 million](#fact-price)\t"
    new = "\u2028[2 ships](#fact-a), [2 ships](#fact-a), [2](#fact-a), [7.4 billion](#fact-price)\t"
    (tmp_path / "page.md").write_bytes(f"{kept}{old}".encode())
    assert prose.fix(tmp_path) == 3
    assert (tmp_path / "page.md").read_bytes() == f"{kept}{new}".encode(), "each link keeps its form"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.md", "x.ipynb"]


def test_a_note_is_held_against_the_facts_that_its_claim_names() -> None:
    notes = {"claim_id": "c01", "verdict_note": "It was 1,168 of them.", "status_note": "No 5 trillion."}
    named = ["a b d", "c none", None, "e"]
    claims = pd.DataFrame([{**notes, "facts": facts} for facts in named], index=[2, 3, 4, 5])
    facts = {
        "a": "1,168 of them",
        "b": "5 trillion",
        "c": "1,169 of them",
        "d": "1,168 scrambles",
        "e": "5 trillion of 7",
    }
    assert [str(problem) for problem in links.notes(claims, facts)] == [
        "data/claims.csv:3: the note of c01 says '1,168 of them': the data says '1,169 of them'",
        "data/claims.csv:3: the note of c01: no notebook records a fact 'none'; no name is near it",
        "data/claims.csv:5: the note of c01 says 'It was 1,168 of them. No 5 trillion.': "
        "the data says '5 trillion of 7'",
    ]


def test_a_seminar_page_s_room_does_not_reach_into_a_link(tmp_path: Path) -> None:
    page = tmp_path / "book" / "seminar" / "page.md"
    page.parent.mkdir(parents=True)
    page.write_text("In [2,222 people](#fact-a) and 30 people.\n")
    assert prose.check(page, Known({"a": "2,222 people"})) == []
