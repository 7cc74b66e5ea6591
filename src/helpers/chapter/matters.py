"""What became of things: a claim or a commitment names its matter, and the matter has the status.

Two tables that speak of one matter can so not disagree. What a book says was not found stands on
``searches.csv``: each search names the matters, claims and lines of the text that it bears on.
"""

import pandas as pd

from helpers.chapter import data

#: The columns of ``matters.csv`` that say what became of a matter.
STATUS = ("status_now", "status_note", "status_date", "status_source_id")


def with_status(table: pd.DataFrame) -> pd.DataFrame:
    """Return claims or commitments with the status of the matter that each names.

    Parameters
    ----------
    table
        Rows of a loaded table with the column ``matter_id``, such as ``claims``.

    Returns
    -------
    pandas.DataFrame
        The same rows, still of their table, with ``status_now``, ``status_note``, ``status_date`` and
        ``status_source_id``; these are missing where a row names no matter, and everywhere in a table
        without the column.

    Examples
    --------
    >>> claims = with_status(data.load("claims"))
    >>> claims.loc[claims.matter_id == "joint-command", "status_now"].unique().item()
    'done'
    """
    if "matter_id" not in table.columns:
        return table.assign(**dict.fromkeys(STATUS))
    matters = data.load("matters").set_index("matter_id")
    return table.assign(**{column: table["matter_id"].map(matters[column]) for column in STATUS})


def by_subject(searches: pd.DataFrame) -> pd.DataFrame:
    """Return one row a search and ``subject`` that it bears on, from rows of ``searches.csv``."""
    return searches.assign(subject=searches["subjects"].str.split()).explode("subject")


def searched() -> dict[str, str]:
    """Return by subject how often, and when last, it was searched for; nothing in a book without searches.

    Examples
    --------
    >>> searched()["defence-networks"]
    'searched 8 times, last on 30 November 2026'
    """
    if not data.has("searches"):
        return {}
    days = by_subject(data.load("searches")).groupby("subject")["searched"].agg(["size", "max"])
    return {
        str(subject): f"searched {'once' if times == 1 else f'{times} times'}, last on {day.day} {day:%B %Y}"
        for subject, times, day in days.itertuples()
    }
