"""What must hold inside and between the tables of this book, beside what holds in any book."""

import re
from collections import Counter
from typing import Any

import pandas as pd

from helpers.chapter import data
from helpers.chapter.data import load
from helpers.chapter.schema import listed
from helpers.judge.tables import EXCEPTED, check, end, groups, rows, start, tables

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


#: Tables of which each series, by all of the key but its time, is whole.
_SERIES = {
    "arms_imports_japan": "year",
    "buildup_progress": "fiscal_year",
    "china_missiles": "report_year",
    "japan_budgets": "fiscal_year",
    "japan_china_opinion": "year",
    "military_spending": "year",
    "nk_missile_counts": "year",
    "orbital_launches": "year",
    "scrambles": "fiscal_year",
    "scrambles_month": "month",
    "security_spending": "fiscal_year",
    "senkaku_presence": "month",
    "standoff_budget": "fiscal_year",
    "taiwan_activity": "month",
    "yen_per_dollar": "month",
}
#: Tables that have each pair of what two columns have.
_CROSSED = {
    "east_china_sea_incidents": ("case", "side"),
    "export_rules_matrix": ("year", "export"),
    "japan_budgets": ("fiscal_year", "scope"),
    "keen_sword": ("year", "country"),
    "minilateral_mentions": ("date", "grouping_id"),
    "scrambles_month": ("month", "counterpart"),
    "senkaku_presence": ("month", "zone"),
    "ship_repair_rules": ("case_id", "text"),
    "taiwan_activity": ("month", "measure"),
}
_NOT_ALL = "Only the years that were published or found, as the table says."


@check(
    lambda: {
        "military_spending: Philippines": "SIPRI has no figure for some years.",
        "nk_missile_counts: Japan: missiles": _NOT_ALL,
        **{f"scrambles: {of}": _NOT_ALL for of in ("China", "Russia", "Taiwan", "North Korea", "other")},
    }
)
def _a_series_has_no_hole() -> pd.Series:
    """Monthly and yearly series run from their first to their last entry without a gap."""
    verdicts = {}
    for name, column in _SERIES.items():
        table = load(name)
        times = table[column]
        numbers = times.dt.year * 12 + times.dt.month if times.dtype.kind == "M" else times
        key = [each for each in data.resource(name)["schema"]["primaryKey"] if each != column]
        for of, series in numbers.groupby([table[each] for each in key] or [pd.Series("all", table.index)]):
            whole = series.nunique() == series.max() - series.min() + 1
            verdicts[f"{name}: {', '.join(map(str, of))}"] = whole
    return pd.Series(verdicts)


@check()
def _a_table_that_crosses_lists_is_full() -> pd.Series:
    """Each month, year or case has a row for each zone, country, side or group that its table has."""
    verdicts = {}
    for name, (over, other) in _CROSSED.items():
        table = load(name)
        verdicts[name] = len(table) == table[over].nunique() * table[other].nunique()
    return pd.Series(verdicts)


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
    rows, counts = load("deliverables"), load("deliverable_counts").query("sense == 'exactly'")["count"]
    listed = {
        "headings": rows["heading"].nunique(),
        "in the fact sheet": (rows["text"] == "fact sheet").sum(),
        "all": len(rows),
    }
    return groups("deliverables", pd.Series(listed).isin(counts))


