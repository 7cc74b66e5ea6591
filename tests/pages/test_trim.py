"""What a page may load, and how its code is marked."""

import base64
import hashlib
import re
from pathlib import Path

from helpers.pages import trim

STATIC = Path(trim.__file__).parent / "static"


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
