"""Records that the prose is held against: ``fact(…)`` for a number, ``claims(…)`` for what the article says."""

from typing import Any

import pandas as pd

from helpers import data, output, prose

Number = int | float


def fact(
    name: str,
    value: Number | str | tuple[Number, ...],
    text: str,
    *,
    rows: pd.DataFrame | list[pd.DataFrame],
    definition: str,
) -> None:
    """Record a number that the prose prints as ``[text](#fact-name)``.

    Parameters
    ----------
    name
        Permanent name, unique in the book; the link's target is ``#fact-`` and this name.
    value
        The number, or the numbers in the order in which the text has them, or a name.
    text
        The words that the prose prints, such as ``"357 of 365 days"``.
    rows
        The rows that the value rests on: a selection of a loaded table, or a list of selections.
    definition
        What exactly is counted or measured.

    Raises
    ------
    ValueError
        If the text says another number than the value, or the rows are not a selection of a loaded table.
    """
    values = value if isinstance(value, tuple) else (value,)
    _check_text(name, tuple(_plain(v) for v in values), text)
    selections = rows if isinstance(rows, list) else [rows]
    for selection in selections:
        _check_rows(name, selection)
    lines, columns = data.lines(*selections), ("source_id", "second_source_id")
    named = (each for held in selections for column in held if column in columns for each in held[column].dropna())
    sources = list(dict.fromkeys(map(str, named)))
    record = {
        "name": name,
        "value": [_plain(v) for v in values] if isinstance(value, tuple) else _plain(value),
        "text": text,
        "definition": definition,
        "rows": [{"table": table, "lines": held} for table, held in lines.items()],
        "sources": sources,
    }
    where = "; ".join(f"{table}.csv {held}" for table, held in lines.items())
    output.show({output.FACT: record, "text/plain": f"{text} ({definition}; {where}; {', '.join(sources)})"})


def claims(chapter: str) -> None:
    """Show the article's claims that a chapter answers, each with its verdict and present status.

    Parameters
    ----------
    chapter
        The chapter's file name without its ending, such as ``"04-senkaku-article-v"``.

    Raises
    ------
    ValueError
        If ``claims.csv`` has no claim for the chapter.
    """
    table = data.load("claims")
    rows = table[table["chapter"] == chapter].sort_values(["paragraph", "claim_id"])
    if rows.empty:
        raise ValueError(f"claims.csv: expected at least one claim for chapter {chapter!r}, found none")
    records = [{str(column): _text(row[column]) for column in rows.columns} for _, row in rows.iterrows()]
    lines = [f"- {r['claim']} **{r['verdict']}**; now: {r['status_now']}" for r in records]
    output.show({output.CLAIMS: {"chapter": chapter, "claims": records}, "text/markdown": "\n".join(lines), "text/plain": "\n".join(lines)})


def _plain(value: Any) -> Any:
    """Return a numpy scalar as the plain Python number that JSON can hold."""
    return value.item() if hasattr(value, "item") else value


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _check_text(name: str, values: tuple[Any, ...], text: str) -> None:
    if all(isinstance(value, str) for value in values):
        for value in values:
            if value not in text:
                raise ValueError(f"fact {name}: expected a text with {value!r}, found {text!r}")
        return
    printed = prose.quantities(text)
    if len(printed) != len(values):
        raise ValueError(f"fact {name}: expected {len(values)} number(s) in the text, found {len(printed)} in {text!r}")
    for value, (digits, scale) in zip(values, printed, strict=True):
        decimals = len(digits.partition(".")[2])
        # Half a unit of the last place: rounding to even and rounding half up are both accepted.
        if abs(float(digits.replace(",", "")) - abs(value) / scale) > 0.5000001 * 10**-decimals:
            raise ValueError(f"fact {name}: expected {abs(value) / scale:,.{decimals}f} in the text, found {text!r}")


def _check_rows(name: str, rows: pd.DataFrame) -> None:
    if "table" not in rows.attrs or rows.index.name != "line":
        raise ValueError(f"fact {name}: expected rows selected from a loaded table (filtered, not grouped or merged)")
    if rows.empty:
        raise ValueError(f"fact {name}: expected at least one row of {rows.attrs['table']}, found none")
