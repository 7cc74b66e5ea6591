"""The switch that makes a notebook's page run: its settings, its cells' code, and what the page's Python installs."""

import json
import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from helpers import notebooks
from helpers.live import gather, packages

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
    packages.wheel(site)
    packages.libraries(site / "libraries.zip")
    installed = sorted([*site.glob("*.whl"), site / "libraries.zip"])
    is_gathered = (gathered / "pyodide-lock.json").is_file()
    if is_gathered:
        shutil.copytree(gathered, site / "pyodide", dirs_exist_ok=True)
    remote = 0 if is_gathered else _CDN_BYTES
    repository = app.config.html_theme_options.get("repository_url", "")
    app.live_settings = {  # type: ignore[attr-defined]
        "base": app.config.live_base or (f"{LIVE}/pyodide/" if is_gathered else gather.CDN),
        "packages": "numpy pandas jsonschema",
        "archives": " ".join(f"{LIVE}/{file.name}" for file in installed),
        "bytes": remote + sum(file.stat().st_size for file in [*installed, *site.glob("pyodide/*")]),
        "clone": f"git clone {repository} book && cd book && make lab" if repository else "make lab",
    }


def _add_switch(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the switch before a notebook's first cell, and the code of its cells beside the page."""
    path = Path(app.env.doc2path(pagename)) if doctree else Path()
    if app.builder.name != "html" or path.suffix != ".ipynb":
        return
    cells = [c for c in notebooks.read(path).cells if c.cell_type == "code" and "remove-cell" not in c.metadata.get("tags", [])]
    places = len(re.findall(r'<div class="cell[ "]', context["body"]))
    if places != len(cells):
        logger.warning("%s: expected a place for each of %d cells, found %d", pagename, len(cells), places)
    code = Path(app.outdir) / LIVE / "cells" / f"{pagename}.json"
    code.parent.mkdir(parents=True, exist_ok=True)
    code.write_text(json.dumps([cell.source for cell in cells]), encoding="utf-8")
    settings = {
        **app.live_settings,  # type: ignore[attr-defined]
        "label": f"Run this {'chapter' if pagename.startswith('chapters/') else 'page'} here",
        "cells": f"{LIVE}/cells/{pagename}.json",
    }
    attributes = " ".join(f'data-{name}="{escape(str(value))}"' for name, value in settings.items())
    folder = context["content_root"] + LIVE
    loads = f'<link rel="stylesheet" href="{folder}/live.css" /><script defer src="{folder}/live.js"></script>'
    switch = f'{loads}<div class="live" {attributes}></div>\n'
    context["body"] = context["body"].replace('<div class="cell ', f'{switch}<div class="cell ', 1)


def setup(app: Sphinx) -> None:
    """Register the switch; ``live_base`` is where pages fetch Python, if neither from the site nor from the public network."""
    app.add_config_value("live_base", "", "html")
    app.connect("builder-inited", _put_runtime)
    app.connect("html-page-context", _add_switch)
