"""What a page of the preview has beside the book's: a line that says what it is, reloads after builds."""

from sphinx.application import Sphinx
from sphinx.config import Config

_SAYS = "A preview of this page alone: what it says of others may be old, its numbers are not checked yet."
_RELOADS = 'if (location.protocol === "http:") new EventSource("/built").onmessage = () => location.reload();'


def is_preview(app: Sphinx) -> bool:
    """Say whether pages are built for their author as they change, and not as a book."""
    return bool(app.tags.has("preview"))


def _tell(app: Sphinx, config: Config) -> None:
    if is_preview(app):
        config.html_theme_options = {**config.html_theme_options, "announcement": _SAYS}
        app.add_js_file(None, body=_RELOADS)


def setup(app: Sphinx) -> None:
    """Register both."""
    app.connect("config-inited", _tell)