#: Tables whose rows are of all that the book speaks of.
_OF_EVERYTHING = {
    "changes",
    "corrections",
    "events",
    "glossary",
    "matter_events",
    "matters",
    "searches",
    "sources",
}
_OTHER_WORDS = (
    "accords_totals: wh-africa-space-2022",
    "accords_totals: wh-india-2023",
    "accords_totals: wh-malaysia-2025",
    "air_defence_roles: defense-japan-2018",
    "air_defence_roles: jbpress-bmd-2025",
    "alliance_milestones: mofa-scc-2015",
    "alliance_milestones: state-visits-japan",
    "alliance_milestones: worldjpn-nss-2022",
    "arms_sale_notices: defensenews-e2d-2018",
    "arms_sale_notices: eurosd-sm6-2025",
    "article9_readings: asahi-1959-reply-2023",
    "article9_readings: mod-constitution",
    "article9_readings: shugiin-1981-reply",
    "article9_readings: urata-1954",
    "article9_readings: worldjpn-nss-2022",
    "article_v_statements: japantimes-state-2025",
    "article_v_statements: stripes-senkaku-2025-10",
    "base_payments: nikkei-hns-2022",
    "china_missiles: shugart-cmpr-2020",
    "china_missiles: shugart-cmpr-2024",
    "claims: worldjpn-nss-2022",
    "command_models: koreaherald-opcon-2026",
    "command_timeline: econotimes-scc-2025",
    "command_timeline: mod-scc-2024",
    "counterstrike_conditions: nhk-limits-2022",
    "east_china_sea_incidents: asiae-ccg-2024",
    "export_rules: meti-transfer-revision-2023",
    "export_rules: mod-transfer-principles",
    "gpi_schedule: yomiuri-goldendome-20260313",
    "host_nation_support: foresight-bases-2016",
    "host_nation_support: japantimes-hns-2006",
    "host_nation_support: nikkeiasia-hns-2020",
    "leader_visits: wh-golden-age-2025",
    "leader_visits: wh-japan-fact-sheet-2026-03",
    "minilateral_fields: defenseone-tdmm-2024",
    "minilateral_fields: wh-joint-statement-2024",
    "minilateral_meetings: defenceconnect-tdmm-202405",
    "minilateral_meetings: japantoday-us-jp-ph-2025",
    "missile_textbook: wikipedia-karman-line",
    "moon_landings: nasa-lunar-node-2024",
    "moon_landings: wikipedia-isro-missions",
    "november_2025: japantimes-state-2025",
    "november_2025: yomiuri-takaichi-20251110",
    "range_places: localgovjp-2026",
    "scrambles: mod-japan-defense-focus-4",
    "security_spending: akahata-usf-2024",
    "security_spending: minaminippon-supplement-2024",
    "senkaku_history: pacforum-collision-2010",
    "senkaku_positions: kantei-trump-ishiba-2025",
    "senkaku_stays: jcg-report-2014",
    "space_promises: celestrak-gp-2026-07",
    "standoff_budget: tvasahi-pillars-2022",
    "tracking_milestones: reuters-sda-2025",
    "turning_points: econotimes-scc-2025",
    "two_plus_two: dod-scc-2022",
    "two_plus_two: dod-scc-2023",
    "watch_list: econotimes-scc-2025",
    "watch_list: mod-wp2024-standoff",
    "watch_list: tbs-fuji-hvgp-2026",
    "watch_list: wh-japan-statement-2025",
)


def _words(text: object) -> set[str]:
    return {word.rstrip("s") for word in re.findall(r"[a-z]{3,}", str(text).lower())}


def _texts(table: pd.DataFrame) -> pd.Series:
    """Return what each row says, without its sources."""
    said = table[[column for column in table.columns if not column.endswith("source_id")]]
    return pd.Series([" ".join(row) for row in said.astype("str").fillna("").to_numpy()], table.index)


@check(lambda: dict.fromkeys(_OTHER_WORDS, "The source's title is in other words, or of something wider."))
def _a_source_shares_a_word_with_its_row() -> pd.Series:
    """A source's name, title or publisher has a word of the row, its other source or its table's name.

    A word of more than one source in twenty says nothing. A source that stands twice in a table needs none.
    """
    said = _said_by_sources()
    verdicts = {}
    for table in (each for each in tables("source_id") if each.attrs["table"] not in _OF_EVERYTHING):
        words, sources = _said_by_rows(table), table.filter(regex="source_id$")
        often = sources.stack().value_counts()
        for line, row in sources.iterrows():
            for source in row.dropna():
                others = set[str]().union(*(said[other] for other in row.dropna() if other != source))
                shared = said[source] & (words[line] | others)
                verdicts[f"{table.attrs['table']}: {source}"] = bool(shared) or often[source] > 1
    return pd.Series(verdicts)


def _said_by_sources() -> dict[Any, set[str]]:
    sources = load("sources").set_index("source_id", drop=False)
    words = sources[["source_id", "title", "publisher"]].agg(" ".join, axis="columns").map(_words)
    counted = Counter(word for each in words for word in each)
    return {
        name: {word for word in each if counted[word] <= len(sources) / 20} for name, each in words.items()
    }


def _said_by_rows(table: pd.DataFrame) -> dict[Any, set[str]]:
    """Return by line the words of each row, of the table's name and of what else the row names."""
    resource = data.resource(table.attrs["table"])
    of_table = _words(f"{resource['name'].replace('_', ' ')} {resource['title']}")
    words = {line: _words(text) | of_table for line, text in _texts(table).items()}
    for key in resource["schema"].get("foreignKeys", []):
        other, column = load(key["reference"]["resource"] or resource["name"]), listed(key["fields"])[0]
        if other.attrs["table"] != "sources":
            texts = _texts(other).set_axis(other[listed(key["reference"]["fields"])[0]])
            for line, named in table[column].dropna().items():
                words[line] |= _words(texts[named])
    return words


_STATES = re.compile("Japan|Chin(?=a|e)|Taiwan|Russia|Korea|Austral|Philippin")


