"""Exercises with instant feedback: ``check("growth-1", 2018)`` says at once whether an answer is right.

The teacher's notebooks in the seminar's folder ``solutions`` are the one authored source. Their cells tagged
``solution`` compute each answer from the data, record it with `answer` and explain it. `helpers.run.students`
makes from them the students' notebooks and ``answers.json``, which travels with the data, so that `check`
works wherever they are: in a clone, installed, and in a browser.
"""

import base64
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any

import pandas as pd

from helpers.chapter import output
from helpers.settings import root, settings

#: The released answers by the names of the exercises: base64 of JSON, so that nobody reads one by accident.
ANSWERS = root() / "book" / settings().folders.seminar / "answers.json"


#: A date of which only its writer knows the day and the month: 10/4/2024.
_DAY_OR_MONTH = re.compile(r"(?<![\d/.-])\d{1,2}\s*[-/. ]\s*\d{1,2}\s*[-/. ]\s*\d")


def answer(
    name: str,
    value: Any,
    *,
    unit: str = "",
    units: Mapping[str, float] | None = None,
    also: Sequence[str] = (),
    hint: str = "",
) -> None:
    """Record the answer of an exercise; the last call of a cell tagged ``solution``.

    Parameters
    ----------
    name
        Permanent name, unique in the book, such as ``"growth-1"``.
    value
        The answer, computed from the data: a number, a word, a date, or several words in any order.
        A whole number must be given exactly, another to two digits at least.
    unit
        Unit of a number, such as ``"per cent"``.
    units
        Other units in which the number is right too, each with the factor to it: ``{"share": 0.01}``.
    also
        Other words that mean the same.
    hint
        What to say when the answer is wrong.

    Raises
    ------
    ValueError
        If the name could be no address, or the value is missing or no finite number.
    """
    output.check_name(name)
    value = output.single(value)
    if value is None or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError(
            f"answer {name}: expected a number, a word, a date or several words, found {value!r}"
        )
    if isinstance(value, int | float):
        expected = {
            "number": float(f"{value:.12g}"),
            "units": {unit: 1, **(units or {})},
            "digits": 9 if isinstance(value, int) else 2,
        }
    elif isinstance(value, date):
        expected = {"date": f"{value:%Y-%m-%d}"}
    else:
        expected = {"words": [value, *also]} if isinstance(value, str) else {"set": sorted(map(_word, value))}
    output.show(
        {
            output.ANSWER: {"name": name, **expected, "hint": hint},
            "text/plain": f"{name}: {value} {unit}".rstrip(),
        }
    )


def check(name: str, given: Any = ...) -> None:
    """Say whether an answer to an exercise is right, and what may be wrong with it if not.

    Parameters
    ----------
    name
        Name of the exercise.
    given
        The answer: a number (or a text that begins with one), a word, a date, or a list or set of words.
        A number may be rounded, or in another unit that the exercise knows.

    Examples
    --------
    >>> check("x", 2018)
    x: no exercise has this name. Near it: none.
    """
    answers = json.loads(ANSWERS.read_text(encoding="utf-8")) if ANSWERS.is_file() else {}
    if name not in answers:
        near = ", ".join(get_close_matches(name, answers, cutoff=0.4))
        print(f"{name}: no exercise has this name. Near it: {near or 'none'}.")
    elif given is ...:
        print(f"{name}: no answer yet. Replace the three dots.")
    else:
        expected = json.loads(base64.b64decode(answers[name]))
        verdict = judge(expected, given)
        print(f"{name}: {verdict}", expected["why" if verdict.startswith("Right") else "hint"], sep="\n")


