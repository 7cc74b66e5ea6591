"""What must hold inside and between the tables of this book, beside what holds in any book."""

import pandas as pd

from helpers.chapter import data
from helpers.chapter.data import load
from helpers.judge.truths import EXCEPTED, check, end, groups, rows, start, tables

EXCEPTED["Nothing is later than the data reach"] = {
    "deliverables: due": "Deadlines.",
    "gpi_schedule: target_from": "Years that are aimed at.",
    "gpi_schedule: target_to": "Years that are aimed at.",
    "plan_exchange_rates: last_month": "The last month of a plan.",
    "standoff_milestones: start": "Steps that are planned.",
    "standoff_milestones: end": "Steps that are planned.",
    "tracking_milestones: date": "Launches that are planned.",
    "watch_list: due_from": "What is still to come.",
    "watch_list: due_to": "What is still to come.",
}
_ANNOUNCED = "The source announces it for that day."
_ZONE = "In Washington it was still the day before."
_PASSES = "The day that the source names passes; what came of it stands on searches."
_PLANNED = "A plan, as the source of that time has it."
EXCEPTED["A source is no older than what it tells"] = {
    "alliance_milestones: 2025-10-28, Trump and Takaichi, 2025": _ZONE,
    "dicas_log: dicas-4-due": _PASSES,
    "events: 01-golden-age-2025": _ZONE,
    "events: 09-balikatan-2025": _ANNOUNCED,
    "events: 09-raa-australia-2023": _ANNOUNCED,
    "events: 09-raa-philippines-2025": _ANNOUNCED,
    "events: 09-raa-uk-2023": _ANNOUNCED,
    "matter_events: capital-markets, 2024-12-31, The date that the fact sheet names passes.": _PASSES,
    "matter_events: sustainable-investment, 2025-12-31, The date that the fact sheet names passes.": _PASSES,
    "tracking_milestones: Tranche 1, first flight, planned, 2025-08-01": _PLANNED,
    "tracking_milestones: Tranche 1, first tracking satellites, planned, 2026-01-01": _PLANNED,
    "tracking_milestones: Tranche 1, first use, planned, 2027-01-01": _PLANNED,
    "tracking_milestones: Tranche 2, first tracking satellites, planned, 2027-04-01": _PLANNED,
    "tracking_milestones: Tranche 3, first tracking satellites, planned, 2028-10-01": _PLANNED,
    "two_plus_two: 2022-01-06": _ANNOUNCED,
}
EXCEPTED["A date known to the month stands on its first day"] = {
    "artemis_targets: 2020-11-12, first landing": (
        "The precision is that of the target, not of the announcement."
    ),
    "aukus_japan_steps: 4": "Known to the month; the day is that of the report.",
    "dicas_log: dicas-4-due": "A deadline, at the end of its month.",
}
_IN_WHAT = "What it is says so."
EXCEPTED["What is not final says why"] = {
    "arms_industry_figures: gcap-2026-04": "A first contract, of which the press tells.",
    "currency_exposure: share of all spending, low, 2024": _IN_WHAT,
    "currency_exposure: share of all spending, high, 2024": _IN_WHAT,
    "currency_exposure: value when announced, 2022-12": _IN_WHAT,
    "missile_flights": "Provisional are all that are not in the edited database yet.",
    "senkaku_distances: Wenzhou, reference page": "A reference page gives it, no government.",
    "watch_list: landing": "A date that is aimed at, as the text of the row says.",
}
EXCEPTED["A year in a name is that of its day"] = {
    "corrections": "A correction is younger than the source that it names.",
    "events: 07-artemis3-2027": "The year that was aimed at, told earlier.",
    "events: 07-order-2028": "The year that was aimed at, told earlier.",
}
EXCEPTED["No row stands twice under another name"] = {
    "accords_signatories": "States that signed in one year, by one source.",
}
_NOT_ALL = "Only the years that were published or found, as the table says."
EXCEPTED["An unbroken series has no hole"] = {
    "military_spending: Philippines": "SIPRI has no figure for some years.",
    "nk_missile_counts: Japan: missiles": _NOT_ALL,
    **{f"scrambles: {of}": _NOT_ALL for of in ("China", "Russia", "Taiwan", "North Korea", "other")},
}


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


@check()
def _the_territorial_sea_is_part_of_the_contiguous_zone() -> pd.Series:
    """In no month are there more days or ship-days in the inner belt than in both."""
    table = load("senkaku_presence").set_index("month")
    inner, both = (
        table[table["zone"] == zone][["days", "vessels"]] for zone in ("territorial sea", "contiguous zone")
    )
    return groups("senkaku_presence", inner.le(both).all(axis="columns"))


