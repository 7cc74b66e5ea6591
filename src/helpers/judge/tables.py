"""Truths that hold inside and between tables of any book, and, by the settings, those of the book.

The tests demand them, and a page of the book lists them.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from math import prod
from typing import Any

import pandas as pd

from helpers.chapter import data
from helpers.chapter.data import load
from helpers.chapter.matters import by_subject
from helpers.chapter.schema import listed
from helpers.files import BookError
from helpers.judge.truths import CHECKS, EXCEPTED, Check, check, end, groups, rows, start, tables, together
from helpers.settings import settings


def checks() -> list[Check]:
    """Return the general checks and then those of the book, whichever was imported first.

    Raises
    ------
    BookError
        If the settings name a module for the latter that there is not.
    """
    if name := settings().checks:
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            if not f"{name}.".startswith(f"{error.name}."):
                raise
            raise BookError(f"book.toml: checks: expected a module, found {name!r}, which is none") from error
    return sorted(CHECKS, key=lambda check: not check.general)


@check(general=True)
def _a_second_source_is_another_one() -> pd.Series:
    """Where a row names a second source, it is not the first one again."""
    return together(
        rows(t, t["second_source_id"] != t["source_id"]) for t in tables("source_id", "second_source_id")
    )


@check(general=True)
def _a_source_is_read_after_it_appeared() -> pd.Series:
    """No source was published after the day on which it was read."""
    sources = load("sources").dropna(subset="published")
    return rows(sources, sources["published"].map(start) <= sources["retrieved"])


@check(general=True)
def _a_publisher_is_a_party_everywhere_or_nowhere() -> pd.Series:
    """Sources of one publisher are flagged alike, as a party to what they tell or not."""
    if "party" not in data.fields("sources"):
        return pd.Series(dtype=bool)
    return groups("sources", load("sources").groupby("publisher")["party"].nunique() == 1)


def _partners(column: str) -> list[str]:
    """Return the columns that a column would stand before, as ``due_to`` for ``due_from``."""
    ends, words = {"start": "end", "first": "last", "from": "to", "low": "high"}, column.split("_")
    return [
        "_".join([*words[:i], ends[word], *words[i + 1 :]]) for i, word in enumerate(words) if word in ends
    ]


@check(general=True)
def _a_span_ends_after_it_begins() -> pd.Series:
    """Columns that are named as two ends (start, end; first, last; from, to; low, high) keep their order."""
    ends = (
        (table, column, partner)
        for table in tables()
        for column in map(str, table.select_dtypes(exclude="str").columns)
        for partner in _partners(column)
        if partner in table.columns
    )
    return together(rows(t, ~(t[first] > t[last]).fillna(False)) for t, first, last in ends)


@check(general=True)
def _nothing_is_later_than_the_data_reach() -> pd.Series:
    """No day, month or year of a row is later than the day to which its table reaches."""
    verdicts: dict[str, bool] = {}
    for table in tables():
        name, reach = table.attrs["table"], data.resource(table.attrs["table"])["vintage"]
        for column, field in data.fields(name).items():
            if field["type"] in ("date", "yearmonth", "year"):
                limit = end(reach) if field["type"] != "year" else end(reach).year
                late = table.loc[(table[column] > limit).fillna(False), column]
                verdicts[_beyond(f"{name}: {column}", late, reach)] = late.empty
    return pd.Series(verdicts, dtype=bool)


def _beyond(label: str, late: pd.Series, reach: str) -> str:
    """Return the label of a column, with the first line that is late and what to do, unless it may be."""
    if late.empty or label in EXCEPTED.get("Nothing is later than the data reach", {}):
        return label
    value, table = late.iloc[0], label.partition(":")[0]
    day = f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value
    return f"{label}: line {late.index[0]} has {day}, vintage {reach}: raise vintage in data/{table}.json"


#: What a field's unit says where its name ends so.
_UNITS = {
    "km": "km", "deg": "degrees", "pct": "per cent", "bn": "billion", "billion": "billion",
    "million": "million", "minutes": "minutes", "days": "days",
}  # fmt: skip


@check(general=True)
def _a_field_has_the_unit_that_its_name_ends_in() -> pd.Series:
    """What is called …_km is in km, …_pct in per cent, …_million in millions."""
    verdicts: dict[str, bool] = {}
    for table in tables():
        for column, field in data.fields(table.attrs["table"]).items():
            ending = column.rpartition("_")[2]
            if ending in _UNITS and "_" in column and "unit" in field:
                right = _UNITS[ending] in field["unit"]
                found = "" if right else f": {field['unit']!r}"
                verdicts[f"{table.attrs['table']}: {column}{found}"] = right
    return pd.Series(verdicts, dtype=bool)


@check(general=True)
def _a_source_is_no_older_than_what_it_tells() -> pd.Series:
    """Of the sources of a dated row one at least appeared on its day or later; corrections are our own."""
    published = load("sources").set_index("source_id")["published"].dropna().map(end)
    verdicts = []
    for table in (each for each in tables("source_id", "date") if each.attrs["table"] != "corrections"):
        days = table["date"] if table["date"].dtype.kind == "M" else table["date"].map(_first, "ignore")
        named = [column for column in table.columns if column.endswith("source_id")]
        last = table[named].apply(lambda column: column.map(published)).max(axis=1)
        verdicts.append(rows(table, ~(last < pd.to_datetime(days)).fillna(False)))
    return together(verdicts)


def _first(day: object) -> pd.Timestamp:
    return start(str(day))


@check(general=True)
def _a_status_is_no_younger_than_the_matters() -> pd.Series:
    """The date of a matter's status lies within the reach of the table of matters."""
    if not data.has("matters"):
        return pd.Series(dtype=bool)
    matters, reach = load("matters").dropna(subset="status_date"), end(data.resource("matters")["vintage"])
    return rows(matters, matters["status_date"].map(start) <= reach)


