"""The print packs: what a plan names is in them, and each is printed whole."""

import math
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from filelock import FileLock
from pypdf import PdfReader
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

from conftest import ROOT, needs_chromium, texts
from helpers.make import packs
from helpers.pages.minutes import ALOUD
from helpers.settings import settings

SEMINAR = ROOT / "book" / "seminar"
PLANS = [path for path in sorted(SEMINAR.rglob("*.md")) if "{.pack}" in path.read_text()]
SESSIONS = [path for path in PLANS if path.name.startswith("session-")]
#: Pages with a grid besides the sessions.
GRIDS = [SEMINAR / "handouts" / "memo.md", SEMINAR / "role-play" / "sheets.md"]
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


def minutes(clock: str) -> int:
    hours, rest = clock.split(":")
    return 60 * int(hours) + int(rest)


def table(text: str) -> list[list[str]]:
    """Return the cells of the first table of a text, its heads first."""
    lines = re.findall(r"^\|(.*)\|$", text, re.MULTILINE)
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [cells[0], *cells[2:]]


def clocks(plan: Path) -> list[list[tuple[int, int]]]:
    """Return each clock that a plan has, one a form, as the minutes at which its rows begin and end."""
    heads, *rows = table(section(plan, "Plan|The clock"))
    columns = zip(*(row[: heads.index("What happens")] for row in rows), strict=True)
    times = [[cell.split("–") for cell in column if "–" in cell] for column in columns]
    return [[(minutes(start), minutes(end)) for start, end in column] for column in times]


def section(page: Path, title: str) -> str:
    """Return what stands below a heading of the second level."""
    found = re.search(rf"^## (?:{title}).*?\n(.*?)(?=^## |\Z)", page.read_text(), re.DOTALL | re.MULTILINE)
    assert found, f"{page.name}: {title}"
    return found[1]


def said(text: str) -> int:
    """Return how many minutes a text takes that is read aloud, the next whole one."""
    return math.ceil(len(re.sub(r"\]\([^)]*\)", "", text).split()) / ALOUD)


def test_what_is_read_aloud_takes_the_minutes_that_the_clock_gives() -> None:
    told = section(SEMINAR / "role-play" / "leader.md", "What you say first")
    told += "".join(section(SEMINAR / "role-play.md", title) for title in READ_ALOUD)
    for times in clocks(SEMINAR / "role-play" / "leader.md"):
        assert said(told) <= times[0][1] - 1, "a minute to sit down"
    opening = (SEMINAR / "opening.md").read_text()
    for plan in SESSIONS:
        if "opening" in plan.read_text().partition("## Plan")[2].partition("\n\n")[0]:
            assert said(opening) <= clocks(plan)[0][0][1], plan.name


def test_each_team_has_its_half_minute_and_the_press_the_rest() -> None:
    teams = table(section(SEMINAR / "role-play.md", "The teams"))[1:]
    for *clock, what, _ in table(section(SEMINAR / "role-play" / "leader.md", "The clock"))[1:]:
        if "tatements" in what:
            spans = [cell.split("–") for cell in clock if "–" in cell]
            assert all(minutes(end) - minutes(start) >= len(teams) / 2 + 1 for start, end in spans), what


@pytest.mark.parametrize("plan", [*SESSIONS, SEMINAR / "role-play" / "leader.md"], ids=lambda plan: plan.stem)
def test_each_clock_is_whole_and_as_long_as_promised(plan: Path) -> None:
    promise = plan if plan in SESSIONS else SEMINAR / "role-play.md"
    glance = promise.read_text().partition("At a glance\n")[2].partition("\n")[0]
    promised = [int(number) for number in re.findall(r"(\d+) minutes", glance)]
    found = clocks(plan)
    assert sorted(times[-1][1] for times in found) == sorted(promised)
    for times in found:
        assert times[0][0] == 0
        assert all(before[1] == after[0] for before, after in pairwise(times))


@pytest.mark.parametrize("plan", SESSIONS, ids=lambda plan: plan.stem)
def test_each_outcome_has_a_line_of_the_ticket_and_one_of_the_grid(plan: Path) -> None:
    numbered = re.compile(r"^\d\. (.*)$", re.MULTILINE)
    outcomes = numbered.findall(section(plan, "Outcomes"))
    handed_in = [outcome for outcome in outcomes if not outcome.startswith("in the long form")]
    lines = numbered.findall(section(plan, "To print: the tickets"))
    assert len(handed_in) == len(lines) == len(table(section(plan, "Marks"))) - 1
    if handed_in != outcomes:
        assert any(name.endswith("memo.md") for name in carried(plan))
    learned = table(section(SEMINAR / "guide.md", "What students learn"))
    ((_, can, hands_in),) = (row for row in learned if f"]({plan.name})" in row[0])
    assert len(can.split(";")) == len(outcomes), "the guide says the same"
    assert f"a ticket of {NUMBERS[len(lines)]} lines" in hands_in


