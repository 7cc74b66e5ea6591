"""The rule for numbers in prose, on sentences that could fool it; and the messages that a breach gets."""

import json
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.judge import prose

FACTS = {"peak": "1,168 scrambles", "days": "357 of 365 days"}
CLAIMS = {"c07": "The leaders unveiled around 70 agreements."}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("On 10 April 2024 the leaders met.", []),
        ("Between 9 and 12 April, and again in April 2025.", []),
        ("From 2012–2016, in FY2025, in the 1970s and in 2024/25.", []),
        ("On April 10, 2024 and on 2024-04-10.", []),
        ("In 2024 there were 704 of them.", ["704"]),
        ("In 2024, 704 flew.", ["704"]),
        ("There were 2,000 ships in 2000.", ["2,000"]),
        ("The F-15, the Y-9, the SM-3 Block 2A and the Type 12.", []),
        ("An F-15 flew 40 times.", ["40"]),
        ("Article 5, paragraphs 12 and 13, Articles 3 to 5.", []),
        ("Article V and 2+2 talks on 5G.", []),
        ("The 1st and the 22nd time.", []),
        ("It cost ¥8.9 trillion, or 2 per cent of GDP.", ["8.9", "2"]),
        ("It cost $2024 in all.", ["2024"]),
        ("Some 30km away, 30 km away and 30-km rings.", ["30", "30", "30"]),
        ("Twelve ships, two sides, one of them.", []),
        ("Thirteen ships and Twenty-four more.", ["Thirteen", "Twenty-four"]),
        ("A range of 200–300 km.", ["200", "300"]),
        ("It rose 12.5-fold by 2030.", ["12.5"]),
        ("Reading time: 20 minutes", []),
        ("Reading 20 minutes", ["20"]),
        ("The year 1066 is no year of ours.", ["1066"]),
        ("In 2024.5 units", ["2024.5"]),
    ],
)
def test_numbers_that_need_a_fact(sentence: str, expected: list[str]) -> None:
    assert prose.numbers(sentence) == expected


def messages(text: str, tmp_path: Path) -> list[str]:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in prose.check(page, FACTS, CLAIMS)]


def test_a_linked_number_passes(tmp_path: Path) -> None:
    text = "# 10 chapters\n\nIt was [1,168 scrambles](#fact-peak) and\n[357 of 365 days](#fact-days); [around 70](#claim-c07).\n\n`99` $99$\n"
    assert messages(text, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("One.\nTwo, then 42 ships.\n", "page.md:2: '42' is not tied to a fact; link it: [42](#fact-…)"),
        (
            "[1,186 scrambles](#fact-peak)\n",
            "page.md:1: [1,186 scrambles](#fact-peak): the data says '1,168 scrambles'",
        ),
        (
            "[1 scramble](#fact-none)\n",
            "page.md:1: [1 scramble](#fact-none): no notebook records a fact 'none'",
        ),
        (
            "[about 80](#claim-c07)\n",
            "page.md:1: [about 80](#claim-c07): '80' is not in the claim 'The leaders unveiled around 70 agreements.'",
        ),
        ("[it](#claim-c99)\n", "page.md:1: [it](#claim-c99): claims.csv has no claim 'c99'"),
        (
            "[99 reports](https://example.org)\n",
            "page.md:1: '99' in a link to https://example.org is not tied to a fact; link it: [99](#fact-…)",
        ),
        ("- a\n- b 55\n", "page.md:2: '55' is not tied to a fact; link it: [55](#fact-…)"),
        (
            "| a | b |\n| --- | --- |\n| x | 66 |\n",
            "page.md:3: '66' is not tied to a fact; link it: [66](#fact-…)",
        ),
        (
            "```{note}\n:class: x\n\nThere are 77.\n```\n",
            "page.md:4: '77' is not tied to a fact; link it: [77](#fact-…)",
        ),
        (
            ":::{admonition} Title 5\nThere are 88.\n:::\n",
            "page.md:2: '88' is not tied to a fact; link it: [88](#fact-…)",
        ),
        ("**bold 91** and *italic*\n", "page.md:1: '91' is not tied to a fact; link it: [91](#fact-…)"),
    ],
)
def test_a_breach_names_file_line_and_remedy(text: str, message: str, tmp_path: Path) -> None:
    assert messages(text, tmp_path) == [message]


def test_a_seminar_page_may_speak_of_its_room_and_nothing_else(tmp_path: Path) -> None:
    text = "At 0:15–0:30, or 90 minutes in, 12–30 people form 6 groups; 40 ships pass.\n"
    room = tmp_path / "book" / "seminar"
    room.mkdir(parents=True)
    assert messages(text, room) == ["page.md:1: '40' is not tied to a fact; link it: [40](#fact-…)"]
    assert len(messages(text, tmp_path)) == 9


