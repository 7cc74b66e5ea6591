"""Truths that hold inside and between tables, each by name.

The tests demand them, and a page of the book lists them. A check returns one boolean for each thing that it
has compared, under a label that a reader can look up. What is known to break a truth, and why that is no
mistake, is named beside the check; an exception that nothing needs any more is a fault too.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

import pandas as pd

from helpers.chapter import data
from helpers.chapter.data import load
from helpers.chapter.matters import by_subject
from helpers.chapter.schema import listed
from helpers.files import BookError
from helpers.settings import settings


@dataclass(frozen=True)
class Check:
    """A named truth, and the labels or whole tables that may break it, with the reasons."""

    name: str
    proves: str
    compare: Callable[[], pd.Series]
    excepted: Callable[[], dict[str, str]]
    general: bool = False


@dataclass(frozen=True)
class Result:
    """What a check has found: how many things it compared, which may differ and why, and what is wrong."""

    compared: int
    excepted: dict[str, str]
    faults: list[str]


CHECKS: list[Check] = []
#: By the name of a general check, the labels that may break it in this book, with the reasons.
EXCEPTED: dict[str, dict[str, str]] = {}


def checks() -> list[Check]:
    """Return the general checks and those of the book."""
    if name := settings().checks:
        try:
            import_module(name)
        except ModuleNotFoundError as error:
            if not f"{name}.".startswith(f"{error.name}."):
                raise
            raise BookError(f"book.toml: checks: expected a module, found {name!r}, which is none") from error
    return CHECKS


def run(check: Check) -> Result:
    """Run one check on the data package as it is."""
    right, excepted = check.compare(), check.excepted()
    wrong = [str(label) for label in right.index[~right.to_numpy(bool)]]
    tables_of = {label.partition(":")[0] for label in wrong}
    faults = [label for label in wrong if not {label, label.partition(":")[0]} & excepted.keys()]
    faults += [
        f"{label}: the exception is not needed" for label in excepted if label not in {*wrong, *tables_of}
    ]
    if not len(right) and not check.general:
        faults = ["nothing to compare"]
    return Result(len(right), excepted, faults)


def check(
    excepted: Callable[[], dict[str, str]] = dict, *, general: bool = False
) -> Callable[[Callable[[], pd.Series]], None]:
    """Register a function as a check; its name and docstring are what readers see.

    A ``general`` check holds in any book, and may find nothing to compare; what a book excepts from it is in
    `EXCEPTED`.
    """

    def register(compare: Callable[[], pd.Series]) -> None:
        name = compare.__name__.strip("_").replace("_", " ").capitalize()
        known = (lambda: EXCEPTED.get(name, {})) if general else excepted
        proves = " ".join(str(compare.__doc__).split())
        CHECKS.append(Check(name, proves, compare, known, general))

    return register


def together(parts: Iterable[pd.Series]) -> pd.Series:
    """Return what several comparisons found as one; of none, an empty one."""
    verdicts = list(parts)
    return pd.concat(verdicts) if verdicts else pd.Series(dtype=bool)


def rows(table: pd.DataFrame, right: pd.Series) -> pd.Series:
    """Label each row's verdict with its table and its key."""
    name = table.attrs["table"]
    keys = table[data.resource(name)["schema"]["primaryKey"]].itertuples(index=False)
    texts = [
        ", ".join(f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value) for value in key)
        for key in keys
    ]
    return pd.Series(right.to_numpy(bool), [f"{name}: {text}" for text in texts])


def groups(name: str, right: pd.Series) -> pd.Series:
    """Label each group's verdict with the table that the groups are of."""
    labels = (
        right.index.strftime("%Y-%m") if isinstance(right.index, pd.DatetimeIndex) else right.index.map(str)
    )
    return pd.Series(right.to_numpy(bool), f"{name}: " + labels)


def tables(*columns: str) -> Iterator[pd.DataFrame]:
    """Yield the tables that have these columns."""
    for resource in data.package()["resources"]:
        if "schema" in resource and set(columns) <= {field["name"] for field in resource["schema"]["fields"]}:
            yield load(resource["name"])


def _partners(column: str) -> list[str]:
    """Return the columns that a column would stand before, as ``due_to`` for ``due_from``."""
    ends, words = {"start": "end", "first": "last", "from": "to", "low": "high"}, column.split("_")
    return [
        "_".join([*words[:i], ends[word], *words[i + 1 :]]) for i, word in enumerate(words) if word in ends
    ]


def start(day: str) -> pd.Timestamp:
    """Return the first moment that a day, a month or a year in ISO form can mean."""
    return _period(day).start_time


def end(day: str) -> pd.Timestamp:
    """Return the last moment that a day, a month or a year in ISO form can mean."""
    return _period(day).end_time


def _period(day: str) -> pd.Period:
    return pd.Period(day, {4: "Y", 7: "M", 10: "D"}[len(day)])


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
