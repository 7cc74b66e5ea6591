"""The rule for numbers in prose, on sentences that could fool it; and the messages that a breach gets."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.__main__ import COMMANDS
from helpers.chapter.numbers import numbers
from helpers.judge import prose
from helpers.judge.links import Known
from helpers.judge.places import cells, pages

FACTS = {
    "peak": "1,168 scrambles",
    "days": "357 of 365 days",
    "cost": "1.35 trillion yen",
    "share": "81 per cent",
    "change": "−3.2 points",
}
CLAIMS = {"c07": "The leaders unveiled around 70 agreements."}


#: By clause of the rule: sentences on both sides of it, each with the numbers in it that need a fact.
SENTENCES = {
    "digits": [
        ("In 2024 there were 704 of them.", ["704"]),
        ("In 2024, 704 flew; an F-15 flew 40 times.", ["704", "40"]),
        ("It cost ¥8.9 trillion, or 2 per cent of GDP.", ["8.9 trillion", "2"]),
        ("Some 30km away, 30 km away and 30-km rings.", ["30", "30", "30"]),
        ("A range of 200–300 km, 24/7, for 70M.", ["200", "300", "24", "7", "70"]),
        ("It rose 12.5-fold by 2030.", ["12.5"]),
        ("A change of −3.2 points.", ["−3.2"]),
        ("Reading time: 20 minutes", []),
        ("Reading 20 minutes", ["20"]),
    ],
    "number words": [
        ("Twelve ships, two sides, one of them, tenfold.", []),
        ("Thirteen ships and Twenty-four more.", ["Thirteen", "Twenty-four"]),
        ("Twentyfold, or twenty-fold, or a twenty-year lease.", ["Twentyfold", "twenty", "twenty"]),
        ("The sixteenth, the twentieth, the twenty-first.", []),
    ],
    "words of scale": [
        ("The eleven trillion and a dozen.", ["eleven trillion", "a dozen"]),
        ("Two million of 1.35 trillion yen.", ["Two million", "1.35 trillion"]),
        ("About a thousand kilometres, five hundred-odd ships.", ["a thousand", "five hundred"]),
        ("Hundreds of ships, dozens of planes.", ["Hundreds", "dozens"]),
        ("Hundreds of thousands came, two hundred and fifty left.",
         ["Hundreds of thousands", "two hundred and fifty"]),
        ("Several hundred, and half a million.", ["hundred", "a million"]),
        ("A hundredth part, a millionaire, eleven ships.", []),
        ("About a\nthousand, 5\u00a0million.", ["a thousand", "5 million"]),
        ("The Thousand Islands and the Hundred Flowers.", []),
        ("Thousands Flee Okinawa", ["Thousands"]),
        ("Ten Thousand Islands, a Hundred Flowers.", ["Ten Thousand", "a Hundred"]),
    ],
    "scales as units": [
        ("million dollars", []),
        ("How many billion yen? In million dollars (thousand tons): billion yen.", []),
        ("The million dollars, or many million people.", ["million", "million"]),
        ("In two million years, in hundreds of years.", ["two million", "hundreds"]),
        ("It cost \0 trillion yen, or \0 million.", []),
        ("It cost \0 and a trillion yen, \0 hundred.", ["a trillion", "hundred"]),
    ],
    "dates and ordinals": [
        ("On 10 April 2024 the leaders met, on April 10, 2024 and on 2024-04-10.", []),
        ("Between 9 and 12 April, and again in April 2025.", []),
        ("The 1st and the 22nd time.", []),
    ],
    "certain years": [
        ("FY2024 orders, fiscal 2024 orders and April 2024 orders.", []),
        ("Mid-2025, late 2026, pre-2014, in the 1970s, 2030s; it was the year 2018.", []),
        ("It was 2018.", ["2018"]),
        ("A mid-70 or post-9 year.", ["70", "9"]),
    ],
    "bare years": [
        ("From 2012–2016, in FY2025, in 1895 and in 2024/25, since 1945.", []),
        ("By 2012 or as early as 2010, and until about 2030.", []),
        ("The totals for 2023, 2024 and 2026; marks in 2022 (circle) and 2024 (arrow).", []),
        ("2024 was calm. 2022: war. 2012 to today (2014). Quad, 2021", []),
        ("The statement of 2024 names no island; China's index for 2024 becomes thin.", []),
        ("It starts with 2012 and kept 2027 and 2028 as its dates.", []),
        ("The treaty was of 1849, or of 2100.", ["1849", "2100"]),
        ("Of the 2024.5 units $2024, 2024% and 2,024.", ["2024.5", "2024", "2024", "2,024"]),
        ("A 2000-ship navy has 2000.", ["2000", "2000"]),
        ("The navy numbered 2000, and at least 1999 sailed.", ["2000", "1999"]),
        ("2000 were lost.", ["2000"]),
        ("Press and agency named 2035, a report has 2031.", ["2035", "2031"]),
    ],
    "years that count": [
        ("Some 2000 ships came.", ["2000"]),
        ("In 2000 ships of the line.", ["2000"]),
        ("In 2000, ships came.", []),
        ("A fleet of 2000 ships between 1990 and 2000 tons.", ["2000", "1990", "2000"]),
        ("The 2000 men flew to 2000 km.", ["2000", "2000"]),
        ("By 2000 of them, for 1950 million, to 2000 per cent.", ["2000", "1950 million", "2000"]),
        ("There were 2,000 ships in 2000.", ["2,000"]),
        ("In April 2024, 2000 ships came; marks for 2022 (40 ships) and for 2024.", ["2024", "2000", "40"]),
        ("In 2024 and FY2025 orders fell.", []),
    ],
    "names": [
        ("The F-15, the PAC-3, a MiG-29 and an RQ-4B; the H3, c26, 5G and 1037C.", []),
        ("The top-10, the Top-10 and a mid-70 rank.", ["10", "10", "70"]),
        ("Article 5, Articles 3 to 5, paragraphs 12 and 13, Article 2(4), Hwasong-16B.", []),
        ("Article V, Type 12, SM-3 Block 2A, No. 10 and 2+2 talks.", []),
        ("Balikatan 2026 was large.", []),
        ("Article 5 and 40 ships.", ["40"]),
        ("Link 357, Camp 1168, Type 1168, and Article 5.7", ["357", "1168", "1168", "5.7"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), [case for clause in SENTENCES.values() for case in clause])
def test_numbers_that_need_a_fact(sentence: str, expected: list[str]) -> None:
    assert numbers(sentence) == expected


def messages(text: str, tmp_path: Path) -> list[str]:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    return [str(problem).removeprefix(f"{tmp_path}/") for problem in prose.check(page, Known(FACTS, CLAIMS))]


def test_a_linked_number_passes(tmp_path: Path) -> None:
    text = (
        "# 10 chapters\n\nIt was [1,168 scrambles](#fact-peak) and\n"
        "[357 of 365 days](#fact-days); [around 70](#claim-c07).\n\n`99` $99$\n"
    )
    assert messages(text, tmp_path) == []


def test_a_link_may_print_the_number_alone(tmp_path: Path) -> None:
    text = "[1,168](#fact-peak) of [1.35 trillion](#fact-cost), [81](#fact-share) and [−3.2](#fact-change)\n"
    assert messages(text, tmp_path) == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[1,169](#fact-peak)", "1,168"),
        ("[1,169 scrambles](#fact-peak)", "1,168 scrambles"),
        ("[scrambles](#fact-peak)", "1,168 scrambles"),
        ("[357](#fact-days)", "357 of 365 days"),
        ("[1.35](#fact-cost)", "1.35 trillion"),
        ("[1.35 million](#fact-cost)", "1.35 trillion"),
        ("[82](#fact-share)", "81"),
        ("[3.2](#fact-change)", "−3.2"),
    ],
)
def test_the_number_alone_is_whole_and_of_a_fact_with_one(link: str, said: str, tmp_path: Path) -> None:
    assert messages(f"{link}\n", tmp_path) == [f"page.md:1: {link}: the data says {said!r}"]


def test_a_word_of_scale_after_a_link_is_not_its_own(tmp_path: Path) -> None:
    (message,) = messages("It was [1,168](#fact-peak) million.\n", tmp_path)
    assert message == "page.md:1: 'million' is not tied to a fact; link it: [million](#fact-…)"


def test_a_sentence_is_judged_over_its_lines_emphasis_and_links(tmp_path: Path) -> None:
    held = "Since\n2012, in *2013*, [in fiscal](#term-a) 2014, and of [2015](#source-a).\n"
    assert messages(held, tmp_path) == []
    assert messages("It was *about*\nsome **eleven**\n[trillion](#term-a) yen.\n", tmp_path) == [
        "page.md:2: 'eleven trillion' is not tied to a fact; link it: [eleven trillion](#fact-…)"
    ]


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
            "page.md:1: [1 scramble](#fact-none): no notebook records a fact 'none'; no name is near it",
        ),
        (
            "[about 80](#claim-c07)\n",
            f"page.md:1: [about 80](#claim-c07): '80' is not in the claim {CLAIMS['c07']!r}",
        ),
        (
            "[7](#claim-c07)\n",
            f"page.md:1: [7](#claim-c07): '7' is not in the claim {CLAIMS['c07']!r}",
        ),
        (
            "[it](#claim-c99)\n",
            "page.md:1: [it](#claim-c99): claims.csv has no claim 'c99'; no name is near it",
        ),
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
    (problem,) = prose.check(path, Known(FACTS, CLAIMS))
    assert json.loads(path.read_text().splitlines()[problem.place.line - 1]) == "Bad: 43."


@pytest.mark.parametrize("keyword", ["title", "caption", "alt", "note"])
def test_a_typed_number_in_a_figure_is_found(keyword: str, tmp_path: Path) -> None:
    path = tmp_path / "page.ipynb"
    nbformat.write(
        new_notebook(cells=[new_code_cell(f'figure(c,\n    {keyword}="In 2024, 12 ships")', id="a")]), path
    )
    (problem,) = prose.check(path, Known(FACTS, CLAIMS))
    assert (
        problem.message
        == f"'12' in the {keyword} of a figure is typed in; let an f-string print it from the data"
    )
    assert "12 ships" in path.read_text().splitlines()[problem.place.line - 1]
    nbformat.write(
        new_notebook(
            cells=[new_code_cell(f'figure(c, {keyword}=f"In 2024, {{n:5.1f}} ships", name="fig-1")', id="a")]
        ),
        path,
    )
    assert prose.check(path, Known(FACTS, CLAIMS)) == []
    scaled = f'figure(c, {keyword}=f"In 2024 {{n:.1f}} trillion of a trillion", name="fig-1")'
    nbformat.write(new_notebook(cells=[new_code_cell(scaled, id="a")]), path)
    (problem,) = prose.check(path, Known(FACTS, CLAIMS))
    assert problem.message.startswith("'a trillion' in"), "a scale after a printed value is the value's"


def test_what_a_page_says_of_a_claim_is_its_verdict(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(
        "A.\n\n[It](#claim-c07) is imprecise. [The deal](#claim-c22) is confirmed, and\n"
        "[the sum](#claim-c07) is contradicted; [a plan](#claim-c22) is old.\n"
    )
    claims = {"c07": "A sum.", "c22": "A deal.", "c23": "A ship."}
    verdicts = {"c07": "imprecise", "c22": "confirmed", "c23": "contradicted"}
    (problem,) = prose.check(path, Known({}, claims, verdicts))
    assert str(problem).endswith("page.md:4: c07 is called contradicted: its verdict is 'imprecise'")


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
    (problem,) = prose.check(path, Known(FACTS, CLAIMS))
    assert (
        problem.message
        == "'12' in seen, a text of a figure is typed in; let an f-string print it from the data"
    )
    assert "there were" in path.read_text().splitlines()[problem.place.line - 1], "where the string begins"


#: Names that the prose needs and no table has: of tools, languages, places and things spoken of in passing.
OTHER_NAMES = {
    "ASEAN", "Asians", "British", "Chromium", "Communists", "Denny", "Downloads", "Edano", "Eisenhower",
    "English", "Eurasia", "Frictionless", "Geodesy", "JupyterLab", "Kiyomi", "Laspeyres", "Latin", "London",
    "Malabar", "Maru", "Mizuho", "Moscow", "Occupation", "Okada", "Patriots", "Pete", "Python", "Reiwa",
    "Sakata", "Septembers", "Shinsengumi", "Swedish", "Texan", "Tranches", "Typhon", "Vega", "Western",
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
        for path in pages(root / "book")
        for cell in cells(path)
        if cell.kind == "markdown"
        for name in re.findall(r"(?<=[a-z,] )[A-Z][^\W\d_]{3,}\b", cell.text)
        if name not in known
    }
    assert unknown == set()


def test_every_command_that_a_text_names_exists(root: Path) -> None:
    texts = [root / "README.md", root / "CONTRIBUTING.md", *pages(root / "book")]
    calls = r"(?m)(?:`|^)(?:make|python src/helpers|python -m helpers) (\w+)"
    named = {name for path in texts for name in re.findall(calls, path.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert named - {"COMMAND"} - COMMANDS.keys() == set()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("**Bold never closed", "'**' would be shown"),
        ("~~Gone~~ from it", "'~~' would be shown"),
        ("See [a page][none].", "'][' would be shown"),
        ("See [some visitors] (#fact-x).", "'] (#' would be shown"),
        ("See [a file](file:///x/y.pdf).", "'](' would be shown"),
        ("See [[lanes]].", "'[[' would be shown"),
        ("> [!NOTE]\n> Read this.", "'[!NOTE]' would be shown"),
        ("#Title without a blank", "'#' would be shown"),
        ("A remark <!-- that\n\nnever ends.", "'<!--' would be shown"),
        ("<!-- A remark\n\nthat never ends.", "'<!--' hides what follows"),
        ("Visi\u200btors", r"'\u200b' is a sign that nobody sees"),
        ("An \u202eend", r"'\u202e' is a sign that nobody sees"),
        ("See [it](http://localhost:8888/x).", "leads to somebody's own machine"),
    ],
)
def test_what_readers_would_be_shown_raw_or_never_see_is_named(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / "page.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    problems = prose.check(tmp_path / "page.md", Known({}))
    assert any(what in str(problem) for problem in problems), problems
    assert all(len(str(problem).splitlines()) == 1 and problem.place.line >= 3 for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "**Bold** and *so on*, `**` in code, `[[x]]`.",
        "<!-- A remark -->\n\nFine.",
        "[A page](page.md) and \\*\\*stars\\*\\*.",
        "# A title\n\n## A part",
    ],
)
def test_markup_that_is_read_passes(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.md").write_text(f"# Page\n\n{text}\n", encoding="utf-8")
    assert prose.check(tmp_path / "page.md", Known({})) == []
