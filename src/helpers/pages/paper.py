"""What the PDF and the e-book have instead of the site's theme, scripts, code and files."""

import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from helpers.chapter import theme
from helpers.pages import again, cards, config, drawings, figures, markup
from helpers.pages.config import HERE
from helpers.settings import settings

#: By builder: the template of its pages, and what the pages load.
EDITIONS = {
    "singlehtml": ("print.html", ["paper.css", "print.css", "print.js"]),
    "epub": ("ebook.html", ["paper.css"]),
}
#: The e-book's cover in it.
COVER = "_static/cover.png"

#: A book's font of the letters that no other of its fonts has: paper has no fonts of the reader's.
FURTHER = "further-scripts-400-normal.woff2"
_FURTHER_FACE = f'@font-face{{font-family:"Further Scripts";src:url("../fonts/{FURTHER}") format("woff2")}}'


class Paper(SphinxPostTransform):
    """Leave out code, name files of the site instead of leading to them, show figures without a script."""

    builders = tuple(EDITIONS)
    # Before code is folded, and while links between pages still differ from links to files.
    default_priority = 1

    def run(self, **_: Any) -> None:
        """Change the page, or in the PDF the whole book."""
        for node in list(self.document.findall(nodes.Element)):
            if "cell_input" in node["classes"] or isinstance(node, again.thumbnail):
                node.parent.remove(node)
            elif isinstance(node, nodes.reference) and node.get("refuri", "").startswith("../"):
                node.replace_self(nodes.literal("", node["refuri"].removeprefix("../")))
            elif isinstance(node, figures.picture):
                node.replace_self(nodes.raw("", self._picture(node["name"]), format="html"))
            elif isinstance(node, figures.backing):
                node.replace_self(nodes.raw("", self._backing(node), format="html"))

    def _picture(self, name: str) -> str:
        spec = figures.find(self.env, name)
        # A reading device is as wide as a phone, and so is large print.
        variants = ("narrow",) if self.app.builder.name == "epub" else ("wide", "narrow")
        folder = drawings.folder(spec, figures.store(self.app))
        drawn = "".join(self._drawing(folder, name, variant) for variant in variants)
        alt = escape(spec["description"])
        return f'<div class="chart-picture" role="img" aria-label="{alt}">{drawn}</div>'

    @staticmethod
    def _drawing(folder: Path, name: str, variant: str) -> str:
        drawing = theme.literal((folder / f"{variant}.svg").read_text(encoding="utf-8"))
        svg = markup.slim(drawings.unlinked(drawing), f"{name}-{variant[0]}")
        return svg.replace("<svg", f'<svg class="{variant}" xmlns="http://www.w3.org/2000/svg"', 1)

    def _backing(self, node: figures.backing) -> str:
        sources, catalogue = (self._address(kind) for kind in ("sources", "data"))
        spec = figures.find(self.env, node["name"])
        return markup.backing_html(spec, sources, catalogue, again="again" in node)

    def _address(self, kind: str) -> str | None:
        address = figures.address(self.app.builder, self.env.docname, kind)
        return "" if address and self.app.builder.name == "singlehtml" else address


def _page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> str | None:
    """Return the template of an edition's pages, in place of the theme's; leave no script in the text."""
    if app.builder.name not in EDITIONS:
        return None
    body = re.sub(r"<script.*?</script>", "", context.get("body", ""), flags=re.DOTALL)
    body = re.sub(r"<input[^>]*>", "○", body)  # a quiz is answered with a pencil
    if app.builder.name == "epub":  # where no script makes what is wide a stop for the keyboard
        body = re.sub(r'(<div class="[^"]*\bscrolls\b[^"]*")(?! tabindex)', r'\1 tabindex="0"', body)
    context["body"] = body
    return EDITIONS[app.builder.name][0]


def _prepare(app: Sphinx) -> None:
    """Write an edition's styles, in plain light colours, which every reading device knows, and its fonts."""
    if app.builder.name not in EDITIONS:
        return
    # The theme would write each page's contents and description, for templates that no edition has.
    for listener in list(app.events.listeners["html-page-context"]):
        if listener.handler.__module__.startswith(("sphinx_book_theme", "pydata_sphinx_theme")):
            app.disconnect(listener.id)
    app.builder.search = False  # type: ignore[attr-defined]
    edition = Path(app.outdir)
    (edition / "_static").mkdir(parents=True, exist_ok=True)
    for name in EDITIONS[app.builder.name][1]:
        text = (HERE / "editions" / name).read_text(encoding="utf-8")
        text = text.replace("{title}", settings().book.title)
        if name == "paper.css":
            text += f"{theme.badges('color:', '::before')}\n{theme.badges('text-decoration-color:')}\n"
            text += f"{markup.marks()}\n{theme.letters()}\n"
            if (Path(app.srcdir) / config.ASSETS / "fonts" / FURTHER).is_file():
                text += f"{_FURTHER_FACE}\n"
        plain = re.sub(r"var\(--(rb-[\w-]+)\)", lambda match: theme.palette()[match[1]][0], text)
        (edition / "_static" / name).write_text(plain, encoding="utf-8")
    app.config.html_extra_path = []
    for fonts in (HERE / "assets" / "fonts", Path(app.srcdir) / config.ASSETS / "fonts"):
        if fonts.is_dir():
            shutil.copytree(fonts, edition / "fonts", dirs_exist_ok=True)
    if app.builder.name == "singlehtml":
        # One extension with a drawing of its own for this builder would hide all that there are for HTML.
        drawn = app.registry.translation_handlers
        drawn["singlehtml"] = {**drawn["html"], **drawn["singlehtml"]}
    else:
        types = app.builder.media_types  # type: ignore[attr-defined]
        (edition / COVER).write_bytes(cards.cover())
        app.config.epub_cover = (COVER, "")
        app.builder.media_types = {**types, ".woff2": "font/woff2", ".txt": "text/plain"}  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    """Register what the editions change."""
    app.add_post_transform(Paper)
    app.connect("builder-inited", _prepare)
    app.connect("html-page-context", _page, priority=900)
