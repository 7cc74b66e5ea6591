"""How a record leaves a notebook: one MIME bundle, displayed where a notebook runs."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: A chart, as Vega-Lite JSON. ``+json``, because nbformat refuses a JSON object under any other name.
FIGURE = "application/vnd.vegalite.v6+json"
#: A figure's picture, for front ends that do not know the type above, and as a download.
PICTURE = "image/png"
#: A table, as a Frictionless Tabular Data Resource (the type that data explorers of notebooks know).
TABLE = "application/vnd.dataresource+json"
#: A number that the prose may print, and the claims that a chapter answers: our own types.
FACT = "application/vnd.report-book.fact+json"
CLAIMS = "application/vnd.report-book.claims+json"
#: What an exercise's answer is held against.
ANSWER = "application/vnd.report-book.answer+json"

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def check_name(name: str, prefix: str = "") -> None:
    """Raise `ValueError` unless a name can be an address in a page and name files: ``fig-visitors``."""
    if not isinstance(name, str) or not name.startswith(prefix) or not _NAME.fullmatch(name):
        begins = f", that begins with {prefix}" if prefix else ""
        raise ValueError(
            f"expected a name in lower case, of letters, digits and single hyphens{begins}, found {name!r}"
        )


def single(value: Any) -> Any:
    """Return the one value that a table, column or array of one holds, plainly; else what is given."""
    if isinstance(value, pd.DataFrame):
        value = value.squeeze()
    if isinstance(value, np.ndarray | np.datetime64) and value.dtype.kind == "M":
        value = pd.Series(np.ravel(value))  # numpy's own item would be a count of nanoseconds
    while getattr(value, "size", None) == 1 and hasattr(value, "item"):
        value = value.item()
    return value


def show(bundle: dict[str, Any], width: float | None = None) -> None:
    """Display a MIME bundle as the output of the running cell.

    Parameters
    ----------
    bundle
        Content by MIME type; ``text/plain`` must be among them.
    width
        CSS pixels at which a front end should show the picture.
    """
    from IPython.display import display  # only where a notebook runs

    display(bundle, raw=True, metadata={PICTURE: {"width": round(width)}} if width else None)


def bundles(path: Path, kind: str) -> list[dict[str, Any]]:
    """Return those of a notebook's stored outputs that have one MIME type among others, in order."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [out["data"] for cell in cells for out in cell.get("outputs", []) if kind in out.get("data", {})]


def stored(path: Path, kind: str) -> list[Any]:
    """Return the contents of one MIME type among a notebook's stored outputs, in order."""
    return [bundle[kind] for bundle in bundles(path, kind)]
