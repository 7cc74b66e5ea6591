"""The data package is made from a descriptor a table; a fault in one is a line with its file and key."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package

from helpers.__main__ import main
from helpers.chapter import data, package
from helpers.chapter.schema import DataError


def read(folder: Path) -> dict[str, Any]:
    content = json.loads(package.make(folder).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_package_is_made_whole_of_its_descriptors(described: Path) -> None:
    made = read(described)
    assert made["version"] == "1.0", "the version of the book"
    assert [(each["name"], each["path"]) for each in made["resources"]] == [
        ("counts", "counts.csv"),
        ("land", "land.topo.json"),
        ("sources", "sources.csv"),
    ]
    source = {"title": "Source", "type": "string", "description": "Key.", "constraints": {"required": True}}
    assert made["resources"][0]["schema"] == {
        "fields": [
            {"name": "year", "title": "Year", "type": "year", "description": "Year."},
            {"name": "source_id", **source},
            {"name": "note", "title": "Remark", "type": "string", "description": "Note."},
        ],
        "primaryKey": ["year"],
        "foreignKeys": [
            {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}
        ],
    }
    assert made["resources"][2]["schema"] == {
        "fields": [{"name": "source_id", **source}],
        "primaryKey": ["source_id"],
    }
    assert data.load("counts", described)["source_id"].tolist() == ["book"]
    assert Package(str(described / "datapackage.json")).validate().valid


def test_a_package_that_is_fresh_keeps_its_time(described: Path) -> None:
    path = package.make(described)
    before = path.stat().st_mtime_ns
    package.make(described)
    assert path.stat().st_mtime_ns == before


def test_a_folder_without_descriptors_keeps_its_package(package_of_another: Path) -> None:
    before = package_of_another.read_bytes()
    assert package.make(package_of_another.parent) == package_of_another
    assert package_of_another.read_bytes() == before


@pytest.fixture
def package_of_another(tmp_path: Path) -> Path:
    """A data package that somebody has written by hand."""
    (path := tmp_path / "datapackage.json").write_text('{"resources": []}')
    return path


COUNTS = "counts.json"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (COUNTS, '"Small"', '""', f"{COUNTS}: title: expected a text, found ''"),
        (COUNTS, '"Small"', "7", f"{COUNTS}: title: expected text, found 7"),
        (
            COUNTS,
            "A small table, of which each row is",
            "Of",
            f"{COUNTS}: description: expected at least 40 ",
        ),
        (COUNTS, '"terms"', '"term"', f"{COUNTS}: terms: expected a text, found None"),
        (COUNTS, "2026-01", "January", f"{COUNTS}: vintage: expected a day, month or year in ISO form, "),
        (
            COUNTS,
            '{"title"',
            '{"name": "count", "title"',
            f"{COUNTS}: name: expected 'counts', the file's own",
        ),
        (COUNTS, '{"title"', '{"path": "no.csv", "title"', f"{COUNTS}: path: expected a file data/no.csv"),
        (COUNTS, '{"title"', '{"titel": "", "title"', f"{COUNTS}: expected a key among name, path, schema, "),
        (
            COUNTS,
            '{"title"',
            '{"title": "", "title"',
            f"{COUNTS}: expected each key once, found 'title' again",
        ),
        (COUNTS, '"terms":', '"terms"', f"{COUNTS}: expected JSON, found Expecting ':' delimiter: line 1 "),
        (COUNTS, '"fields"', '"feilds"', f"{COUNTS}: schema: expected a key among fields, primaryKey, "),
        (COUNTS, '"source_id"', '"sorce_id"', f"{COUNTS}: schema.fields: no field of fields.json named "),
        (COUNTS, '"source_id"', "7", f"{COUNTS}: field 7: expected keys and values, found 7"),
        (COUNTS, '"Remark"', '"Remark", "unti": "km"', f"{COUNTS}: field note: expected a key among name, "),
        (COUNTS, '["year"]', "[]", f"{COUNTS}: primaryKey: expected the columns that tell rows apart, found"),
        (COUNTS, '["year"]', '["yaer"]', f"{COUNTS}: primaryKey: no column named 'yaer'; near it: year"),
        ("fields.json", '"sources"', '"sorces"', f"{COUNTS}: schema.fields.source_id.references: no table "),
        ("fields.json", '"sources"', '"land"', f"{COUNTS}: schema.fields.source_id.references: expected a "),
        ("fields.json", '"string"', '"text"', "fields.json: field source_id: expected a type among string, "),
        ("fields.json", '"note": {', '"what": 1, "note": {', "fields.json: what: expected keys and values, "),
        ("package.json", '"licenses"', '"licences"', "package.json: expected a key among name, title, "),
        ("package.json", "{", "[{", "package.json: expected JSON, found Expecting ',' delimiter"),
        ("land.json", '"format"', '"mediatyp"', "land.json: expected a key among name, path, title, "),
        (
            "land.json",
            "land.topo.json",
            "land.svg",
            "land.json: path: expected a file data/land.svg, found none",
        ),
    ],
)
def test_a_fault_in_a_descriptor_is_a_line_and_leaves_the_package(
    described: Path, file: str, old: str, new: str, message: str
) -> None:
    before = package.make(described).read_bytes()
    change(described / file, old, new)
    with pytest.raises(DataError) as refusal:
        package.make(described)
    assert str(refusal.value).startswith(f"data/{message}")
    assert "\n" not in str(refusal.value)
    assert (described / "datapackage.json").read_bytes() == before


def test_all_that_descriptors_lack_is_told_at_once(described: Path) -> None:
    change(described / COUNTS, '"terms"', '"term"')
    change(described / COUNTS, '"title": "Year", "type": "year", "description": "Year."', '"title": ""')
    change(described / "land.json", '"title"', '"titel"')
    with pytest.raises(DataError) as refusal:
        package.make(described)
    assert str(refusal.value).splitlines() == [
        "data/counts.json: terms: expected a text, found None",
        "data/counts.json: field year: type: expected a text, found None",
        "data/counts.json: field year: title: expected a text, found ''",
        "data/counts.json: field year: description: expected a text, found None",
        "data/land.json: title: expected a text, found None",
    ]


def test_a_table_without_a_descriptor_is_told_how_to_begin_one(described: Path) -> None:
    (described / "sources.json").unlink()
    with pytest.raises(
        DataError, match=r"^data/sources.csv: .* `python -m helpers new table data/sources.csv`"
    ):
        package.make(described)


def test_texts_that_are_still_to_be_written_stop_no_build_but_are_told(
    described: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(
        described / COUNTS, '"A small table, of which each row is a count."', '"TODO: Say what one row is."'
    )
    change(described / COUNTS, '"Remark"', '"TODO: Name it."')
    left = [
        "data/counts.json: description: still to be written: Say what one row is.",
        "data/counts.json: schema.fields.note.title: still to be written: Name it.",
    ]
    assert list(package.unfinished(described)) == left
    assert main(["package"]) == 0
    assert capsys.readouterr().out.splitlines() == ["data/datapackage.json", *left]


@pytest.mark.parametrize(
    ("command", "work"), [("rerun", "run.notebooks.find"), ("build", "make.build.build")]
)
def test_a_run_and_a_build_begin_with_a_fresh_package(
    described: Path, monkeypatch: pytest.MonkeyPatch, command: str, work: str
) -> None:
    package.make(described)
    change(
        described / COUNTS,
        '"A small table, of which each row is a count."',
        '"Another table, of which each row is a count too."',
    )
    seen = []
    monkeypatch.setattr(
        f"helpers.{work}", lambda: seen.append((described / "datapackage.json").read_text()) or []
    )
    monkeypatch.setattr("helpers.run.students.make", list)
    assert main([command]) == 0
    assert "Another table" in seen[0]
    change(described / COUNTS, '"terms"', '"term"')
    assert main([command]) == 1
    assert len(seen) == 1


def test_what_is_written_says_what_was_given_in_lines_that_are_short() -> None:
    value = {
        "a": [],
        "long": ["word " * 10] * 3,
        "of": [{"short": 1}, {"long": {"é": "word " * 30}}],
        "b": None,
    }
    text = package.written(value)
    assert json.loads(text) == value
    assert text.splitlines()[-4:] == ["    }", "  ],", '  "b": null', "}"]
    assert max(len(line) for line in text.splitlines() if line.count('"') != 4) <= 110


def test_the_package_of_this_book_is_fresh_and_nothing_in_it_is_left_to_write(root: Path) -> None:
    made = f"{package.written(package.gathered(root / 'data'))}\n"
    fresh = (root / "data" / "datapackage.json").read_text(encoding="utf-8") == made
    assert fresh, "run `python -m helpers package`"
    assert list(package.unfinished(root / "data")) == []


def test_a_shared_field_is_one_that_tables_share(root: Path) -> None:
    names = Counter(
        field if isinstance(field, str) else field["name"]
        for path in package.descriptors(root / "data")
        for field in package.read(path).get("schema", {"fields": []})["fields"]
    )
    assert [name for name in package.read(root / "data" / "fields.json") if names[name] < 2] == []
