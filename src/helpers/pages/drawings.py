"""The files of a figure: page drawings, downloads and what brings it alive, made once for each specification."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from scour import scour

from helpers.chapter import data, theme, vegalite
from helpers.chapter.figure import cell
from helpers.files import write_whole

Spec = dict[str, Any]

#: Figures that one process draws sooner than it could start others.
FEW = 4
#: What a reader can download, by the ending of the file.
DOWNLOADS = {"csv": "CSV", "svg": "SVG", "png": "PNG", "vl.json": "Vega-Lite"}
#: What other processes are drawing, by the folder in which it will lie.
_drawing: dict[Path, Future[Path]] = {}


def fields(spec: Spec) -> dict[str, dict[str, Any]]:
    """Return the field descriptors of the tables that a figure names, by column, in the tables' order."""
    known: dict[str, dict[str, Any]] = {}
    for table in spec["usermeta"].get("tables", []):
        for name, field in data.fields(table).items():
            known.setdefault(name, field)
    return known


def rows(spec: Spec) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the rows that a figure draws: column names, those of its tables first and in their order, and records."""
    records = spec.get("datasets", {}).get(spec["usermeta"].get("rows"), [])
    columns = list(dict.fromkeys(column for row in records for column in row))
    known = list(fields(spec))
    return sorted(columns, key=lambda column: known.index(column) if column in known else len(known)), records


def shown(value: Any) -> str:
    """Return a value of a chart's data as a reader should see it."""
    if isinstance(value, str) and (day := re.fullmatch(r"(\d{4}-\d{2}-\d{2})T00:00:00(?:\.0+)?", value)):
        return day[1]
    return cell(value)


def span(spec: Spec) -> str:
    """Return the first and the last period among the rows drawn, by the finest column that has any, such as ``2012-09 to 2026-10``."""
    records = rows(spec)[1]
    for column in ("date", "month", "fiscal_year", "year"):
        values = (str(row.get(column) or "") for row in records)
        if periods := {value[:7] for value in values if re.match(r"\d{4}(-\d\d|$)", value)}:
            return f"{min(periods)} to {max(periods)}" if len(periods) > 1 else ""
    return ""


def folder(spec: Spec, store: Path) -> Path:
    """Return the folder with a figure's files, drawing them first if the store has none of this specification."""
    made = store / _digest(spec)
    if made in _drawing:
        return _drawing.pop(made).result()
    if not made.is_dir():
        beside = made.with_name(f"{made.name}.{os.getpid()}")
        beside.mkdir(parents=True, exist_ok=True)
        try:
            for name, content in _files(spec).items():
                (beside / name).write_bytes(content)
            beside.rename(made)
        except OSError:
            shutil.rmtree(beside)
            if not made.is_dir():  # else another process was first, with the same bytes
                raise
    return made


def draw_ahead(specs: Iterable[Spec], store: Path) -> None:
    """Let others pack the library and draw what the store lacks, in this order, while this process goes on; `folder` waits for its part.

    If it is little, nothing is done ahead: a process of its own first loads what this one has.
    """
    places = {store / _digest(spec): spec for spec in specs}
    missing = {made: spec for made, spec in places.items() if not made.is_dir()}
    if len(missing) > FEW:
        pool = ProcessPoolExecutor(
            max(1, (os.cpu_count() or 1) - 1), get_context("spawn")
        )  # one core is the pages'
        pool.submit(library, store)
        _drawing.update({made: pool.submit(folder, spec, store) for made, spec in missing.items()})
        pool.shutdown(wait=False)  # takes nothing more, and ends when all is drawn


def library(store: Path) -> Path:
    """Return the script that brings figures alive, packing it first if the store has none as it would be now."""
    made = store / f"vega-{hashlib.sha256(_drawn_by()).hexdigest()[:24]}.js"
    if not made.is_file():
        store.mkdir(parents=True, exist_ok=True)
        write_whole(made, vegalite.script().encode())
    return made


def _files(spec: Spec) -> dict[str, bytes]:
    name = spec["usermeta"]["name"]
    page = vegalite.inside(spec)
    page["config"] = {
        **page.get("config", {}),
        "aria": False,
    }  # the figure has one description and its data as a table
    views = {variant: vegalite.fitted(page, variant) for variant in theme.WIDTHS}
    alive = {
        variant: {key: value for key, value in view.items() if key != "datasets"}
        for variant, view in views.items()
    }
    live = json.dumps(
        {"datasets": page.get("datasets", {}), **alive}, ensure_ascii=False, separators=(",", ":")
    )
    alone = vegalite.alone(spec, views["wide"])
    texts = {f"{variant}.svg": lean(vegalite.svg(view)) for variant, view in views.items()} | {
        f"{name}.svg": vegalite.svg(alone),
        f"{name}.csv": _csv(spec),
        f"{name}.vl.json": json.dumps(alone, ensure_ascii=False, indent=1) + "\n",
        # A script, not JSON: a page opened from disk may load scripts but not fetch files.
        f"{name}.js": f'reportBook.charts["{name}"]={live};\n',
    }
    return {key: text.encode() for key, text in texts.items()}


def lean(drawing: str) -> str:
    """Return an SVG that looks the same with a third fewer letters: relative paths, four digits, shared attributes on groups."""
    wanted = [
        "--set-precision=4",
        "--enable-id-stripping",
        "--shorten-ids",
        "--strip-xml-prolog",
        "--no-line-breaks",
        "--indent=none",
    ]
    smaller: str = scour.scourString(drawing, scour.parse_args([*wanted, "--create-groups", "--quiet"]))
    return smaller


def _csv(spec: Spec) -> str:
    columns, records = rows(spec)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_safe, columns))
    writer.writerows([[_safe(row.get(column)) for column in columns] for row in records])
    return text.getvalue()


def _safe(value: Any) -> Any:
    """Return days without their time, and text that no spreadsheet would run as a formula."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else shown(value)


def _digest(spec: Spec) -> str:
    return hashlib.sha256(
        _drawn_by() + json.dumps([spec, rows(spec)[0]], sort_keys=True).encode()
    ).hexdigest()[:24]


@cache
def _drawn_by() -> bytes:
    """Return what a drawing depends on beside its specification."""
    modules = [Path(module) for module in (theme.__file__, vegalite.__file__, __file__)]
    return b"".join(path.read_bytes() for path in modules) + version("vl-convert-python").encode()
