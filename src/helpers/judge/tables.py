"""Truths that hold inside and between tables, each by name: the tests demand them, and a page of the book lists them.

A check returns one boolean for each thing that it has compared, under a label that a reader can look up.
What is known to break a truth, and why that is no mistake, is named beside the check;
an exception that nothing needs any more is a fault too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from helpers.chapter import data
from helpers.chapter.data import load


@dataclass(frozen=True)
class Check:
    """A named truth, and the labels that may break it, with the reasons."""

    name: str
    proves: str
    compare: Callable[[], pd.Series]
    excepted: Callable[[], dict[str, str]]


@dataclass(frozen=True)
class Result:
    """What a check has found: how many things it compared, which may differ and why, and what is wrong."""

    compared: int
    excepted: dict[str, str]
    faults: list[str]


CHECKS: list[Check] = []


def run(check: Check) -> Result:
    """Run one check on the data package as it is."""
    right, excepted = check.compare(), check.excepted()
    wrong = [str(label) for label in right.index[~right.to_numpy(bool)]]
    faults = [label for label in wrong if label not in excepted]
    faults += [f"{label}: the exception is not needed" for label in excepted if label not in wrong]
    return Result(len(right), excepted, faults if len(right) else ["nothing to compare"])


def _check(excepted: Callable[[], dict[str, str]] = dict) -> Callable[[Callable[[], pd.Series]], None]:
    """Register a function as a check; its name and docstring are what readers see."""

    def register(compare: Callable[[], pd.Series]) -> None:
        CHECKS.append(
            Check(
                compare.__name__.strip("_").replace("_", " ").capitalize(),
                str(compare.__doc__),
                compare,
                excepted,
            )
        )

    return register


def _rows(table: pd.DataFrame, right: pd.Series) -> pd.Series:
    """Label each row's verdict with its table and its key."""
    name = table.attrs["table"]
    keys = table[data.resource(name)["schema"]["primaryKey"]].itertuples(index=False)
    texts = [
        ", ".join(f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value) for value in key)
        for key in keys
    ]
    return pd.Series(right.to_numpy(bool), [f"{name}: {text}" for text in texts])


def _groups(name: str, right: pd.Series) -> pd.Series:
    """Label each group's verdict with the table that the groups are of."""
    labels = (
        right.index.strftime("%Y-%m") if isinstance(right.index, pd.DatetimeIndex) else right.index.map(str)
    )
    return pd.Series(right.to_numpy(bool), f"{name}: " + labels)


def _tables(*columns: str) -> Iterator[pd.DataFrame]:
    """Yield the tables that have these columns."""
    for resource in data.package()["resources"]:
        if "schema" in resource and set(columns) <= {field["name"] for field in resource["schema"]["fields"]}:
            yield load(resource["name"])


def _end(day: str) -> pd.Timestamp:
    """Return the last moment that a day, a month or a year in ISO form can mean."""
    return pd.Period(day, {4: "Y", 7: "M", 10: "D"}[len(day)]).end_time


def _wide(name: str, index: str, columns: str, values: str) -> pd.DataFrame:
    return load(name).pivot(index=index, columns=columns, values=values)


def _months(others: pd.DataFrame) -> pd.Series:
    """Add up the months of the Coast Guard's table that each figure of a second publisher covers."""
    ours = load("senkaku_presence").set_index("month").sort_index()
    return pd.Series(
        [
            ours.loc[ours["zone"] == row["zone"]]
            .loc[row["first_month"] : row["last_month"], row["measure"].replace("incidents", "vessels")]
            .sum()
            for _, row in others.iterrows()
        ],
        others.index,
    )


@_check()
def _a_second_source_is_another_one() -> pd.Series:
    """Where a row names a second source, it is not the first one again."""
    return pd.concat(
        _rows(t, t["second_source_id"] != t["source_id"]) for t in _tables("source_id", "second_source_id")
    )