@check()
def _a_month_has_no_more_days_than_the_calendar() -> pd.Series:
    """Days with vessels fit into their month, and every such day has at least one vessel."""
    table = load("senkaku_presence")
    return rows(
        table, (table["days"] <= table["month"].dt.days_in_month) & (table["days"] <= table["vessels"])
    )


@check()
def _a_streak_is_as_long_as_its_dates_say() -> pd.Series:
    """First and last day of a streak give its length, and every whole month inside it is full."""
    streaks, months = load("senkaku_streaks"), load("senkaku_presence").query("zone == 'contiguous zone'")
    short = months.loc[months["days"] < months["month"].dt.days_in_month, "month"]
    spans = zip(streaks["start"], streaks["end"], strict=True)
    whole = [not ((start <= short) & (short + pd.offsets.MonthEnd() <= end)).any() for start, end in spans]
    return rows(
        streaks,
        pd.Series(whole, streaks.index)
        & ((streaks["end"] - streaks["start"]).dt.days + 1 == streaks["days"]),
    )


def _disputed() -> dict[str, str]:
    table = load("senkaku_second_source").query("status == 'disputed' and measure in ('days', 'vessels')")
    return dict(zip(rows(table, table["value"] > 0).index, table["note"].fillna(""), strict=True))


@check(_disputed)
def _months_add_up_to_what_others_published() -> pd.Series:
    """Sums of the Coast Guard's months equal the figures of other publishers for the same span."""
    others = load("senkaku_second_source").query("measure in ('days', 'vessels')")
    return rows(others, _months(others) == others["value"])


@check()
def _incidents_are_never_more_than_ship_days() -> pd.Series:
    """One entry takes at least one ship-day."""
    others = load("senkaku_second_source").query("measure == 'incidents'")
    return rows(others, others["value"] <= _months(others))


@check()
def _parts_of_scrambles_are_never_more_than_the_total() -> pd.Series:
    """Scrambles against single countries do not exceed the total, also where not all parts are published."""
    wides = {
        name: _wide(name, key, "counterpart", "scrambles")
        for name, key in (("scrambles", "fiscal_year"), ("scrambles_month", "month"))
    }
    return pd.concat(
        groups(name, wide.drop(columns="total").sum(axis=1) <= wide["total"]) for name, wide in wides.items()
    )


@check()
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
    return groups("scrambles", sums == years.reindex(sums.index))


@check()
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
    return groups(
        "nk_missile_counts",
        (listed.to_numpy() == counts[["CNS: missiles", "CNS: failed missiles"]]).all(axis=1),
    )


@check()
def _launches_into_orbit_are_never_more_than_attempts() -> pd.Series:
    """Where both are published for a year and country, attempts are the larger figure."""
    wide = (
        load("orbital_launches")
        .pivot(index=["year", "country"], columns="measure", values="launches")
        .dropna()
    )
    return groups("orbital_launches", wide["reached orbit"] <= wide["attempts"])


@check()
def _current_and_constant_dollars_agree_in_the_base_year() -> pd.Series:
    """In the year whose prices the constant dollars have, both series are the same."""
    base = int(data.fields("military_spending")["constant"]["unit"].removesuffix(" prices").split()[-1])
    table = load("military_spending")
    table = table[table["year"] == base]
    return rows(table, table["constant"] == table["current"])


@check()
def _yearly_budgets_of_the_plan_are_the_defence_budgets() -> pd.Series:
    """The initial budgets of the build-up plan are the defence budgets without realignment costs."""
    plan = (
        load("buildup_progress")
        .query("basis == 'spending' and budget == 'initial'")
        .set_index("fiscal_year")["amount"]
    )
    return groups(
        "buildup_progress",
        plan == _wide("japan_budgets", "fiscal_year", "scope", "budget")["without realignment"][plan.index],
    )


@check()
def _fields_of_security_spending_make_the_whole() -> pd.Series:
    """Where every field is published, they add up to all security spending.

    Each is rounded to a tenth of a trillion yen.
    """
    wide = (
        load("security_spending")
        .pivot(index=["fiscal_year", "stage"], columns="part", values="spending")
        .dropna()
    )
    fields = wide.drop(columns="all security-related")
    return groups(
        "security_spending", (fields.sum(axis=1) - wide["all security-related"]).abs() <= 50 * fields.shape[1]
    )


@check()
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
            rows(shells, shells["orbits"] * shells["per_orbit"] == shells["satellites"]),
            rows(ordered, ordered["satellites"] == ordered["tranche"].map(orders)),
        ]
    )


