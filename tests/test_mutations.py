"""The changes with which the tests are tried are changes: one place, in a file that can still be read."""

import ast
import csv
import importlib
import io
import json
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from conftest import ROOT


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool that changes, re-runs and asks."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        return importlib.import_module("mutate_rerun")
    finally:
        sys.path.pop(0)


def test_every_kind_changes_one_file_that_can_still_be_read(tool: ModuleType) -> None:
    books = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "book").rglob("*.ipynb"))
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    copy = SimpleNamespace(folder=ROOT, rng=random.Random(1), package=package, books=books)  # noqa: S311
    for kind, (_, make) in tool.KINDS.items():
        mutation = make(copy)
        before = (ROOT / mutation.file).read_text(encoding="utf-8")
        assert mutation.text != before, kind
        if mutation.file.endswith(".csv"):
            old, new = (list(csv.reader(io.StringIO(text))) for text in (before, mutation.text))
            assert {len(row) for row in new} == {len(old[0])}, kind
            assert abs(len(new) - len(old)) <= 1, kind
        else:
            content = json.loads(mutation.text)
        if mutation.file.endswith(".ipynb"):
            cells = json.loads(before)["cells"]
            pairs = list(zip(cells, content["cells"], strict=True))
            changed = ["".join(new["source"]) for old, new in pairs if old["source"] != new["source"]]
            assert len(changed) == 1, kind
            assert ast.parse(changed[0]), kind


def test_a_word_is_flipped_to_one_that_it_might_be_taken_for(tool: ModuleType) -> None:
    rng = random.Random(1)  # noqa: S311
    assert tool.flipped("China flew more than in 2023", rng) in (
        "Japan flew more than in 2023",
        "China flew fewer than in 2023",
    )
    assert tool.flipped("Nothing here", rng) == "Nothing here"


def test_the_report_counts_by_kind_and_says_how_many_of_a_hundred(tool: ModuleType) -> None:
    columns = Counter({"run": 2, tool.SAME: 3})
    noticed = defaultdict(Counter, {"a unit": Counter({"run": 1, "": 1}), "a column": columns})
    *_, unit, column, _, share = tool.report(noticed)
    assert unit == "| tables | a unit | 2 | 1 | 0 | 0 | 0 | 1 | 0 |"
    assert column == "| code | a column | 5 | 2 | 0 | 0 | 0 | 0 | 3 |"
    assert share == "75 of 100 noticed"
    assert Path(tool.__file__).name == "mutate_rerun.py"


def test_a_module_s_tests_are_called_like_it_or_import_it_or_who_imports_it(tool: ModuleType) -> None:
    mutate = importlib.import_module("mutate")

    def of(module: str) -> set[str]:
        return {Path(test).stem for test in mutate.tests_of(ROOT, f"src/helpers/{module}.py")}

    assert of("chapter/marks") == {"test_marks"}, "by its name"
    assert of("chapter/numbers") >= {"test_fact", "test_prose"}, "by what imports it"
    assert of("judge/typed") >= {"test_prose"}, "by who imports it"
    for module, test in mutate.ALSO.items():
        assert list(ROOT.glob(f"src/helpers/**/{module}.py")), module
        assert f"test_{test}" in {path.stem for path in ROOT.glob("tests/**/*.py")}, test


def test_what_judges_name_is_there(tool: ModuleType) -> None:
    mutate = importlib.import_module("mutate")
    for first, others in tool.TESTS.values():
        assert all(mutate.named(ROOT, name) for name in (*first, *others))