@_check()
def _a_source_is_read_after_it_appeared() -> pd.Series:
    """No source was published after the day on which it was read."""
    sources = load("sources").dropna(subset="published")
    return _rows(
        sources, sources["published"].map(lambda day: pd.Period(day).start_time) <= sources["retrieved"]
    )


@_check()
def _a_span_ends_after_it_begins() -> pd.Series:
    """First and last day, low and high, signature and entry into force stand in their order."""
    pairs = [("start", "end"), ("first_month", "last_month"), ("signed", "in_force"), ("due_from", "due_to")]
    pairs += [("minutes_from", "minutes_to"), ("range_low_km", "range_high_km"), ("target_from", "target_to")]
    return pd.concat(
        _rows(t, ~(t[first] > t[last]).fillna(False)) for first, last in pairs for t in _tables(first, last)
    )


@_check(
    lambda: {
        "deliverables: due": "Deadlines.",
        "plan_exchange_rates: last_month": "The last month of a plan.",
        "standoff_milestones: start": "Steps that are planned.",
        "standoff_milestones: end": "Steps that are planned.",
        "tracking_milestones: date": "Launches that are planned.",
        "watch_list: due_from": "What is still to come.",
        "watch_list: due_to": "What is still to come.",
    }
)
def _nothing_is_later_than_the_data_reach() -> pd.Series:
    """No date in a column is later than the day to which its table reaches."""
    dates = (
        (t, t.select_dtypes("datetime"), _end(data.resource(t.attrs["table"])["vintage"])) for t in _tables()
    )
    return pd.Series(
        {
            f"{t.attrs['table']}: {column}": not (days[column] > end).any()
            for t, days, end in dates
            for column in days
        }
    )


@_check(lambda: {"claims: c07": "The book's own count of the deliverables, made at the closing date."})
def _a_status_is_no_younger_than_the_claims() -> pd.Series:
    """The date of a claim's status lies within the reach of the table of claims."""
    claims, reach = load("claims").dropna(subset="status_date"), _end(data.resource("claims")["vintage"])
    return _rows(claims, claims["status_date"].map(_end) <= reach)


@_check()
def _a_claim_with_news_says_when_and_by_whom() -> pd.Series:
    """A claim whose status is not "no news" has a date and a source for it."""
    claims = load("claims")
    return _rows(
        claims,
        (claims["status_now"] == "no-news") | claims[["status_source_id", "status_date"]].notna().all(axis=1),
    )


@_check(
    lambda: {
        "artemis_targets: 2020-11-12, first landing": "The precision is that of the target, not of the announcement.",
        "aukus_japan_steps: 4": "Known to the month; the day is that of the report.",
        "dicas_log: dicas-4-due": "A deadline, at the end of its month.",
    }
)
def _a_date_known_to_the_month_stands_on_its_first_day() -> pd.Series:
    """Where only the month or the year is known, the date is its first day, as the tables promise."""
    found = []
    for table in _tables("precision"):
        day = table.select_dtypes("datetime").iloc[:, 0].dt
        first = (table["precision"] != "month") & (table["precision"] != "year") | (day.day == 1)
        found.append(_rows(table, first & ((table["precision"] != "year") | (day.month == 1))))
    return pd.concat(found)


@_check()
def _the_territorial_sea_is_part_of_the_contiguous_zone() -> pd.Series:
    """In no month are there more days or ship-days in the inner belt than in both."""
    table = load("senkaku_presence").set_index("month")
    inner, both = (
        table[table["zone"] == zone][["days", "vessels"]] for zone in ("territorial sea", "contiguous zone")
    )
    return _groups("senkaku_presence", inner.le(both).all(axis="columns"))


@_check()
def _a_month_has_no_more_days_than_the_calendar() -> pd.Series:
    """Days with vessels fit into their month, and every such day has at least one vessel."""
    table = load("senkaku_presence")
    return _rows(
        table, (table["days"] <= table["month"].dt.days_in_month) & (table["days"] <= table["vessels"])
    )


