"""``make bench``, second part: the time from all notebooks to pages, beside the stock ways, in one run.

Each way works on its own copy of the same notebooks. The stock ways get them without what only this
book's extension knows: charts through Altair's HTML renderer, links to facts as plain text.
mkdocs-jupyter is installed into a throw-away environment, which needs the network.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import bench
from bench import BIN, ROOT, SHIM, stock_notebook, timed

from helpers.run import environment, notebooks

BOOK = ROOT / "book"
#: Chapters first, timeline, exercises, solutions: all that the book runs and shows.
NOTEBOOKS = notebooks.find(BOOK)


def variables(folder: Path) -> dict[str, str]:
    """Return an environment in which the modules of a folder come before this book's."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (folder / "src", folder, ROOT / "src")))}


def run(folder: Path, *command: str | Path) -> None:
    """Run a command in a folder, with the modules that lie there."""
    done = subprocess.run(
        list(map(str, command)), cwd=folder, env=variables(folder), capture_output=True, text=True
    )
    if done.returncode:
        output = done.stdout[-1500:] + done.stderr[-1500:]
        sys.exit(f"bench: expected {' '.join(map(str, command))} to end well, it said:\n{output}")


def change_a_row(folder: Path) -> None:
    """Change one number of a table that one chapter asks for.

    It is of a year that no sentence names, so that the book still builds.
    """
    table = folder / "data" / "scrambles.csv"
    text = table.read_text(encoding="utf-8")
    assert "1991,total,488" in text
    table.write_text(text.replace("1991,total,488", "1991,total,489"), encoding="utf-8")


def ours(folder: Path) -> dict[str, float]:
    run(folder, "git", "clone", "--quiet", ROOT, ".")
    # From the package index, whose speed is in it.
    set_up = timed(lambda: run(folder, sys.executable, "src/helpers", "setup"))
    python = environment.python(folder / ".venv")
    chapters = [path.relative_to(ROOT) for path in NOTEBOOKS if path.parent.name == "chapters"]
    ten = timed(lambda: run(folder, python, "-m", "helpers", "rerun", *chapters))
    fresh = timed(lambda: run(folder, python, "-m", "helpers", "rerun", "--all"))
    built = timed(lambda: run(folder, python, "-m", "helpers", "build"))
    again = timed(lambda: run(folder, python, "-m", "helpers", "build"))
    book = (sys.executable, "src/helpers", "book")
    run(folder, *book)
    nothing = timed(lambda: run(folder, *book))
    change_a_row(folder)
    return {
        "set-up of the environment": set_up,
        "execution of the ten chapters": ten,
        "execution": fresh,
        "build, nothing drawn before": built,
        "build": again,
        "cold": fresh + built,
        "nothing": nothing,
        "row": timed(lambda: run(folder, *book)),
    }


def stock_copies(folder: Path) -> list[Path]:
    """Write notebooks that a stock tool can read, in the book's folders; return their paths from there."""
    paths = [path.relative_to(BOOK) for path in NOTEBOOKS]
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(stock_notebook(BOOK / path)))
    return paths


def stock_book(folder: Path, execute: str) -> Callable[..., None]:
    """Write a stock book of all notebooks, and return what builds it."""
    book = folder / f"book-{execute}"
    bench.stock_book(book, [path.with_suffix("").as_posix() for path in stock_copies(book)], execute)
    return lambda *options: run(folder, BIN / "jupyter-book", "build", book, "-q", *options)


def nbconvert(folder: Path) -> None:
    for path in stock_copies(folder):
        run(folder, BIN / "jupyter", "nbconvert", "--to", "html", "--execute", path)


def mkdocs(folder: Path) -> Callable[[], None]:
    (folder / "stock.py").write_text(SHIM)
    subprocess.run([sys.executable, "-m", "venv", folder / "env"], check=True)
    needs = [
        "mkdocs-jupyter",
        "mkdocs-material",
        "altair",
        "pandas",
        "geographiclib",
        "vl-convert-python",
        "ipykernel",
    ]
    subprocess.run(
        [folder / "env" / "bin" / "pip", "install", "--quiet", *needs], check=True, capture_output=True
    )
    stock_copies(folder / "docs")
    (folder / "mkdocs.yml").write_text(
        "site_name: Stock\ntheme: {name: material}\nplugins:\n  - mkdocs-jupyter: {execute: true}\n"
    )
    return lambda: run(folder, folder / "env" / "bin" / "python", "-m", "mkdocs", "build", "--quiet")


def main() -> None:
    """Run every way in turn and print the table."""
    with tempfile.TemporaryDirectory() as place:
        folders = {name: Path(place) / name for name in ("ours", "force", "cache", "nbconvert", "mkdocs")}
        for folder in folders.values():
            folder.mkdir()
        own = ours(folders["ours"])
        force, cache = stock_book(folders["force"], "force"), stock_book(folders["cache"], "cache")
        (folders["nbconvert"] / "stock.py").write_text(SHIM)
        site = mkdocs(folders["mkdocs"])
        # It knows of no data: after a changed row only a build of everything shows the new chart.
        cold, again, everything = timed(force), timed(force), timed(lambda: force("--all"))
        rows = [
            ("this book", own["cold"], own["nothing"], own["row"]),
            ("Jupyter Book, force", cold, again, everything),
            ("Jupyter Book, cache", timed(cache), timed(cache), None),
            ("nbconvert in a loop", timed(lambda: nbconvert(folders["nbconvert"])), None, None),
            ("mkdocs-jupyter", timed(site), timed(site), None),
        ]
    print(
        "| seconds | cold, with execution | nothing to do | one row changed |\n| --- | ---: | ---: | ---: |"
    )
    for name, *seconds in rows:
        print(f"| {name} | {' | '.join('–' if value is None else f'{value:.1f}' for value in seconds)} |")
    print("\nOf this book's: " + ", ".join(f"{name} {value:.1f}" for name, value in own.items()))


if __name__ == "__main__":
    main()
