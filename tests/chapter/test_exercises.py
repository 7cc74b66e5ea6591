"""Right answers are accepted in every honest form, and wrong ones are refused.

The students' notebooks follow from the teacher's.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from conftest import ROOT, settle
from helpers.__main__ import main
from helpers.chapter import exercises, output
from helpers.chapter.exercises import judge
from helpers.files import BookError
from helpers.run import notebooks, students

SOLUTIONS = notebooks.find(ROOT / "book" / "seminar" / "solutions")
ANSWERS: list[dict[str, Any]] = [
    record for path in SOLUTIONS for record in output.stored(path, output.ANSWER)
]


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the calls of `answer` under test record."""
    records: list[dict[str, Any]] = []
    monkeypatch.setattr(output, "show", lambda bundle: records.append(bundle[output.ANSWER]))
    return records


def answered(records: list[dict[str, Any]], value: Any, **about: Any) -> dict[str, Any]:
    exercises.answer("x-1", value, **about)
    return records[-1]


@pytest.mark.parametrize(
    "given",
    [
        27.34,
        27.3,
        27,
        "27.3",
        "27.3 per cent",
        "27.34%",
        0.27,
        0.2734,
        ".273",
        np.float64(27.3438),
        pd.Series([27.34]),
        pd.DataFrame({"share": [27.34]}),
        np.array([[27.34]]),
        27.343750001,
    ],
)
def test_a_share_is_right_in_any_unit_and_rounding(given: Any, recorded: list[dict[str, Any]]) -> None:
    assert judge(answered(recorded, 27.34375, unit="per cent", units={"share": 0.01}), given).startswith(
        "Right"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (30, "Too high."),
        (20, "Too low."),
        (27.8, "Nearly, but too high."),
        (27.2, "Nearly, but too low."),
        (-27.3, "The size is right, the sign is not."),
        (2734, "The digits are right, the size is not: is it in per cent?"),
        ("many", "A number is wanted, in per cent."),
        ("", "A number is wanted, in per cent."),
        (float("nan"), "A number is wanted, in per cent."),
        (None, "A number is wanted, in per cent."),
        ([27.3, 27.4], "A number is wanted, in per cent."),
        ("1e400", "A number is wanted, in per cent."),
        ("-1e400 per cent", "A number is wanted, in per cent."),
        (10**400, "A number is wanted, in per cent."),
        pytest.param(10**5000, "A number is wanted, in per cent.", id="thousands of digits"),
        (float("inf"), "A number is wanted, in per cent."),
        ("1e-400", "Too low."),
        ("\N{MINUS SIGN}27.3", "The size is right, the sign is not."),
        (pd.Series([27.3, 27.4]), "A number is wanted, in per cent."),
    ],
)
def test_a_wrong_number_is_refused_and_told_why(
    given: Any, said: str, recorded: list[dict[str, Any]]
) -> None:
    assert judge(answered(recorded, 27.34375, unit="per cent", units={"share": 0.01}), given) == said


@pytest.mark.parametrize(
    ("given", "right"),
    [(1168, True), ("1,168 scrambles", True), (1168.0, True), (1170, False), (1167, False)],
)
def test_a_count_must_be_exact(given: Any, right: bool, recorded: list[dict[str, Any]]) -> None:
    assert judge(answered(recorded, np.int64(1168), unit="scrambles"), given).startswith("Right") == right


def test_a_count_may_be_rounded_in_another_unit(recorded: list[dict[str, Any]]) -> None:
    days = answered(recorded, 354, unit="days", units={"weeks": 1 / 7})
    assert judge(days, 50.6) == "Right (in another unit: weeks)."
    assert judge(days, 51.5) == "Too low."


def test_nothing_is_an_answer_too(recorded: list[dict[str, Any]]) -> None:
    nothing = answered(recorded, 0, unit="pairs")
    assert judge(nothing, 0) == "Right."
    assert judge(nothing, 1) == "Too high."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("the united states", "Right."),
        (" US ", "Right."),
        (pd.Series(["United States"]), "Right."),
        (pd.DataFrame({"country": ["United States"]}), "Right."),
        (pd.Categorical(["United States"]), "Right."),
        (np.array("United States"), "Right."),
        ("Untied States", "Nearly: mind the spelling."),
        ("Japan", "No."),
    ],
)
def test_a_word_is_judged_without_case_spaces_and_articles(
    given: Any, said: str, recorded: list[dict[str, Any]]
) -> None:
    assert judge(answered(recorded, "United States", also=["US"]), given) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (pd.Timestamp("2026-03-31"), "Right."),
        ("31 March 2026", "Right."),
        ("2026-03-31", "Right."),
        ("1 April 2026", "Too late."),
        ("March 2026", "Too early."),
        ("soon", "A date is wanted."),
        (..., "A date is wanted."),
        ("1e400", "A date is wanted."),
        ("2026-03-31T00:00+09:00", "Right."),
        (pd.Timestamp("2026-03-31 23:30", tz="Asia/Tokyo"), "Right."),
        ("2026-03-31 09:00", "Right."),
        ("2026-04-01T00:00Z", "Too late."),
        (np.datetime64("2026-03-31", "ns"), "Right."),
        (np.array(["2026-03-31"], "datetime64[ns]"), "Right."),
        (pd.DataFrame({"date": [pd.Timestamp("2026-03-31")]}), "Right."),
    ],
)
def test_a_date_is_judged_in_any_spelling(given: Any, said: str, recorded: list[dict[str, Any]]) -> None:
    assert judge(answered(recorded, pd.Timestamp("2026-03-31")), given) == said


