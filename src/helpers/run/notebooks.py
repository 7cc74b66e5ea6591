"""Which notebooks are stale, and re-running them.

A notebook's metadata holds a fingerprint of what made its outputs: its code, the tables that the run really
asked for, and the modules of this package that it imported. So after a table or helper is corrected, exactly
the notebooks that use it are re-run.
"""

import ast
import codecs
import hashlib
import json
import os
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from helpers.chapter import data
from helpers.chapter.schema import DataError
from helpers.files import BookError, write_whole
from helpers.run import shown
from helpers.settings import settings

BOOK = Path("book")
#: Seconds that one cell may take before the run is given up.
TIMEOUT = 120
#: Letters that one cell may print: nobody reads more, and joining much more takes Jupyter for ever.
MOST_PRINTED = 20_000
_KEY = "report-book"
#: What nbformat's schema of notebooks asks of a cell's id; Jupyter only logs what breaks it.
_ID = "[a-zA-Z0-9_-]{1,64}"
#: Metadata that front ends write of a single run, or of a single screen; what others write stays.
_OF_A_RUN = (
    "ExecuteTime",
    "collapsed",
    "execution",
    "outputId",
    "papermill",
    "scrolled",
    "trusted",
    "widgets",
)


def find(folder: Path = BOOK) -> list[Path]:
    """Return a folder's notebooks, in the order of their names; raise `BookError` if there is no book."""
    if folder == BOOK and not folder.is_dir():
        raise BookError(f"{folder}: expected a folder with pages, found none")
    return sorted(
        path for path in folder.rglob("*.ipynb") if not any(part.startswith(".") for part in path.parts)
    )


def read(path: Path) -> Any:
    """Return a notebook; raise `BookError` if the file is none, or a cell's id is odd or not its own.

    Cells of an old format, which has no ids, are called by their place.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.read(path, as_version=4)
        # Where ids are missing or double it makes some up, others each time; older formats have none.
        written = json.loads(path.read_bytes()).get("cells") or [{}] * len(notebook.cells)
    except (
        *(OSError, ValueError, LookupError, AttributeError, TypeError),
        *(nbformat.reader.NotJSONError, nbformat.ValidationError),
    ) as error:
        marked = path.is_file() and path.read_bytes().startswith(codecs.BOM_UTF8)
        found = "a byte-order mark before it; save it without one" if marked else type(error).__name__
        raise BookError(f"{path}: expected a notebook, found {found}") from error
    ids = [cell.get("id", f"cell-{number}") for number, cell in enumerate(written)]
    if odd := [name for name in ids if not re.fullmatch(_ID, str(name))]:
        raise BookError(f"{path}: expected a cell's id of letters, digits, - and _, found {odd[0]!r}")
    if repeated := [name for name, count in Counter(ids).items() if count > 1]:
        raise BookError(f"{path}: expected an id for each cell, found {repeated[0]!r} again")
    for cell, name in zip(notebook.cells, ids, strict=True):
        cell.id = name
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    return notebook


def fingerprint(notebook: Any, tables: Sequence[str], modules: Sequence[str]) -> str:
    """Return a digest of what makes a notebook's outputs.

    Parameters
    ----------
    notebook
        The notebook; only its code cells count.
    tables
        Names of the tables that its run asks for.
    modules
        Names of the modules of this package that its run imports.
    """
    digest = hashlib.sha256()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            digest.update(cell.source.encode() + b"\0")
    for name in sorted(tables):
        try:
            resource = data.resource(name)
            digest.update(json.dumps(resource, sort_keys=True).encode())
            digest.update((data.FOLDER / resource["path"]).read_bytes())
        except (DataError, OSError):
            digest.update(b"gone")  # the run reports what is wrong
    for name in sorted(modules):
        module = Path(__file__).parents[2].joinpath(*name.split("."))
        file = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
        digest.update(name.encode() + (file.read_bytes() if file.is_file() else b"gone"))
    if modules:
        # The settings that texts and colours of its outputs depend on.
        book = settings()
        used = (book.naming, book.names, book.actors, book.verdicts, book.statuses)
        digest.update(repr(used).encode())
    for package in ("altair", "pandas", "vl-convert-python"):
        digest.update(version(package).encode())
    return digest.hexdigest()[:16]


def is_stale(path: Path) -> bool:
    """Say whether a notebook's stored outputs may differ from what a run would give now."""
    notebook = read(path)
    record = notebook.metadata.get(_KEY, {})
    return record.get("fingerprint") != fingerprint(
        notebook, record.get("tables", []), record.get("modules", [])
    )


