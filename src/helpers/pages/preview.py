"""What only a page of the preview has: a line that says what it is, and a reload after each build."""

from sphinx.application import Sphinx
from sphinx.config import Config

_SAYS = (
    "A preview of this page alone: what it says of other pages may be old,"
    " and its numbers are not checked yet."
)
_RELOADS = 'if (location.protocol === "http:") new EventSource("/built").onmessage = () => location.reload();'


def is_preview(app: Sphinx) -> bool:
    """Say whether `helpers.make.preview` builds single pages for their author, and not the book."""
    return bool(app.tags.has("preview"))


def _tell(app: Sphinx, config: Config) -> None:
    if is_preview(app):
        config.html_theme_options = {**config.html_theme_options, "announcement": _SAYS}
        app.add_js_file(None, body=_RELOADS)


def setup(app: Sphinx) -> None:
    """Add the line and the script to a preview's pages."""
    app.connect("config-inited", _tell)
