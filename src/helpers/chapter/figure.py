"""``figure(chart, …)``: a chart with all that a page needs to know about it; ``table(df, …)`` likewise."""

import base64
import html
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import altair
import numpy as np
import pandas as pd

from helpers.chapter import columns, drawing, output, theme, values, vegalite
from helpers.chapter import data as package
from helpers.chapter.schema import UNSEEN

_ADJECTIVES = (
    "high|low|large|small|long|short|big|great|few|earl|late|near|far|strong|weak|pale|dark|wide|narrow|deep|"
    "fast|slow|old|young|poor|rich|heav|light|steep|flat|close|tall|busi|quiet|loud|broad"
)
#: Rows that a page can show in one table.
MOST_ROWS = 1000
#: Words that say more than a reader can count: superlatives, firsts, records, what holds of all or of none.
STRONG = re.compile(
    rf"\b(?:(?:{_ADJECTIVES})(?:i?est|st)|(?<!at )(?:most|least)|(?<!at )first|records?|never|always|every|"
    r"everywhere|everybody|none|no(?!\.)|nobody|nothing|only)\b",
    re.IGNORECASE,
)
#: What a title must not say unasked either: numbers in words, and which way or how much.
FINDING = re.compile(
    rf"{STRONG.pattern}|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hal(?:f|ves|ved)|"
    r"thirds?|quarters?|fifths?|twice|doubled?|trebled?|ris(?:e|es|en|ing)|rose|f[ae]ll(?:s|en|ing)?|"
    r"gr[eo]w(?:s|n|th)?|shr[aiu]nk|climb(?:s|ed)?|drop(?:s|ped)?|jump(?:s|ed)?|more|fewer|less|before|after|"
    r"above|below|hardly|nearly|(?:high|low|larg|small|long|short|lat|earli|near)er)\b",
    re.IGNORECASE,
)


def figure(
    chart: Any,
    name: str,
    *,
    title: str,
    caption: str,
    alt: str,
    table: str | list[str] | None = None,
    sources: list[str] | str | None = None,
    holds: Mapping[str, bool] | None = None,
    unit: str | None = None,
    note: str | None = None,
    data: pd.DataFrame | None = None,
) -> None:
    """Show a chart as a figure of the book; the last call of a chart cell.

    Parameters
    ----------
    chart
        An Altair chart without a width: single, layered, faceted or ``vconcat``.
    name
        Permanent name, ``fig-…``: target of links, name of the downloads.
    title
        The finding, in one short sentence.
    caption
        What is drawn and how to read it.
    alt
        The pattern in full sentences, for those who do not see the picture.
    table
        Table or tables of the data package from which the chart is drawn; if not given, those whose rows it
        draws. A chart that has grouped or joined rows names its tables.
    sources
        Ids in ``sources.csv``, each of which must occur in ``table``; if not given, those that the drawn rows
        of ``table`` name, or all its rows where a chart has grouped or joined them.
    holds
        Why the strong words of title, caption and alt text are true: for each phrase with one in it (see
        `STRONG`, and `FINDING` for the title) an expression over the drawn data, as in
        ``{"highest in": counts.idxmax() == 2016}``.
    unit
        Unit of the values, such as ``"days a month"``, in the words that the tables have for theirs.
    note
        What is estimated or provisional, where a series breaks.
    data
        Rows offered as "Data" where they should not be the chart's first data set.

    Raises
    ------
    ValueError
        If the name or a text does not do its job, a source is not one of the tables', or a strong word is
        not borne out; if the chart names a column that its data do not have, or its drawing lacks what a
        reader must see (see `helpers.chapter.drawing`).
    """
    output.check_name(name, "fig-")
    _check_kinds(name, table=table, sources=sources, unit=unit, note=note)
    _check_text(name, "a title", title, 10)
    _check_text(name, "a caption", caption, 20)
    _check_text(name, "an alt text", alt, 60)
    if alt == caption:
        raise ValueError(f"{name}: expected an alt text that says the pattern, found the caption again")
    if not isinstance(holds or {}, Mapping):
        raise ValueError(f"{name}: expected holds={{phrase: expression}}, found {type(holds).__name__}")
    if data is not None and not (isinstance(data, pd.DataFrame) and len(data)):
        raise ValueError(f"{name}: expected data=, a DataFrame with rows, found {data!r:.40}".split("\n")[0])
    _check_strong(name, {"title": title, "caption": caption, "alt text": alt}, holds or {})
    tables, lines = _tables(name, table, *_frames(chart))
    sources = _sources(name, sources, tables, lines)
    drawing.check_values(name, _frames(chart))
    spec = drawing.as_spec(name, chart)
    if "title" in spec:
        raise ValueError(f"{name}: expected one title, found another in the chart; say it in title=")
    drawing.check_room(name, spec)
    columns.check(name, spec)
    values.check(name, spec)
    fields = {column: field for each in reversed(tables) for column, field in package.fields(each).items()}
    drawing.check_unit(name, spec, unit, fields, " ".join([title, caption, alt, *tables]))
    if data is not None:
        rows = altair.Chart(data).mark_point().to_dict()
        spec.setdefault("datasets", {}).update(rows["datasets"])
    drawn = rows["data"]["name"] if data is not None else _longest(spec)
    meta = {
        "name": name,
        "title": title,
        "caption": caption,
        "unit": unit,
        "note": note,
        "sources": sources,
        "tables": tables,
        "lines": lines,
        "rows": drawn,
    }
    spec |= {
        "title": title,
        "description": alt,
        "usermeta": {key: value for key, value in meta.items() if value},
    }
    bundle = {output.FIGURE: spec, "text/plain": f"{title}. {alt}"}
    try:
        views = {variant: vegalite.fitted(vegalite.inside(spec), variant) for variant in theme.WIDTHS}
    except ModuleNotFoundError:  # in a browser the page itself draws the spec
        output.show(bundle)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    else:
        for variant, view in views.items():
            drawing.check_drawn(name, spec, vegalite.svg(view), variant)
        drawn = vegalite.svg(vegalite.alone(spec, views["wide"]))
        # For front ends without Vega 6. JupyterLab shows no SVG in a notebook that it does not trust, such as
        # a fresh clone's.
        picture = base64.b64encode(vegalite.png(drawn)).decode()
        output.show({**bundle, output.PICTURE: picture}, vegalite.drawn_width(drawn))