@check(general=True)
def _a_status_says_when_and_by_whom() -> pd.Series:
    """A matter of which something is known has a date and a source for its status; none has one alone."""
    if not data.has("matters"):
        return pd.Series(dtype=bool)
    matters = load("matters")
    dated, sourced = (matters[column].notna() for column in ("status_date", "status_source_id"))
    return rows(matters, (dated == sourced) & (dated | matters["status_now"].isin(settings().silent)))


@check(general=True)
def _no_weak_source_carries_a_status() -> pd.Series:
    """No status of a matter rests on a source of grade C, and no row on such sources alone is called final.

    Claims and commitments have the status of their matter.
    """
    if "grade" not in data.fields("sources"):
        return pd.Series(dtype=bool)
    weak = load("sources").set_index("source_id")["grade"] == "C"
    verdicts = []
    if data.has("matters"):
        matters = load("matters").dropna(subset="status_source_id")
        verdicts.append(rows(matters, ~matters["status_source_id"].map(weak)))
    for table in tables("status", "source_id"):
        settled = table[table["status"] == "final"]
        named = settled.filter(regex="source_id$").apply(lambda column: column.map(weak))
        verdicts.append(rows(settled, named.eq(False).any(axis="columns")))
    return together(verdicts)


@check(general=True)
def _silence_rests_on_searches() -> pd.Series:
    """What is said to be without news was searched for at least three times, in at least two languages.

    That are matters with such a status, and lines of the text.
    """
    if not data.has("searches"):
        return pd.Series(dtype=bool)
    matters, searches = load("matters"), by_subject(load("searches"))
    named = {*matters["matter_id"], *load("claims")["claim_id"]}
    silent = matters.loc[matters["status_now"].isin(settings().silent), "matter_id"]
    lines = searches.loc[~searches["subject"].isin(named), "subject"]
    found = searches.groupby("subject")["language"].agg(["size", "nunique"])
    found = found.reindex(sorted({*silent, *lines}), fill_value=0)
    return groups("searches", (found["size"] >= 3) & (found["nunique"] >= 2))


@check(general=True)
def _a_date_known_to_the_month_stands_on_its_first_day() -> pd.Series:
    """Where only the month or the year is known, the date is its first day, as the tables promise."""
    verdicts = []
    for table in tables("precision"):
        day = table.select_dtypes("datetime").iloc[:, 0].dt
        first = (table["precision"] != "month") & (table["precision"] != "year") | (day.day == 1)
        verdicts.append(rows(table, first & ((table["precision"] != "year") | (day.month == 1))))
    return together(verdicts)


@check(general=True)
def _what_is_not_final_says_why() -> pd.Series:
    """An estimate, and what is provisional or disputed, has a note."""
    verdicts = []
    for table in tables("status", "note"):
        settled = ~table["status"].isin(["estimate", "provisional", "disputed"])
        verdicts.append(rows(table, settled | table["note"].notna()))
    return together(verdicts)


#: Columns that say when the thing was that a row is of.
_DAYS = ("date", "start", "end", "month", "since", "signed")


