"""What the prose is held against: ``fact(…)`` records a number, ``claims(…)`` what a text says."""

import math
import re
import warnings
from collections.abc import Callable, Sequence
from string import Formatter
from typing import Any

import pandas as pd

from helpers.chapter import data, matters, output
from helpers.chapter.numbers import SCALES, numbers
from helpers.chapter.schema import unknown

#: Works out a fact from the selections that it names: a number, a name or a day, or a tuple of these.
Value = Callable[..., Any]


def fact(
    name: str,
    text: str,
    value: Value | str | list[str],
    *rows: pd.DataFrame,
    definition: str,
    computed: str | None = None,
) -> None:
    """Record a number that the prose prints as ``[text](#fact-name)``, worked out from its rows.

    Parameters
    ----------
    name
        Permanent name, unique in the book; the link's target is ``#fact-`` and this name.
    text
        The words that the prose prints, with a replacement field for each value in order, such as
        ``"{} of {} days"``. A number before "thousand", "million", "billion" or "trillion" is divided by it:
        ``"{:.1f} trillion yen"`` prints 11.0 trillion for 11e12. Everything else that is typed has no number.
    value
        Called with the selections; returns the number, the name or the day, or a tuple of these. Or a column,
        ``"days"``, of which each selection gives a value if it has one row, else what a word of pandas makes
        of its rows, ``"sum(days)"``, as in a chart; or a list of these.
    rows
        Selections of loaded tables. Each must matter: without its rows the value would be another.
    definition
        What exactly is counted or measured.
    computed
        Where the value is not counted or measured but follows from a model: the model's name.

    Raises
    ------
    ValueError
        If a selection is empty, none of a loaded table, or does not bear on the value; if the value is
        missing, not finite or a truth value, or has another number of parts than the text has fields; if the
        text has a number of its own; if a number is negative and its field does not ask for a sign (``{:+}``,
        ``{:-}``).

    Examples
    --------
    >>> sources = data.load("sources")
    >>> old = sources[sources.retrieved < "1990-01-01"]
    >>> fact("read-early", "{:,} sources", len, old, definition="Sources read before the web was there.")
    Traceback (most recent call last):
    ValueError: fact read-early: expected at least one row of sources, found none
    """
    output.check_name(name)
    for label, said in (("text", text), ("definition", definition)):
        if not isinstance(said, str) or not said.strip() or said != " ".join(said.split()):
            raise ValueError(f"fact {name}: expected a {label} on one line, found {said!r}")
    if not rows:
        raise ValueError(f"fact {name}: expected the rows that the value is worked out from, found none")
    for selection in rows:
        _check_rows(name, selection)
    if not callable(value):
        value = _of_columns(name, [value] if isinstance(value, str) else value, rows)
    values = _values(name, value(*rows))
    for i, selection in enumerate(rows):
        if any(values) and _without(name, value, rows, i) == values:
            table = selection.attrs["table"]
            raise ValueError(
                f"fact {name}: expected a value that hangs on each selection, found the same without the "
                f"rows of {table}; name only what the value is worked out from"
            )
    lines, columns = data.lines(*rows), ("source_id", "second_source_id")
    named = (each for held in rows for column in held if column in columns for each in held[column].dropna())
    sources = list(dict.fromkeys(map(str, named)))
    printed = _printed(name, text, values)
    record = {
        "name": name,
        "value": values[0] if len(values) == 1 else list(values),
        "text": printed,
        "definition": definition,
        "rows": [{"table": table, "lines": held} for table, held in lines.items()],
        "sources": sources,
    }
    if computed:
        record["computed"] = computed
    where = "; ".join(f"{table}.csv {held}" for table, held in lines.items())
    how = f"; computed: {computed}" if computed else ""
    output.show(
        {output.FACT: record, "text/plain": f"{printed} ({definition}; {where}{how}; {', '.join(sources)})"}
    )