def test_a_notebook_is_judged_at_the_line_of_its_file(tmp_path: Path) -> None:
    cells = [
        new_markdown_cell("# Title\n\nFine.", id="a"),
        new_code_cell("x = 42", id="b"),
        new_markdown_cell("Fine.\nBad: 43.", id="c"),
    ]
    path = tmp_path / "page.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    (problem,) = prose.check(path, FACTS, CLAIMS)
    assert json.loads(path.read_text().splitlines()[problem.line - 1]) == "Bad: 43."


@pytest.mark.parametrize("keyword", ["title", "caption", "alt", "note"])
def test_a_typed_number_in_a_figure_is_found(keyword: str, tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    nbformat.write(
        new_notebook(cells=[new_code_cell(f'figure(c,\n    {keyword}="In 2024, 12 ships")', id="a")]), path
    )
    (problem,) = prose.check(path, FACTS, CLAIMS)
    assert (
        problem.message
        == f"'12' in the {keyword} of a figure is typed in; let an f-string print it from the data"
    )
    assert "12 ships" in path.read_text().splitlines()[problem.line - 1]
    nbformat.write(
        new_notebook(
            cells=[new_code_cell(f'figure(c, {keyword}=f"In 2024, {{n:5.1f}} ships", name="fig-1")', id="a")]
        ),
        path,
    )
    assert prose.check(path, FACTS, CLAIMS) == []


def test_the_book_keeps_the_rule(root: Path) -> None:
    assert [str(problem) for problem in prose.check_book(root / "book")] == []


def test_a_typed_number_in_a_variable_that_a_figure_takes_is_found(tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    codes = [
        'other = "12 ships"\nseen = (\n    f"In {year} there were {n} "\n    "of 12 ships"\n)',
        "figure(c, alt=seen)",
    ]
    nbformat.write(
        new_notebook(cells=[new_code_cell(code, id=f"c{i}") for i, code in enumerate(codes)]), path
    )
    (problem,) = prose.check(path, FACTS, CLAIMS)
    assert (
        problem.message
        == "'12' in seen, a text of a figure is typed in; let an f-string print it from the data"
    )
    assert "there were" in path.read_text().splitlines()[problem.line - 1], "where the string begins"


#: Names that the prose needs and no table has: of tools, of languages, of places and things spoken of in passing.
OTHER_NAMES = {
    "ASEAN", "British", "Chromium", "English", "Eurasia", "Frictionless", "Geodesy", "JupyterLab", "Laspeyres", "Latin", "London",
    "Malabar", "Maru", "Moscow", "Patriots", "Python", "Septembers", "Swedish", "Texan", "Tranches", "Typhon", "Vega",
}  # fmt: skip


def test_a_name_in_prose_is_a_name_in_the_data(root: Path) -> None:
    def words(text: str) -> set[str]:
        return set(re.findall(r"[^\W\d_]+", text))

    known = OTHER_NAMES.union(
        *(words(path.read_text(encoding="utf-8")) for path in (root / "data").glob("*.csv"))
    )
    known |= words((root / "data" / "datapackage.json").read_text(encoding="utf-8"))
    unknown = {
        f"{path.name}: {name}"
        for path in prose.pages(root / "book")
        for kind, text, _ in prose.cells(path)
        if kind == "markdown"
        for name in re.findall(r"(?<=[a-z,] )[A-Z][^\W\d_]{3,}\b", text)
        if name not in known
    }
    assert unknown == set()


def test_every_command_that_a_text_names_exists(root: Path) -> None:
    texts = [root / "README.md", root / "CONTRIBUTING.md", *prose.pages(root / "book")]
    named = {
        call
        for path in texts
        for call in re.findall(
            r"(?m)(?:`|^)(?:\.venv/bin/)?(make|python -m) ([\w.]+) ?(\w*)", path.read_text()
        )
    }
    targets = set(re.findall(r"(?m)^([a-z]+):", (root / "Makefile").read_text()))
    commands = re.search(
        r"\{([\w,]+)\}",
        subprocess.run([sys.executable, "-m", "helpers", "-h"], capture_output=True, text=True).stdout,
    )
    assert commands
    assert len(named) > 10
    assert [call for call in named if call[0] == "make" and call[1] not in targets] == []
    assert [
        call
        for call in named
        if call[0] != "make" and (call[1] != "helpers" or call[2] not in commands[1].split(","))
    ] == []