@check(general=True)
def _a_year_in_a_name_is_that_of_its_day() -> pd.Series:
    """Where a row's name or label has one year, its day, month or span is of that year; FY2026 is none."""
    verdicts = []
    for table in tables():
        days = table[[column for column in _DAYS if column in table.columns]].select_dtypes("datetime")
        for text in [*_names(table)[:1], *({"label"} & {*table.columns})] if not days.empty else ():
            years = table[text].str.findall(r"\b(?:18|19|20)\d\d\b").map(set, na_action="ignore")
            one = table[years.map(len, na_action="ignore").eq(1)]
            for column in days.columns:
                known = one[one[column].notna()]
                right = known[column].dt.year.astype("str") == years[known.index].map(min)
                verdicts.append(rows(known, right))
    return together(verdicts)


@check(general=True)
def _no_row_stands_twice_under_another_name() -> pd.Series:
    """Rows that a text alone names differ in more than their name."""
    return together(
        rows(table, ~table.duplicated(table.columns.difference(_key(table))))
        for table in tables()
        if len(_key(table)) == len(_names(table)) == 1
    )


def _key(table: pd.DataFrame) -> list[str]:
    return listed(data.resource(table.attrs["table"])["schema"]["primaryKey"])


def _names(table: pd.DataFrame) -> list[str]:
    """Return the texts in a table's key."""
    return [column for column in _key(table) if data.fields(table.attrs["table"])[column]["type"] == "string"]


def _promised(key: str) -> Iterator[tuple[pd.DataFrame, str, Any]]:
    """Yield the tables whose descriptors have a key, their names, and what the descriptors say there."""
    for table in tables():
        name = table.attrs["table"]
        if key in (resource := data.resource(name)):
            yield table, name, resource[key]


@check(general=True)
def _an_unbroken_series_has_no_hole() -> pd.Series:
    """Where a table promises it, each series runs from its first month or year to its last without a gap."""
    verdicts: dict[str, bool] = {}
    for table, name, column in _promised("unbroken"):
        times = table[column]
        numbers = times.dt.year * 12 + times.dt.month if times.dtype.kind == "M" else times
        others = [table[each] for each in _key(table) if each != column]
        for of, series in numbers.groupby(others or [pd.Series("all", table.index)]):
            label = f"{name}: {', '.join(map(str, of))}"
            verdicts[label] = series.nunique() == series.max() - series.min() + 1
    return pd.Series(verdicts, dtype=bool)


@check(general=True)
def _a_table_that_crosses_lists_is_full() -> pd.Series:
    """Where a table promises it, each month, year or case has a row for each zone, country or side."""
    crossed = _promised("crossed")
    full = {name: len(table) == prod(table[columns].nunique()) for table, name, columns in crossed}
    return pd.Series(full, dtype=bool)


@check(general=True)
def _what_goes_together_does_so_in_each_row() -> pd.Series:
    """Where a table promises it, a value determines another: a group has one name, a month one status."""
    return together(
        groups(f"{name}: {other} of {one}", table.groupby(one)[other].nunique(dropna=False) == 1)
        for table, name, determined in _promised("determines")
        for one, others in determined.items()
        for other in others
    )


@check(general=True)
def _sources_are_of_the_publishers_that_a_table_names() -> pd.Series:
    """Where a table names its publishers, the sources of each row are theirs, and each of them has a row."""
    publisher = load("sources").set_index("source_id")["publisher"]
    verdicts = []
    for table, name, sources in _promised("sources"):
        named = [each["title"] for each in sources]
        columns = [column for column in table.columns if column.endswith("source_id")]
        cited = table[columns].apply(lambda column: column.map(publisher))
        verdicts.append(rows(table, (cited.isna() | cited.isin(named)).all(axis=1)))
        there = {*cited.to_numpy().ravel()}
        verdicts.append(groups(name, pd.Series({each: each in there for each in named})))
    return together(verdicts)


#: Signs and short forms by the words that they stand for.
_SPOKEN = {"km": "kilometre", "usd": "dollar", "us": "dollar", "°": "degree", "people": "person"}


@check(general=True)
def _a_field_says_its_unit_in_words() -> pd.Series:
    """The title and description of a field speak of its unit, as in "share, in per cent"."""
    verdicts: dict[str, bool] = {}
    for table in tables():
        for column, field in data.fields(table.attrs["table"]).items():
            if unit := re.split("[,;]", field.get("unit", ""))[0]:
                right = _spoken(unit) <= _spoken(f"{field['title']} {field['description']}")
                verdicts[f"{table.attrs['table']}: {column}{'' if right else f': {unit!r}'}"] = right
    return pd.Series(verdicts, dtype=bool)


def _spoken(text: str) -> set[str]:
    """Return a text's words, one form each, but for those that only join them."""
    words = re.findall(r"[^\W\d_]+|°", text.lower().replace("²", " square"))
    return {_SPOKEN.get(word, word.rstrip("s")) for word in words} - {"a", "the", "of", "in", "per", "see"}
