"""The loader refuses what breaks its contract; the package and its tables agree with each other."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from frictionless import Package

from helpers.chapter import data
from helpers.chapter.data import load
from helpers.chapter.schema import DataError

TABLES = [resource["name"] for resource in data.package()["resources"] if "schema" in resource]


def test_load_gives_typed_columns_and_keeps_gaps(package: Path) -> None:
    table = load("counts", package)
    assert [str(dtype) for dtype in table.dtypes] == [
        "int64",
        "str",
        "int64",
        "float64",
        "datetime64[s]",
        "datetime64[s]",
        "str",
    ]
    assert table.index.tolist() == [2, 3, 4, 5]
    assert table["share"].isna().tolist() == [False, True, False, True]
    assert table.loc[2, "month"] == pd.Timestamp("2024-04-01")
    assert table.attrs["table"] == "counts"


def test_load_gives_a_table_of_its_own(package: Path) -> None:
    table = load("counts", package)
    table["count"] = 0
    assert load("counts", package)["count"].sum() == 67


def test_the_lines_of_selections_are_named_and_nothing_else(package: Path) -> None:
    table = load("counts", package)
    assert data.lines(table.loc[[2, 3, 5]], table.loc[[5]].assign(more=1)) == {"counts": "lines 2–3, 5"}
    assert data.lines(table.loc[[4]], load("sources", package)) == {"counts": "line 4", "sources": "line 2"}
    assert (
        data.lines(
            table.groupby("year", as_index=False).sum(numeric_only=True), table.merge(table, on="year"), None
        )
        == {}
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "year,who,count,",
            "year,who,",
            "counts.csv: row 1, column count: expected this column, found year, who, share",
        ),
        ("year,who,", "who,year,", "counts.csv: row 1: expected columns year, who"),
        (
            "2024,a,10,",
            "2024,a,ten,",
            "counts.csv: row 3, column count: expected a whole number, found 'ten'",
        ),
        (
            "2024,a,10,",
            "2024,a,10.5,",
            "counts.csv: row 3, column count: expected a whole number, found '10.5'",
        ),
        ("20,0.5,", "20,0;5,", "counts.csv: row 4, column share: expected a number, found '0;5'"),
        (
            "30,1.5,2024-04-10",
            "30,1.5,2024-02-30",
            "counts.csv: row 2, column day: expected a date such as 2024-04-10, found '2024-02-30'",
        ),
        (
            "30,1.5,2024-04-10,2024-04",
            "30,1.5,2024-04-10,2024-4",
            "counts.csv: row 2, column month: expected a month such as 2024-04",
        ),
        ("2024,b,", "2024,c,", "counts.csv: row 4, column who: expected one of total, a, b, found 'c'"),
        ("2025,total", "1066,total", "counts.csv: row 5, column year: expected at least 1900, found '1066'"),
        (
            "2025,total,7,,,,book",
            "2025,total,7,,,,",
            "counts.csv: row 5, column source_id: expected a value, found an empty cell",
        ),
        (
            "2024,b,20,",
            "2024,a,20,",
            "counts.csv: row 4, column year+who: expected a key used once, found 2024, a again",
        ),
        (
            "2025,total,7,,,,book",
            "2025,total,7,,,,film",
            "counts.csv: row 5, column source_id: expected a key of sources, found film",
        ),
        (
            "2024,total,30,",
            "2024,total,31,",
            "counts.csv: row 2, column count: expected 30, the sum of a, b, found 31",
        ),
        ("2024,b,20,0.5,,2024-04,book\n", "2024,b,20\n", "counts.csv: row 4: expected 7 cells, found 3"),
        ("7,,,,book\n", "7,,,,book", "counts.csv: expected a newline at the end"),
        ("2024,a,10", '2024,"a,10', "counts.csv: row 5: expected CSV"),
        (
            "2024,a,10,",
            "2024,a,1000000000000000000000,",
            "counts.csv: row 3, column count: expected a whole number",
        ),
        ("2024,a,10,", "2024,a,١٠,", "counts.csv: row 3, column count: expected a whole number, found '١٠'"),
        ("20,0.5,", "20,1e999,", "counts.csv: row 4, column share: expected a number, found '1e999'"),
        (
            "30,1.5,2024-04-10",
            "30,1.5,2024-04-1٠",
            "counts.csv: row 2, column day: expected a date such as 2024-04-10",
        ),
        (
            "2024,b,20",
            "2024,=2+3,20",
            "counts.csv: row 4, column who: expected text that no spreadsheet would run as a formula, "
            "without blanks at its ends, unseen signs, and what a wrong encoding or an error leaves, "
            "found '=2+3'",
        ),
        ("2024,b,20", "2024,b ,20", "counts.csv: row 4, column who: expected text that no spreadsheet"),
        ("2024,b,20", "2024,b\x00,20", "counts.csv: row 4, column who: expected text that no spreadsheet"),
        ("2024,b,20", "2024,\u202eb,20", "counts.csv: row 4, column who: expected text that no spreadsheet"),
        ("2024,b,20", "2024,M\ufffdn,20", "counts.csv: row 4, column who: expected text that no spreadsheet"),
        (
            "2024,b,20",
            "2024,,20",
            "counts.csv: row 4, column who: expected what tells rows apart, found an empty",
        ),
        ("2024,b,20", "2024,@SUM(A1),20", "counts.csv: row 4, column who: expected text that no spreadsheet"),
        ("2024,b,20", "2024,-1+2,20", "counts.csv: row 4, column who: expected text that no spreadsheet"),
        (
            "2024,b,20",
            "2024,b\u2028,20",
            "counts.csv: row 4, column who: expected text that no spreadsheet would run as a formula, "
            "without blanks at its ends, unseen signs, and what a wrong encoding or an error leaves, "
            "found 'b\\u2028'",
        ),
        (
            "20,0.5,,2024-04,book\n2025,total,7,,,,book\n",
            "20,0.",
            "counts.csv: expected a newline at the end",
        ),
        ("year,", "\ufeffyear,", "counts.csv: row 1: expected UTF-8 without a byte-order mark"),
        ("\n", "\r\n", "counts.csv: expected lines that end in LF, found CR"),
    ],
)
def test_load_refuses_bad_input_in_one_line(package: Path, old: str, new: str, message: str) -> None:
    path = package / "counts.csv"
    changed = path.read_text(encoding="utf-8").replace(old, new)
    path.write_bytes(changed.encode())
    with pytest.raises(DataError) as refusal:
        load("counts", package)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)


def test_load_refuses_another_encoding(package: Path) -> None:
    (package / "counts.csv").write_bytes("year,who\n2024,Ō\n".encode("utf-16"))
    with pytest.raises(DataError, match=r"^counts.csv: expected UTF-8, found byte 0xff at offset 0$"):
        load("counts", package)


def test_load_refuses_a_letter_of_an_old_encoding(package: Path) -> None:
    path = package / "counts.csv"
    path.write_bytes(path.read_bytes().replace(b"2024,a,", "2024,é,".encode("latin-1")))
    with pytest.raises(DataError, match=r"^counts.csv: expected UTF-8, found byte 0xe9 at offset \d+$"):
        load("counts", package)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"type": "integer"',
            '"type": "integr"',
            "datapackage.json: counts.csv, field count: expected a type among string, ",
        ),
        (
            '"path": "counts.csv", ',
            "",
            "datapackage.json: expected a JSON data package, found a resource without name or path",
        ),
        ('"resources"', '"tables"', "datapackage.json: expected a JSON data package, found 'resources'"),
        ('{"name": "small"', "\ufeff", "datapackage.json: expected a JSON data package, found "),
    ],
)
def test_load_refuses_a_package_that_is_none(package: Path, old: str, new: str, message: str) -> None:
    path = package / "datapackage.json"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        load("counts", package)
    assert str(refusal.value).startswith(message)
    assert "\n" not in str(refusal.value)


def test_an_unknown_table_is_answered_with_its_nearest_names(package: Path) -> None:
    with pytest.raises(DataError, match=r"^datapackage.json: no table named 'sorces'; near it: sources$"):
        load("sorces", package)
    with pytest.raises(DataError, match=r"no table named 'vessels'; near it: none$"):
        load("vessels", package)
    with pytest.raises(DataError, match=r"no table named 'count'; near it: counts$"):
        data.fields("count", package)
    assert data.fields("counts", package)["year"]["title"] == "Year"


def test_an_unknown_source_is_answered_with_its_nearest_names() -> None:
    with pytest.raises(
        DataError, match=r"^sources.csv: no source named 'wh-joint-statment-2024'; near it: wh-"
    ):
        data.source("wh-joint-statment-2024")


WHO = "schema/fields/1"
KEY = "schema/foreignKeys/0"


@pytest.mark.parametrize(
    ("at", "change", "message"),
    [
        ("dialect", {}, ": expected a key among name, path, schema, title, "),
        ("terms", 1, ", terms: expected text, found 1"),
        ("schema/uniqueKeys", [], ", schema: expected a key among fields, primaryKey, foreignKeys, "),
        ("schema/missingValues", ["-"], ", missingValues: expected [\"\"], the empty cell, found ['-']"),
        ("schema/fields", ..., ", schema: expected the key 'fields', found none"),
        (WHO, "who", ", field who: expected keys and values, found 'who'"),
        (f"{WHO}/name", "year", ", field year: expected a name used once, found it again"),
        (f"{WHO}/name", ..., ", field None: expected the key 'name', found none"),
        (f"{WHO}/type", ..., ", field who: expected the key 'type', found none"),
        (f"{WHO}/format", "uri", ", field who: expected a key among name, type, title, unit, description, "),
        (f"{WHO}/constraints", None, ", field who, constraints: expected keys and values, found None"),
        (
            f"{WHO}/constraints/uniqe",
            True,
            ", field who, constraints: expected a key among required, unique, ",
        ),
        (f"{WHO}/constraints/unique", "yes", ", field who, constraints, unique: expected true or false, "),
        (f"{WHO}/constraints/minimum", 1, ", field who, minimum: expected none for a field of type string"),
        (f"{WHO}/constraints/pattern", "[", ", field who, pattern: expected what fits text"),
        (
            "schema/fields/2/constraints",
            {"pattern": "."},
            ", field count, pattern: expected none for a field",
        ),
        (
            "schema/fields/2/constraints",
            {"minimum": "x"},
            ", field count, minimum: expected what fits a whole",
        ),
        (
            "schema/fields/4/constraints",
            {"enum": ["May"]},
            ", field day, enum: expected what fits a date such",
        ),
        ("schema/primaryKey", ["yaer"], ", primaryKey: no column named 'yaer'; near it: year"),
        ("schema/primaryKey", 1, ", schema, primaryKey: expected a name or a list of names, found 1"),
        (f"{KEY}/feilds", [], ", foreignKeys: expected a key among fields, reference, found 'feilds'"),
        (f"{KEY}/fields", ["sorce_id"], ", foreignKeys: no column named 'sorce_id'; near it: source_id"),
        (f"{KEY}/reference/resource", "sorces", ", foreignKeys: no table named 'sorces'; near it: sources"),
        (
            f"{KEY}/reference/fields",
            ["titel"],
            ", foreignKeys, sources: no column named 'titel'; near it: title",
        ),
        (f"{KEY}/reference/fields", ["source_id", "title"], ", foreignKeys: expected as many columns as "),
        ("sources", ["JCG"], ", sources: expected keys and values, found 'JCG'"),
        ("sources", [{"name": "JCG"}], ", sources: expected a key among title, found 'name'"),
        ("rows", "4", ", rows: expected a whole number, found '4'"),
        ("order", ["yaer"], ", order: no column named 'yaer'; near it: year"),
        ("crossed", ["year", "woh"], ", crossed: no column named 'woh'; near it: who"),
        ("determines", {"woh": ["day"]}, ", determines, woh: no column named 'woh'; near it: who"),
        ("determines", {"who": ["dya"]}, ", determines, who: no column named 'dya'; near it: day"),
        ("determines", {"who": "day"}, ", determines, who: expected a list, found 'day'"),
        ("unbroken", "yaer", ", unbroken: no column named 'yaer'; near it: year"),
        ("unbroken", "month", ", unbroken: expected a year, a month or a count in primaryKey, found month "),
        ("unbroken", "who", ", unbroken: expected a year, a month or a count in primaryKey, found who of "),
        ("schema/primaryKey", ..., ", sumCheck: expected who and others in primaryKey, found none"),
        ("schema/primaryKey", "who", ", sumCheck: expected who and others in primaryKey, found who"),
        ("sumCheck/over", "whom", ", sumCheck: no column named 'whom'; near it: who"),
        ("sumCheck/field", "day", ", sumCheck: expected numbers in day, found the type date"),
        ("sumCheck/total", ..., ", sumCheck: expected the key 'total', found none"),
        ("sumCheck/parts", ["a", "B"], ", sumCheck: no who in its enum named 'B'; near it: none"),
        ("sumCheck/tolerence", 1, ", sumCheck: expected a key among field, over, total, parts, tolerance, "),
    ],
)
def test_a_part_of_a_contract_that_nothing_reads_is_refused(
    package: Path, at: str, change: Any, message: str
) -> None:
    content = json.loads((package / "datapackage.json").read_text())
    steps = [int(step) if step.isdigit() else step for step in at.split("/")]
    holder = content["resources"][1]
    for step in steps[:-1]:
        holder = holder[step]
    if change is ...:
        del holder[steps[-1]]
    else:
        holder[steps[-1]] = change
    (package / "datapackage.json").write_text(json.dumps(content))
    with pytest.raises(DataError) as refusal:
        load("counts", package)
    assert str(refusal.value).startswith(f"datapackage.json: counts.csv{message}")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("rows", [3, 4, 5])
def test_a_table_has_as_many_rows_as_its_descriptor_says(package: Path, rows: int) -> None:
    path = package / "datapackage.json"
    content = json.loads(path.read_text())
    content["resources"][1]["rows"] = rows
    path.write_text(json.dumps(content))
    if rows == 4:
        assert len(load("counts", package)) == rows
    else:
        with pytest.raises(
            DataError, match=f"counts.csv: expected {rows} rows, as its descriptor says, found 4"
        ):
            load("counts", package)


@pytest.mark.parametrize(
    ("order", "rows", "refused"),
    [
        (["year"], ["2024,b,1,,,,x", "2024,a,1,,,,y", "2025,b,1,,,,x"], None),  # both of one year
        (["year"], ["2025,b,1,,,,x", "2024,a,1,,,,y"], "row 3, column year: expected rows in this order, "),
        (["year", "who"], ["2024,a,1,,,,x", "2024,b,1,,,,x", "2025,a,1,,,,x"], None),  # as the list has them
        (["year", "who"], ["2024,b,1,,,,x", "2024,a,1,,,,x"], "row 3, column year+who: expected rows in "),
        (
            ["day"],
            ["2024,a,1,,2024-05-02,,x", "2024,b,1,,,,x", "2025,a,1,,2024-05-01,,x"],
            "row 4, column day",
        ),
        (["source_id"], ["2024,a,1,,,,y", "2024,b,1,,,,y", "2025,b,1,,,,x"], None),  # a text has no order
        (["source_id"], ["2024,a,1,,,,y", "2024,b,1,,,,x", "2025,b,1,,,,y"], "row 4, column source_id: "),
    ],
)
def test_rows_stand_in_the_order_that_their_table_promises(
    package: Path, order: list[str], rows: list[str], refused: str | None
) -> None:
    path = package / "datapackage.json"
    content = json.loads(path.read_text())
    content["resources"][1]["order"] = order
    path.write_text(json.dumps(content))
    (package / "sources.csv").write_text("source_id,publisher,title\nx,P,T\ny,P,T\n")
    (package / "counts.csv").write_text("\n".join(["year,who,count,share,day,month,source_id", *rows, ""]))
    if refused:
        with pytest.raises(DataError, match=re.escape(refused)):
            load("counts", package)
    else:
        assert len(load("counts", package)) == len(rows)


@pytest.mark.parametrize(
    ("column", "constraints", "message"),
    [
        (2, {"unique": True, "exclusiveMinimum": 6, "exclusiveMaximum": 31}, None),
        (2, {"exclusiveMinimum": 7}, "row 5, column count: expected more than 7, found '7'"),
        (2, {"exclusiveMaximum": 30}, "row 2, column count: expected less than 30, found '30'"),
        (2, {"minimum": 7, "maximum": 29}, "row 2, column count: expected at most 29, found '30'"),
        (2, {"enum": [30, 10, 20]}, "row 5, column count: expected one of 30, 10, 20, found '7'"),
        (3, {"unique": True}, None),  # an empty cell is none
        (4, {"unique": True}, "row 3, column day: expected a key used once, found 2024-04-10 00:00:00 again"),
        (4, {"enum": ["2024-04-10"], "minimum": "2024-04-10"}, None),
        (5, {"maximum": "2024-03"}, "row 2, column month: expected at most 2024-03, found '2024-04'"),
        (6, {"minLength": 4, "maxLength": 4, "pattern": "b.*"}, None),
        (6, {"minLength": 5}, "row 2, column source_id: expected a length of at least 5, found 'book'"),
        (6, {"maxLength": 3}, "row 2, column source_id: expected a length of at most 3, found 'book'"),
        (6, {"pattern": "b"}, "row 2, column source_id: expected the pattern b, found 'book'"),
    ],
)
def test_every_constraint_is_kept(
    package: Path, column: int, constraints: dict[str, Any], message: str | None
) -> None:
    content = json.loads((package / "datapackage.json").read_text())
    content["resources"][1]["schema"]["fields"][column]["constraints"] = constraints
    (package / "datapackage.json").write_text(json.dumps(content))
    if message is None:
        assert len(load("counts", package)) == 4
    else:
        with pytest.raises(DataError) as refusal:
            load("counts", package)
        assert str(refusal.value) == f"counts.csv: {message}"


def refer(package: Path, name: str, field: str, resource: str, other: str) -> None:
    """Add a column with a foreign key to a table of the package."""
    content = json.loads((package / "datapackage.json").read_text())
    schema = next(each for each in content["resources"] if each["name"] == name)["schema"]
    schema["fields"].append({"name": field, "type": "string"})
    schema.setdefault("foreignKeys", []).append(
        {"fields": field, "reference": {"resource": resource, "fields": other}}
    )
    (package / "datapackage.json").write_text(json.dumps(content))


@pytest.mark.parametrize("itself", ["", "sources"])
def test_a_table_may_refer_to_itself(package: Path, itself: str) -> None:
    refer(package, "sources", "part_of", itself, "source_id")
    rows = "source_id,publisher,title,part_of\nbook,Publisher,Title,\npage,Publisher,Title,book\n"
    (package / "sources.csv").write_text(rows)
    assert load("sources", package)["part_of"].tolist()[1] == "book"
    (package / "sources.csv").write_text(rows.replace("Title,book", "Title,bok"))
    for reading in (data._typed, data._load):
        reading.cache_clear()
    with pytest.raises(
        DataError, match=r"^sources.csv: row 3, column part_of: expected a key of sources, found bok$"
    ):
        load("sources", package)


def test_two_tables_may_refer_to_each_other(package: Path) -> None:
    refer(package, "sources", "who", "counts", "who")
    (package / "sources.csv").write_text("source_id,publisher,title,who\nbook,Publisher,Title,a\n")
    assert len(load("counts", package)) == 4
    assert len(load("sources", package)) == 1


def test_two_tables_of_one_name_are_refused(package: Path) -> None:
    content = json.loads((package / "datapackage.json").read_text())
    content["resources"][0]["name"] = "counts"
    (package / "datapackage.json").write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"^datapackage.json: expected one table named 'counts', found 2$"):
        load("counts", package)


def test_load_refuses_a_missing_file_and_a_broken_package(package: Path) -> None:
    (package / "counts.csv").unlink()
    with pytest.raises(DataError, match=r"^counts.csv: expected a readable file"):
        load("counts", package)
    (package / "datapackage.json").write_text("{")
    data.package.cache_clear()  # which is read once a process
    with pytest.raises(DataError, match=r"^datapackage.json: expected a JSON data package"):
        load("sources", package)
    (package / "datapackage.json").unlink()
    data.package.cache_clear()
    with pytest.raises(
        DataError, match=r"^datapackage.json: .* found none; `python -m helpers package` makes"
    ):
        load("sources", package)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_keeps_its_contract(name: str) -> None:
    table = load(name)
    assert not table.empty or name in ("changes", "corrections"), "only a log may be empty"
    assert {"source_id", "status_source_id"} & {*table.columns} or name == "searches", "which found none"
    for field in data.fields(name).values():
        assert field["title"], field["name"]
        assert field["description"], field["name"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_its_vintage_and_terms(name: str) -> None:
    resource = data.resource(name)
    assert pd.Timestamp(resource["vintage"])
    assert len(resource["terms"]) > 5


def test_frictionless_finds_the_package_valid(root: Path) -> None:
    report = Package(str(root / "data" / "datapackage.json")).validate()
    assert report.flatten(["title", "rowNumber", "fieldName", "note"]) == []
    assert report.valid
    rows = {task.name: task.stats.get("rows", 0) for task in report.tasks if task.type == "table"}
    assert rows == {name: len(load(name)) for name in TABLES}


def test_frictionless_looks_at_every_row_and_reference(root: Path, tmp_path: Path) -> None:
    """The other judge is not asleep: it sees a source that nobody registered in a table's last row."""
    name = "yen_per_dollar"
    descriptor = data.package() | {"resources": [data.resource("sources"), data.resource(name)]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor))
    shutil.copyfile(root / "data" / "sources.csv", tmp_path / "sources.csv")
    text = (root / "data" / f"{name}.csv").read_text(encoding="utf-8")
    (tmp_path / f"{name}.csv").write_text(text.removesuffix("\n") + "x\n", encoding="utf-8")
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.flatten(["title", "rowNumber"]) == [["ForeignKey Error", len(load(name)) + 1]]


def test_every_file_of_the_package_is_listed_and_every_source_is_used(root: Path) -> None:
    resources = data.package()["resources"]
    listed = {resource["path"] for resource in resources} | {
        f"{resource['name']}.json" for resource in resources
    }
    own = {"datapackage.json", "package.json", "fields.json"}
    assert {path.name for path in (root / "data").iterdir() if path.is_file()} == listed | own
    used: set[str] = set()
    for name in TABLES:
        if name != "sources":
            table = load(name)
            used |= {
                value
                for column in table.columns
                if column.endswith("source_id")
                for value in table[column].dropna()
            }
    assert set(load("sources")["source_id"]) - used - _linked(root) == set()


def _linked(root: Path) -> set[str]:
    """Return what the prose links to as a source, or a figure names: sources, among other words."""
    texts = "".join(
        path.read_text(encoding="utf-8")
        for path in (root / "book").rglob("*")
        if path.suffix in (".md", ".ipynb")
    )
    return {linked or named for linked, named in re.findall(r'#source-([\w-]+)|"([\w-]+)"', texts)}