def claims(chapter: str) -> None:
    """Show the claims that a chapter answers, each with its verdict and, if it names a matter, its status.

    Parameters
    ----------
    chapter
        The chapter's file name without its ending, such as ``"04-bridges"``.

    Raises
    ------
    ValueError
        If ``claims.csv`` has no claim for the chapter.
    """
    table = matters.with_status(data.load("claims"))
    rows = table[table["chapter"] == chapter].sort_values(["paragraph", "claim_id"])
    if rows.empty:
        raise ValueError(f"claims.csv: expected at least one claim for chapter {chapter!r}, found none")
    records = [{str(column): _text(row[column]) for column in rows.columns} for _, row in rows.iterrows()]
    now = {r["claim_id"]: f"; now: {r['status_now']}" if r["status_now"] else "" for r in records}
    lines = [f"- {r['claim']} **{r['verdict']}**{now[r['claim_id']]}" for r in records]
    output.show(
        {
            output.CLAIMS: {"chapter": chapter, "claims": records},
            "text/markdown": "\n".join(lines),
            "text/plain": "\n".join(lines),
        }
    )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _of_columns(name: str, said: list[str], rows: Sequence[pd.DataFrame]) -> Value:
    """Return the function for which columns stand, each alone or with what it comes to: ``sum(days)``."""
    words = [each.removesuffix(")").rpartition("(") for each in said]
    for selection in rows:
        for _, _, column in words:
            if column not in selection:
                table, known = selection.attrs["table"], map(str, selection)
                raise unknown(f"fact {name}: {table}", "column", column, known)
    return lambda *held: tuple(
        each[column].agg(how) if how else each[column] for each in held for how, _, column in words
    )


def _values(name: str, value: Any) -> tuple[Any, ...]:
    """Return what a value is made of, as the plain types that JSON has: numbers, names, days in ISO form."""
    return tuple(_plain(name, part) for part in (value if isinstance(value, tuple) else (value,)))


def _plain(name: str, part: Any) -> Any:
    part = output.single(part)
    if isinstance(part, pd.Timestamp):
        return f"{part:%Y-%m-%d}"
    if isinstance(part, str) and part:
        return part
    if isinstance(part, int | float) and not isinstance(part, bool) and math.isfinite(part):
        return part + 0  # nought has no sign
    kind = type(part).__name__
    raise ValueError(f"fact {name}: expected a finite number, a name or a day, found {part!r} ({kind})")


def _without(name: str, value: Value, rows: Sequence[pd.DataFrame], at: int) -> tuple[Any, ...] | None:
    """Return what the value would be without one selection's rows, or None if there would be none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a mean of nothing, say
        try:
            return _values(name, value(*rows[:at], rows[at].iloc[:0], *rows[at + 1 :]))
        except Exception:
            return None


def _printed(name: str, text: str, values: Sequence[Any]) -> str:
    """Return the text with the values in it, each divided by the word of scale that follows it."""
    parts = list(Formatter().parse(text))
    fields = [(spec or "") for _, field, spec, _ in parts if field is not None]
    if len(fields) != len(values):
        raise ValueError(
            f"fact {name}: expected {len(values)} field(s) in the text, found {len(fields)} in {text!r}"
        )
    typed = "".join(literal + ("\0" if field is not None else "") for literal, field, _, _ in parts)
    loose = numbers(re.sub(rf"\0 (?:{'|'.join(SCALES)})\b", "\0", typed))
    if loose:
        raise ValueError(f"fact {name}: expected no typed number in the text, found {loose[0]!r} in {text!r}")
    printed, left = "", list(values)
    for i, (literal, field, spec, _) in enumerate(parts):
        printed += literal
        if field is not None:
            after = parts[i + 1][0] if i + 1 < len(parts) else ""
            scale = re.match(rf" ({'|'.join(SCALES)})\b", after)
            printed += _one(name, left.pop(0), spec or "", SCALES[scale[1]] if scale else 1)
    return printed


def _one(name: str, value: Any, spec: str, scale: float) -> str:
    if isinstance(value, str):
        return f"{pd.Timestamp(value):{spec}}" if "%" in spec else f"{value:{spec}}"
    if value < 0 and not re.match(r"(?:.?[<>=^])?[+ -]", spec):
        raise ValueError(
            f"fact {name}: expected no negative number, or a field that asks for the sign as {{:-}} does, "
            f"found {value!r}"
        )
    written = f"{value / scale if scale != 1 else value:{spec}}"
    if re.fullmatch(r"-0(\.0+)?", written):
        raise ValueError(f"fact {name}: expected more digits, found {value!r} printed as {written!r}")
    return written.replace("-", "\N{MINUS SIGN}")


def _check_rows(name: str, rows: Any) -> None:
    if not isinstance(rows, pd.DataFrame) or "table" not in rows.attrs or rows.index.name != "line":
        raise ValueError(
            f"fact {name}: expected rows selected from a loaded table (filtered, not grouped or merged), "
            f"found {type(rows).__name__}"
        )
    if rows.empty:
        raise ValueError(f"fact {name}: expected at least one row of {rows.attrs['table']}, found none")
