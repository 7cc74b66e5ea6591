"""Whether each page of a book has a title and its place in the contents: else it would be on no site."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from helpers.judge.places import Place, Problem, cells, pages

NAME = "_toc.yml"
_TITLE = re.compile(r"^(?:# +\S|\S[^\n]*\n=+ *$)", re.MULTILINE)


def check(book: Path) -> Iterator[Problem]:
    """Yield the pages without a title or a place in the contents, and the places without a page."""
    import yaml  # a browser that runs a chapter has none

    path = book / NAME
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        yield Problem(Place(str(path)), "expected the contents, found none; `new book` shows what they are")
        return
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        yield Problem(Place(str(path), line), f"expected YAML: {getattr(error, 'problem', 'not UTF-8')}")
        return
    files, patterns = set(_named(content, ("root", "file"))), set(_named(content, ("glob",)))
    named = list(_named(content, ("root", "file")))
    for name in dict.fromkeys(named):
        if not any((book / f"{name}{suffix}").is_file() for suffix in ("", ".md", ".ipynb")):
            yield Problem(Place(str(path)), f"expected the page {name}, found none of this name")
        elif named.count(name) > 1:
            yield Problem(Place(str(path)), f"expected one place for each page, found {name} again")
    for page in pages(book):
        if not _TITLE.search("\n\n".join(cell.text for cell in cells(page) if cell.kind == "markdown")):
            yield Problem(Place(str(page)), "expected a title, `# …`, found none")
        name = page.relative_to(book).with_suffix("").as_posix()
        listed = {name, f"{name}{page.suffix}"} & files
        if not listed and not any(fnmatchcase(name, pattern) for pattern in patterns):
            yield Problem(
                Place(str(page)),
                f"expected a place in {NAME}, found none; list it, or let its name begin with _",
            )


def _named(part: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the values of some keys, wherever they stand."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in keys:
                yield str(value)
            yield from _named(value, keys)
    elif isinstance(part, list):
        for each in part:
            yield from _named(each, keys)
