"""The print packs: what a plan names is in them, and each is printed whole."""

import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock
from pypdf import PdfReader

from conftest import ROOT, needs_chromium
from helpers.make import packs
from helpers.settings import settings

SEMINAR = ROOT / "book" / "seminar"
PLANS = [path for path in sorted(SEMINAR.rglob("*.md")) if "{.pack}" in path.read_text()]
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: What of the role-play is read aloud.
READ_ALOUD = ("The rules", "The incident")
#: Parts of a plan that send a teacher to the book itself, not to what is printed.
_BEYOND = re.compile(
    r"\n(?:\{\.\w+\}\n)?## (?:For other groups|Homework)\n.*?(?=\n(?:\{\.\w+\}\n)?## |\Z)", re.DOTALL
)


def listed(plan: Path) -> list[str]:
    """Return the items of a plan's list of what to print."""
    return re.findall(
        r"^- (.*)$", plan.read_text().partition("{.pack}\n")[2].partition("\n\n")[0], re.MULTILINE
    )


@cache
def carried(plan: Path) -> dict[str, str]:
    """Return the text of what a plan's pack holds, by the name of the file, its own sections among them."""
    links = [match[1] for item in listed(plan) if (match := re.search(r"\]\(([^)]+\.md)\)", item))]
    return {name: (plan.parent / name).read_text() for name in [plan.name, *links]}


def taught(plan: Path) -> str:
    return _BEYOND.sub("", plan.read_text())


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_each_figure_and_table_that_a_plan_names_is_on_a_sheet_of_its_pack(plan: Path) -> None:
    shown = {name for text in carried(plan).values() for name in re.findall(r"\{again\} ([\w-]+)", text)}
    named = set(re.findall(r"\{numref\}`([\w-]+)`", taught(plan)))
    assert named - shown == set()


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_each_handout_and_sheet_that_a_plan_names_is_in_its_pack(plan: Path) -> None:
    words = "|".join(NUMBERS)
    for number in re.findall(rf"\bhandouts? \[?({words})\b", taught(plan), re.IGNORECASE):
        start = f"handouts/{NUMBERS.index(number.lower()):02}-"
        assert any(start in name for name in carried(plan)), f"handout {number}"
    for number in re.findall(rf"\bthe sheet of session ({words})\b", taught(plan), re.IGNORECASE):
        sheet = f"handouts/sheet-{NUMBERS.index(number.lower())}.md"
        assert any(name.endswith(sheet) for name in carried(plan)), sheet


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_each_side_of_a_sheet_that_a_plan_names_has_the_figure(plan: Path) -> None:
    sides = rf"(handout|sheet of session) ({'|'.join(NUMBERS)}), (front|back): ([^;|]*)"
    for kind, number, side, what in re.findall(sides, taught(plan)):
        rank = NUMBERS.index(number)
        start = f"handouts/{rank:02}-" if kind == "handout" else f"handouts/sheet-{rank}.md"
        text = next(text for name, text in carried(plan).items() if start in name)
        front, back = text.split("\n## Back: ")
        for figure in re.findall(r"\{numref\}`([\w-]+)`", what):
            assert f"{{again}} {figure}\n" in {"front": front, "back": back}[side], figure


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_the_list_names_each_section_that_is_to_be_printed_in_its_order(plan: Path) -> None:
    sections = re.findall(r"^## To print: the (.*)$", plan.read_text(), re.MULTILINE)
    own = [item for item in listed(plan) if "](" not in item]
    assert len(own) == len(sections)
    assert all(item.startswith(f"The {section}") for item, section in zip(own, sections, strict=True))


def test_what_is_read_aloud_takes_the_minutes_that_the_clock_gives() -> None:
    rules = (SEMINAR / "role-play.md").read_text()
    leader = (SEMINAR / "role-play" / "leader.md").read_text()
    parts = [
        re.search(rf"^## {name}.*?\n(.*?)(?=^## )", rules, re.DOTALL | re.MULTILINE) for name in READ_ALOUD
    ]
    words = sum(len(re.sub(r"\]\([^)]*\)", "", part[1]).split()) for part in parts if part)
    assert "two words a second" in leader
    given = re.search(r"0:00–0:0(\d) \| 0:00–0:0(\d) \| You read", leader)
    assert given
    assert words / 120 <= min(map(int, given.groups())) - 1, "a minute to sit down"


