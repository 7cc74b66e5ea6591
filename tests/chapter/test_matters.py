"""Claims and commitments have the status of their matter, and stay rows of their table."""

import pandas as pd
import pytest

from helpers.chapter import data, fact, matters
from helpers.chapter.data import load


def test_two_rows_that_name_one_matter_have_one_status() -> None:
    both = [matters.with_status(load(table)) for table in ("claims", "deliverables")]
    found = pd.concat(rows[["matter_id", *matters.STATUS]] for rows in both).dropna(subset="matter_id")
    held = load("matters").set_index("matter_id")
    assert found["matter_id"].duplicated().any()
    for _, row in found.drop_duplicates().iterrows():
        assert row[[*matters.STATUS]].equals(held.loc[row["matter_id"], [*matters.STATUS]]), row["matter_id"]


def test_a_row_without_a_matter_has_no_status() -> None:
    claims = matters.with_status(load("claims"))
    without = claims["matter_id"].isna()
    assert without.any()
    assert claims.loc[without, [*matters.STATUS]].isna().all(axis=None)
    assert matters.with_status(load("sources"))["status_now"].isna().all(), (
        "nor has a table without the column"
    )


def test_a_fact_may_stand_on_rows_with_their_status(capsys: pytest.CaptureFixture[str]) -> None:
    claims = matters.with_status(load("claims"))
    done = claims[claims["status_now"] == "done"]
    fact.fact("done", "{} done", len, done, definition="claims whose matter is done")
    assert f"{len(done)} done" in capsys.readouterr().out
    assert list(data.lines(done)) == ["claims"]


def test_searches_are_counted_by_what_they_bear_on() -> None:
    searches = load("searches").iloc[:3].assign(subjects=["dicas gpi", "gpi", "gpi"])
    assert matters.by_subject(searches)["subject"].value_counts().to_dict() == {"gpi": 3, "dicas": 1}
    said = matters.searched()
    assert said["defence-networks"] == "searched 8 times, last on 30 November 2026"


def test_one_search_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    searches = load("searches").iloc[:1].assign(subjects="gpi")
    monkeypatch.setattr(data, "load", lambda name: searches)
    assert matters.searched() == {"gpi": "searched once, last on 29 November 2026"}