@pytest.mark.parametrize("page", [*SESSIONS, *GRIDS], ids=lambda page: page.stem)
def test_each_level_of_a_grid_is_described_and_has_an_example(page: Path) -> None:
    for _, *levels in table(section(page, "Marks|Back: how it is judged|Rubric"))[1:]:
        assert len(levels) == 3
        for level in levels:
            words, _, example = level.partition(" *")
            assert words, level
            assert example.endswith("*"), level


def test_there_is_a_lot_for_each_of_thirty_people() -> None:
    teams = {team: size for team, *_, size in table(section(SEMINAR / "role-play.md", "The teams"))[1:]}
    _, *lots = table(section(SEMINAR / "role-play" / "signs.md", "Lots"))
    drawn = Counter(lot for row in lots for lot in row)
    assert drawn.total() == 30
    assert {team: NUMBERS[count] for team, count in drawn.items()} == teams


def test_the_teams_of_each_size_are_as_many_people_as_its_head_says() -> None:
    heads, *rows = table(section(SEMINAR / "role-play.md", "The teams"))
    for head, *sizes in zip(heads[1:], *(row[1:] for row in rows), strict=True):
        assert f"{sum(('none', *NUMBERS[1:]).index(size) for size in sizes)} people" == head


@cache
def made() -> Path:
    """Return the folder of the packs; make them first if the book has changed since."""
    with FileLock(ROOT / "_build" / "seminar.lock"):  # the test run's processes may ask at the same time
        subprocess.run([sys.executable, "-m", "helpers", "seminar"], cwd=ROOT, check=True)
    return ROOT / "_build" / "seminar"


@cache
def printed(name: str) -> PdfReader:
    return PdfReader(made() / f"{name}.pdf")


@cache
def pages(name: str) -> list[str]:
    """Return the text of each page of a pack."""
    return texts(made() / f"{name}.pdf")


def reach(page: PdfPage) -> float:
    """Return how far down a page its letters reach, the foot left out; a page for notes is full of lines."""
    text = page.get_textpage()
    if "Notes" in text.get_text_range().splitlines():
        return 1
    lines = [text.get_rect(number) for number in range(text.count_rects())]
    bottoms = [bottom / page.get_height() for _, bottom, _, _ in lines]
    return 1 - min(bottom for bottom in bottoms if bottom > 0.06)


def plain(text: str) -> str:
    """Return a text without what print may change."""
    return re.sub(r"[\s\u00ad'\"‘’“”]", "", text)


@needs_chromium
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_the_list_says_on_which_page_each_sheet_begins(plan: Path) -> None:
    pack = pages(plan.stem)
    found = re.findall(r"pages? (\d+)(?:–(\d+))?", " ".join(pack[0].split()))
    items = [item for item in listed(plan) if "](solutions/" not in item]
    assert len(found) >= len(items)
    for item, (first, last) in zip(items, found[: len(items)], strict=True):
        assert int(first) % 2 == 1, "each part begins on the front of a leaf"
        assert int(last or first) <= len(pack)
        if "](handouts/" in item:
            assert int(last) == int(first) + 1, "a sheet has two sides"
        if link := re.search(r"\]\(([^)]+\.md)\)", item):
            title = carried(plan)[link[1]].partition("# ")[2].partition("\n")[0]
            assert plain(title) in plain(pack[int(first) - 1])


@needs_chromium
@pytest.mark.parametrize(
    ("plan", "sheet", "title"),
    [("leader", "role-play/sheets.md", "Decision sheet"), ("session-8", "handouts/memo.md", "Front")],
)
def test_a_line_that_is_to_be_filled_in_has_the_height_of_a_pen(plan: str, sheet: str, title: str) -> None:
    _, *rows = table(section(SEMINAR / sheet, title))
    asked = [bold[1] for row in rows if (bold := re.match(r"\*\*(.*?)\*\*", row[0]))]
    (at,) = (at for at, text in enumerate(pages(plan)) if all(said in text for said in asked))
    document = PdfDocument(made() / f"{plan}.pdf")
    text = document[at].get_textpage()
    tops = [text.get_charbox(text.search(said, match_case=True).get_next()[0])[3] for said in asked]
    assert min(upper - lower for upper, lower in pairwise(tops)) > 25, "nine millimetres"