def table(
    df: pd.DataFrame,
    name: str,
    *,
    caption: str,
    table: str | list[str] | None = None,
    sources: list[str] | str | None = None,
    note: str | None = None,
) -> None:
    """Show a table as a numbered table of the book; its column names are the headers that readers see.

    Parameters are those of `figure`; ``name`` begins with ``tab-`` and the cells are printed as they are.

    Raises
    ------
    ValueError
        If name or caption do not do their job, the table is none, is empty or too long for a page, has names
        in its index, or a source is not one of the tables'.
    """
    output.check_name(name, "tab-")
    if not isinstance(df, pd.DataFrame):
        raise ValueError(f"{name}: expected a DataFrame, found {type(df).__name__}")
    _check_kinds(name, table=table, sources=sources, note=note)
    drawing.check_heads(name, df)
    if df.index.name not in (None, "line"):
        raise ValueError(
            f"{name}: expected what readers should see in columns, found {df.index.name!r} in the index; "
            "add .reset_index()"
        )
    _check_text(name, "a caption", caption, 10)
    if len(df) > MOST_ROWS:
        raise ValueError(
            f"{name}: expected at most {MOST_ROWS:,} rows, found {len(df):,}; show sums or a selection, the "
            "data package has all"
        )
    tables, lines = _tables(name, table, df)
    sources = _sources(name, sources, tables, lines)
    if df.empty:
        raise ValueError(f"{name}: expected rows, found none")
    if any(
        isinstance(value, float) and math.isinf(value) for row in df.itertuples(index=False) for value in row
    ):
        raise ValueError(f"{name}: expected finite numbers, found an infinite one")
    rows = [[cell(value) for value in row] for row in df.itertuples(index=False)]
    headers = [str(column) for column in df.columns]
    numeric = [pd.api.types.is_numeric_dtype(dtype) for dtype in df.dtypes]
    meta = {
        "name": name,
        "caption": caption,
        "sources": sources,
        "tables": tables,
        "lines": lines,
        "note": note,
    }
    output.show(
        {
            output.TABLE: {
                "schema": {
                    "fields": [
                        {"name": h, "type": "number" if n else "string"}
                        for h, n in zip(headers, numeric, strict=True)
                    ]
                },
                "data": [dict(zip(headers, row, strict=True)) for row in rows],
                "report-book": {key: value for key, value in meta.items() if value},
            },
            "text/html": _html_table(headers, rows, caption),
            "text/plain": caption,
        }
    )


def cell(value: Any) -> str:
    """Return a value as a reader should see it: thousands with commas, few decimals, days in ISO form.

    Examples
    --------
    >>> cell(1168), cell(0.4200), cell(float("nan")), cell(pd.Timestamp("2024-04-10"))
    ('1,168', '0.42', '', '2024-04-10')
    """
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 10 else f"{value:,.6g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _check_kinds(name: str, **given: Any) -> None:
    """Demand names for tables and sources, texts for unit and note, or nothing at all."""
    for key, value in given.items():
        names = value if isinstance(value, list) else [value]
        if key in ("unit", "note") and value is not None:
            _check_text(name, f"a {key}", value, 1)
        elif value is not None and not all(isinstance(each, str) for each in names):
            raise ValueError(f"{name}: expected a name or a list of names as {key}, found {value!r}")