def judge(expected: dict[str, Any], given: Any) -> str:
    """Hold an answer against a recorded one.

    Parameters
    ----------
    expected
        What `answer` has recorded: a number with its units and digits, words, a set of words, or a date.
    given
        The answer, as `check` takes it.

    Returns
    -------
    str
        A sentence that begins with "Right" if it is, and else says what may be wrong.

    Examples
    --------
    >>> judge({"number": 42.3, "units": {"per cent": 1, "share": 0.01}, "digits": 2}, 0.42)
    'Right (in another unit: share).'
    >>> judge({"words": ["United States", "US"]}, "the us")
    'Right.'
    """
    if "set" in expected:
        return _judge_set(set(expected["set"]), given)
    given = output.single(given)
    if "number" in expected:
        return _judge_number(expected["number"], expected["units"], expected["digits"], given)
    if "date" in expected:
        return _judge_date(pd.Timestamp(expected["date"]), given)
    words = [_word(word) for word in expected["words"]]
    near = get_close_matches(_word(given), words, cutoff=0.85)
    return "Right." if _word(given) in words else "Nearly: mind the spelling." if near else "No."


def _judge_set(wanted: set[str], given: Any) -> str:
    parts = re.split(r",| and ", given) if isinstance(given, str) else output.single(given)
    words = set(map(_word, [parts] if isinstance(parts, str) or not isinstance(parts, Iterable) else parts))
    if words == wanted:
        return "Right."
    right, wrong, missing = len(words & wanted), len(words - wanted), len(wanted - words)
    return f"{right} right, {wrong} that do not belong, {missing} missing."


def _judge_date(day: pd.Timestamp, given: Any) -> str:
    text = str(given).strip()
    if _DAY_OR_MONTH.search(text):
        return "Which number is the day? Write the date as year-month-day, such as 2000-12-31."
    moment = pd.to_datetime(text, errors="coerce")
    if pd.isna(moment):
        return "A date is wanted."
    meant = moment.tz_localize(None).normalize()  # the day where its clock hangs
    return "Right." if meant == day else f"Too {'late' if meant > day else 'early'}."


def _number(given: Any) -> float:
    """Return the number that an answer begins with; NaN if there is none, or one beyond all measure."""
    try:
        text = str(given).replace("\N{MINUS SIGN}", "-")
    except ValueError:  # Python writes no integer of thousands of digits
        return math.nan
    start = re.fullmatch(r"[¥$€£ ]*([-+]?(?:\d[\d,]*)?\.?\d+(?:e[-+]?\d+)?).*", text)
    number = float(start[1].replace(",", "")) if start else math.nan
    return number if math.isfinite(number) else math.nan


def _judge_number(value: float, units: dict[str, float], digits: int, given: Any) -> str:
    first, number = next(iter(units)), _number(given)
    if math.isnan(number):
        return f"A number is wanted{', in ' + first if first else ''}."
    for unit, factor in units.items():
        if _is_rounded(number, value * factor, digits if unit == first else 2):
            return "Right." if unit == first else f"Right (in another unit: {unit})."
    ratio = number / value if value else 0
    power = math.log10(abs(ratio)) if ratio else 0
    if math.isclose(ratio, -1, rel_tol=0.01):
        return "The size is right, the sign is not."
    if round(power) and math.isclose(power, round(power), abs_tol=0.005):
        unit = first or "the unit that the question asks for"
        return f"The digits are right, the size is not: is it in {unit}?"
    return f"{'Nearly, but t' if abs(ratio - 1) < 0.03 else 'T'}oo {'high' if number > value else 'low'}."


def _is_rounded(given: float, value: float, digits: int) -> bool:
    """Say whether a number is a value rounded to the digits that it has, at least as many as asked."""
    written = len(f"{abs(given):.8e}".partition("e")[0].rstrip("0").replace(".", ""))
    place = math.floor(math.log10(abs(value))) + 1 - max(written, digits) if value else -digits
    return abs(given - value) <= 0.5000001 * 10.0**place


def _word(text: Any) -> str:
    """Return a word without what makes no difference: case, spaces, signs, articles."""
    return re.sub(r"\b(?:the|an?)\b|[\W_]+", "", str(text).casefold())
