"""An option of ``_config.yml`` that no page would follow is named with its line and what to do instead."""

import pytest

from conftest import ROOT
from helpers.pages import config, options

NAMED = [
    ("title: Mine\n", 1, "title: no page follows it; book.toml says it, as title"),
    ("html:\n  favicon: a.svg\n  extra_footer: <p>x</p>\n", 3, "as licences under [book]"),
    ("html:\n  baseurl: https://book.example/\n", 2, "as address under [book]"),
    ("html:\n  home_page_in_navbar: true\n", 2, "take it out"),
    ("html:\n  use_edit_page_button: true\n", 2, "as repository under [book]"),
    ("repository:\n  url: https://host.example/a/b\n", 1, "as repository under [book]"),
    ("launch_buttons:\n  thebe: true\n", 1, "name the hubs in live_launch"),
    ("html:\n  comments:\n    hypothesis: true\n", 2, "load nothing from elsewhere"),
    ("html:\n  analytics:\n    google_analytics_id: x\n", 2, "load nothing from elsewhere"),
    ("execute:\n  execute_notebooks: auto\n", 2, "expected off, since"),
    ("execute:\n  timeout: 30\n", 2, "`python -m helpers rerun` runs the notebooks"),
    ("latex:\n  latex_engine: xelatex\n", 1, "prints the pages themselves"),
    ("parse:\n  myst_substitutions:\n    n: 14 ships\n", 2, "write the words where they stand"),
    ("parse:\n  myst_enable_extensions: [substitution]\n", 2, "expected no substitution"),
    (
        "sphinx:\n  config:\n    numfig: false\n",
        3,
        "numfig: no page follows it; it is the same for every book",
    ),
    ("sphinx:\n  config:\n    language: de\n", 3, "as language under [book]"),
    (
        "sphinx:\n  config:\n    html_theme_options:\n      show_toc_level: 3\n",
        4,
        "what pages follow: announ",
    ),
    ("sphinx:\n  config:\n    html_theme_options:\n      icon_links: [x]\n", 4, "what pages follow: announ"),
    ("\nonly_build_toc_file: true\n", 2, "there is no such option; near it: only_build_toc_files"),
    ("html:\n  favicon: a.svg\n  favicon: b.svg\n", 3, "html.favicon: expected it once, found it again"),
    ("html:\n favicon: a.svg\n  x: y\n", 3, "expected YAML: "),
    ("html: {favicon: [}\n", 1, "expected YAML: "),
    ("html: \x00\n", 1, "expected YAML: "),
    ("- a\n", 1, "expected options and their values"),
]


@pytest.mark.parametrize(("text", "line", "what"), NAMED)
def test_what_no_page_follows_is_named_with_its_line(text: str, line: int, what: str) -> None:
    ((at, fault),) = options.faults(text)
    assert at == line
    assert what in fault
    assert len(fault.splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "html:\n  use_repository_button: false\n  announcement: New.\n",
        "logo: logo.svg\nexecute:\n  execute_notebooks: 'off'\n",
        "bibtex_bibfiles: [references.bib]\n",
        "html:\nparse:\n  myst_enable_extensions: [dollarmath]\n",
        "sphinx:\n  config:\n    live_launch: {Hub: x}\n    html_theme_options:\n      toc_title: Here\n",
    ],
)
def test_what_pages_follow_passes(text: str) -> None:
    assert list(options.faults(text)) == []


def test_each_option_that_is_set_for_every_book_is_named() -> None:
    for name in config.fixed():
        assert list(options.faults(f"sphinx:\n  config:\n    {name}: mine\n")), name
    for name in config._THEME:
        text = f"sphinx:\n  config:\n    html_theme_options:\n      {name}: mine\n"
        assert list(options.faults(text)), name


@pytest.mark.parametrize("folder", [".", "tests/second_book", "src/helpers/new/skeleton/book"])
def test_the_books_here_ask_for_nothing_else(folder: str) -> None:
    assert list(options.faults((ROOT / folder / "_config.yml").read_text(encoding="utf-8"))) == []