@check()
def _answers_to_one_question_are_at_most_a_hundred_per_cent() -> pd.Series:
    """The shares that one poll gives to one question never exceed the whole."""
    size = load("sdf_size_opinion").groupby("month")["share"].sum()
    polls = {
        name: load(name).filter(["favour_pct", "oppose_pct", "support", "oppose"])
        for name in ("export_opinion", "counterstrike_polls")
    }
    both = [rows(load(name), answers.sum(axis=1) <= 100) for name, answers in polls.items()]
    return pd.concat([groups("sdf_size_opinion", size <= 100), *both])


@check()
def _a_treaty_enters_into_force_after_its_signature() -> pd.Series:
    """Signature and entry into force stand in their order."""
    return pd.concat(
        rows(t, ~(t["signed"] > t["in_force"]).fillna(False)) for t in tables("signed", "in_force")
    )


@check()
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
            rows(turns, turns["source_id"] == turns["event_id"].map(events)),
            *(rows(fields, each) for each in same),
        ]
    )


def _carried() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the matters whose status has a source, and beside each the row of that source."""
    matters = load("matters").dropna(subset=["status_date", "status_source_id"])
    return matters, load("sources").set_index("source_id").loc[matters["status_source_id"]].set_axis(
        matters.index
    )


@check()
def _a_status_wears_out() -> pd.Series:
    """Under way and standing rest on the twelve months before the vintage, no recent news on older dates."""
    matters = load("matters").dropna(subset="status_date")
    year_ago = pd.Timestamp(data.resource("matters")["vintage"]) - pd.DateOffset(years=1)
    recent = matters["status_date"].map(end) >= year_ago
    worn, living = (
        matters["status_now"].isin(words) for words in (["no-recent-news"], ["under-way", "standing"])
    )
    return rows(matters, ~(living & ~recent | worn & recent))


@check()
def _only_what_happens_once_is_done() -> pd.Series:
    """Done is a matter that one act completes, standing one that is kept up."""
    matters = load("matters")
    kinds = matters["status_now"].map({"done": "happening", "standing": "standing"})
    return rows(matters, kinds.isna() | (kinds == matters["kind"]))


@check()
def _a_status_has_a_source_of_its_day() -> pd.Series:
    """The source is not older than the status, except of a date that passed, nor younger than the table."""
    matters, sources = _carried()
    published = sources["published"].fillna("0001")
    passed = (matters["status_now"] == "stalled") & matters["status_note"].str.startswith("Date passed")
    fresh = published.map(end) >= matters["status_date"].map(start)
    return rows(
        matters, (fresh | passed) & (published.map(start) <= end(data.resource("matters")["vintage"]))
    )


@check()
def _a_status_stands_in_its_history() -> pd.Series:
    """What a status rests on is an event of its matter, with the same source and day."""
    matters, events = load("matters").dropna(subset="status_source_id"), load("matter_events")
    known = {
        (row.matter_id, row.source_id, f"{row.date:%Y-%m-%d}"[:length])
        for row in events.itertuples()
        for length in (4, 7, 10)
    }
    wanted = matters[["matter_id", "status_source_id", "status_date"]].itertuples(index=False, name=None)
    return rows(matters, pd.Series([each in known for each in wanted], matters.index))


@check()
def _an_event_is_read_of_after_it_happened() -> pd.Series:
    """No event of a matter is later than the day on which its source was read."""
    events = load("matter_events")
    return rows(
        events, events["date"] <= events["source_id"].map(load("sources").set_index("source_id")["retrieved"])
    )


@check()
def _a_search_bears_on_what_the_book_has() -> pd.Series:
    """A search names matters, claims, or lines by names that begin with unknown or absent."""
    named = {*load("matters")["matter_id"], *load("claims")["claim_id"]}
    searches = load("searches")
    known = searches["subjects"].map(
        lambda subjects: all(
            each in named or each.startswith(("unknown-", "absent-")) for each in subjects.split()
        )
    )
    return rows(searches, known)


@check()
def _the_list_of_deliverables_has_as_many_as_the_counts_say() -> pd.Series:
    """Headings, commitments in the fact sheet and all commitments are as many as the table of counts says."""
    items, counts = load("deliverables"), load("deliverable_counts").query("sense == 'exactly'")["count"]
    listed = {
        "headings": items["heading"].nunique(),
        "in the fact sheet": (items["text"] == "fact sheet").sum(),
        "all": len(items),
    }
    return groups("deliverables", pd.Series(listed).isin(counts))
