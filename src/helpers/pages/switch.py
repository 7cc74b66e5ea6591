"""The switch that makes a notebook's page run: settings, the cells' code, what the page's Python installs."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
from sphinx.application import Sphinx
from sphinx.util import logging

from helpers.live import gather, packages
from helpers.pages import markup
from helpers.pages.previewed import is_preview
from helpers.run import notebooks
from helpers.settings import settings

logger = logging.getLogger(__name__)

#: The folder of the site that holds all of it; the scripts come there from ``book/assets``.
LIVE = "live"
#: Bytes of Pyodide and its packages on the public network, whose pandas is older.
_CDN_BYTES = 24_000_000


def _put_runtime(app: Sphinx) -> None:
    """Put what the page's Python installs into the site, and Python itself if it was gathered."""
    if app.builder.name != "html":
        return
    site, gathered = Path(app.outdir) / LIVE, Path(app.confdir).parent / gather.FOLDER
    site.mkdir(parents=True, exist_ok=True)
    made = next(site.glob("*.whl"), None) if is_preview(app) else None  # a second that a preview can spare
    wheel = made or packages.wheel(site)
    packages.libraries(site / "libraries.zip")
    is_gathered = (gathered / "pyodide-lock.json").is_file()
    if is_gathered:
        shutil.copytree(gathered, site / "pyodide", dirs_exist_ok=True)
    fetched = [wheel, site / "libraries.zip", *site.glob("pyodide/*")]
    repository = settings().book.repository
    app.live_settings = {  # type: ignore[attr-defined]
        "base": app.config.live_base or (f"{LIVE}/pyodide/" if is_gathered else gather.CDN),
        "packages": "numpy pandas jsonschema",
        "archives": f"{LIVE}/{wheel.name} {LIVE}/libraries.zip",
        "bytes": sum(file.stat().st_size for file in fetched) + (0 if is_gathered else _CDN_BYTES),
    }
    clone = f"git clone {repository} book && cd book && " if repository else ""
    lab = "make lab" if (Path(app.confdir).parent / "Makefile").is_file() else "jupyter lab book"
    app.live_clone = f"{clone}{lab}"  # type: ignore[attr-defined]


def _add_switch(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the switch before a notebook's first cell, and the code of its cells beside the page."""
    path = Path(app.env.doc2path(pagename)) if doctree else Path()
    if app.builder.name != "html" or path.suffix != ".ipynb":
        return
    notebook = notebooks.read(path)
    cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()  # an empty cell has no place on the page
        and "remove-cell" not in cell.metadata.get("tags", [])
    ]
    places = len(re.findall(r'<div class="cell[ "]', context["body"]))
    if places != len(cells):
        logger.warning("%s: expected a place for each of %d cells, found %d", pagename, len(cells), places)
    site = Path(app.outdir) / LIVE
    _write(site / "cells" / f"{pagename}.json", json.dumps([cell.source for cell in cells]))
    runtime = {**app.live_settings, "cells": f"{LIVE}/cells/{pagename}.json"}  # type: ignore[attr-defined]
    label = f"Run this {'chapter' if pagename.startswith(f'{settings().folders.chapters}/') else 'page'} here"
    hubs = {name: url.format(page=pagename) for name, url in app.config.live_launch.items()}
    switch = markup.render("switch", label=label, settings=runtime, clone=app.live_clone, hubs=hubs)  # type: ignore[attr-defined]
    if hubs and app.config.html_baseurl:  # else the copies would have nowhere to install from
        address = f"{app.config.html_baseurl}{runtime['archives'].split()[0]}"
        _write(site / "hosted" / f"{pagename}.ipynb", nbformat.writes(packages.hosted(notebook, address)))
    context["body"] = context["body"].replace('<div class="cell ', f'{switch}\n<div class="cell ', 1)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the switch and its settings.

    ``live_base`` is where pages fetch Python, if neither from the site nor from the public network.
    ``live_launch`` names hubs, each with the address of a notebook there, in which ``{page}`` stands for the
    page's name; the site then has under ``live/hosted`` a copy of each notebook that installs what it needs
    from the site's address.
    """
    app.add_config_value("live_base", "", "html")
    app.add_config_value("live_launch", {}, "html")
    app.connect("builder-inited", _put_runtime)
    app.connect("html-page-context", _add_switch)