@_check()
def _a_streak_is_as_long_as_its_dates_say() -> pd.Series:
    """First and last day of a streak give its length, and every whole month inside it is full."""
    streaks, months = load("senkaku_streaks"), load("senkaku_presence").query("zone == 'contiguous zone'")
    short = months.loc[months["days"] < months["month"].dt.days_in_month, "month"]
    spans = zip(streaks["start"], streaks["end"], strict=True)
    whole = [not ((start <= short) & (short + pd.offsets.MonthEnd() <= end)).any() for start, end in spans]
    return _rows(
        streaks,
        pd.Series(whole, streaks.index)
        & ((streaks["end"] - streaks["start"]).dt.days + 1 == streaks["days"]),
    )


def _disputed() -> dict[str, str]:
    table = load("senkaku_second_source").query("status == 'disputed' and measure in ('days', 'vessels')")
    return dict(zip(_rows(table, table["value"] > 0).index, table["note"].fillna(""), strict=True))


@_check(_disputed)
def _months_add_up_to_what_others_published() -> pd.Series:
    """Sums of the Coast Guard's months equal the figures of other publishers for the same span."""
    others = load("senkaku_second_source").query("measure in ('days', 'vessels')")
    return _rows(others, _months(others) == others["value"])


@_check()
def _incidents_are_never_more_than_ship_days() -> pd.Series:
    """One entry takes at least one ship-day."""
    others = load("senkaku_second_source").query("measure == 'incidents'")
    return _rows(others, others["value"] <= _months(others))


@_check()
def _parts_of_scrambles_are_never_more_than_the_total() -> pd.Series:
    """Scrambles against single countries do not exceed all scrambles, also where not all parts are published."""
    wides = {
        name: _wide(name, key, "counterpart", "scrambles")
        for name, key in (("scrambles", "fiscal_year"), ("scrambles_month", "month"))
    }
    return pd.concat(
        _groups(name, wide.drop(columns="total").sum(axis=1) <= wide["total"]) for name, wide in wides.items()
    )


@_check()
def _months_of_scrambles_add_up_to_the_fiscal_year() -> pd.Series:
    """Wherever all twelve months of a fiscal year are published, they make the year's figure."""
    months, years = (
        load("scrambles_month"),
        load("scrambles").set_index(["fiscal_year", "counterpart"])["scrambles"],
    )
    fiscal_year = (months["month"] - pd.DateOffset(months=3)).dt.year.rename("fiscal_year")
    sums = (
        months.groupby([fiscal_year, "counterpart"])["scrambles"]
        .agg(["sum", "size"])
        .query("size == 12")["sum"]
    )
    return _groups("scrambles", sums == years.reindex(sums.index))


@_check()
def _a_series_has_no_hole() -> pd.Series:
    """Monthly and yearly series run from their first to their last entry without a gap."""
    months = {
        name: load(name)["month"].dt.to_period("M")
        for name in ("senkaku_presence", "yen_per_dollar", "taiwan_activity")
    }
    counted = {name: (spans.nunique(), (spans.max() - spans.min()).n + 1) for name, spans in months.items()}
    years = load("scrambles")["fiscal_year"]
    counted["scrambles"] = (years.nunique(), years.max() - years.min() + 1)
    return pd.Series({name: found == wanted for name, (found, wanted) in counted.items()})


@_check()
def _missiles_add_up_to_the_yearly_counts() -> pd.Series:
    """The list of single flights has, for each year, as many missiles and failures as the yearly table."""
    flights, counts = load("missile_flights"), _wide("nk_missile_counts", "year", "series", "value")
    listed = pd.DataFrame(
        {
            "all": flights.groupby("year").size(),
            "failed": flights.query("outcome == 'failure'").groupby("year").size(),
        }
    )
    listed = listed.reindex(counts.index).fillna(0)
    return _groups(
        "nk_missile_counts",
        (listed.to_numpy() == counts[["CNS: missiles", "CNS: failed missiles"]]).all(axis=1),
    )


@_check()
def _launches_into_orbit_are_never_more_than_attempts() -> pd.Series:
    """Where both are published for a year and country, attempts are the larger figure."""
    wide = (
        load("orbital_launches")
        .pivot(index=["year", "country"], columns="measure", values="launches")
        .dropna()
    )
    return _groups("orbital_launches", wide["reached orbit"] <= wide["attempts"])


