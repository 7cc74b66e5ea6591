"""The files of a figure: page drawings, downloads and what brings it alive.

They are made once for each specification.
"""

import csv
import hashlib
import inspect
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

from helpers.chapter import data, figure, theme, vegalite
from helpers.chapter.vegalite import Spec
from helpers.files import write_whole
from helpers.pages import tips

#: Figures that one process draws sooner than it could start others.
FEW = 4
#: What a reader can download, by the ending of the file.
FORMATS = {"csv": "CSV", "svg": "SVG", "png": "PNG", "vl.json": "Vega-Lite"}
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
    """Return the rows that a figure draws: the names of columns, and records.

    Columns of the figure's tables come first, in the tables' order.
    """
    records = spec.get("datasets", {}).get(spec["usermeta"].get("rows"), [])
    columns = list(dict.fromkeys(column for row in records for column in row))
    known = list(fields(spec))
    return sorted(columns, key=lambda column: known.index(column) if column in known else len(known)), records


def shown(value: Any) -> str:
    """Return a value of a chart's data as a reader should see it."""
    if isinstance(value, str) and (day := re.fullmatch(r"(\d{4}-\d{2}-\d{2})T00:00:00(?:\.0+)?", value)):
        return day[1]
    return figure.cell(value)


def span(spec: Spec) -> str:
    """Return the first and the last period among the rows drawn, such as ``2012-09 to 2026-10``.

    They are those of the finest column that has any.
    """
    records = rows(spec)[1]
    for column in ("date", "month", "fiscal_year", "year"):
        values = (str(row.get(column) or "") for row in records)
        if periods := {value[:7] for value in values if re.match(r"\d{4}(-\d\d|$)", value)}:
            return f"{min(periods)} to {max(periods)}" if len(periods) > 1 else ""
    return ""


def folder(spec: Spec, store: Path) -> Path:
    """Return the folder with a figure's files, drawing them first if the store has none of this making."""
    place = store / _digest(spec)
    if place in _drawing:
        return _drawing.pop(place).result()
    if not place.is_dir():
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        beside.mkdir(parents=True, exist_ok=True)
        try:
            for name, content in _files(spec).items():
                (beside / name).write_bytes(content)
            beside.rename(place)
        except OSError:
            shutil.rmtree(beside)
            if not place.is_dir():  # else another process was first, with the same bytes
                raise
    return place


def draw_ahead(specs: Iterable[Spec], store: Path) -> None:
    """Let other processes pack the library and draw what the store lacks, in this order.

    This one goes on meanwhile; `folder` waits for its part. If it is little, nothing is done ahead: a process
    of its own would first have to load what this one has loaded.
    """
    places = {store / _digest(spec): spec for spec in specs}
    missing = {place: spec for place, spec in places.items() if not place.is_dir()}
    if len(missing) > FEW:
        # One core is left to this process, which reads the pages.
        processes = max(1, (os.cpu_count() or 1) - 1)
        pool = ProcessPoolExecutor(processes, get_context("spawn"))
        pool.submit(library, store)
        _drawing.update({place: pool.submit(folder, spec, store) for place, spec in missing.items()})
        pool.shutdown(wait=False)  # takes nothing more, and ends when all is drawn


def library(store: Path) -> Path:
    """Return the script that brings figures alive, packing it first if the store has none of this making."""
    path = store / f"vega-{_drawn_by()}.js"
    if not path.is_file():
        store.mkdir(parents=True, exist_ok=True)  # a book without figures has none yet
        write_whole(path, vegalite.script().encode())
    return path


def _files(spec: Spec) -> dict[str, bytes]:
    name = spec["usermeta"]["name"]
    page = vegalite.inside(spec)
    # No descriptions of single marks: the figure has one of its own, and its data as a table.
    page["config"] = {**page.get("config", {}), "aria": False}
    views = {variant: vegalite.fitted(page, variant) for variant in theme.WIDTHS}
    spoken = {variant: tips.spoken(view, fields(spec)) for variant, view in views.items()}
    alive = {variant: vegalite.without_rows(view) for variant, (view, _) in spoken.items()}
    given = {"datasets": page.get("datasets", {}), "forms": spoken["wide"][1], **alive}
    live = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    alone = vegalite.alone(spec, views["wide"])
    texts = {f"{variant}.svg": _leading(vegalite.svg(view)) for variant, view in views.items()} | {
        f"{name}.svg": unlinked(vegalite.svg(alone)),
        f"{name}.csv": f"\ufeff{_csv(spec)}",  # by the mark a spreadsheet knows how letters are written
        f"{name}.vl.json": json.dumps(alone, ensure_ascii=False, indent=1) + "\n",
        # A script, not JSON: a page opened from disk may load scripts but not fetch files.
        f"{name}.js": f'reportBook.charts["{name}"]={live};\n',
    }
    return {key: text.encode() for key, text in texts.items()}


def _leading(drawing: str) -> str:
    """Return a drawing whose marks lead to ``#claim-…``, as the chart says, and to no site."""
    return re.sub(r'<a xlink:href="[^"#]*(#[^"]*)">', r'<a href="\1">', drawing)


def unlinked(drawing: str) -> str:
    """Return a drawing whose marks lead nowhere: one that leaves the page, or is shown small."""
    return re.sub(r"</?a(?: [^>]*)?>", "", drawing)


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


def made_of(text: str) -> str:
    """Return a name for what is drawn of a text: a digest of it and of what else a drawing depends on."""
    return _short(f"{_drawn_by()} {text}".encode())


def _digest(spec: Spec) -> str:
    return made_of(json.dumps([spec, rows(spec)[0]], sort_keys=True))


@cache
def _drawn_by() -> str:
    """Return a digest of what a drawing depends on beside its specification.

    That is the code that makes the files, the colours, the letters and the library that draws. Letters that
    the book's font lacks come from the machine's own, which no digest covers.
    """
    code = [Path(inspect.getfile(module)) for module in (figure, theme, tips, vegalite)]
    files = [Path(__file__), *code, *sorted(vegalite.FONTS.iterdir())]
    parts = [path.read_bytes() for path in files]
    parts += [json.dumps(theme.palette()).encode(), version("vl-convert-python").encode()]
    return _short(b"".join(parts))


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]
