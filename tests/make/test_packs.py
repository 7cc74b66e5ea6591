"""The print packs: what a plan names is in them, and each is printed whole."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from conftest import ROOT

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
