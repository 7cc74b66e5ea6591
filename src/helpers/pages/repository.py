"""The ways into the book's repository: to the form for what is wrong, and to the source of a page.

There is none unless the settings name the repository. The addresses are those of GitHub and its like; the
forms lie in ``.github/ISSUE_TEMPLATE``.
"""

from typing import Any
from urllib.parse import urlencode

from sphinx.application import Sphinx

from helpers.settings import settings


def report(name: str) -> str:
    """Return where a mistake in what is called so is reported, of a source that it is gone, or nothing."""
    repository = settings().book.repository.rstrip("/")
    form, word = ("source.yml", "Gone") if name.startswith("source-") else ("number.yml", "Wrong")
    query = urlencode({"template": form, "title": f"{word}: {name}", "name": name})
    return f"{repository}/issues/new?{query}" if repository else ""


def _add(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the foot of a page the ways to its source."""
    book = settings().book
    if not book.repository or doctree is None:
        return
    repository, file = book.repository.rstrip("/"), app.env.doc2path(pagename, base=False)
    context["ways"] = {
        "Edit this page": f"{repository}/edit/{book.branch}/book/{file}",
        "Its source": f"{repository}/blob/{book.branch}/book/{file}",
        "Report a mistake": report(pagename),
    }


def setup(app: Sphinx) -> None:
    """Register the ways to the source."""
    app.connect("html-page-context", _add)
