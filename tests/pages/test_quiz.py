"""The quizzes: sound in every chapter, answered by keyboard and without scripts, refused where malformed."""

from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from test_browser import CHAPTER, PAGES, Opener, visit  # noqa: F401 - fixtures

from conftest import needs_chromium

pytestmark = needs_chromium


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("chapters/")])
def test_every_chapter_asks_three_questions_with_one_right_answer_each(name: str, site: Path) -> None:
    page = BeautifulSoup((site / f"{name}.html").read_bytes(), "html.parser")
    quizzes = page.select("fieldset.quiz")
    assert len(quizzes) >= 3
    assert len({field["name"] for field in page.select(".quiz input")}) == len(quizzes), (
        "a choice in one would undo that in another"
    )
    for quiz in quizzes:
        question = quiz.select("legend")[0].get_text()
        right = quiz.select("label:has(input[data-right])")
        assert len(right) == 1, question
        assert 3 <= len(quiz.select("label")) <= 4, question
        assert quiz.select("details strong")[0].get_text() == f"{right[0].get_text().strip()}.", question
        assert quiz.select("details a[href*='#fact-'], details a[href*='#claim-']"), (
            f"{question} is explained without a fact or claim"
        )


def test_a_choice_by_keyboard_is_answered(visit: Opener) -> None:  # noqa: F811
    page = visit(CHAPTER)
    first, quiz = page.locator(".quiz").nth(0), page.locator(".quiz").nth(1)
    first.locator("summary").focus()
    page.keyboard.press("Tab")
    choices = quiz.locator("input")
    assert choices.first.evaluate("choice => choice === document.activeElement"), (
        "Tab goes from one quiz to the next"
    )
    said, opened = [], []
    for key in ["Space", *["ArrowDown"] * (choices.count() - 1)]:
        page.keyboard.press(key)
        said.append(quiz.locator("[role=status]").inner_text())
        opened.append(quiz.locator("details").evaluate("fold => fold.open"))
    right = choices.evaluate_all("choices => choices.map(choice => 'right' in choice.dataset)")
    assert said == ["Right." if is_right else "Not this one." for is_right in right]
    assert opened == [any(right[: i + 1]) for i in range(len(right))], (
        "the answer opens with the right choice, not before, and stays"
    )
    assert first.locator("[role=status]").inner_text() == ""


def test_without_scripts_the_answer_opens(visit: Opener) -> None:  # noqa: F811
    quiz = visit(CHAPTER, scripts=False).locator(".quiz").first
    assert not quiz.locator("details p").first.is_visible()
    quiz.locator("summary").click()
    assert quiz.locator("details p").first.is_visible()


@pytest.mark.parametrize(
    "body",
    [
        "- [x] One\n- [x] Two\n- [ ] Three\n\nWhy.",
        "- [ ] One\n- [ ] Two\n\nWhy.",
        "- [x] One\n- [ ] Two",
        "- One\n- [x] Two\n\nWhy.",
        "Why.\n\n- [x] One\n- [ ] Two",
        "",
    ],
    ids=["two right", "none right", "no explanation", "no mark", "no choices first", "empty"],
)
def test_a_malformed_quiz_is_refused(body: str, tmp_path: Path) -> None:
    assert "page.md:3: ERROR: quiz: expected a list of choices, one with [x]" in _warnings(body, tmp_path)


def test_a_sound_quiz_is_taken_and_its_words_stay_words(tmp_path: Path) -> None:
    assert _warnings("- [ ] *One* < two\n- [x] Two & `three`\n\nWhy.", tmp_path) == ""
    quiz = BeautifulSoup((tmp_path / "out" / "page.html").read_bytes(), "html.parser").select(".quiz")[0]
    assert [label.get_text().strip() for label in quiz.select("label")] == ["One < two", "Two & three"]
    assert quiz.select("legend")[0].get_text() == "Is a < b?"
    assert quiz.select("details p")[0].get_text().split() == ["Two", "&", "three."]


@pytest.mark.parametrize(
    ("answer", "printed"),
    [
        ("Right", "Right."),
        ("It is right.", "It is right."),
        ("Is it?", "Is it?"),
        ("In the U.S.", "In the U.S."),
        ("They said \u201cno.\u201d", "They said \u201cno.\u201d"),
        ("And so on …", "And so on …"),
        ("Version 0.1", "Version 0.1."),
    ],
)
def test_an_answer_ends_in_one_mark(answer: str, printed: str, tmp_path: Path) -> None:
    assert _warnings(f"- [x] {answer}\n- [ ] Two\n\nWhy.", tmp_path) == ""
    page = BeautifulSoup((tmp_path / "out" / "page.html").read_bytes(), "html.parser")
    assert page.select(".quiz details strong")[0].get_text() == printed


def _warnings(body: str, folder: Path) -> str:
    """Return what Sphinx warns of in a page with one quiz, built into ``out``."""
    (folder / "page.md").write_text(f"# Page\n\n```{{quiz}} Is a < b?\n{body}\n```\n")
    extensions = ["myst_parser", "helpers.pages.quiz"]
    settings = {"extensions": extensions, "root_doc": "page", "source_suffix": {".md": "markdown"}}
    told = StringIO()
    with docutils_namespace():  # each run registers the directive anew
        Sphinx(
            folder,
            None,
            folder / "out",
            folder / "trees",
            "html",
            confoverrides=settings,
            status=None,
            warning=told,
        ).build()
    return told.getvalue()
