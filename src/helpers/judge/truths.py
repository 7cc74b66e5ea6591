"""What a truth about tables is: how one is named, run, excepted from, and how what it compares is called.

A check returns one boolean for each thing that it has compared, under a label that a reader can look up. What
is known to break a truth, and why that is no mistake, is named beside the check; an exception that nothing
needs any more is a fault too. Those that hold in any book stand in `helpers.judge.tables`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from helpers.chapter import data
from helpers.chapter.data import load


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


def start(day: str) -> pd.Timestamp:
    """Return the first moment that a day, a month or a year in ISO form can mean."""
    return _period(day).start_time


def end(day: str) -> pd.Timestamp:
    """Return the last moment that a day, a month or a year in ISO form can mean."""
    return _period(day).end_time


def _period(day: str) -> pd.Period:
    return pd.Period(day, {4: "Y", 7: "M", 10: "D"}[len(day)])
