"""The wheel has data and helpers for a notebook of one's own, and what JupyterLab and a hub start with."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from helpers.chapter import data, output
from helpers.live import lab, packages
from helpers.settings import settings


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    return packages.wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_table_and_every_module(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    held = {"datapackage.json", *(resource["path"] for resource in data.package()["resources"])}
    assert {name for name in names if name.startswith("helpers/data/")} == {
        f"helpers/data/{name}" for name in held
    }
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src" / "helpers").rglob("*.py")}
    book = {"helpers/book.toml", "helpers/book/seminar/answers.json"}
    assert modules | book | {"helpers/py.typed"} <= names
    assert not [name for name in names if "test" in name.lower() or name.endswith(".ipynb")]


def test_the_wheel_has_the_name_and_the_version_of_the_book_and_not_that_of_its_import(wheel: Path) -> None:
    book = settings().book
    assert wheel.name == f"{book.slug.replace('-', '_')}-{book.version}-py3-none-any.whl"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (project["name"], project["dynamic"]) == (book.slug, ["version"])


def test_a_new_wheel_takes_the_place_of_an_older_one(wheel: Path) -> None:
    older = wheel.with_name("helpers-0.0.1-py3-none-any.whl")
    older.touch()
    packages.wheel(wheel.parent)
    assert [path.name for path in wheel.parent.iterdir()] == [wheel.name]


def test_an_installed_wheel_loads_its_own_data_in_two_lines(wheel: Path, tmp_path: Path) -> None:
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(tmp_path / "site"),
        str(wheel),
    ]
    subprocess.run(install, check=True)
    code = (
        "from helpers import load\nfrom helpers.chapter import data\n"
        "print(load('scrambles').scrambles.max(), data.FOLDER)"
    )
    told = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=told, check=True, capture_output=True, text=True
    )
    assert ran.stdout.split() == ["1168", str(tmp_path / "site" / "helpers" / "data")]


def test_a_source_archive_builds_the_wheel_that_the_clone_builds(
    wheel: Path, copy: Path, tmp_path: Path
) -> None:
    for name in ("README.md", "MANIFEST.in", "LICENSE-CONTENT"):
        shutil.copy(ROOT / name, copy / name)

    def built(kind: str, folder: Path) -> Path:
        """Build as pip asks for it (PEP 517), and return what was made."""
        code = f"from setuptools import build_meta; print(build_meta.build_{kind}('.'))"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True
        )
        return folder / done.stdout.splitlines()[-1]

    archive = built("sdist", copy)
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    own, theirs = (set(zipfile.ZipFile(each).namelist()) for each in (wheel, built("wheel", unpacked)))
    assert own ^ theirs == set()


def test_building_the_wheel_leaves_the_sources_as_they_are(wheel: Path) -> None:
    assert not (ROOT / "build").exists()
    assert not (ROOT / "src" / "helpers" / "data").exists()


def test_a_figure_is_alive_in_jupyterlab_and_stored_without_it() -> None:
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": [{"x": 1}]},
        "mark": "point",
        "encoding": {"x": {"field": "x"}, "color": {"value": "var(--rb-ink, #1f2733)"}},
    }
    bundle = lab.with_copy({"content": {"data": {output.FIGURE: spec, "text/plain": "a chart"}}})["content"][
        "data"
    ]
    copy = bundle["application/vnd.vegalite.v5+json"]
    assert copy["$schema"].endswith("/v5.json")
    assert "var(" not in json.dumps(copy), "a canvas draws no CSS variables"
    model = {"type": "notebook", "content": {"cells": [{"outputs": [{"data": bundle}]}, {}]}}
    lab.strip(model, path="a.ipynb")
    assert set(bundle) == {output.FIGURE, "text/plain"}


def test_a_hub_installs_what_the_notebooks_import_at_the_versions_of_the_lock() -> None:
    lines = (ROOT / "binder" / "requirements.txt").read_text().splitlines()
    wanted = {line for line in lines if line[0] != "#"}
    locked = {
        line.split(" ")[0]
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if "==" in line and line[0] != " "
    }
    assert wanted <= locked, (
        "versions as in the lock, and no hashes: older pips would then want one for every dependency too"
    )
    assert {"altair", "geographiclib", "pandas", "vl-convert-python"} <= {
        line.partition("==")[0] for line in wanted
    }
    for name in ("postBuild", "start"):
        assert os.access(ROOT / "binder" / name, os.X_OK)
        subprocess.run(["bash", "-n", str(ROOT / "binder" / name)], check=True)  # noqa: S607 - bash is on the path of any machine with make
