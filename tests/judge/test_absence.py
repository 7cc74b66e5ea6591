"""What says that something was not found needs a record; what only looks so needs none."""

from pathlib import Path

import pytest

from helpers.judge import absence, prose
from helpers.judge.links import Known


@pytest.mark.parametrize(
    "sentence",
    [
        "Its report was not found.",
        "The report has not been found since.",
        "The outcome could not be found.",
        "No later meeting was found.",
        "No list of other visits, counted by the same rule, was found.",
        "Neither government's own words on this were found.",
        "None was found up to December 2025.",
        "Nothing trilateral was found after that.",
        "We found no page on it.",
        "Why they fell is not known.",
        "How it ended remains unknown.",
        "Its live firing has not been reported.",
        "The dates have passed without a report.",
        "For the other half there is no news.",
        "These promises left no trace.",
        "No source carries a later step.",
        "Both papers are silent on the islands.",
        "*Done* can hide what came after: [the two-plus-two](#claim-c19) met, and no later one was found.",
        "The figure shows when something was last *found*; what came of it was **not** found.",
    ],
)
def test_an_absence_is_heard(sentence: str) -> None:
    assert absence.said(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "What was found was not new.",
        "No claim is stalled, and none is dropped.",
        "If none is found, write that down too.",
        "No news means that none was found.",
        "Where no page was found, the status is no trace.",
        "Japan says that its surveys found no trace of Chinese rule.",
        "The US fact sheet [is silent](#source-wh-japan-fact-sheet-2026-03) on the islands.",
        "It cannot tell an idle forum from a silent one.",
        "It was no record: the newest count is lower.",
        "Each chapter says what is not known.",
        "The number of missiles was not published by the ministry.",
        "No reinforcement can be seen in the curve.",
        "The list left a trace in later papers.",
        "You may say that you did not find it.",
        "Nobody can count what did not happen.",
        "The two sides would not have known each other.",
    ],
)
def test_what_only_looks_like_an_absence_is_left_alone(sentence: str) -> None:
    assert absence.said(sentence) is None


RECORD = "[searched](#search-dicas)"


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("One.\nNone was found.\n", [2]),
        (f"One. None was found ({RECORD}).\n", []),
        (f"None was found. Later, in the same paragraph: {RECORD}.\n", []),
        (f"None was found.\n\n{RECORD}\n", [1]),
        ("None was found, [says the record](../reference/searches.md).\n", []),
        (f"- None was found.\n- None of these was found either ({RECORD}).\n", [1]),
        ("# None was found\n\n```python\nnone_was_found = 'No page was found.'\n```\n", []),
        (
            "```{quiz} What is it?\n- [ ] Nothing was found\n- [x] None was found\n\nNone was found.\n```\n",
            [5],
        ),
        (":::{admonition} Note\nNone was found.\n:::\n", [2]),
    ],
)
def test_the_record_stands_in_the_paragraph_or_item(page: str, lines: list[int], tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(page)
    problems = prose.check(tmp_path / "page.md", Known({}, searches={"dicas"}))
    assert [problem.place.line for problem in problems] == lines
    assert all("needs a record" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("item", "fault"),
    [
        ("Whether it met.", True),
        (f"Whether it met ({RECORD}).", False),
        ("What the plans say: they are secret.", False),
        ("What would have happened without it.", False),
        ("Whether it deters. Nobody can count what did not happen.", False),
        ("What it cost. No page says so.", True),
    ],
)
def test_each_line_of_what_is_not_known_is_searched_or_closed(item: str, fault: bool, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"## What is not known\n\n- {item}\n\n## Next\n\n- Whether it met.\n")
    problems = prose.check(tmp_path / "page.md", Known({}, searches={"dicas"}))
    assert [(problem.place.line, "is said not to be known" in problem.message) for problem in problems] == (
        [(3, True)] if fault else []
    )


def test_a_link_to_searches_that_nobody_made_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("None was found ([searched](#search-dicsa)).\n")
    problems = prose.check(tmp_path / "page.md", Known({}, searches={"dicas"}))
    assert [problem.message for problem in problems] == [
        "[searched](#search-dicsa): searches.csv has no search on 'dicsa'; near it: dicas"
    ]
