"""What is left of a style sheet: every rule that can match, and nothing of the rest; and one sheet a page."""

import re
from pathlib import Path

import pytest

from helpers.pages import sheets

WORDS = {"seen", "other", "place"}


def kept(css: str, *more: str) -> str:
    return sheets.prune(css, WORDS | set(more)).replace("\n", "")


@pytest.mark.parametrize(
    "css",
    [
        "a{color:red;}",
        '.seen #place>a[href=".gone"]:hover::before{color:red;}',
        # What is not to be there need not be there.
        "a:not(.gone){color:red;}",
        ".seen:not(.gone,#lost):not(:has(.away)) p{color:red;}",
        "html[data-theme=dark] .seen img:not(.only-dark,.dark-light){background-color:#fff;}",
        ":not(.btn-check)+.seen:active{color:red;}",
        # Of alternatives one is enough.
        ".seen :target>:is(h1,.h1,h2,.h2){background-color:var(--tint);}",
        ":where(.gone,.seen) p{color:red;}",
        ":is(.gone,:where(.lost,.seen:not(.away)),#away){color:red;}",
        ".seen:has(>.gone,>.other){color:red;}",
        ":is(h1,.h1)>code{color:red;}",
        "li:nth-child(odd of .seen){color:red;}",
        # Rules that hold rules, and those that this module knows nothing of.
        "@media (min-width:40em){.seen{color:red;}}",
        "@supports (display:grid){@media print{.seen{color:red;}}}",
        "@container card (width>30em){.seen{color:red;}}",
        "@layer base,theme;",
        "@layer base{.gone{color:red}}",
        '@property --turn{syntax:"<angle>";inherits:false;initial-value:0deg}',
        "@keyframes turn{to{rotate:1turn}}",
        "@page :first{margin:0}",
        # Nesting.
        ".seen{color:red;&:hover{color:blue;}}",
        ".seen{&.other{color:red;}>p{color:blue;}@media print{color:black;}}",
        # Values that only look like an end.
        '.seen{content:"}.gone{";background:url("data:image/svg+xml;x{}");}',
        ".seen{--known:{a:b};color:red!important;}",
    ],
)
def test_what_can_match_stays_as_it_is(css: str) -> None:
    assert kept(css, "--known").replace(" ", "") == css.replace(" ", "")


@pytest.mark.parametrize(
    ("css", "left"),
    [
        (".gone{color:red}", ""),
        ("#gone .seen{color:red}", ""),
        (".seen.gone{color:red}", ""),
        (":is(.gone,.lost) p{color:red}", ""),
        (":is(.gone,.seen:is(.lost,#away)){color:red}", ""),
        (".gone:not(.seen){color:red}", ""),
        (".seen:has(.gone){color:red}", ""),
        (".gone,.seen,:is(.lost,.other){color:red}", ".seen,:is(.lost,.other){color:red;}"),
        ("@media print{.gone{color:red}}.seen{color:red}", ".seen{color:red;}"),
        ("@media print{.gone{color:red}.seen{color:red}}", "@media print{.seen{color:red;}}"),
        (".seen{color:red;&.gone{color:blue}}", ".seen{color:red;}"),
        (".seen{--unknown:1px;color:red}.other{--unknown:2px}", ".seen{color:red;}"),
        (".seen{;;color:red;;}", ".seen{color:red;}"),
        (".seen{}", ""),
        # A fault costs what a browser would drop, and no more.
        (
            ".seen{color:red} } .other{width:1px} p{color:blue}",
            ".seen{color:red;}} .other{width:1px;}p{color:blue;}",
        ),
        (".seen{color:red;!;width:1px}.other{color:blue}", ".seen{color:red;width:1px;}.other{color:blue;}"),
        (".seen{color:red", ".seen{color:red;}"),
        ("@import", "@import;"),
        ('@font-face{font-family:"Font Awesome 6 Free";src:url(gone.woff2)}', ""),
    ],
)
def test_what_cannot_match_is_left_out(css: str, left: str) -> None:
    assert kept(css) == left


def test_a_name_with_signs_in_it_is_read_as_a_browser_reads_it() -> None:
    assert kept(r".wide\:seen\!{color:red}", "wide:seen!") == r".wide\:seen\!{color:red;}"
    assert kept(r".wide\:seen\!{color:red}", "wide", "seen") == ""


def test_pruning_twice_changes_nothing() -> None:
    css = ".seen{color:red;&:hover{color:blue}}@media print{:is(.gone,.other){width:1px}}.gone{color:red}"
    assert kept(kept(css)) == kept(css)


def test_pages_with_the_theme_have_all_their_sheets_as_one_in_the_order_of_the_links(tmp_path: Path) -> None:
    static, link = tmp_path / "_static", '<link rel="stylesheet" type="text/css" href="{}_static/{}" />'
    (static / "styles").mkdir(parents=True)
    texts = {
        "styles/theme.css": '@import "../basic.css";',
        "basic.css": "a{color:red;}",
        "styles/pydata-sphinx-theme.css": "b{color:red;}",
        "book.css": "i{color:red;}",
        "few.css": "p{color:red;}",
    }
    for name, text in texts.items():
        (static / name).write_text(text)
    common = ["styles/theme.css", "styles/pydata-sphinx-theme.css?v=1", "book.css?v=2"]
    asked = {"index.html": [*common, "few.css"], "deep/page.html": common, "alone.html": common[2:]}
    for name, sheet_names in asked.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(link.format("../" * name.count("/"), each) for each in sheet_names))
    sheets.tidy(tmp_path, [tmp_path / name for name in asked], set())

    pages = {name: (tmp_path / name).read_text() for name in asked}
    assert pages["alone.html"] == link.format("", "book.css?v=2")
    (top,), (below,) = (
        re.findall(r'href="([^"]*)"', pages[name]) for name in ("index.html", "deep/page.html")
    )
    assert below == f"../{top}"
    assert top.startswith("_static/site.css?v=")
    assert re.findall(r"(\w)\{", (static / "site.css").read_text()) == ["a", "b", "i", "p"]
    assert {path.name for path in static.rglob("*.css")} == {"site.css", "book.css"}