@needs_chromium
def test_what_is_cut_out_or_given_to_one_team_has_a_leaf_of_its_own() -> None:
    foot = re.compile(r"^.*\n")
    leaves = [plain(foot.sub("", text)) for text in pages("leader")]
    cards = re.findall(r"^## (.*)$", (SEMINAR / "role-play" / "cards.md").read_text(), re.MULTILINE)
    for title in [f"{card} Who." for card in cards[1:]] + ["Rubric", "Table signs", "Wire copy"]:
        (number,) = (number for number, text in enumerate(leaves, 1) if text.startswith(plain(title)))
        assert number % 2 == 1, title
        assert leaves[number].startswith("Notes"), title


@needs_chromium
@pytest.mark.parametrize("large", ["", packs.LARGE], ids=["small", "large"])
def test_strips_of_news_are_cut_out_of_fronts(large: str) -> None:
    strips = re.findall(
        r"^\*\*([A-Z]\. .*?)\*\*$", (SEMINAR / "role-play" / "leader.md").read_text(), re.MULTILINE
    )
    pack = [plain(text) for text in pages(f"leader{large}")]
    assert len(strips) == 7
    for strip in strips:
        (number,) = (number for number, text in enumerate(pack, 1) if plain(strip) in text)
        assert number % 2 == 1, strip
        assert "Notes" in pack[number], strip


def drawing(name: str, words: str) -> tuple[float, float]:
    """Return how wide and high the picture is, in millimetres, on the page of a pack with these words."""
    (at,) = (at for at, text in enumerate(pages(name)) if plain(words) in plain(text))
    with PdfDocument(made() / f"{name}.pdf") as pack:
        (picture,) = pack[at].get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=9)
        left, bottom, right, top = picture.get_bounds()
    return (right - left) * 25.4 / 72, (top - bottom) * 25.4 / 72


@needs_chromium
def test_a_tall_drawing_keeps_letters_that_can_be_read() -> None:
    _, height = drawing("paper", "Each row is a poll in Japan")
    assert height > 110, "at half of that its names have letters of four points"


@needs_chromium
def test_large_print_has_the_drawings_for_a_phone() -> None:
    words = "Days with at least one Chinese government vessel"
    for name, tall in (("session-2", False), (f"session-2{packs.LARGE}", True)):
        width, height = drawing(name, words)
        assert (height > width) is tall, name


@needs_chromium
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_no_caption_asks_a_pencil_to_click(plan: Path) -> None:
    assert not re.search(r"\b(?:Click|Hover|Tap) ", " ".join(pages(plan.stem)[4:]))


@needs_chromium
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_a_pack_is_tagged_with_its_fonts_inside_and_its_answers_with_the_plan(plan: Path) -> None:
    pack = printed(plan.stem)
    assert pack.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(pack.pages) % 2 == 0
    day = settings().book.date
    assert all(f"{day.day} {day:%B %Y}" in text for text in pages(plan.stem))
    fonts = [
        font.get_object() for page in pack.pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    inside = [part.get_object() for font in fonts for part in font.get("/DescendantFonts", [font])]
    assert all(
        {"/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])
        for font in inside
        if font["/Subtype"] != "/Type3"
    )
    handed = pages(plan.stem)[4 if plan.stem != "paper" else 6 :]
    assert not any(re.search(r"^(?:Answers|Solutions|Marks)\b", text, re.MULTILINE) for text in handed)


@needs_chromium
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_each_figure_that_is_named_on_what_is_handed_out_is_in_the_pack(plan: Path) -> None:
    pack = pages(plan.stem)
    first = re.search(r"pages? (\d+)", " ".join(pack[0].split()))
    assert first
    text = "\n".join(pack[int(first[1]) - 1 :])
    shown = set(re.findall(r"^Fig\. (\d+) [A-Z]", text, re.MULTILINE))
    assert set(re.findall(r"Fig\.\s+(\d+)", text)) == shown


@needs_chromium
@pytest.mark.parametrize("large", ["", packs.LARGE], ids=["small", "large"])
@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_no_page_is_nearly_empty(plan: Path, large: str) -> None:
    with PdfDocument(made() / f"{plan.stem}{large}.pdf") as pack:
        assert [number for number, page in enumerate(pack, 1) if reach(page) < 1 / 3] == []


@needs_chromium
def test_all_packs_are_one_file_in_which_no_sheet_stands_twice() -> None:
    text = plain("".join(pages(f"{settings().book.slug}-seminar")))
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