@pytest.mark.parametrize(
    "given",
    ["10/4/2024", "4.10.2024", "10 - 4 - 24", "24-04-10", "12:30, 10/4/2024", "31/3/2026", "1 2 2024"],
)
@pytest.mark.parametrize("day", ["2024-04-10", "2024-10-04"])
def test_a_date_that_may_be_two_days_is_asked_again(
    given: str, day: str, recorded: list[dict[str, Any]]
) -> None:
    verdict = judge(answered(recorded, pd.Timestamp(day)), given)
    assert verdict == "Which number is the day? Write the date as year-month-day, such as 2000-12-31."


def test_a_country_with_an_and_in_its_name_is_one_word(recorded: list[dict[str, Any]]) -> None:
    pair = answered(recorded, ["Bosnia and Herzegovina", "Japan"])
    assert judge(pair, pd.Series(["Bosnia and Herzegovina"])).startswith("1 right, 0 that do not belong")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None, pd.NaT, np.float64("nan")])
def test_no_answer_is_recorded_that_nobody_could_give(value: Any, recorded: list[dict[str, Any]]) -> None:
    with pytest.raises(ValueError, match="answer x-1: expected a number, a word, a date"):
        answered(recorded, value)
    with pytest.raises(ValueError, match=r"expected a name in lower case.* found 'X 1'"):
        exercises.answer("X 1", 5)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["Japan", "australia"], "Right."),
        ({"Australia", "Japan"}, "Right."),
        ("Japan and Australia", "Right."),
        (pd.Series(["Japan", "Italy"]), "1 right, 1 that do not belong, 1 missing."),
        ("Japan", "1 right, 0 that do not belong, 1 missing."),
        (2016, "0 right, 1 that do not belong, 2 missing."),
        (np.array("Japan"), "1 right, 0 that do not belong, 1 missing."),
        (pd.DataFrame({"country": ["Japan", "Australia"]}), "Right."),
        (list, "0 right, 1 that do not belong, 2 missing."),
    ],
)
def test_several_words_are_judged_in_any_order(given: Any, said: str, recorded: list[dict[str, Any]]) -> None:
    assert judge(answered(recorded, pd.Index(["Australia", "Japan"])), given) == said


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One released exercise."""
    record = {
        "name": "days-1",
        "number": 354.0,
        "units": {"days": 1},
        "digits": 9,
        "hint": "Count both ends.",
        "why": "It depends.",
    }
    monkeypatch.setattr(exercises, "ANSWERS", tmp_path / "answers.json")
    exercises.ANSWERS.write_text(
        json.dumps({"days-1": base64.b64encode(json.dumps(record).encode()).decode()})
    )


@pytest.mark.usefixtures("released")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("days-1", 354), "days-1: Right.\nIt depends.\n"),
        (("days-1", 300), "days-1: Too low.\nCount both ends.\n"),
        (("days-1", ...), "days-1: no answer yet. Replace the three dots.\n"),
        (("days-1",), "days-1: no answer yet. Replace the three dots.\n"),
        (("day-1", 354), "day-1: no exercise has this name. Near it: days-1.\n"),
        (("zzz", 354), "zzz: no exercise has this name. Near it: none.\n"),
    ],
)
def test_check_says_it_at_once(
    arguments: tuple[Any, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exercises.check(*arguments)
    assert capsys.readouterr().out == said


def test_a_student_s_notebook_is_the_teacher_s_without_solutions() -> None:
    record = {"name": "days-1", "number": 354.0, "units": {"days": 1}, "digits": 9, "hint": ""}
    recording = new_output("display_data", {output.ANSWER: record, "text/plain": "days-1: 354 days"})
    cells = [
        new_markdown_cell("# Solutions: days", id="title"),
        new_markdown_cell("For teachers.", id="teacher", metadata={"tags": ["solution"]}),
        new_code_cell(
            "days = 1", id="start", outputs=[new_output("stream", text="old\n")], execution_count=1
        ),
        new_code_cell("answer(354)", id="answer", metadata={"tags": ["solution"]}, outputs=[recording]),
        new_markdown_cell(
            ":::{admonition} Why\n:class: dropdown\n\nIt is [354](#fact-days).\n:::",
            id="why",
            metadata={"tags": ["solution"]},
        ),
    ]
    notebook, answers = students.release(new_notebook(cells=cells))
    nbformat.validate(notebook)
    assert [(cell.id, cell.source) for cell in notebook.cells] == [
        ("title", "# Exercises: days"),
        ("start", "days = 1"),
        ("answer", 'check("days-1", ...)'),
    ]
    assert notebook.cells[1].outputs == []
    assert json.loads(base64.b64decode(answers["days-1"])) == {**record, "why": "It is 354."}


def test_what_is_attached_and_raw_goes_to_the_students_too() -> None:
    picture = {"a.png": {"image/png": "AA=="}}
    cells = [
        new_markdown_cell("![x](attachment:a.png)", id="pasted", attachments=picture),
        new_raw_cell("\\newpage", id="raw"),
    ]
    notebook, _ = students.release(new_notebook(cells=cells))
    nbformat.validate(notebook)
    assert [(cell.cell_type, cell.id) for cell in notebook.cells] == [("markdown", "pasted"), ("raw", "raw")]
    assert notebook.cells[0].attachments == picture
    assert students.release(new_notebook())[0].cells == []


@pytest.mark.parametrize("apart", [False, True])
def test_two_exercises_of_one_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    record = {"name": "days-1", "number": 354.0, "units": {"days": 1}, "digits": 9, "hint": ""}
    recording = new_output("display_data", {output.ANSWER: record, "text/plain": "days-1: 354 days"})
    cells = [
        new_code_cell("answer(354)", id=name, metadata={"tags": ["solution"]}, outputs=[recording])
        for name in ("one", "two")
    ]
    monkeypatch.setattr(students, "SEMINAR", tmp_path)
    monkeypatch.setattr(students, "ANSWERS", tmp_path / "answers.json")
    (tmp_path / "answers.json").write_text("{}")
    for folder in ("solutions", "exercises"):
        (tmp_path / folder).mkdir()
    for number, part in enumerate([cells[:1], cells[1:]] if apart else [cells]):
        nbformat.write(new_notebook(cells=part), tmp_path / "solutions" / f"{number}.ipynb")
    with pytest.raises(BookError, match=r"\.ipynb: .*found the exercise days-1 again$"):
        students.make()
    assert (tmp_path / "answers.json").read_text() == "{}"


def test_a_broken_solution_stops_the_release_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settle(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(students, "SEMINAR", tmp_path)
    monkeypatch.setattr(students, "ANSWERS", tmp_path / "answers.json")
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "01-x.ipynb").write_text("{")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "page.md").write_text("# Page\n")
    assert main(["rerun", "--all"]) == 1
    assert capsys.readouterr().err.endswith("01-x.ipynb: expected a notebook, found NotJSONError\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "book.toml", "solutions"]


def test_the_students_notebooks_and_the_answers_are_those_of_the_solutions() -> None:
    answers: dict[str, str] = {}
    for path in SOLUTIONS:
        notebook, found = students.release(notebooks.read(path))
        assert not answers.keys() & found.keys()
        answers |= found
        student = notebooks.read(ROOT / "book" / "seminar" / "exercises" / path.name)
        assert students.written(student) == students.written(notebook), f"{path.name}: run `make rerun`"
    assert json.loads(exercises.ANSWERS.read_text()) == answers, "answers.json: run `make rerun`"
    assert [path.name for path in notebooks.find(ROOT / "book" / "seminar" / "exercises")] == [
        path.name for path in SOLUTIONS
    ]


def test_every_chapter_has_its_exercises_from_reading_to_changing() -> None:
    chapters = [path.name[:2] for path in notebooks.find(ROOT / "book" / "chapters")]
    assert [path.name[:2] for path in SOLUTIONS] == chapters
    for path in SOLUTIONS:
        levels = re.findall(
            r"^## (Read|Compute|Change): ",
            "\n".join(cell.source for cell in notebooks.read(path).cells),
            re.MULTILINE,
        )
        recorded = output.stored(path, output.ANSWER)
        assert len(levels) == len(recorded) >= 5, path.name
        assert set(levels) == {"Read", "Compute", "Change"}, path.name
        assert all(record["hint"] for record in recorded)


@pytest.mark.parametrize("expected", ANSWERS, ids=[record["name"] for record in ANSWERS])
def test_each_recorded_answer_is_accepted_and_a_changed_one_refused(expected: dict[str, Any]) -> None:
    if "number" in expected:
        right, wrong = (
            [expected["number"] * factor for factor in expected["units"].values()],
            expected["number"] * 1.5,
        )
    elif "date" in expected:
        right, wrong = [expected["date"]], pd.Timestamp(expected["date"]) + pd.Timedelta(days=40)
    elif "set" in expected:
        right, wrong = [expected["set"]], expected["set"][1:]
    else:
        right, wrong = expected["words"], expected["words"][0][::-1]
    assert all(judge(expected, given).startswith("Right") for given in right)
    assert not judge(expected, wrong).startswith("Right")
