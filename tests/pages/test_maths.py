"""Formulas are drawn without a script, and an equation with a label has a number and a place to link to."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

PAGE = """# Page

As {eq}`eq-two` says, after {eq}`eq-one`, of $x$:

$$a < b$$

$$x^2$$ (eq-one)

```{math}
:label: eq-two
y_1
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    """A page with formulas, built by Sphinx with the settings of a book."""
    folder = tmp_path_factory.mktemp("maths")
    (folder / "page.md").write_text(PAGE)
    settings = {
        "extensions": ["myst_parser", "helpers.pages.maths"],
        "root_doc": "page",
        "source_suffix": {".md": "markdown"},  # whatever another test has asked of Sphinx
        "myst_enable_extensions": ["dollarmath"],
        "html_math_renderer": "mathml",
        "numfig": True,
    }
    with docutils_namespace():
        app = Sphinx(
            folder, None, folder / "out", folder / "trees", "html", settings, None, None, warningiserror=True
        )
        app.build()
    return BeautifulSoup(Path(folder / "out" / "page.html").read_bytes(), "html.parser")


def test_a_labelled_equation_is_the_target_of_its_links(page: BeautifulSoup) -> None:
    links = page.select("p a.reference.internal")
    assert [(link["href"], link.get_text()) for link in links] == [
        ("#equation-eq-two", "(2)"),
        ("#equation-eq-one", "(1)"),
    ]
    for link in links:
        equation = page.find(id=str(link["href"])[1:])
        assert equation is not None, link["href"]
        assert equation.find("math")
        assert equation.select_one(".eqno").get_text().startswith(link.get_text())  # type: ignore[union-attr]


def test_an_equation_without_a_label_has_no_number(page: BeautifulSoup) -> None:
    first = page.select("div.math")[0]
    assert str(first).startswith('<div class="math scrolls" tabindex="0"><math')
    assert first.select(".eqno") == []
    assert page.select_one("p > math")