def test_each_clock_of_the_game_is_whole() -> None:
    rows = re.findall(
        r"^\| (\S+) \| (left out|\S+) \|", (SEMINAR / "role-play" / "leader.md").read_text(), re.MULTILINE
    )
    for column, end in ((0, "1:30"), (1, "0:60")):
        times = [row[column].split("–") for row in rows if re.match(r"\d:\d\d–", row[column])]
        assert times[0][0] == "0:00"
        assert times[-1][1] == end
        assert all(before[1] == after[0] for before, after in pairwise(times))


@cache
def made() -> Path:
    """Return the folder of the packs; make them first if the book has changed since."""
    with FileLock(ROOT / "_build" / "seminar.lock"):  # the test run's processes may ask at the same time
        subprocess.run([sys.executable, "-m", "helpers", "seminar"], cwd=ROOT, check=True)
    return ROOT / "_build" / "seminar"


@cache
def printed(name: str) -> PdfReader:
    return PdfReader(made() / f"{name}.pdf")


def plain(text: str) -> str:
    """Return a text without what print may change."""
    return re.sub(r"[\s\u00ad'\"‘’“”]", "", text)


@needs_chromium
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_the_list_says_on_which_page_each_sheet_begins(plan: Path) -> None:
    pack = printed(plan.stem)
    found = re.findall(r"pages? (\d+)(?:–(\d+))?", " ".join(pack.pages[0].extract_text().split()))
    items = [item for item in listed(plan) if "](solutions/" not in item]
    assert len(found) >= len(items)
    for item, (first, last) in zip(items, found[: len(items)], strict=True):
        assert int(first) % 2 == 1, "each part begins on the front of a leaf"
        assert int(last or first) <= len(pack.pages)
        if link := re.search(r"\]\(([^)]+\.md)\)", item):
            title = carried(plan)[link[1]].partition("# ")[2].partition("\n")[0]
            assert plain(title) in plain(pack.pages[int(first) - 1].extract_text())


@needs_chromium
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_pack_is_tagged_with_its_fonts_inside_and_its_answers_with_the_plan(plan: Path) -> None:
    pack = printed(plan.stem)
    assert pack.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(pack.pages) % 2 == 0
    day = settings().book.date
    assert all(f"{day.day} {day:%B %Y}" in page.extract_text() for page in pack.pages)
    fonts = [
        font.get_object() for page in pack.pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    inside = [part.get_object() for font in fonts for part in font.get("/DescendantFonts", [font])]
    assert all(
        {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])
        for font in inside
        if font["/Subtype"] != "/Type3"
    )
    handed = [page.extract_text() for page in pack.pages[4 if plan.stem != "paper" else 6 :]]
    assert not any(re.search(r"^(?:Answers|Solutions|Marks)\b", text, re.MULTILINE) for text in handed)


@needs_chromium
def test_all_packs_are_one_file_in_which_no_sheet_stands_twice() -> None:
    whole = printed(f"{settings().book.slug}-seminar")
    text = plain("".join(page.extract_text() for page in whole.pages))
    for plan in PLANS:
        title = re.search(r"^# (.*)$", plan.read_text(), re.MULTILINE)
        assert title
        assert plain(title[1]) in text
    assert text.count(plain("Handout 4: The islands and the clause")) == 1, "printed once for all"


def test_an_answer_is_told_in_words() -> None:
    assert packs._said({"number": 2018.0, "units": {}}) == "2018"
    assert packs._said({"number": 2222.5, "units": {"people": 1}}) == "2,222 people"
    assert packs._said({"number": 8.40336, "units": {"per cent": 1, "share": 0.01}}) == "8.403 per cent"
    assert packs._said({"set": ["jp", "us"]}) == "jp, us"
    assert packs._said({"date": "2023-04-01"}) == "2023-04-01"
    assert packs._said({"words": ["Kyodo", "Kyodo News"]}) == "Kyodo"
