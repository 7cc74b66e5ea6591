"""What is left of a style sheet: every rule that can match, in whatever form, and nothing of the rest."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from helpers.pages import trim

STATIC = Path(trim.__file__).parent / "static"
WORDS = {"seen", "other", "place"}


def kept(css: str, *more: str) -> str:
    return trim.prune(css, WORDS | set(more)).replace("\n", "")


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


def test_a_page_names_its_own_scripts_and_no_others() -> None:
    own, data = "go(1);", '{"a": 1}'
    page = trim._guarded(
        f'<head>\n<meta charset="utf-8" />\n<script src="x.js"></script><script>{own}</script>'
        f'<script type="application/json">{data}</script></head>'
    )
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert re.findall(r"'sha256-([^']*)'", policy) == [digest]


def test_python_is_marked_where_marks_show_and_stays_the_same_text() -> None:
    code = 'total = sum(rows["count"])  # all\nimport helpers.chapter\n'
    tokens = list(trim._Python().get_tokens(code))
    assert "".join(text for _, text in tokens) == code
    assert {str(kind) for kind, text in tokens if text in ("total", "=", "(", "helpers.chapter")} == {
        "Token.Text"
    }
    assert {text for kind, text in tokens if str(kind) == "Token.Name.Builtin"} == {"sum"}


def test_marks_of_links_are_set_in_properties_that_every_engine_knows() -> None:
    """Older WebKit takes no more than the line in the shorthand, and with a variable in it nothing at all."""
    for path in STATIC.glob("*.css"):
        style = path.read_text(encoding="utf-8")
        assert set(re.findall(r"text-decoration:\s*([^;]*)", style)) <= {"none", "underline"}, path.name
