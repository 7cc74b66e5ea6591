"""What a page loads: the book's colours, and nothing of the theme that a reader has no use for."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from helpers import theme

#: Scripts and styles of the toolchain that no page here needs: live kernels, tabs, copy and fold buttons.
_UNUSED = ("sphinx-thebe", "design-tabs", "sphinx-design.min", "translations.js", "play-solid")


def _trim(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave out scripts and styles that the page does not use."""

    def used(asset: Any) -> bool:
        body = (getattr(asset, "attributes", None) or {}).get("body") or ""
        # The kernel button's settings are added twice, and the second one is an error on every page.
        return "THEBE_JS_URL" not in body and not any(name in str(getattr(asset, "filename", "") or "") for name in _UNUSED)

    for key in ("script_files", "css_files"):
        context[key] = [asset for asset in context.get(key, []) if used(asset)]


def _write_colours(app: Sphinx) -> None:
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    (static / "colours.css").write_text(theme.css(), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the trimming, after the theme and the toolchain have added theirs."""
    app.connect("builder-inited", _write_colours)
    app.add_css_file("colours.css")
    app.connect("html-page-context", _trim, priority=900)