_ANOTHER_STATE = {
    "airspace_violations": "Notes on who else claims the place.",
    "senkaku_distances: Fuzhou, press": "A note on what the other side says.",
    **dict.fromkeys(
        [f"claims: {claim}" for claim in ("c13", "c15", "c50", "c60", "c64")],
        "The verdict compares with a text on another state.",
    ),
    **dict.fromkeys(
        [f"glossary: {term}" for term in (
            "aukus", "diet", "fiscal-year", "freedom-edge", "geosynchronous-orbit", "hvgp",
            "indo-pacific-command", "quad", "status-of-forces-agreement", "un-command-rear",
        )],
        "The source's title names no state.",
    ),
    **dict.fromkeys(
        [
            "senkaku_second_source: 2025-01-01, 2025-12-01, contiguous zone, days, globaltimes-ccg-2026",
            "senkaku_second_source: 2025-01-01, 2025-12-01, territorial sea, fishing-boat approaches, "
            "yahoo-tw-senkaku-2025",
        ],
        "A note on what the count leaves out.",
    ),
}  # fmt: skip


@check(lambda: _ANOTHER_STATE)
def _a_state_in_a_note_is_one_of_its_row() -> pd.Series:
    """A state that a note or a definition names is named by its row, by its sources or about its table."""
    sources = load("sources").set_index("source_id")
    said = sources["title"] + " " + sources["publisher"]
    verdicts = []
    for table in (
        each for each in tables("source_id") if each.attrs["table"] not in _OF_EVERYTHING - {"glossary"}
    ):
        resource = data.resource(table.attrs["table"])
        about = f"{resource['title']} {resource['description']}" if resource["name"] != "glossary" else ""
        of_sources = table.filter(regex="source_id$").apply(lambda column: column.map(said).fillna(""))
        for column in table.columns.intersection(["definition", "note", "verdict_note"]):
            named = table[column].fillna("").str.findall(_STATES)
            others = _texts(table.drop(columns=column)) + of_sources.agg(" ".join, axis="columns") + about
            right = [
                {*states} <= {*_STATES.findall(text)} for states, text in zip(named, others, strict=True)
            ]
            verdicts.append(rows(table, pd.Series(right, table.index))[named.astype(bool).to_numpy()])
    return pd.concat(verdicts)


#: By table, columns of which each value has one value in others: an exercise's group has one name.
_GOES_WITH = {
    "air_defence_roles": {"task": ["stage"]},
    "airspace_violations": {"state": ["country"], "place": ["disputed"]},
    "arms_sale_notices": {"item": ["kind"]},
    "artemis_crews": {"mission": ["date", "stage"]},
    "buildup_pillars": {"item": ["pillar"]},
    "buildup_progress": {"fiscal_year": ["status"]},
    "deliverables": {"heading": ["pillar"], "text": ["source_id"]},
    "east_china_sea_incidents": {"date": ["case"]},
    "export_rules_matrix": {"export_order": ["export"]},
    "flight_estimates": {"date": ["path"]},
    "force_places": {"source_id": ["force"]},
    "gpi_schedule": {"milestone": ["side"]},
    "japan_budgets": {"fiscal_year": ["status"]},
    "joint_exercises": {"states": ["width"]},
    "leader_visits": {"office": ["direction"], "visitor": ["office"]},
    "minilateral_fields": {"grouping_id": ["label", "since"]},
    "minilateral_meetings": {"grouping_id": ["grouping"], "level": ["rank"]},
    "minilateral_members": {"grouping_id": ["grouping", "label", "basis"], "code": ["member"]},
    "minilateral_mentions": {"grouping_id": ["grouping"], "date": ["paper", "kind"]},
    "missile_flights": {"missile": ["missile_class", "path"]},
    "missile_ranges": {"missile": ["made_in", "state"]},
    "nk_missile_counts": {"series": ["unit"]},
    "orbital_launches": {"source_id": ["measure"]},
    "sdf_size_opinion": {"month": ["mode", "status"]},
    "security_spending": {"fiscal_year": ["status"]},
    "ship_repair_rules": {"case_id": ["home_port", "work"], "text": ["source_id"]},
    "standoff_milestones": {"stage": ["status"]},
    "taiwan_activity": {"month": ["status"]},
    "tracking_contracts": {"date": ["tranche"]},
    "two_per_cent": {"yardstick": ["status"]},
    "us_troops": {"coverage": ["country"]},
}


@check()
def _what_goes_together_does_so_in_each_row() -> pd.Series:
    """A grouping has one name, a missile one class, an office one direction, a month one status."""
    verdicts = []
    for name, pairs in _GOES_WITH.items():
        table = load(name)
        for one, others in pairs.items():
            for other in others:
                values = table.groupby(one)[other].nunique(dropna=False)
                verdicts.append(groups(f"{name}: {other} of {one}", values == 1))
    return pd.concat(verdicts)
