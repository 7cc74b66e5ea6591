"""A start that passes: a person's CSV becomes a table, or is refused with a line a fault, nothing written."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.__main__ import main
from helpers.chapter import data, package
from helpers.chapter.schema import TYPES
from helpers.files import BookError, write_whole
from helpers.new import given, put, table

GOOD = (
    "\ufeffday,port,calls,note,source_id\r\n"
    '2024-04-10,"Kure, Japan",12,,book\r\n'
    "2024-04-10,Sasebo,, seen twice ,book\r\n"
    "2024-05-01,Sasebo,3,,book\r\n"
    ",,,,\r\n"
)
#: What is expected of a text.
TEXT = "row 2, column port: expected " + TYPES["string"].words


@pytest.fixture
def port_calls(described: Path) -> Path:
    """A CSV as a spreadsheet on Windows writes it, outside of the data package."""
    package.make(described)
    path = described.parent / "port_calls.csv"
    path.write_bytes(GOOD.encode())
    return path


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_csv_becomes_a_table_with_what_is_left_to_write_named(port_calls: Path, described: Path) -> None:
    left = table.begin(port_calls, described)
    assert (described / "port_calls.csv").read_bytes().decode() == (
        "day,port,calls,note,source_id\n"
        '2024-04-10,"Kure, Japan",12,,book\n'
        "2024-04-10,Sasebo,,seen twice,book\n"
        "2024-05-01,Sasebo,3,,book\n"
    )
    begun = json.loads((described / "port_calls.json").read_text())
    assert (begun["title"], begun["vintage"]) == ("Port calls", "2024-05-01")
    assert begun["schema"]["primaryKey"] == ["day", "port"]
    day, port, calls, *shared = begun["schema"]["fields"]
    assert (day["type"], port["type"], calls["type"]) == ("date", "string", "integer")
    assert (day["constraints"], "constraints" in calls, "unit" in calls) == ({"required": True}, False, True)
    assert shared == ["note", "source_id"], "as fields.json has them"
    assert [line.split(": ")[1] for line in left[1:]] == [
        "vintage",
        "schema.primaryKey",
        "description",
        "terms",
        "schema.fields.day.description",
        "schema.fields.port.description",
        "schema.fields.calls.unit",
        "schema.fields.calls.description",
    ]
    data.package.cache_clear()
    assert data.load("port_calls", described)["calls"].sum() == 15


def test_a_csv_that_lies_in_the_package_is_taken_where_it_is(port_calls: Path, described: Path) -> None:
    inside = port_calls.rename(described / port_calls.name)
    table.begin(inside, described)
    assert inside.read_bytes().startswith(b"day,port")
    with pytest.raises(BookError, match="expected a name that no table has, found the table port_calls"):
        table.begin(inside, described)


@pytest.mark.parametrize(
    ("old", "fault", "message"),
    [
        ("Kure, Japan", "=A1", f"{TEXT}, found '=A1'"),
        ("Kure, Japan", "Ku\u200bre", f"{TEXT}, found 'Ku\\u200bre'"),
        ("Kure, Japan", "#REF!", f"{TEXT}, found '#REF!'"),
        ("Kure, Japan", "KyÃ´to", f"{TEXT}, found 'KyÃ´to'"),
        ("2024-04-10,Sasebo", ",Sasebo", "row 3, column day: expected what tells rows apart, found an empty"),
        (",book", ",bok", "row 2, column source_id: expected a key of sources, found 'bok'"),
        (",,book", ",,", "row 2, column source_id: expected a value, found an empty cell"),
        ("calls", "Port Calls", "row 1, column 3: expected a name such as fiscal_year, found 'Port Calls'"),
        ("calls", "port", "row 1, column 3: expected a name used once, found 'port' again"),
        ("source_id", "source", "row 1: expected a column source_id, a key of sources.csv"),
        ("12,,book", "12,book", "row 2: expected 5 cells, found 4"),
        (
            "05-01,Sasebo,3,,",
            "04-10,Sasebo,,seen twice,",
            "row 4: expected a row of its own, found row 3 again",
        ),
        ('"Kure', 'Kure"', "row 2: expected 5 cells, found 6"),
        ('Japan"', "Japan", "row 5: expected CSV, found unexpected end of data"),
    ],
)
def test_a_csv_with_a_fault_is_refused_with_row_and_column(
    port_calls: Path, described: Path, old: str, fault: str, message: str
) -> None:
    before = files(described)
    port_calls.write_bytes(GOOD.replace(old, fault, 1).encode())
    with pytest.raises(BookError) as refusal:
        table.begin(port_calls, described)
    said = str(refusal.value).splitlines()
    assert len(said) == 1
    assert said[0].startswith(f"{port_calls}: {message}")
    assert files(described) == before


def test_every_fault_is_told_at_once(
    port_calls: Path, described: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(f'2024-05-{day:02},Kure,"1,{day:03}",,book\n' for day in range(1, 5))
    port_calls.write_text(
        f"day,port,calls,note,source_id\n{rows}2024-05-05,Kure,1,,bok\n10 May,Kure,2,,book\n"
    )
    before, bare = files(described), "expected a bare number such as 1168"
    assert main(["new", "table", str(port_calls)]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "port_calls.csv: row 7, column day: expected a date such as 2024-04-10, found '10 May'",
        *(f"port_calls.csv: row {i + 1}, column calls: {bare}, found '1,00{i}'" for i in range(1, 5)),
        "port_calls.csv: row 6, column source_id: expected a key of sources, found 'bok'",
    ]
    assert files(described) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("day\nCafé\n".encode("latin-1"), "row 2: expected UTF-8, found byte 0xe9; save it as CSV UTF-8"),
        (b"day;port\n2024;Kure\n", "row 1: expected commas between cells, found ';'"),
        (b"source_id\n", "row 2: expected a row, found none"),
        (b"", "row 1: expected the names of the columns, found an empty row"),
        (
            b"\nday,source_id\n2024-04-10,book\n",
            "row 1: expected the names of the columns, found an empty row",
        ),
        (b"x,source_id\n$1.5,book\n$2,book\n", "row 2, column x: expected a bare number, with its currency"),
        (
            b"x,source_id\n2024-04-10 00:00:00,book\n2024-04-11T00:00:00Z,book\n",
            "row 2, column x: expected a date",
        ),
        (b"sold_on,source_id\n45392,book\n45393,book\n", "row 2, column sold_on: expected a date such as"),
        (
            b"x,source_id\n1234567890123456789,book\n1,book\n",
            "row 2, column x: expected a number of at most 16",
        ),
        (b"source_id,x\nbook,1\nbook,1\n", "row 3: expected a row of its own, found row 2 again"),
    ],
)
def test_what_is_no_table_is_refused(port_calls: Path, described: Path, content: bytes, message: str) -> None:
    port_calls.write_bytes(content)
    with pytest.raises(BookError) as refusal:
        table.begin(port_calls, described)
    assert str(refusal.value).splitlines()[0].startswith(f"{port_calls}: {message}")


def test_a_table_is_not_called_like_a_sentence(port_calls: Path, described: Path) -> None:
    with pytest.raises(BookError, match="expected a name such as port_calls"):
        table.begin(port_calls.rename(port_calls.with_name("Port calls.csv")), described)


def test_on_a_full_disk_nothing_is_left_over(
    port_calls: Path, described: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        if path == described / "port_calls.json":
            raise OSError(28, "No space left on device")
        write_whole(path, content)

    before = files(described)
    monkeypatch.setattr(put, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        table.begin(port_calls, described)
    assert files(described) == before


@pytest.mark.parametrize(
    ("column", "cells", "kind"),
    [
        ("calls", "1 2 3", "integer"),
        ("calls", "1 2.5 -3e2", "number"),
        ("calls", "1 2 3 x", "integer"),  # the x is then a fault
        ("calls", "1 2 x y", "string"),
        ("code", "007 012", "string"),
        ("fiscal_year", "2024 2025", "year"),
        ("calls", "2024 2025", "integer"),
        ("day", "2024-04-10 2024-02-29", "date"),
        ("day", "2024-04-10 2024-02-29 2024-03-01 2024", "string"),
        ("month", "2024-04 2024-05", "yearmonth"),
        ("kept", "true false", "boolean"),
        ("name", "true maybe", "string"),
        ("name", "", "string"),
        ("calls", "1 n/a", "integer"),  # as are words for nothing
        ("calls", "1.5 – …", "number"),
        ("calls", "n/a –", "string"),
    ],
)
def test_a_type_is_worked_out_from_the_cells(column: str, cells: str, kind: str) -> None:
    assert given.meant(column, list(enumerate(cells.split()))) == kind


@pytest.mark.parametrize(
    "cell",
    [
        *("1,168", "-1,168.5", "12 %", "12.5%", "10/4/2024", "10.04.24"),
        *(
            "1 168",
            "1\u00a0168",
            "1\u202f168,5",
            "1'168",
            "1,5",
            "-0,25",
            "−3",
            "–3.5",
            "１１",
            "inf",
            "-Infinity",
        ),
        *("March 2020", "10 April 2024", "Sept. 2024", "Dec 3, 2024", "TRUE", "False"),
    ],
)
def test_a_number_or_a_day_in_other_clothes_is_no_text(cell: str, described: Path) -> None:
    field: dict[str, Any] = {"name": "calls", "type": given.meant("calls", [(2, cell)])}
    assert len(list(given.wrong(field, [(2, cell)], described))) == 1


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        (["2020-01-01", "2020-02", "2020", "01/02/2020"], ["a date such as 2024-04-10, found '01/02/2020'"]),
        (["1168", "1,200", "1 300"], ["such as 1168, found '1,200'", "such as 1168, found '1 300'"]),
        (["true", "FALSE"], ["true or false in lower case, found 'FALSE'"]),
        (["1.5", "n/a"], ["a number, or an empty cell where there is none, found 'n/a'"]),
        (["1.5", "2.5", "3.5", "−1.5"], ["a number with a hyphen as its sign, such as -1.5, found '−1.5'"]),
        (["2020-01-01", "2020-02", "2020"], []),
        (["Balikatan 2024", "Keen Sword 2025"], []),
        (["–", "see note", "n/a"], []),
        (["one", "1,168", "two"], []),
    ],
)
def test_a_column_is_of_one_form_or_each_other_cell_is_named(
    described: Path, cells: list[str], faults: list[str]
) -> None:
    rows = list(enumerate(cells, start=2))
    field: dict[str, Any] = {"name": "calls", "type": given.meant("calls", rows)}
    said = list(given.wrong(field, rows, described))
    assert len(said) == len(faults), said
    assert [line for line, fault in zip(said, faults, strict=True) if not line.endswith(fault)] == []