def _check_text(name: str, what: str, text: Any, least: int) -> None:
    """Demand a text for readers: long enough, on one line, whole, and without links, which would stay raw."""
    if not isinstance(text, str) or len(text.strip()) < least:
        raise ValueError(f"{name}: expected {what} of at least {least} characters, found {text!r}")
    if unseen := re.search(UNSEEN, text):
        raise ValueError(f"{name}: expected {what} without signs that nobody sees, found {unseen[0]!r}")
    if text != " ".join(text.split()):
        raise ValueError(f"{name}: expected {what} on one line, with single spaces, found {text!r}")
    if gap := re.search(r"\b(?:nan|NaT|inf)\b|<NA>", text):
        raise ValueError(f"{name}: expected {what} without a missing value, found {gap[0]!r} in {text!r}")
    if field := re.search(r"\{[A-Za-z_][^{}\s]*\}", text):
        raise ValueError(
            f"{name}: expected {what} with its values in it, found {field[0]!r}; write f before the text"
        )
    if link := re.search(r"\[[^\]]*\]\([^)]*\)", text):
        raise ValueError(
            f"{name}: expected {what} in plain words, found {link[0]!r}; links stand in the page"
        )


def _check_strong(name: str, texts: Mapping[str, str], holds: Mapping[str, bool]) -> None:
    """Demand that each strong word lies in a phrase that is borne out, and that each phrase is said."""
    for phrase, true in holds.items():
        if not any(phrase in text for text in texts.values()):
            raise ValueError(f"{name}: expected a text that says {phrase!r}, found none")
        if not FINDING.search(phrase):
            raise ValueError(f"{name}: expected a strong word in {phrase!r}, which holds; found none")
        if not isinstance(true, bool | np.bool_):
            raise ValueError(f"{name}: expected True or False for {phrase!r}, found {type(true).__name__}")
        if not true:
            raise ValueError(f"{name}: the data does not bear out {phrase!r}")
    for label, text in texts.items():
        spans = [(at.start(), at.end()) for phrase in holds for at in re.finditer(re.escape(phrase), text)]
        for word in (FINDING if label == "title" else STRONG).finditer(text):
            if not any(start <= word.start() and word.end() <= end for start, end in spans):
                around = text[max(0, word.start() - 20) : word.end() + 20]
                raise ValueError(
                    f"{name}: expected an expression that bears out {word[0]!r} in the {label} "
                    f"(… {around} …), found none; add it to holds"
                )


def _tables(name: str, given: str | list[str] | None, *frames: Any) -> tuple[list[str], dict[str, str]]:
    """Return the tables that are given, or else those of which rows are drawn, and these rows' lines."""
    lines = package.lines(*frames)
    drawn = (frame for frame in frames if isinstance(frame, pd.DataFrame))
    if given is None and lines and not all(map(package.lines, drawn)):
        raise ValueError(f"{name}: expected table=…, found rows beside those of {', '.join(lines)}")
    return [given] if isinstance(given, str) else list(lines if given is None else given), lines


def _sources(
    name: str, given: list[str] | str | None, tables: list[str], lines: Mapping[str, str]
) -> list[str]:
    """Return the sources: those that are given, if the tables name them, or else those of the drawn rows."""
    given = [given] if isinstance(given, str) else given
    named: dict[str, None] = {}
    for table in tables:
        rows = package.load(table)
        if given is None and table in lines:
            rows = rows.loc[package.numbered(lines[table])]
        of_sources = [column for column in rows.columns if column.endswith("source_id")]
        named |= dict.fromkeys(str(value) for value in rows[of_sources].stack().dropna())
    for source_id in given or []:
        package.source(source_id)
        if tables and source_id not in named:
            raise ValueError(f"{name}: expected sources that {', '.join(tables)} names, found {source_id!r}")
    sources = list(named) if given is None else given
    if not sources:
        raise ValueError(f"{name}: expected at least one source, found none")
    return sources


def _frames(chart: Any) -> Iterator[Any]:
    """Yield what a chart and the charts in it draw."""
    yield getattr(chart, "data", None)
    for parts in ("layer", "vconcat", "hconcat", "concat"):
        for part in getattr(chart, parts, []):
            yield from _frames(part)
    if hasattr(chart, "spec"):
        yield from _frames(chart.spec)


def _datasets(spec: Any) -> Iterator[str]:
    """Yield the names of the data sets that the spec draws, in reading order, map outlines left out."""
    stack = [spec]
    datasets = spec.get("datasets", {})
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            name = node["data"].get("name", "") if isinstance(node.get("data"), dict) else ""
            if isinstance(datasets.get(name), list) and "geometry" not in (datasets[name] or [{}])[0]:
                yield name
            stack += [value for key, value in reversed(node.items()) if key != "datasets"]
        elif isinstance(node, list):
            stack += reversed(node)


def _longest(spec: vegalite.Spec) -> str | None:
    """Return the first data set that is drawn; where layers draw selections of one table, the longest."""
    names = list(dict.fromkeys(_datasets(spec)))
    heads = {name: {column for row in spec["datasets"][name] for column in row} for name in names}
    alike = [name for name in names if heads[name] == heads[names[0]]]
    return max(alike, key=lambda name: len(spec["datasets"][name]), default=None)


def _html_table(headers: list[str], rows: list[list[str]], caption: str) -> str:
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in headers)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    caption = html.escape(caption)
    return f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
