"""A table anew from a publisher's file, by its builder in ``data/builders``, and which cells have moved."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pandas as pd

from helpers.chapter import package
from helpers.chapter.schema import listed
from helpers.files import BookError
from helpers.new.published import Built
from helpers.new.put import put


def refresh(table: str, file: Path, folder: Path) -> list[str]:
    """Build a table from a publisher's file, and write it if it is what its schema says; return what moved.

    The descriptor keeps, by source, the file's name and digest, so that anyone who has the file can see that
    it is the one. Nothing is written if a builder or the schema refuses the file.

    Parameters
    ----------
    table
        A table that has a builder, ``builders/<table>.py``.
    file
        The publisher's file, as it came.
    folder
        The folder of the data package.

    Raises
    ------
    BookError
        If there is no such builder or file, or the file is not as expected: a line each that says where.
    """
    path, described = folder / f"{table}.csv", folder / f"{table}.json"
    build = builder(table, folder)
    if not file.is_file():
        raise BookError(f"{file}: expected a publisher's file, found none")
    today = pd.read_csv(path, dtype="str", keep_default_na=False)
    built = build(file, today)
    if others := sorted(set(today.columns) ^ set(built.table.columns)):
        raise BookError(
            f"builders/{table}.py: expected the table's columns, found others: {', '.join(others)}"
        )
    made = built.table[list(today.columns)].reset_index(drop=True)
    descriptor = package.read(described)
    whole = {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    named = {*made.filter(like="source_id").to_numpy().ravel()}
    derived = {**descriptor.get("derived", {}), built.source_id: whole}
    descriptor["derived"] = {source: each for source, each in derived.items() if source in named}
    text = made.to_csv(index=False, lineterminator="\n")
    put({path: text, described: f"{package.written(descriptor)}\n"}, folder)
    moved = list(_moved(today, made, listed(descriptor["schema"]["primaryKey"])))
    if moved:
        moved.append(
            f"{described}: vintage: {descriptor['vintage']}: is this the day to which the data reach?"
        )
    return moved


def builder(table: str, folder: Path) -> Callable[[Path, pd.DataFrame], Built]:
    """Return the function of a table's builder; raise `BookError` if the table has none."""
    build: Callable[[Path, pd.DataFrame], Built] = _module(table, folder).build
    return build


def address(table: str, folder: Path) -> str:
    """Return where a table's publisher keeps the file, or nothing if its builder does not say."""
    return str(getattr(_module(table, folder), "FILE", ""))


def _module(table: str, folder: Path) -> ModuleType:
    """Return a table's builder; builders that read the same file may import each other."""
    place = folder.resolve() / "builders"
    spec = spec_from_file_location(f"builder_of_{table}", place / f"{table}.py")
    if not (place / f"{table}.py").is_file() or spec is None or spec.loader is None:
        known = ", ".join(sorted(each.stem for each in place.glob("*.py"))) or "none"
        raise BookError(f"refresh: expected a table among {known}, found {table!r}")
    module = module_from_spec(spec)
    sys.path.insert(0, str(place))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(place))
    return module


def _moved(before: pd.DataFrame, now: pd.DataFrame, key: list[str]) -> Iterator[str]:
    """Yield a line for each row that is new or gone, or of which cells are others."""
    old, new = (
        {row[: len(key)]: row[len(key) :] for row in each[names].itertuples(index=False, name=None)}
        for each in (before, now)
        for names in [[*key, *(name for name in before.columns if name not in key)]]
    )
    names = [name for name in before.columns if name not in key]
    for place in [*old, *(each for each in new if each not in old)]:
        was, is_now = old.get(place), new.get(place)
        label = ", ".join(place)
        if was is None or is_now is None:
            cells = ", ".join(cell for cell in (was or is_now or ()) if cell)
            yield f"{label}: {'new' if was is None else 'gone'}: {cells}"
        elif was != is_now:
            pairs = zip(names, was, is_now, strict=True)
            yield f"{label}: " + ", ".join(
                f"{n} {a or 'empty'} → {b or 'empty'}" for n, a, b in pairs if a != b
            )
