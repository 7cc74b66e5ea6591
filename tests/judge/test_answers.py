"""The answer of an exercise stands in what its solution shows, so that neither can move alone."""

import re
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from conftest import ROOT
from helpers.chapter import output
from helpers.chapter.data import load
from helpers.judge.places import Cell, cells, pages

#: Answers that their solutions say in other words, or leave to the sum.
OTHERWISE = {
    "alliance-2": "years between the two dates of the text",
    "alliance-3": "a quotient of two shares of the figure",
    "alliance-4": "votes over voters, less than four in ten",
    "alliance-5": "a growth that the text calls manifold",
    "intercept-1": "a gap in kilometres, of which the text names the tests",
    "islands-6": "all of them, in words",
    "record-1": "the fifth chapter, in words",
}
#: States by the codes that answers have for them.
_MEMBERS = load("minilateral_members")
_STATES = dict(zip(_MEMBERS["code"].str.lower(), _MEMBERS["member"], strict=True))


def _name(cell: Cell) -> str:
    return cell.at(0).cell


ANSWERS = [
    (answer, [each for each in page if _name(each).startswith(f"{answer['name']}-")])
    for path in pages(ROOT / "book" / "seminar" / "solutions")
    for page in [list(cells(path))]
    for cell in page
    for answer in cell.stored(output.ANSWER)
]


def stands(answer: dict[str, Any], shown: str) -> bool:
    """Say whether a text has an answer: its words, its month, its number or what two numbers make."""
    if "date" in answer:
        return f"{date.fromisoformat(answer['date']):%B %Y}" in shown
    if "number" not in answer:
        enough, words = (any, answer["words"]) if "words" in answer else (all, answer["set"])
        return enough(_STATES.get(word, word).lower() in shown.lower() for word in words)
    written = [number.replace(",", "") for number in re.findall(r"\d[\d,]*(?:\.\d+)?", shown)]
    sought = abs(answer["number"])
    printed = any(f"{sought:.{len(number.partition('.')[2])}f}" == number for number in written)
    pairs = permutations({float(number) for number in written}, 2)
    shares = (times * one / other for one, other in pairs if other for times in (1, 100))
    return printed or any(abs(share - sought) < 1e-6 * sought for share in shares)


def _shown(exercise: list[Cell]) -> str:
    facts = [fact["text"] for cell in exercise for fact in cell.stored(output.FACT)]
    texts = [
        cell.text for cell in exercise if cell.kind == "markdown" and not _name(cell).endswith("-question")
    ]
    return "\n".join([*facts, *texts])


@pytest.mark.parametrize(("answer", "exercise"), ANSWERS, ids=[answer["name"] for answer, _ in ANSWERS])
def test_an_answer_stands_in_what_its_solution_shows(answer: dict[str, Any], exercise: list[Cell]) -> None:
    assert stands(answer, _shown(exercise)) is (answer["name"] not in OTHERWISE)


def test_an_answer_is_found_as_it_is_written_or_worked_out() -> None:
    assert stands({"number": 8.4034}, "23 per cent, then 8.4 per cent")
    assert not stands({"number": 84.034}, "23 per cent, then 8.4 per cent")
    assert stands({"number": 100 * 116 / 234}, "116 of 234")
    assert not stands({"number": 100 * 116 / 235}, "116 of 234")
    assert stands({"date": "2023-04-01"}, "It was April 2023.")
    assert stands({"set": ["ships", "forum"]}, "The forum and ships")
    assert not stands({"words": ["Kyodo", "Kyodo News"]}, "Jiji")