def run(path: Path) -> None:
    """Re-run one notebook and replace it in one step; on a fault the file stays as it was.

    Raises
    ------
    BookError
        If it is not in Python, a cell raises, takes longer than `TIMEOUT` or shows what no page can, or the
        kernel dies.
    """
    notebook = read(path)
    about = notebook.metadata
    language = about.get("language_info", {}).get("name") or about.get("kernelspec", {}).get(
        "language", "python"
    )
    if "python" not in language.lower():
        raise BookError(f"{path}: expected a notebook in Python, found one in {language}")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        shutdown_kernel="immediate",  # nothing is left to save
        coalesce_streams=True,  # or a kernel that is slow sends a line in parts, which are then stored so
        extra_arguments=["--log-level=ERROR"],
        on_cell_executed=partial(_check_printed, path),
        resources={"metadata": {"path": str(path.parent)}},
    )
    if sys.platform == "linux":
        # Elsewhere this cannot even be imported; Jupyter's own way to start a kernel takes a second longer.
        from helpers.run import kernels

        kernels.fork(client)
    try:
        # Days and moments are those of Greenwich, wherever the book is made.
        with client.setup_kernel(env={**os.environ, "TZ": "UTC"}):
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index, store_history=False)
            tables, modules = _asked_for(client)
    except CellExecutionError as error:
        raise BookError(
            f"{path}: cell {cell.id}: {error.ename}: {error.evalue}".replace("\n", " ")
        ) from error
    except CellTimeoutError as error:
        raise BookError(f"{path}: cell {cell.id}: expected an end within {TIMEOUT} s, found none") from error
    except DeadKernelError as error:
        raise BookError(f"{path}: cell {cell.id}: the kernel died (out of memory?)") from error
    except RuntimeError as error:  # what the client raises when no kernel comes up
        raise BookError(f"{path}: {error}") from error
    if strange := list(shown.faults(notebook)):
        raise BookError("\n".join(f"{path}: {fault}" for fault in strange))
    write(path, notebook, tables, modules)


def _check_printed(path: Path, cell: Any, **_: Any) -> None:
    printed = sum(len(out.text) for out in cell.outputs if out.output_type == "stream")
    if printed > MOST_PRINTED:
        raise BookError(
            f"{path}: cell {cell.id}: expected at most {MOST_PRINTED:,} printed letters, found {printed:,}; "
            "print less, or show a table(…)"
        )


def write(path: Path, notebook: Any, tables: Sequence[str], modules: Sequence[str]) -> None:
    """Write a notebook whole or not at all, without anything that differs from run to run."""
    count = 0
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key not in _OF_A_RUN}
        if cell.cell_type == "code":
            # nbval compares only cells that have a count.
            cell.execution_count = count = count + 1
    notebook.metadata = {
        **{key: value for key, value in notebook.metadata.items() if key not in _OF_A_RUN},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        _KEY: {
            "fingerprint": fingerprint(notebook, tables, modules),
            "tables": sorted(tables),
            "modules": modules,
        },
    }
    nbformat.validate(notebook)
    write_whole(path, f"{nbformat.writes(notebook)}\n".encode())


def run_all(paths: Sequence[Path]) -> list[str]:
    """Re-run notebooks side by side, a line of progress each; return the faults."""
    faults = []
    # A thread only waits for its kernel; one more than there are cores, since a starting kernel waits too.
    with ThreadPoolExecutor(max_workers=(os.cpu_count() or 1) + 1) as pool:
        started = time.monotonic()
        for done, (path, fault) in enumerate(pool.map(_attempt, paths), start=1):
            outcome, seconds = "FAILED" if fault else "ran", time.monotonic() - started
            print(f"[{done}/{len(paths)}] {path} {outcome} ({seconds:.0f} s)", flush=True)
            faults += [fault] if fault else []
    return faults


def _attempt(path: Path) -> tuple[Path, str | None]:
    try:
        run(path)
    except BookError as error:
        return path, str(error)
    except OSError as error:
        return path, f"{path}: {error.strerror}; the notebook is as it was"
    return path, None


def _asked_for(client: NotebookClient) -> tuple[list[str], list[str]]:
    """Ask the kernel which tables the run has loaded and which modules of this package it has imported."""
    tables = "getattr(__import__('sys').modules.get('helpers.chapter.data'), 'asked_for', [])"
    modules = "sorted(name for name in __import__('sys').modules if name.partition('.')[0] == 'helpers')"
    assert client.kc is not None, "the kernel is running"
    ask = run_sync(client.kc.execute_interactive)  # type: ignore[attr-defined]
    # As user expressions of the Jupyter protocol, which leave no trace in the notebook.
    reply = ask("", silent=True, user_expressions={"tables": tables, "modules": modules})
    values = reply["content"]["user_expressions"]
    return tuple(ast.literal_eval(values[key]["data"]["text/plain"]) for key in ("tables", "modules"))
