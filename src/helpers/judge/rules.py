"""All rules that the pages of a book are held to, for who asks: the command, and every build."""

from collections.abc import Iterator
from pathlib import Path

from helpers.judge import contents, habits, needs, prose
from helpers.judge.places import Problem


def check(book: Path) -> Iterator[Problem]:
    """Yield what is wrong in the pages of a book folder, rule by rule."""
    for rule in (prose.check_book, habits.check, contents.check, needs.check):
        yield from rule(book)
