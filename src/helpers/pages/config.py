"""What Sphinx is told of the book and of its look, so that a book's own ``_config.yml`` need not say it."""

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sphinx.application import Sphinx
from sphinx.config import Config

from helpers.settings import address, settings

HERE = Path(__file__).parent
#: The folder in a book's own with what lies beside its pages, as the machine's ``assets`` do.
ASSETS = "_assets"

#: The same for every book: how pages are numbered, drawn and coloured. An option of the theme that a book
#: gives itself, such as a logo, stays; `options` names what does not.
_LOOK: dict[str, Any] = {
    "numfig": True,
    "html_math_renderer": "mathml",
    "html_show_sphinx": False,
    "html_copy_source": False,
    "nb_execution_raise_on_error": True,
    "nb_code_prompt_show": "Code",
    "nb_code_prompt_hide": "Hide the code",
    "myst_heading_anchors": 3,
    # Links lead to labels of this book; else each would be looked for among the names of programs too.
    "myst_ref_domains": ["std"],
    "autodoc_typehints": "none",
    "autodoc_preserve_defaults": True,
    "napoleon_google_docstring": False,
    # Types of other libraries have no page here to link to.
    "nitpick_ignore_regex": [("py:.*", ".*")],
    "epub_tocscope": "includehidden",
    "epub_show_urls": "no",
    "epub_use_index": False,
}
_THEME: dict[str, Any] = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "back_to_top_button": False,
    "navigation_with_keys": True,
    "footer_content_items": ["copyright.html", "extra-footer.html", "foot.html"],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def _named() -> dict[str, tuple[str, Any]]:
    """Return what Sphinx calls what ``book.toml`` says: the name there, and the value."""
    book = settings().book
    # The same for each state of a year's edition, wherever it is published.
    edition = uuid5(NAMESPACE_URL, f"{book.authors}: {book.title}, {book.date.year}")
    return {
        "project": ("title", book.title),
        "html_title": ("title", book.title),
        "html_baseurl": ("address", address()),
        "author": ("authors", book.authors),
        "copyright": ("copyright", book.copyright),
        "language": ("language", book.language.partition("-")[0]),
        "version": ("version", book.version),
        "epub_title": ("title", book.title),
        "epub_author": ("authors", book.authors),
        "epub_copyright": ("copyright", book.copyright),
        "epub_description": ("description", book.description),
        "epub_basename": ("slug", book.slug),
        "epub_identifier": ("title", edition.urn),
        "epub_uid": ("slug", book.slug),
    }


def fixed() -> dict[str, str]:
    """Return by its name each option of Sphinx that is set for every book, and what to do instead."""
    said = {name: f"book.toml says it, as {key} under [book]" for name, (key, _) in _named().items()}
    return dict.fromkeys(_LOOK, "it is the same for every book; take it out") | said


def _tell(app: Sphinx, config: Config) -> None:
    """Put the look and the settings of the book into Sphinx's configuration."""
    book = settings().book
    for name, value in {**_LOOK, **{name: value for name, (_, value) in _named().items()}}.items():
        config[name] = value
    config.templates_path = [str(HERE / "layouts"), *config.templates_path]
    config.html_static_path = [*config.html_static_path, str(HERE / "static")]
    # Libraries go in beside the pages: whatever lies in a static folder is put on every page.
    assets = [HERE / "assets", Path(app.srcdir) / ASSETS]
    config.html_extra_path = [*config.html_extra_path, *(str(each) for each in assets if each.is_dir())]
    config.html_theme_options = {
        **config.html_theme_options,
        **_THEME,
        "extra_footer": f"<p>{book.licences}</p>",
    }
    given = {
        "default_mode": "auto",
        "book": book,
        "published": address(),
        "icons": is_drawn(config.html_favicon),
    }
    config.html_context = {**config.html_context, **given}


def is_drawn(icon: str | None) -> bool:
    """Say whether the site has an icon of which pictures of any size can be made."""
    return Path(icon or "").suffix == ".svg"


def _kind(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the templates the kind of a page, by which it is printed: its folder, whatever it is called."""
    folders = settings().folders
    kinds = {folders.chapters: "chapters", folders.seminar: "seminar"}
    top, *rest = pagename.split("/")[:-1] or [""]
    context["kind"] = "-".join([kinds.get(top, top), *rest])


def setup(app: Sphinx) -> None:
    """Tell Sphinx before the builder is made."""
    app.connect("config-inited", _tell, priority=1)
    app.connect("html-page-context", _kind)
    app.add_css_file("book.css", priority=600)  # after the colours
    app.add_js_file("book.js", priority=600, loading_method="defer")