@_check()
def _current_and_constant_dollars_agree_in_the_base_year() -> pd.Series:
    """In the year whose prices the constant dollars have, both series are the same."""
    base = int(data.fields("military_spending")["constant"]["unit"].removesuffix(" prices").split()[-1])
    table = load("military_spending")
    table = table[table["year"] == base]
    return _rows(table, table["constant"] == table["current"])


@_check()
def _yearly_budgets_of_the_plan_are_the_defence_budgets() -> pd.Series:
    """The initial budgets of the build-up plan are the defence budgets without realignment costs."""
    plan = (
        load("buildup_progress")
        .query("basis == 'spending' and budget == 'initial'")
        .set_index("fiscal_year")["amount"]
    )
    return _groups(
        "buildup_progress",
        plan == _wide("japan_budgets", "fiscal_year", "scope", "budget")["without realignment"][plan.index],
    )


@_check()
def _fields_of_security_spending_make_the_whole() -> pd.Series:
    """Where every field is published, they add up to all security spending, each being rounded to a tenth of a trillion yen."""
    wide = (
        load("security_spending")
        .pivot(index=["fiscal_year", "stage"], columns="part", values="spending")
        .dropna()
    )
    fields = wide.drop(columns="all security-related")
    return _groups(
        "security_spending", (fields.sum(axis=1) - wide["all security-related"]).abs() <= 50 * fields.shape[1]
    )


@_check()
def _satellites_add_up() -> pd.Series:
    """Orbits times satellites an orbit make a constellation, and firms' orders make a tranche."""
    shells = load("constellations").dropna(subset=["orbits", "per_orbit"])
    orders, tranches = (
        load("tracking_contracts").groupby("tranche")["satellites"].sum(),
        load("tracking_tranches"),
    )
    ordered = tranches.query("stage == 'ordered' and tranche in @orders.index")
    return pd.concat(
        [
            _rows(shells, shells["orbits"] * shells["per_orbit"] == shells["satellites"]),
            _rows(ordered, ordered["satellites"] == ordered["tranche"].map(orders)),
        ]
    )


@_check()
def _answers_to_one_question_are_at_most_a_hundred_per_cent() -> pd.Series:
    """The shares that one poll gives to one question never exceed the whole."""
    size = load("sdf_size_opinion").groupby("month")["share"].sum()
    polls = {
        name: load(name).filter(["favour_pct", "oppose_pct", "support", "oppose"])
        for name in ("export_opinion", "counterstrike_polls")
    }
    both = [_rows(load(name), answers.sum(axis=1) <= 100) for name, answers in polls.items()]
    return pd.concat([_groups("sdf_size_opinion", size <= 100), *both])


@_check()
def _the_same_thing_is_called_the_same_in_two_tables() -> pd.Series:
    """Groups of states have one name and one founding date, and turning points the source of their event."""
    turns = load("turning_points")
    fields, members = (
        load("minilateral_fields"),
        load("minilateral_members").drop_duplicates("grouping_id").set_index("grouping_id"),
    )
    events = load("events").set_index("event_id")["source_id"]
    same = (fields[key] == fields["grouping_id"].map(members[key]) for key in ("label", "since"))
    return pd.concat(
        [
            _rows(turns, turns["source_id"] == turns["event_id"].map(events)),
            *(_rows(fields, each) for each in same),
        ]
    )


@_check()
def _the_list_of_deliverables_has_as_many_as_the_counts_say() -> pd.Series:
    """Headings, commitments in the fact sheet and all commitments are counted as the table of counts has them."""
    rows, counts = load("deliverables"), load("deliverable_counts").query("sense == 'exactly'")["count"]
    listed = {
        "headings": rows["heading"].nunique(),
        "in the fact sheet": (rows["text"] == "fact sheet").sum(),
        "all": len(rows),
    }
    return _groups("deliverables", pd.Series(listed).isin(counts))
