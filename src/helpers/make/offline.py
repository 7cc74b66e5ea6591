"""The site as one zip, for a room without a network."""

from pathlib import Path

from helpers.files import BookError
from helpers.make.build import BUILD
from helpers.make.editions import pack
from helpers.settings import settings

README = """{title}, to read without a network: unpack this folder and open index.html in it by a
double click. Everything works from the folder, or from a USB stick: pages, search, living charts, downloads.
"""


def offline(made: Path, work: Path) -> None:
    """Pack the built site into one zip with one folder.

    Raises
    ------
    BookError
        If the site is not built.
    """
    site = BUILD / "html"
    if not (site / "index.html").is_file():
        raise BookError(f"{site / 'index.html'}: not found; run `make book` first")
    # Not the Python that pages run: browsers let no page from disk have it, and the switch then says so.
    files = [
        path
        for path in sorted(site.rglob("*"))
        if path.is_file() and (path.parent != site / "live" or path.suffix in (".js", ".css"))
    ]
    files = [path for path in files if not {"pyodide", "cells", "hosted"} & set(path.relative_to(site).parts)]
    parts = [(path.relative_to(site).as_posix(), path.read_bytes()) for path in files]
    book = settings().book
    readme = ("README.txt", README.format(title=book.title).encode())
    pack(made, [(f"{book.slug}/{name}", content) for name, content in [readme, *parts]])
